"""A practice system that is connected by GDT: simulated here, it asks for patients and reads what comes back."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton
from shiboken6 import isValid

from desktop.core.draft import Draft
from desktop.core.exchange.asked_patient import AskedPatient
from desktop.core.exchange.gdt_lines import CharacterSet, read_lines
from desktop.core.exchange.gdt_records import Request, RequestKind, write_request
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME
from desktop.session import practice_system
from desktop.system import settings as keys
from desktop.system.step_task import StepTask
from desktop.system.tasks import Lane
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.report.visit_pages import VisitPages
from desktop.widgets.report.visit_pictures import LoadedVisit
from desktop.widgets.report.visit_subject import read_visit
from desktop.widgets.window.practice_results import PracticeResults
from desktop.widgets.window.practice_system_dialog import PracticeSystemDialog
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient

AGNES = AskedPatient("4711", "Müller", "Agnes", dt.date(1961, 6, 3), "female")


class PracticeProgram:
    """The other side: writes requests into the folder, and takes the results out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def ask(
        self, patient: AskedPatient, kind: RequestKind = RequestKind.EXAMINATION, name: str = "LSNLPVS1.GDT"
    ) -> Path:
        request = Request(kind, patient, "HAUT", "PVS1", "LSNL")
        path = self.folder / name
        path.write_bytes(write_request(request, CharacterSet.CP437))
        return path

    def results(self) -> list[list[tuple[str, str]]]:
        """Return the fields of each result that waits."""
        whole = (path for path in sorted(self.folder.glob("PVS1LSNL.*")) if path.suffix != ".tmp")
        return [read_lines(path.read_bytes(), path.name) for path in whole]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PracticeProgram:
    monkeypatch.setattr(practice_system, "PAUSE", 0.02)
    return PracticeProgram(tmp_path / "gdt")


@pytest.fixture
def desk(make_desk: Callable[..., Desk], model_file: Path, program: PracticeProgram) -> Iterator[Desk]:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    settings(desk, program)
    return desk


def settings(desk: Desk, program: PracticeProgram) -> None:
    """Connect the practice system by the dialog."""
    dialog = shown(desk)
    assert not dialog.is_on.isChecked()
    dialog.is_on.setChecked(True)
    desk.qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert dialog.outcome.text() == "Choose the folder of the practice system."
    dialog.folder.setText(str(program.folder))
    desk.qtbot.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    desk.wait(lambda: dialog.outcome.text() == "A file was written, read and deleted.")
    assert not list(program.folder.iterdir())
    desk.qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    desk.wait(lambda: not dialog.isVisible())


def test_a_test_that_ends_after_the_dialog_was_closed_is_not_wanted(desk: Desk, program: PracticeProgram) -> None:
    dialog = shown(desk)
    dialog.folder.setText(str(program.folder))
    desk.parts.tasks.hold(frozenset({Lane.BACKUP}), lambda: None)  # as on a slow drive
    desk.qtbot.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    dialog.reject()
    desk.wait(lambda: not isValid(dialog))
    desk.parts.tasks.release()
    ended: list[object] = []
    desk.parts.tasks.run(Lane.BACKUP, lambda _task: None, ended.append, ended.append)
    desk.wait(lambda: ended)


def shown(desk: Desk) -> PracticeSystemDialog:
    desk.parts.window.menus.actions["practice system"].trigger()
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(PracticeSystemDialog) if one.isVisible()])
    return next(one for one in desk.parts.window.findChildren(PracticeSystemDialog) if one.isVisible())


def is_open(desk: Desk, pseudonym: str) -> bool:
    patient = desk.parts.open_patient.patient
    return patient is not None and patient.pseudonym == pseudonym


def messages(desk: Desk) -> str:
    bars = [bar for bar in desk.parts.window.visit_page.findChildren(MessageBar) if not bar.isHidden()]
    return "\n".join(bar.text() for bar in bars)


def press(desk: Desk, words: str) -> None:
    buttons = desk.parts.window.visit_page.findChildren(QPushButton)
    desk.qtbot.mouseClick(
        next(one for one in buttons if one.text() == words and one.isVisible()), Qt.MouseButton.LeftButton
    )


def report_text(desk: Desk, patient_id: int) -> str:
    """Return the text of the report that goes with the result."""
    with History.open(desk.folder) as history:
        subject = read_visit(history, patient_id)
    assert subject is not None
    results = desk.parts.window.findChild(PracticeResults)
    return VisitPages(results._report(subject, subject.lesions[0].lesion, LoadedVisit()), 96).text()


def test_request_visit_and_result(desk: Desk, program: PracticeProgram, tmp_path: Path) -> None:
    file = program.ask(AGNES)
    desk.wait(lambda: is_open(desk, "4711"))
    assert not file.exists()
    desk.wait(lambda: desk.parts.open_patient.visit is not None)
    patient = desk.parts.open_patient.patient
    assert patient is not None
    assert (patient.sex, patient.birth_year) == ("female", 1961)
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.rest()
    assert program.results() == []  # an answer is no finding
    desk.parts.blinding.commit(Draft(diagnosis="nevus", note="dunkler Rand, 5 mm größer als im Vorjahr, " + "x" * 40))
    desk.wait(program.results)
    (found,) = program.results()
    fields = dict(found)
    assert fields["8000"] == "6310"
    assert (fields["8315"], fields["8316"], fields["3000"], fields["3101"]) == ("PVS1", "LSNL", "4711", "Müller")
    assert (fields["3103"], fields["8402"]) == ("03061961", "HAUT")
    lines = [content for field, content in found if field == "6220"]
    assert lines[0].startswith("L1, left scapula: Nevus")
    assert len(lines) > 1
    assert max(map(len, lines)) <= 60
    whole = " ".join(content for _field, content in found)
    assert "größer" in whole
    assert (fields["6303"], fields["6304"]) == ("PDF", "LesionLens, L1")
    report = Path(fields["6305"])
    assert report == program.folder / fields["6302"]
    assert report.read_bytes().startswith(b"%PDF")
    assert "%" not in whole
    assert "melanoma" not in whole.casefold()
    text = report_text(desk, patient.id)
    assert "Nevus" in text
    assert "4711" in text
    for of_the_model in ("model says", "%", "Demonstration", "alert"):
        assert of_the_model not in text
    desk.parts.blinding.commit(Draft(diagnosis="melanoma"))  # a correction, while the first waits unread
    desk.wait(lambda: len(program.results()) == 2)
    with History.open(desk.folder) as history:
        acts = history.audit.page(AuditFilter(actions=frozenset({Action.RESULT_SENT}))).acts
    assert [(act.detail["format"], act.patient) for act in acts] == [("GDT", "4711"), ("GDT", "4711")]


def with_image(desk: Desk, program: PracticeProgram, tmp_path: Path) -> PracticeResults:
    """Open the patient of a request with an image of a lesion."""
    program.ask(AGNES)
    desk.wait(lambda: desk.parts.open_patient.visit is not None)
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.rest()
    results = desk.parts.window.findChild(PracticeResults)
    assert isinstance(results, PracticeResults)
    return results


def test_the_window_handles_events_while_the_report_is_drawn(
    desk: Desk, program: PracticeProgram, tmp_path: Path
) -> None:
    results = with_image(desk, program, tmp_path)
    drawn: list[bool] = []
    beat = QTimer(desk.parts.window)
    beat.timeout.connect(lambda: drawn.append(results.findChild(StepTask) is not None))
    beat.start()
    desk.parts.blinding.commit(Draft(diagnosis="nevus"))
    desk.wait(program.results)
    assert drawn.count(True) > 1, "once before the first step, and after it"


def test_a_correction_does_not_overtake_the_result_whose_report_is_being_drawn(
    desk: Desk, program: PracticeProgram, tmp_path: Path
) -> None:
    with_image(desk, program, tmp_path)
    go_on = threading.Event()
    for _ in range(2):  # both threads, as if the picture came from a slow drive
        desk.parts.tasks.run(Lane.IMAGES, lambda _task: go_on.wait(), lambda _done: None, pytest.fail)
    try:
        for diagnosis, with_report in (("nevus", True), ("melanoma", False)):
            desk.parts.window._session.settings.put(keys.GDT_REPORT, with_report)
            with desk.qtbot.waitSignal(desk.parts.blinding.committed):
                desk.parts.blinding.commit(Draft(diagnosis=diagnosis))
            for _ in range(3):  # read, log, send
                done: list[None] = []
                desk.parts.history_service.ask(lambda _history: None, done.append, pytest.fail)
                desk.wait(partial(bool, done))
        assert program.results() == []
    finally:
        go_on.set()
    desk.wait(lambda: len(program.results()) == 2)
    second, first = (
        str(found) for found in program.results()
    )  # .001 and .GDT: the number is that of what waits longer
    assert ("Nevus" in first, "Melanoma" in second) == (True, True)


def test_closing_the_window_asks_while_a_result_is_not_sent(
    desk: Desk, program: PracticeProgram, tmp_path: Path, questions: list[str]
) -> None:
    with_image(desk, program, tmp_path)
    with desk.slow_history():
        desk.parts.blinding.commit(Draft(diagnosis="nevus"))
        assert desk.parts.window.features.dialogs.may_close()
        assert "1 assessment that you committed is not in the history yet." in questions.pop()
    desk.wait(lambda: len(program.results()) == 1)
    desk.rest()
    with desk.qtbot.waitSignal(desk.parts.blinding.committed):
        desk.parts.blinding.commit(Draft(diagnosis="melanoma"))
    assert desk.parts.window.features.dialogs.may_close()
    assert "1 result is not sent to the practice system yet." in questions.pop()
    desk.wait(lambda: len(program.results()) == 2)
    assert desk.parts.window.features.dialogs.may_close()
    assert questions == []


def test_who_was_not_asked_for_is_not_sent(desk: Desk, program: PracticeProgram, tmp_path: Path) -> None:
    desk.parts.edits.add_patient("P-1", "unknown", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: is_open(desk, "P-1"))
    program.ask(AGNES)
    desk.wait(lambda: "The practice system asks for “4711, Müller, Agnes”." in messages(desk))
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.rest()
    desk.parts.blinding.commit(Draft(diagnosis="nevus"))
    desk.rest()
    assert program.results() == []


def test_patient_who_could_not_be_added_is_not_expected_any_more(desk: Desk, program: PracticeProgram) -> None:
    desk.rest()
    with closing(sqlite3.connect(desk.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        program.ask(AGNES)
        desk.wait(lambda: messages(desk))
        other.execute("ROLLBACK")
    assert desk.parts.open_patient.patient is None
    choose_patient(desk, "4711")
    desk.rest()
    assert desk.parts.open_patient.visit is None, "a visit begins only for the request"


def test_another_practice_system_gets_no_answer_to_the_first_ones_request(
    desk: Desk, program: PracticeProgram, tmp_path: Path
) -> None:
    program.ask(AGNES)
    desk.wait(lambda: desk.parts.open_patient.visit is not None)
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.rest()
    other = PracticeProgram(tmp_path / "other")
    for folder in (program.folder, other.folder):  # the first is the same as before: what it asked for stays asked
        dialog = shown(desk)
        dialog.folder.setText(str(folder))
        desk.qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
        desk.wait(lambda dialog=dialog: not dialog.isVisible())
        desk.parts.blinding.commit(Draft(diagnosis="nevus", note=folder.name))
        desk.rest()
    desk.wait(program.results)
    assert len(program.results()) == 1
    assert other.results() == []


def test_another_patient_is_opened_only_if_the_user_says_so(desk: Desk, program: PracticeProgram) -> None:
    desk.parts.edits.add_patient("P-1", "unknown", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: is_open(desk, "P-1"))
    program.ask(AGNES)
    desk.wait(lambda: "The open patient is “P-1”." in messages(desk))
    press(desk, "Leave as it is")
    desk.rest()
    assert is_open(desk, "P-1")
    with History.open(desk.folder) as history:
        assert history.people.patient_called("4711") is None
    program.ask(AGNES)
    desk.wait(lambda: "The open patient is “P-1”." in messages(desk))
    press(desk, "Open 4711")
    desk.wait(lambda: is_open(desk, "4711"))
    desk.wait(lambda: desk.parts.open_patient.visit is not None)
    assert "The open patient" not in messages(desk)


def test_another_sex_is_asked_about(desk: Desk, program: PracticeProgram) -> None:
    with History.open(desk.folder) as history:
        history.people.add_patient("4711", "male", by="MK")
    program.ask(AGNES)
    desk.wait(lambda: "Their sex is female there and male here" in messages(desk))
    assert desk.parts.open_patient.patient is None
    press(desk, "Open 4711")
    desk.wait(lambda: is_open(desk, "4711"))


def test_another_birth_year_is_asked_about(desk: Desk, program: PracticeProgram) -> None:
    with History.open(desk.folder) as history:
        history.people.add_patient("4711", "female", by="MK", birth_year=1950)
    program.ask(AGNES)
    desk.wait(lambda: "They were born in 1961 there and in 1950 here: is it the same person?" in messages(desk))
    assert desk.parts.open_patient.patient is None
    press(desk, "Open 4711")
    desk.wait(lambda: is_open(desk, "4711"))


def test_a_request_to_show_makes_nobody(desk: Desk, program: PracticeProgram) -> None:
    program.ask(AGNES, RequestKind.SHOW)
    desk.wait(lambda: "asks for “4711, Müller, Agnes”. There is no such patient in this history." in messages(desk))
    with History.open(desk.folder) as history:
        history.people.add_patient("4711", "female", by="MK")
    program.ask(AGNES, RequestKind.SHOW)
    desk.wait(lambda: is_open(desk, "4711"))
    desk.rest()
    assert desk.parts.open_patient.visit is None


def test_a_file_that_cannot_be_understood_is_said(desk: Desk, program: PracticeProgram) -> None:
    program.ask(AGNES).write_bytes(b"nonsense")
    desk.wait(lambda: "Line 1 of “LSNLPVS1.GDT” cannot be read" in messages(desk))
    assert [path.name for path in program.folder.iterdir()] == ["LSNLPVS1.GDT.rejected"]


def test_what_cannot_be_put_aside_is_said_once(desk: Desk, program: PracticeProgram) -> None:
    said: list[object] = []
    desk.parts.window.features.practice_system.system.failed.connect(said.append)
    for number in ("", *range(2, 1000)):  # every name is taken
        (program.folder / f"LSNLPVS1.GDT.rejected{number}").touch()
    program.ask(AGNES).write_bytes(b"nonsense")
    desk.wait(lambda: said)
    program.ask(AGNES, name="LSNLPVS1.001")
    desk.wait(lambda: is_open(desk, "4711"))  # after two more looks at the file that is still there
    assert len(said) == 1


def test_it_is_off_until_it_is_chosen_and_stays_as_chosen(
    make_desk: Callable[..., Desk], model_file: Path, program: PracticeProgram
) -> None:
    desk = make_desk(model_file)
    assert desk.parts.window.features.practice_system.system.connection is None
    settings(desk, program)
    desk = make_desk(model_file)
    connection = desk.parts.window.features.practice_system.system.connection
    assert connection is not None
    assert connection.folder == program.folder
    dialog = shown(desk)
    dialog.is_on.setChecked(False)
    desk.qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert desk.parts.window.features.practice_system.system.connection is None
    assert not desk.parts.window._session.settings.get(keys.GDT_IS_ON)
    file = program.ask(AGNES)
    desk.rest()
    assert file.exists()
