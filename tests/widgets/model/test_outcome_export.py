"""From the outcomes of the history to a recalibrated model file: the menu entry, what it writes, and the command it names."""

import datetime as dt
import hashlib
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop.core.inference.classifier import Classifier
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.core.records.values import KeptImage
from tests.alerts import melanoma_alert
from tests.core.records.history_contents import START, an_answer
from tests.making import NINE, contract, write_lesion, write_model
from tests.training.drawn import draw_classes
from tests.widgets.conftest import Desk
from training.__main__ import main
from training.recalibration.fitting import LEAST_MELANOMAS, LEAST_OTHERS

PRIOR = {label.id: 1 / 9 for label in NINE}


@pytest.fixture
def desk(make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A window whose dialog for a folder chooses one that is there."""
    described = contract(alerts=(melanoma_alert(-1.5),), calibration_mix=PRIOR)
    desk = make_desk(write_model(tmp_path / "model.onnx", described, seed=3))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    (tmp_path / "chosen").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "chosen"))
    return desk


def add(desk: Desk, labels: Mapping[Path, str | None]) -> None:
    """Save an answer to each image, and its histology."""
    with History.open(desk.folder) as history, history.together():
        for path, label in labels.items():
            data = path.read_bytes()
            kept = KeptImage(hashlib.sha256(data).hexdigest(), path.name, "PNG", 60, 48, len(data), path, stored=False)
            history.save(kept, an_answer(), contract(), by="MK")
            history.assessments.add_outcome(
                image_id=history.people.image_id_of(kept.sha256),
                kind="histopathology",
                diagnosis=label or "scar",
                label=label,
                date=START.date(),
                by="MK",
            )


def message(desk: Desk) -> str:
    return desk.parts.window.workspaces.messages.text()


def export(desk: Desk) -> None:
    desk.parts.window.menus.actions["export outcomes"].trigger()


def test_outcomes_of_the_window_recalibrate_its_model_by_one_command(
    desk: Desk, tmp_path: Path, questions: list[str]
) -> None:
    images = draw_classes(tmp_path / "images", {"melanoma": LEAST_MELANOMAS, "nevus": LEAST_OTHERS})
    add(desk, {path: path.parent.name for path in sorted(images.glob("*/*.png"))})
    export(desk)
    desk.wait(lambda: "Lesions written: 130; images: 130." in message(desk))
    assert "130 lesions with histology, melanomas among them: 30 (130 images)." in questions[0]
    command = message(desk).split("This command makes a model file of them: ")[1]
    program, *arguments = shlex.split(command)
    output = tmp_path / "recalibrated.onnx"
    assert program == "lesionlens-train"
    assert main([str(output) if one == "recalibrated.onnx" else one for one in arguments]) == 0
    made = Classifier(output).contract.recalibration
    assert made is not None
    assert made.sets_thresholds
    assert (made.lesions, made.images, made.melanomas) == (130, 130, LEAST_MELANOMAS)
    assert made.model_sha256 == Classifier(tmp_path / "model.onnx").sha256
    assert all(made.rests_on(hashlib.sha256(path.read_bytes()).hexdigest()) for path in images.glob("*/*.png"))
    desk.parts.model.consider(output)
    desk.wait(lambda: "Recalibrated on your own lesions" in desk.texts(desk.parts.window.workspaces.model.page))
    assert "130, 30 of them melanomas (130 images)" in desk.texts(desk.parts.window.workspaces.model.page)
    assert "was recalibrated on" not in questions[0]
    candidate = Classifier(output)
    desk.parts.model.use(candidate)
    desk.wait(lambda: (now := desk.parts.model.classifier) and now.sha256 == candidate.sha256)
    export(desk)
    desk.wait(lambda: len(questions) == 2)
    assert (
        "The model in use was recalibrated on 130 of these images. It cannot be recalibrated on them again."
        in questions[1]
    )


def test_what_is_left_out_is_said(desk: Desk, tmp_path: Path, questions: list[str]) -> None:
    labels = {"a.png": "nevus", "gone.png": "melanoma", "scar.png": None, "later.png": "nevus"}
    add(desk, {write_lesion(tmp_path / name, seed): label for seed, (name, label) in enumerate(labels.items())})
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-1", "male", by="MK").id
        visit = history.people.begin_visit(patient, START.date() + dt.timedelta(days=1), "", by="MK").id
        late = history.people.image_id_of(hashlib.sha256((tmp_path / "later.png").read_bytes()).hexdigest())
        assert late is not None
        history.people.place(late, kind="dermoscopy", lesion_id=None, visit_id=visit, by="MK")
    (tmp_path / "gone.png").unlink()
    export(desk)
    desk.wait(lambda: "Lesions written: 1; images: 1." in message(desk))
    assert "1 lesion is left out: its histology is none of the model's diagnoses." in questions[0]
    assert "1 image is left out: it was taken after the biopsy." in questions[0]
    assert "1 image is missing or damaged, and was left out." in message(desk)
    export(desk)
    desk.wait(lambda: "is there already" in message(desk))
    desk.rest()
    with History.open(desk.folder) as history:
        acts = history.audit.page(AuditFilter(actions=frozenset({Action.OUTCOMES_EXPORTED, Action.FAILED}))).acts
    assert [(act.action, act.detail.get("images", act.detail.get("act"))) for act in acts] == [
        ("failed", "outcomes exported"),
        ("outcomes exported", 2),
        ("outcomes exported", 2),
    ]


def test_history_without_histology_has_nothing_to_write(desk: Desk, tmp_path: Path, questions: list[str]) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "a.png", 1))
    export(desk)
    desk.wait(lambda: "has no dermatoscope image of a lesion with a histology" in message(desk))
    assert questions == []
