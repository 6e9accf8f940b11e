"""A message stands on the page that is in front, and none about a patient waits for the page of another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.core.errors import AppError
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from desktop.core.records.safety_net import Gap
from desktop.widgets.patient.erase_dialog import EraseDialog
from desktop.widgets.today.net_table import NetTable
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.visit.reexcision_dialog import ReexcisionDialog
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import press as press_button
from tests.widgets.patient.test_patient import choose_patient, dialog
from tests.widgets.visit.test_histopathology_fields import save_button

LEFT = Qt.MouseButton.LeftButton
PLANNED = "Planned: re-excision of P-1041, L1 left scapula"


def texts(desk: Desk) -> dict[str, str]:
    """Return the messages of Today and Visit that stand there, or would once the page is shown."""
    workspaces = desk.parts.window.workspaces
    pages = {"today": workspaces.today.page.messages, "visit": workspaces.visit_page.messages}
    return {name: bar.text() for name, bar in pages.items()}


@pytest.fixture
def awaited(desk: Desk) -> Desk:
    """Today lists the biopsy of P-1041 without a result; nobody is open."""
    with History.open(desk.folder) as history:
        people = history.people
        patient = people.add_patient("P-1041", "female", by="MK")
        people.add_patient("P-1014", "male", by="MK")
        visit = people.begin_visit(patient.id, today(), "60-69", by="MK")
        lesion = people.add_lesion(patient.id, "L1", "scapula-left", by="MK")
        plan = history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
        history.care_steps.record(CareStep(Step.TAKEN, plan.id, today(), "MK", ""), by="MK")
    desk.parts.window.staged_start.finish()
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: desk.parts.window.workspaces.today.page.findChild(NetTable) is not None)
    desk.rest()
    return desk


def plan_from_today(desk: Desk) -> None:
    """Enter the result of the biopsy with involved margins, and plan the re-excision."""
    table = desk.parts.window.workspaces.today.page.findChild(NetTable)
    assert table is not None
    row = next(row for row, item in enumerate(table.items) if item.gap is Gap.NO_RESULT)
    desk.qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(row, 3)).center())
    form = dialog(desk, OutcomeDialog)
    desk.settle()
    desk.qtbot.keyClicks(form.diagnosis.lineEdit(), "Nodular melanoma")
    form.fields.margins.setCurrentIndex(form.fields.margins.findData("involved"))
    desk.qtbot.mouseClick(form.fields.reexcision, LEFT)
    desk.qtbot.mouseClick(save_button(form), LEFT)  # type: ignore[arg-type]
    asked = dialog(desk, ReexcisionDialog)
    desk.qtbot.keyClicks(asked.initials, "AB")
    desk.qtbot.mouseClick(asked.plan, LEFT)
    desk.settle()


def test_a_plan_that_is_made_from_today_is_told_there_and_on_the_page_of_nobody_else(awaited: Desk) -> None:
    plan_from_today(awaited)
    assert texts(awaited) == {"today": PLANNED, "visit": ""}
    with History.open(awaited.folder) as history:
        other = next(one for one in history.people.find_patients() if one.pseudonym == "P-1014")
    awaited.parts.window.features.patients.open(other)
    awaited.wait(lambda: awaited.parts.open_patient.patient == other)
    assert awaited.parts.window.workspaces.current == "visit"
    assert texts(awaited) == {"today": "", "visit": ""}


def test_a_note_about_a_patient_goes_as_another_is_opened_on_the_same_page(desk: Desk) -> None:
    choose_patient(desk, "P-1041")
    desk.parts.window.visit_page.messages.say(PLANNED, error=False)
    assert desk.parts.open_patient.patient is not None
    desk.parts.open_patient.open(desk.parts.open_patient.patient)
    desk.settle()
    assert texts(desk)["visit"] == PLANNED, "the same patient"
    choose_patient(desk, "P-1014")
    assert texts(desk)["visit"] == ""


def test_an_erased_patient_is_told_where_that_was_asked_for(desk: Desk) -> None:
    choose_patient(desk, "P-1041")
    desk.parts.window.show_workspace("today")
    desk.parts.window.menus.actions["patient erase"].trigger()
    asked = dialog(desk, EraseDialog)
    asked.accept()
    desk.settle()
    assert texts(desk) == {"today": "P-1041 was erased for good.", "visit": ""}


def fail_to_open(desk: Desk) -> None:
    desk.parts.open_patient.failed.emit(AppError("The drive is full."))


def fail_to_send(desk: Desk) -> None:
    desk.parts.window.features.practice_system.system.failed.emit(AppError("The drive is full."))


@pytest.mark.parametrize("fail", [fail_to_open, fail_to_send])
def test_what_fails_is_told_on_the_page_in_front(desk: Desk, fail: Callable[[Desk], None]) -> None:
    desk.parts.window.staged_start.finish()
    desk.parts.window.show_workspace("today")
    fail(desk)
    assert texts(desk) == {"today": "The drive is full.", "visit": ""}


def test_blind_first_is_asked_about_on_the_page_in_front(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    desk.parts.window.show_workspace("today")
    desk.parts.window.menus.actions["blind"].trigger()
    assert "1 answer waits for your diagnosis." in texts(desk)["today"]
    press_button(desk, "Switch off")
    assert not desk.parts.blinding.is_on
    assert QApplication.activeModalWidget() is None


def test_a_report_of_no_image_is_refused_on_the_page_in_front(desk: Desk) -> None:
    desk.parts.window.staged_start.finish()
    desk.parts.window.show_workspace("today")
    desk.parts.window.menus.actions["report"].trigger()
    assert texts(desk) == {"today": "Open an image first: a report is of one image.", "visit": ""}
