"""Model > Try on own images: a folder, a table or the history's outcomes become a page, and the page a file."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton
from shiboken6 import isValid

from desktop.commands import judge
from desktop.core.inference.contract import Contract
from desktop.core.judging.learned_lesions import LearnedLesions
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.core.records.values import KeptImage
from desktop.system.tasks import Lane
from desktop.widgets.model import try_presenter
from desktop.widgets.model.judged_dialog import JudgedDialog
from desktop.widgets.model.mistakes_card import MistakesCard
from desktop.widgets.model.try_sheet import Material, TrySheet
from tests.alerts import ALWAYS, NEVER, cancer_alert, melanoma_alert
from tests.core.records.history_contents import START, an_answer
from tests.judged import draw_blotches
from tests.making import contract, write_model
from tests.widgets.conftest import Desk

LABELS = ("melanoma", "nevus")


def described() -> Contract:
    return contract(alerts=(melanoma_alert(1.0), cancer_alert(1.0)), intended_use="research")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Twenty-two lesions of each of two labels."""
    for number, label in enumerate(LABELS):
        for seed in range(22):
            colour = (30 + 10 * seed, 60 + 40 * number, 220 - 9 * seed)
            draw_blotches(tmp_path / "images" / label / f"{seed:02}.png", 100 * number + seed, colour)
    return tmp_path / "images"


@pytest.fixture
def desk(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    desk = make_desk(write_model(tmp_path / "model.onnx", described(), seed=230))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def start(desk: Desk, material: Material, *, other: bool = False) -> None:
    """Choose in the sheet what the model is tried on."""
    desk.parts.window.menus.actions["try own"].trigger()
    (sheet,) = desk.parts.window.findChildren(TrySheet)
    sheet.materials[material].setChecked(True)
    sheet.models[other].setChecked(True)
    sheet.start.click()


def shown(desk: Desk) -> JudgedDialog:
    """Wait for the page."""
    window = desk.parts.window
    desk.wait(lambda: [one for one in window.findChildren(JudgedDialog) if one.isVisible()])
    return next(one for one in window.findChildren(JudgedDialog) if one.isVisible())


def save(desk: Desk, dialog: JudgedDialog, kind: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(try_presenter, "ask_target", lambda *_args: target)
    next(one for one in dialog.findChildren(QPushButton) if kind in one.text()).click()
    desk.wait(lambda: "Saved in" in dialog.messages.text())
    return target.read_bytes()


def test_a_folder_gives_the_figures_of_the_command(
    desk: Desk, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(images))
    start(desk, Material.FOLDER)
    dialog = shown(desk)
    found: dict[str, Any] = json.loads(save(desk, dialog, "JSON", tmp_path / "page.json", monkeypatch))
    assert judge.main([str(images), "--model", str(tmp_path / "model.onnx"), "--out", str(tmp_path / "out")]) == 0
    wanted = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert _nearly(found, wanted)
    assert found["words"][0] in desk.texts(dialog)
    desk.rest()
    with History.open(desk.folder) as history:
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.JUDGEMENT_SAVED}))).acts
    assert (act.detail["lesions"], act.detail["images"]) == (44, 44)


def test_a_label_that_the_model_does_not_have_is_told_first(
    desk: Desk, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (images / "melanoma").rename(images / "Melanom")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(images))
    start(desk, Material.FOLDER)
    texts = desk.texts(shown(desk))
    first = texts.index("22 of 44 images left out: “Melanom” is no label of this model.")
    assert first < texts.index("it alerted on")


def _nearly(found: Any, wanted: Any) -> bool:
    """The same values; figures to the digits that a table keeps."""
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(
            _nearly(found[one], wanted[one]) for one in wanted if one != "data"
        )
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_nearly, found, wanted))
    return bool(found == pytest.approx(wanted, abs=1e-7)) if isinstance(wanted, float) else bool(found == wanted)


def test_both_counts_follow_the_slider(desk: Desk, images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(images))
    start(desk, Material.FOLDER)
    card = shown(desk).limits
    assert card is not None
    in_use = card.counts.text()
    assert not card.back.isEnabled()
    card.slider.setValue(0)
    assert card.counts.text() == "Finds 22 of 22, misses 0. Raised for nothing in 22 of 22, among them 22 of 22 naevi."
    card.slider.setValue(card.slider.maximum())
    assert card.counts.text() == "Finds 0 of 22, misses 22. Raised for nothing in 0 of 22, among them 0 of 22 naevi."
    card.back.click()
    assert card.counts.text() == in_use
    card.which.setCurrentIndex(1)
    assert card.counts.text() == in_use  # the same score, and no other cancer among the images


def test_the_worst_mistakes_are_pictures_and_the_page_a_pdf(
    desk: Desk, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.csv"
    rows = [f"images/{path.parent.name}/{path.name},{path.parent.name}" for path in sorted(images.rglob("*.png"))]
    table.write_text("\n".join(["path,label", *rows]), encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(table), ""))
    start(desk, Material.TABLE)
    dialog = shown(desk)
    (card,) = dialog.findChildren(MistakesCard)
    assert "named" in desk.texts(card)
    assert "no alert" in desk.texts(card)
    content = save(desk, dialog, "PDF", tmp_path / "page.pdf", monkeypatch)
    assert content.startswith(b"%PDF")
    assert content.count(b"/Subtype /Image") >= 1


def test_a_melanoma_with_another_alert_says_which_one_was_raised(
    make_desk: Callable[..., Desk], images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts = (melanoma_alert(NEVER), cancer_alert(ALWAYS))
    desk = make_desk(write_model(tmp_path / "two.onnx", contract(alerts=alerts, intended_use="research")))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(images))
    start(desk, Material.FOLDER)
    dialog = shown(desk)
    assert "22 of 22, melanomas 22 of 22" in desk.texts(dialog)
    (card,) = dialog.findChildren(MistakesCard)
    assert "Skin cancer alert (BCC, SCC) raised\nMelanoma alert not raised" in desk.texts(card)


def keep(history: History, path: Path, patient: int | None = None) -> None:
    """Save an answer to an image and its histology; for a patient, those of a new lesion."""
    data = path.read_bytes()
    kept = KeptImage(hashlib.sha256(data).hexdigest(), path.name, "PNG", 160, 120, len(data), path, stored=False)
    history.save(kept, an_answer(), contract(), by="MK")
    image = history.people.image_id_of(kept.sha256)
    assert image is not None
    lesion = None if patient is None else history.people.add_lesion(patient, "L", "", by="MK").id
    if lesion is not None:
        history.people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=None, by="MK")
    history.assessments.add_outcome(
        lesion_id=lesion,
        image_id=image if lesion is None else None,
        kind="histopathology",
        diagnosis=path.parent.name,
        label=path.parent.name,
        date=START.date(),
        by="MK",
    )


def test_a_page_that_is_saved_after_it_was_closed_is_told_in_the_window(
    desk: Desk, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(images))
    start(desk, Material.FOLDER)
    dialog = shown(desk)
    monkeypatch.setattr(try_presenter, "ask_target", lambda *_args: tmp_path / "page.json")
    desk.parts.tasks.hold(frozenset({Lane.IMAGES}), lambda: None)  # as on a slow drive
    dialog.json_requested.emit()
    dialog.close()
    desk.wait(lambda: not isValid(dialog))
    desk.parts.tasks.release()
    desk.wait(lambda: "Saved in" in desk.parts.window.workspaces.messages.text())
    assert (tmp_path / "page.json").exists()


def test_outcomes_of_the_history_are_counted_by_lesion(desk: Desk, images: Path) -> None:
    with History.open(desk.folder) as history, history.together():
        for path in sorted(images.rglob("*.png")):
            keep(history, path)
    start(desk, Material.HISTORY)
    dialog = shown(desk)
    assert "“Outcomes of the history”" in desk.texts(dialog)
    assert "Of 22 melanomas it alerted on" in desk.texts(dialog)
    assert "Counted: 44 lesions in 44 images." in desk.texts(dialog)


def test_lesions_of_an_export_that_the_model_learned_from_are_left_out(
    desk: Desk, images: Path, tmp_path: Path
) -> None:
    with History.open(desk.folder) as history, history.together():
        patient = history.people.add_patient("P-1", "male", by="MK").id
        history.people.correct_patient(patient, "P-1", "male", by="MK", training_use="yes")
        for path in sorted(images.rglob("*.png")):
            keep(history, path, patient)
        plan = history.training_exports.plan(LABELS, "a" * 64, START.date().isoformat())
        history.training_exports.note(plan, {one.lesion_id for one in plan.images}, by="MK")
    noted = LearnedLesions({"this history": (plan.images[0].lesion, plan.images[-1].lesion)})
    (tmp_path / "model.lesions").write_bytes(msgspec.json.encode(noted))
    start(desk, Material.HISTORY)
    dialog = shown(desk)
    assert "Counted: 42 lesions in 42 images." in desk.texts(dialog)
    assert "2 images are of lesions that the model learned from or was set on, left out." in desk.texts(dialog)


def test_another_model_can_be_tried(desk: Desk, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = write_model(tmp_path / "other.onnx", contract(name="Another model"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(other), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(images))
    start(desk, Material.FOLDER, other=True)
    dialog = shown(desk)
    assert "Another model on “images”" in desk.texts(dialog)
    assert dialog.limits is None  # it has no alerts
    assert desk.parts.model.classifier is not None
    assert desk.parts.model.classifier.contract.name == "Test model"


def test_an_empty_history_and_a_folder_without_labels_are_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = desk.parts.window.workspaces.messages
    start(desk, Material.HISTORY)
    desk.wait(lambda: "no dermatoscope image of a lesion with a histology" in messages.text())
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "empty"))
    start(desk, Material.FOLDER)
    desk.wait(lambda: "has no image with a label of the model" in messages.text())
