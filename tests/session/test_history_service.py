"""The history on its own thread: reading, writing, backup and restore."""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.draft import EMPTY_DRAFT, Draft
from desktop.core.errors import AppError, RecordsError
from desktop.core.inference.classifier import Classifier
from desktop.core.marking import tr
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.people import Patient
from desktop.core.records.values import KeptImage
from desktop.session.answers import Answer, answer_picture
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.backup import back_up, restore
from desktop.session.history_service import HistoryService, SavedAnswer
from desktop.session.picture import Picture, load_picture
from desktop.system.tasks import Tasks
from tests.core.records.history_contents import START, an_image, keep
from tests.making import write_lesion

TODAY = START.date()


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    tasks.close()


@pytest.fixture
def history_service(tasks: Tasks, tmp_path: Path) -> Iterator[HistoryService]:
    history_service = HistoryService(tasks, tmp_path / "data", lambda: "MK")
    yield history_service
    history_service.close()


def fail(error: AppError) -> None:
    raise error


def add(history: History, by: str) -> Patient:
    return history.people.add_patient("P-0412", "female", by=by)


def count(history_service: HistoryService, qtbot: QtBot) -> int:
    told: list[int] = []
    history_service.ask(lambda history: history.count(), told.append, fail)
    qtbot.waitUntil(lambda: bool(told))
    return told[0]


def test_write_has_the_initials_and_emits_changed(history_service: HistoryService, qtbot: QtBot) -> None:
    written: list[Patient] = []
    with qtbot.waitSignal(history_service.changed):
        history_service.write(add, written.append, fail)
    asked: list[list[Patient]] = []
    history_service.ask(lambda history: history.people.find_patients("0412"), asked.append, fail)
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [written]
    initials: list[str] = []
    history_service.ask(
        lambda history: history._database.read("SELECT initials FROM patient")[0][0], initials.append, fail
    )
    qtbot.waitUntil(lambda: bool(initials))
    assert initials == ["MK"]


def test_failed_write_is_reported_and_changes_nothing(history_service: HistoryService, qtbot: QtBot) -> None:
    with qtbot.waitSignal(history_service.changed):
        history_service.write(add, lambda _patient: None, fail)
    errors: list[AppError] = []
    changes: list[str] = []
    history_service.changed.connect(lambda: changes.append("changed"))
    history_service.write(add, fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert changes == []
    assert "There is a patient “P-0412” already" in str(errors[0])
    assert count(history_service, qtbot) == 0  # and the history goes on


def test_write_is_atomic(history_service: HistoryService, qtbot: QtBot, tmp_path: Path) -> None:
    """Otherwise an image that was added to a patient could be saved but not placed."""
    errors: list[AppError] = []

    def work(history: History, by: str) -> None:
        keep(history, "a.jpg")
        image = history.people.image_id_of(an_image("a.jpg").sha256)
        assert image is not None
        patient = add(history, by)
        visit = history.people.begin_visit(patient.id, TODAY, "", by=by)
        history.people.place(image, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by=by)
        add(history, by)  # there is a patient of that name by now

    history_service.write(work, lambda _nothing: None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert count(history_service, qtbot) == 0
    with History.open(tmp_path / "data") as history:
        assert history.people.find_patients() == []


class _Beside(HistoryService):
    """A history to which another program writes once an image was copied to the image store."""

    acts: deque[Callable[[History], object]]

    def store(self, picture: Picture) -> KeptImage:
        kept = super().store(picture)
        if self.acts:
            with History.open(self.folder, patience=0) as other:
                self.acts.popleft()(other)
        return kept

    def keep(self, picture: Picture, answer: Answer, qtbot: QtBot) -> SavedAnswer:
        saved: list[SavedAnswer] = []
        self.save(picture, answer, saved.append, fail)
        qtbot.waitUntil(lambda: bool(saved))
        return saved[0]


@pytest.fixture
def beside(tasks: Tasks, tmp_path: Path) -> Iterator[_Beside]:
    history_service = _Beside(tasks, tmp_path / "data", lambda: "MK")
    history_service.acts = deque()
    yield history_service
    history_service.close()


@pytest.fixture
def answered(tmp_path: Path, model_file: Path) -> tuple[Picture, Answer]:
    path = write_lesion(tmp_path / "lesion.png")
    picture = load_picture(path.name, path, path.read_bytes())
    return picture, answer_picture(picture, Classifier(model_file))


def test_another_program_may_write_while_an_image_is_stored(
    beside: _Beside, answered: tuple[Picture, Answer], qtbot: QtBot
) -> None:
    beside.acts.append(lambda other: add(other, "AB"))
    beside.keep(*answered, qtbot)
    assert count(beside, qtbot) == 1


def test_an_image_that_another_program_erases_meanwhile_is_in_the_store_when_it_is_saved_again(
    beside: _Beside, answered: tuple[Picture, Answer], qtbot: QtBot
) -> None:
    picture, _answer = answered
    beside.keep(*answered, qtbot)
    with History.open(beside.folder) as history:
        patient = history.people.add_patient("P-1", "female", by="MK")
        visit = history.people.begin_visit(patient.id, TODAY, "", by="MK")
        image_id = history.people.image_id_of(picture.sha256)
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")

    def erase(other: History) -> None:
        assert other.erasures.erase_patient(patient.id, by="AB") == [picture.sha256]
        other.erasures.finish()
        assert not list(beside.folder.glob(f"images/*/{picture.sha256}*"))

    beside.acts.append(erase)
    beside.keep(*answered, qtbot)
    with History.open(beside.folder) as history:
        (entry,) = history.entries()
    assert entry.image.path.read_bytes() == picture.path.read_bytes()  # type: ignore[union-attr]


def test_backup_and_restore_while_the_window_is_open(
    tasks: Tasks, history_service: HistoryService, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(history_service.changed):
        history_service.write(lambda history, _by: keep(history, "a.jpg"), lambda _kept: None, fail)
    told: list[object] = []
    progress: list[object] = []
    back_up(tasks, history_service.folder, tmp_path / "backup.zip", told.append, fail, progress.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0] is not None
    assert progress
    with qtbot.waitSignal(history_service.changed):
        history_service.write(lambda history, _by: keep(history, "b.jpg"), lambda _kept: None, fail)
    assert count(history_service, qtbot) == 2
    with qtbot.waitSignal(history_service.changed), qtbot.waitSignal(history_service.opened):
        restore(history_service, tmp_path / "backup.zip", told.append, fail, progress.append)
    assert count(history_service, qtbot) == 1


def test_cancelled_backup_returns_none(
    tasks: Tasks, history_service: HistoryService, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(history_service.changed):
        history_service.write(lambda history, _by: keep(history, "a.jpg"), lambda _kept: None, fail)
    told: list[object] = []
    task = back_up(tasks, history_service.folder, tmp_path / "backup.zip", told.append, fail, lambda _value: None)
    task.cancelled.set()
    qtbot.waitUntil(lambda: bool(told))
    assert (told[0] is None) == (not (tmp_path / "backup.zip").exists())


def test_refused_restore_leaves_the_history_in_use(
    history_service: HistoryService, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(history_service.changed):
        history_service.write(lambda history, _by: keep(history, "a.jpg"), lambda _kept: None, fail)
    (tmp_path / "notes.zip").write_text("notes")
    errors: list[AppError] = []
    restore(history_service, tmp_path / "notes.zip", fail, errors.append, lambda _value: None)
    qtbot.waitUntil(lambda: bool(errors))
    assert "is no backup" in str(errors[0])
    assert count(history_service, qtbot) == 1


def test_refused_request_does_not_close_the_history(history_service: HistoryService, qtbot: QtBot) -> None:
    def refuse(history: History) -> None:
        raise RecordsError(tr("No."))

    opened: list[History] = []
    history_service.ask(lambda history: history, opened.append, fail)
    errors: list[AppError] = []
    history_service.ask(refuse, fail, errors.append)
    history_service.ask(lambda history: history, opened.append, fail)
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert opened[0] is opened[1]
    assert len(errors) == 1


def test_interrupted_erasure_continues_at_the_next_start(
    history_service: HistoryService, qtbot: QtBot, tmp_path: Path
) -> None:
    data = write_lesion(tmp_path / "lesion.png").read_bytes()
    drafts = AssessmentDrafts(tmp_path / "data")
    with History.open(tmp_path / "data") as history:
        path = ImageStore(tmp_path / "data").add(data, "PNG")
        image_id = history.people.save_clinical(
            KeptImage(path.stem, "lesion.png", "PNG", 160, 120, len(data), path, stored=True),
            lesion_id=None,
            visit_id=history.people.begin_visit(
                history.people.add_patient("P-1", "female", by="MK").id, TODAY, "", by="MK"
            ).id,
            by="MK",
        )
        drafts.put(path.stem, Draft(note="of P-1"))
        assert drafts.save()
        patient_id = history.people.owner(image_id)
        assert patient_id is not None
        history.erasures.erase_patient(patient_id, by="MK")
    history_service.erased.connect(drafts.forget_all)
    assert path.exists()

    history_service.open()

    qtbot.waitUntil(lambda: not path.exists())
    qtbot.waitUntil(lambda: AssessmentDrafts(tmp_path / "data").of(path.stem) == EMPTY_DRAFT)
    found: list[list[str]] = []
    history_service.ask(lambda history: history.erasures.unfinished(), found.append, pytest.fail)
    qtbot.waitUntil(lambda: found == [[]])
