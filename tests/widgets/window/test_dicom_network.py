"""Archive and worklist in the window, with real programs on the loopback."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.draft import Draft
from desktop.core.records.audit_acts import Act, Action, AuditFilter
from desktop.core.records.history import History
from desktop.session import dicom_network
from desktop.system import settings as keys
from desktop.widgets.audit.audit_details import detail_text
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.window.dicom_network_dialog import DicomNetworkDialog
from desktop.widgets.window.dicom_worklist_dialog import DicomWorklistDialog
from desktop.widgets.window.send_visit_dialog import SendVisitDialog
from tests.making import write_lesion
from tests.network.programs import Program, entry, listening
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring
from tests.widgets.window.test_practice_system import is_open, messages, press

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def program() -> Iterator[Program]:
    with listening(Program()) as program:
        yield program


@pytest.fixture
def desk(make_desk: Callable[..., Desk], model_file: Path) -> Desk:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def click(desk: Desk, button: QWidget) -> None:
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def trigger(desk: Desk, entry_id: str, dialog: type[W]) -> W:
    """Choose a menu entry, and return the dialog that it shows."""
    desk.parts.window.menus.actions[entry_id].trigger()
    desk.wait(lambda: any(one.isVisible() for one in desk.parts.window.findChildren(dialog)))
    return next(one for one in desk.parts.window.findChildren(dialog) if one.isVisible())


def connect(desk: Desk, program: Program, *, title: str = "PACS") -> None:
    """Enter a program as archive and as worklist."""
    dialog = trigger(desk, "dicom network", DicomNetworkDialog)
    dialog.is_on.setChecked(True)
    for fields in (dialog.archive, dialog.worklist):
        fields.title.setText(title)
        fields.host.setText("127.0.0.1")
        fields.port.setText(str(program.port))
    click(desk, dialog.use)
    desk.wait(lambda: not dialog.isVisible())


def visited(desk: Desk, folder: Path, *, diagnosis: str = "nevus") -> None:
    """Open a patient with an image of a lesion; assess it if a diagnosis is given."""
    desk.parts.edits.add_patient("P-1", "female", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: is_open(desk, "P-1"))
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(folder / "one.png"))
    desk.rest()
    if diagnosis:
        desk.parts.blinding.commit(Draft(diagnosis=diagnosis))
        desk.rest()


def sending(desk: Desk) -> SendVisitDialog:
    """Return the dialog once it knows what there is of the visit."""
    dialog = trigger(desk, "send visit", SendVisitDialog)
    desk.wait(lambda: "Reading" not in dialog.contents.text())
    return dialog


def told(desk: Desk, words: str) -> None:
    desk.wait(lambda: words in messages(desk))


def acts(desk: Desk, *actions: Action) -> list[Act]:
    desk.rest()
    with History.open(desk.folder) as history:
        return history.audit.page(AuditFilter(actions=frozenset(actions))).acts


def classes(program: Program) -> list[str]:
    return [one.SOPClassUID.name for one in program.received]


def test_the_settings_are_tried_and_kept(desk: Desk, program: Program) -> None:
    dialog = trigger(desk, "dicom network", DicomNetworkDialog)
    assert not dialog.is_on.isChecked()
    dialog.is_on.setChecked(True)
    click(desk, dialog.use)
    assert dialog.outcome.text() == "Enter an archive or a worklist."
    dialog.archive.title.setText("PACS")
    click(desk, dialog.use)
    assert dialog.outcome.text().startswith("Enter the address of PACS")
    dialog.archive.host.setText("127.0.0.1")
    dialog.archive.port.setText("many")
    click(desk, dialog.archive.test)
    assert dialog.outcome.text().startswith("Enter the port of PACS")
    dialog.archive.port.setText(str(program.port))
    click(desk, dialog.archive.test)
    desk.wait(lambda: dialog.outcome.text() == f"PACS (127.0.0.1:{program.port}) answers.")
    dialog.archive.title.setText("OTHER")
    click(desk, dialog.archive.test)
    desk.wait(lambda: "is not “OTHER”" in dialog.outcome.text())
    dialog.archive.title.setText("PACS")
    dialog.own_title.setText("DERM1")
    click(desk, dialog.use)
    desk.wait(lambda: not dialog.isVisible())
    assert dicom_network.archive_of(desk.parts.settings) == program.peer(own_title="DERM1")
    again = trigger(desk, "dicom network", DicomNetworkDialog)
    assert (again.is_on.isChecked(), again.archive.program()) == (True, ("PACS", "127.0.0.1", program.port))


def test_nothing_is_connected_while_it_is_off(desk: Desk, program: Program, tmp_path: Path) -> None:
    visited(desk, tmp_path)
    connect(desk, program)
    desk.parts.settings.put(keys.DICOM_IS_ON, False)
    for entry_id in ("send visit", "dicom worklist"):
        trigger(desk, entry_id, DicomNetworkDialog).reject()
    assert program.callers == []


def test_a_visit_is_sent_and_recorded(desk: Desk, program: Program, tmp_path: Path) -> None:
    visited(desk, tmp_path)
    connect(desk, program)
    dialog = sending(desk)
    assert dialog.contents.text() == "To be sent: 1 image, 1 finding."
    assert dialog.again.isHidden()
    click(desk, dialog.send)
    told(desk, "PACS took 1 image, 1 finding.")
    assert classes(program) == ["Dermoscopic Photography Image Storage", "Enhanced SR Storage"]
    assert {str(one.PatientID) for one in program.received} == {"P-1"}
    sent, received = acts(desk, Action.VISIT_SENT), acts(desk, Action.VISIT_RECEIVED)
    where = f"PACS (127.0.0.1:{program.port})"
    assert [(act.patient, detail_text(act)) for act in sent] == [("P-1", f"{where}: 1 image, 1 document")]
    assert [(act.patient, detail_text(act)) for act in received] == [("P-1", f"{where}: 2 objects")]
    assert received[0].detail["objects"] == " ".join(one.SOPInstanceUID for one in program.received)


def test_nothing_is_sent_twice_in_silence(desk: Desk, program: Program, tmp_path: Path) -> None:
    visited(desk, tmp_path)
    connect(desk, program)
    click(desk, sending(desk).send)
    told(desk, "PACS took 1 image, 1 finding.")
    desk.rest()
    dialog = sending(desk)
    assert "Taken by the archive already: 2, the last on " in dialog.contents.text()
    assert "To be sent" not in dialog.contents.text()
    assert not dialog.send.isEnabled()
    dialog.reject()
    desk.parts.blinding.commit(Draft(diagnosis="melanoma"))  # a correction is another document
    desk.rest()
    dialog = sending(desk)
    assert dialog.contents.text().startswith("To be sent: 1 finding.")
    dialog.again.setChecked(True)
    assert dialog.contents.text().startswith("To be sent: 1 image, 1 finding.")
    dialog.again.setChecked(False)
    click(desk, dialog.send)
    desk.wait(lambda: len(program.received) == 3)
    assert len({one.SOPInstanceUID for one in program.received}) == 3


def test_without_an_assessment_no_finding_is_sent(desk: Desk, program: Program, tmp_path: Path) -> None:
    visited(desk, tmp_path, diagnosis="")
    connect(desk, program)
    desk.parts.settings.put(keys.DICOM_ANSWERS, True)
    dialog = sending(desk)
    assert "No assessment was saved at this visit: no finding is sent." in dialog.contents.text()
    click(desk, dialog.send)
    told(desk, "PACS took 1 image.")
    assert classes(program) == ["Dermoscopic Photography Image Storage"], "nor an answer that nobody may see yet"


def test_what_failed_is_told_and_tried_again(desk: Desk, program: Program, tmp_path: Path) -> None:
    visited(desk, tmp_path)
    connect(desk, program)
    program.status = lambda _event, number: 0xA700 if number == 1 else 0
    click(desk, sending(desk).send)
    told(
        desk,
        "has no room for more (A700). Tell whoever runs it, then send again. PACS took 1 image. Not sent: 1 finding.",
    )
    assert [detail_text(act) for act in acts(desk, Action.FAILED)] == [
        "Visit sent to an archive: the file, printer or network failed"
    ]
    program.status = lambda _event, _number: 0xB000
    press(desk, "Try again")
    told(desk, "PACS took 1 finding. It warned about 1")
    assert classes(program)[1:] == ["Enhanced SR Storage"] * 2
    assert len(acts(desk, Action.VISIT_RECEIVED)) == 2


def test_an_archive_that_is_not_there(desk: Desk, program: Program, tmp_path: Path) -> None:
    visited(desk, tmp_path)
    connect(desk, program, title="OTHER")
    click(desk, sending(desk).send)
    told(desk, "is not “OTHER”: check its AE title. Not sent: 1 image, 1 finding.")
    assert acts(desk, Action.VISIT_RECEIVED) == []


def test_sending_is_stopped(desk: Desk, program: Program, tmp_path: Path) -> None:
    visited(desk, tmp_path)
    connect(desk, program)
    is_asked, may_go_on = threading.Event(), threading.Event()

    def hang(_event: Any, _number: int) -> int:
        is_asked.set()
        may_go_on.wait(60)
        return 0

    program.status = hang
    click(desk, sending(desk).send)
    desk.wait(is_asked.is_set)
    stop = [one for one in desk.parts.window.findChildren(QPushButton) if one.text() == "Stop"]
    desk.wait(lambda: any(one.isVisible() for one in stop))
    click(desk, stop[-1])
    told(desk, "Stopped. Not sent: 1 image, 1 finding.")
    told(desk, "P-1, visit of ")
    may_go_on.set()
    assert [act.detail["stopped"] for act in acts(desk, Action.FAILED)] == [True]


def test_a_patient_is_chosen_from_the_worklist(desk: Desk, program: Program) -> None:
    program.entries = [
        entry("4711", "Müller^Änne", PatientSex="F", PatientBirthDate="19610603", what="Auflichtmikroskopie"),
        entry("4712", "Weiß^Jörg", time="1030"),
    ]
    connect(desk, program)
    dialog = trigger(desk, "dicom worklist", DicomWorklistDialog)
    desk.wait(lambda: dialog.state.text() == "2 entries.")
    (query,) = program.queries
    assert query.ScheduledProcedureStepSequence[0].ScheduledStationAETitle == "LESIONLENS"
    cells = [dialog.table.item(0, column).text() for column in range(dialog.table.columnCount())]
    assert cells == ["09:15", "4711", "Müller, Änne", "3 Jun 1961", "Female", "Auflichtmikroskopie"]
    click(desk, dialog.open_button)
    desk.wait(lambda: is_open(desk, "4711"))
    desk.wait(lambda: desk.parts.open_patient.visit is not None)
    patient = desk.parts.open_patient.patient
    assert patient is not None
    assert patient.sex == "female"
    (viewed,) = acts(desk, Action.WORKLIST_VIEWED)
    assert detail_text(viewed) == f"PACS (127.0.0.1:{program.port}): 2 entries"


def test_the_worklist_opens_nobody_in_place_of_another_without_asking(desk: Desk, program: Program) -> None:
    desk.parts.edits.add_patient("P-1", "unknown", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: is_open(desk, "P-1"))
    program.entries = [entry("4711", "Müller^Änne")]
    connect(desk, program)
    dialog = trigger(desk, "dicom worklist", DicomWorklistDialog)
    dialog.own_entries.setChecked(False)
    desk.wait(lambda: dialog.state.text() == "1 entry.")
    assert program.queries[-1].ScheduledProcedureStepSequence[0].ScheduledStationAETitle == ""
    click(desk, dialog.open_button)
    told(desk, "The worklist names “4711, Müller, Änne”. The open patient is “P-1”.")
    assert is_open(desk, "P-1")
    press(desk, "Open 4711")
    desk.wait(lambda: is_open(desk, "4711"))


def test_a_worklist_that_does_not_answer_says_why(desk: Desk, program: Program) -> None:
    connect(desk, program, title="OTHER")
    dialog = trigger(desk, "dicom worklist", DicomWorklistDialog)
    desk.wait(lambda: "is not “OTHER”" in dialog.state.text())
    assert not dialog.open_button.isEnabled()


def test_an_installation_without_the_extra_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicom_network, "is_installed", lambda: False)
    desk.parts.window.menus.actions["dicom network"].trigger()
    desk.wait(
        lambda: any(
            "the extra “network” is not installed" in bar.text() for bar in desk.parts.window.findChildren(MessageBar)
        )
    )
