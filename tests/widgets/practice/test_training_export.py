"""Export for training, from the button in Practice to the folder, and what is said of it."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop.core.errors import AppError
from desktop.core.labelled_images.labelled_csv import read_csv
from desktop.core.labelled_images.training_export import TABLE, read_export
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.core.records.people import YesNo
from desktop.core.records.training_plan import TrainingPlan
from desktop.core.records.values import KeptImage
from desktop.session.training_export import export_for_training
from desktop.system.tasks import Lane
from desktop.widgets.practice.photographs_sheet import PhotographsSheet
from tests.core.records.history_contents import START, an_answer
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk


@pytest.fixture
def desk(make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A window whose dialog for a folder chooses one that is there."""
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(date="2026-01-01"), seed=3))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    (tmp_path / "chosen").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "chosen"))
    return desk


def add(desk: Desk, folder: Path, patients: dict[str, YesNo], *, photographs: bool = False) -> None:
    """Save a melanoma of each patient, with an image, and a clinical photograph too if these are wanted."""
    with History.open(desk.folder) as history, history.together():
        for number, (name, allowed) in enumerate(patients.items()):
            path = write_lesion(folder / f"{name}.png", number)
            data = path.read_bytes()
            kept = KeptImage(hashlib.sha256(data).hexdigest(), path.name, "PNG", 60, 48, len(data), path, stored=False)
            history.save(kept, an_answer(), contract(), by="MK")
            patient = history.people.add_patient(name, "male", by="MK").id
            history.people.correct_patient(patient, name, "male", by="MK", training_use=allowed)
            lesion = history.people.add_lesion(patient, "L1", "", by="MK").id
            image = history.people.image_id_of(kept.sha256)
            assert image is not None
            history.people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=None, by="MK")
            if photographs:
                clinical = write_lesion(folder / f"{name} clinical.png", 100 + number)
                content = clinical.read_bytes()
                seen = KeptImage(
                    hashlib.sha256(content).hexdigest(),
                    clinical.name,
                    "PNG",
                    60,
                    48,
                    len(content),
                    clinical,
                    stored=False,
                )
                history.save(seen, an_answer(), contract(), by="MK")
                photograph = history.people.image_id_of(seen.sha256)
                assert photograph is not None
                history.people.place(photograph, kind="clinical", lesion_id=lesion, visit_id=None, by="MK")
            history.assessments.add_outcome(
                lesion_id=lesion,
                kind="histopathology",
                diagnosis="melanoma",
                label="melanoma",
                date=START.date(),
                by="MK",
            )


def message(desk: Desk) -> str:
    return desk.parts.window.workspaces.messages.text()


def exports(desk: Desk) -> list[str]:
    desk.rest()
    with History.open(desk.folder) as history:
        wanted = AuditFilter(actions=frozenset({Action.TRAINING_EXPORTED, Action.FAILED}))
        return [act.action for act in history.audit.page(wanted).acts]


def test_only_patients_who_agreed_are_written_and_the_rest_is_told(
    desk: Desk, tmp_path: Path, questions: list[str]
) -> None:
    add(desk, tmp_path, {"P-1": "yes", "P-2": "yes", "P-3": "no", "P-4": ""})
    desk.parts.window.menus.actions["own_figures"].trigger()
    desk.parts.window.workspaces.own_figures.page.export.click()
    desk.wait(lambda: "Lesions written: 2; images: 2." in message(desk))
    assert "(2 images)" in questions[0]
    assert "Too few to make a model of: " in questions[0]
    assert "must hold 20 melanomas and 20 others. The command for a new model will refuse this folder" in questions[0]
    assert "Lesions left out because use for training was not asked: 1." in questions[0]
    assert "Lesions left out because the patient does not want it: 1." in questions[0]
    assert "This is export 1 for this model." in questions[0]
    (folder,) = (tmp_path / "chosen").iterdir()
    assert f'lesionlens-train improve --data "{folder}" --base "{tmp_path / "model.onnx"}"' in message(desk)
    assert len(read_csv(folder / TABLE).images) == 2
    written = read_export(folder)
    classifier = desk.parts.model.classifier
    assert classifier is not None
    assert (written.look, written.model_sha256) == (1, classifier.sha256)
    desk.parts.window.menus.actions["export training"].trigger()
    desk.wait(lambda: "is there already" in message(desk))
    assert "This is export 2 for this model." in questions[1]
    assert exports(desk) == ["failed", "exported for training", "exported for training"]
    folder.rename(tmp_path / "moved")
    desk.parts.window.menus.actions["export training"].trigger()
    desk.wait(lambda: "Lesions written: 2; images: 2." in message(desk))
    assert "This is export 2 for this model." in questions[2]
    assert not list((tmp_path / "chosen").glob("*.waiting"))


def test_a_clinical_photograph_goes_out_once_it_is_ticked(desk: Desk, tmp_path: Path, questions: list[str]) -> None:
    add(desk, tmp_path, {"P-1": "yes", "P-2": "yes", "P-3": "no"}, photographs=True)

    def export() -> PhotographsSheet:
        desk.parts.window.menus.actions["export training"].trigger()
        desk.wait(lambda: [one for one in desk.parts.window.findChildren(PhotographsSheet) if one.isVisible()])
        return next(one for one in desk.parts.window.findChildren(PhotographsSheet) if one.isVisible())

    sheet = export()
    assert "Clinical photographs of these lesions that stay out: 2." in questions[0]
    model = sheet.list.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    assert [row.data() for row in rows] == ["P-1, L1", "P-2, L1"]
    assert {row.data(Qt.ItemDataRole.CheckStateRole) for row in rows} == {Qt.CheckState.Unchecked}
    assert sheet.go_on.text() == "Continue without photographs"
    sheet.go_on.click()
    desk.wait(lambda: "Lesions written: 2; images: 2." in message(desk))
    (folder,) = (tmp_path / "chosen").iterdir()
    assert read_export(folder).photographs == ()
    folder.rename(tmp_path / "first")
    sheet = export()
    sheet.list.setCurrentIndex(sheet.list.model().index(1, 0))
    QTest.keyClick(sheet.list, Qt.Key.Key_Space)
    assert sheet.go_on.text() == "Continue with 1 photograph"
    sheet.go_on.click()
    desk.wait(lambda: "Lesions written: 2; images: 3." in message(desk))
    (folder,) = (tmp_path / "chosen").iterdir()
    written = read_export(folder)
    (name,) = written.photographs
    shown = next(one for one in read_csv(folder / TABLE).images if one.name == name)
    clinical = (tmp_path / "P-2 clinical.png").read_bytes()
    assert shown.original_sha256 == hashlib.sha256(clinical).hexdigest()
    assert (written.look, written.left_out["clinical photograph"]) == (2, 1)


def test_nothing_is_written_where_nobody_agreed(desk: Desk, tmp_path: Path, questions: list[str]) -> None:
    add(desk, tmp_path, {"P-1": ""})
    desk.parts.window.menus.actions["export training"].trigger()
    desk.wait(lambda: "Nothing may be exported for training." in message(desk))
    assert "use for training was not asked: 1." in message(desk)
    assert questions == []
    assert exports(desk) == []


def test_a_stopped_export_leaves_nothing_and_is_no_look(desk: Desk, tmp_path: Path) -> None:
    add(desk, tmp_path, {"P-1": "yes", "P-2": "yes"})
    service, ended = desk.parts.history_service, list[object]()
    plans = list[TrainingPlan]()
    labels = contract().label_ids

    def ask() -> TrainingPlan:
        service.ask(lambda history: history.training_exports.plan(labels, "a" * 64, "2026-01-01"), plans.append, fail)
        count = len(plans) + 1
        desk.wait(lambda: len(plans) == count)
        return plans[-1]

    def fail(error: AppError) -> None:
        raise error

    plan = ask()
    desk.parts.tasks.hold(frozenset({Lane.BACKUP}), lambda: None)  # else it may have ended before it is stopped
    task = export_for_training(
        desk.parts.tasks, service, plan, tmp_path / "chosen" / "folder", ended.append, fail, lambda _step: None
    )
    task.cancel()
    desk.parts.tasks.release()
    desk.wait(lambda: ended == [None])
    assert not list((tmp_path / "chosen").iterdir())
    assert ask().look == 1
