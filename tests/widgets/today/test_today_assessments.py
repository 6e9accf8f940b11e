"""The lists of images that nobody has assessed and of involved margins, dealt with by mouse and keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt

from desktop.core.records.audit_acts import AuditFilter
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, Assessment
from desktop.core.records.safety_net import Gap
from desktop.widgets.today.net_table import NetTable
from desktop.widgets.visit.reexcision_dialog import ReexcisionDialog
from tests.days import today
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, SHIFT, add_lesion, bring, choose_patient, dialog, press
from tests.widgets.today.test_today import CLOSE, click, form, gaps, page, row_of, table

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """P-1 has L1 with two images of today, which nobody has assessed; *Today* is shown."""
    made = make_desk(write_model(tmp_path / "model.onnx", contract(intended_use="research")), blind=True)
    made.wait(lambda: made.parts.model.classifier is not None)
    choose_patient(made, "P-1")
    add_lesion(made, "left scapula")
    bring(made, write_lesion(tmp_path / "one.png", seed=1), write_lesion(tmp_path / "two.png", seed=2))
    made.parts.open_patient.close()
    made.settle()
    show_today(made)
    return made


def show_today(desk: Desk) -> None:
    desk.parts.window.show_workspace("visit")
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: page(desk).findChild(NetTable) is not None and table(desk).isVisible())
    desk.settle()


def what(desk: Desk, gap: Gap) -> str:
    return str(table(desk).model().index(row_of(desk, gap), 3).data())


def press_on_image(desk: Desk, *keys: Qt.Key) -> None:
    view = desk.parts.window.visit_page.view
    desk.parts.window.activateWindow()
    desk.wait(desk.parts.window.isActiveWindow)
    view.setFocus()
    for key in keys:
        desk.qtbot.keyClick(view, key)


def test_an_image_that_nobody_assessed_is_opened_by_enter_and_leaves_once_it_is_assessed(desk: Desk) -> None:
    shown = page(desk).gaps
    press(desk, Qt.Key.Key_A, CTRL | SHIFT)
    assert shown.currentText() == "Image not assessed (1)   Ctrl+Shift+A"
    assert "visits of the last 12 months" in desk.texts(page(desk))
    assert what(desk, Gap.NOT_ASSESSED) == "2 images not assessed"
    view = table(desk)
    view.setCurrentIndex(view.model().index(0, 0))
    desk.qtbot.keyClick(view, Qt.Key.Key_Return)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "two.png")
    patient = desk.parts.open_patient
    desk.wait(lambda: patient.patient is not None and patient.patient.pseudonym == "P-1")
    desk.settle()
    press_on_image(desk, Qt.Key.Key_5, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.blinding.image_status is not None and desk.parts.blinding.image_status.assessments)
    desk.settle()
    desk.parts.window.show_workspace("today")
    desk.settle()
    assert Gap.NOT_ASSESSED not in gaps(desk)


def test_the_key_shows_the_list_from_another_workspace(desk: Desk) -> None:
    add_finding(desk)
    desk.parts.window.show_workspace("history")
    press(desk, Qt.Key.Key_A, CTRL | SHIFT)
    desk.wait(lambda: desk.parts.window.workspaces.current == "today")
    desk.settle()
    assert page(desk).gaps.currentText().startswith("Image not assessed (0)")
    assert not table(desk).isVisible()


def test_the_list_is_shown_also_where_it_is_asked_for_before_the_page_is_read(
    make_desk: Callable[..., Desk], model_file: Path
) -> None:
    desk = make_desk(model_file)
    desk.parts.window.show_workspace("today")
    desk.parts.window.workspaces.today.show_not_assessed()
    shown = page(desk).gaps
    assert shown.count() == 0, "nothing is read yet"
    desk.wait(lambda: shown.currentText().startswith("Image not assessed (0)"))


def test_all_images_of_the_row_are_closed_with_initials_and_a_reason_and_undone(desk: Desk) -> None:
    click(desk, row_of(desk, Gap.NOT_ASSESSED), CLOSE)
    asked = form(desk)
    assert "No assessment is made" in desk.texts(asked)
    asked.initials.setText("AB")
    assert not asked.save.isEnabled()
    desk.qtbot.keyClicks(asked.note, "seen by the referring colleague")
    desk.qtbot.mouseClick(asked.save, LEFT)
    desk.wait(lambda: Gap.NOT_ASSESSED not in gaps(desk))
    desk.settle()
    show_today_with_patient(desk)
    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: Gap.NOT_ASSESSED in gaps(desk))


def show_today_with_patient(desk: Desk) -> None:
    """Open the patient: undo asks while none of its patients is open."""
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.patient == patient)
    desk.parts.window.show_workspace("today")
    desk.settle()


def add_finding(desk: Desk) -> None:
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
        (lesion,) = history.people.lesions(patient.id)
        (visit,) = history.people.visits(patient.id)
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
        history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis="melanoma",
            label="melanoma",
            breslow_mm=0.8,
            margins="involved",
            date=today(),
            by="MK",
        )
    desk.parts.history_service.changed.emit()
    show_today(desk)


def assessments(desk: Desk) -> list[Assessment]:
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients()
        (lesion,) = history.people.lesions(patient.id)
        return history.assessments.of([lesion.id])


def test_a_re_excision_is_planned_from_its_row_with_initials(desk: Desk) -> None:
    add_finding(desk)
    assert what(desk, Gap.MARGINS) == "No re-excision planned: melanoma 0.8 mm, margins involved"
    rows, at = table(desk).viewport(), page(desk)
    place = rows.mapTo(at, QPoint())
    click(desk, row_of(desk, Gap.MARGINS))
    asked = dialog(desk, ReexcisionDialog)
    assert "P-1, L1 left scapula" in desk.texts(asked)
    assert "Melanoma 0.8 mm, margins involved" in desk.texts(asked)
    assert not asked.plan.isEnabled()  # whose plan would it be?
    desk.qtbot.keyClicks(asked.initials, "AB")
    desk.qtbot.keyClicks(asked.note, "1 cm margin")
    desk.qtbot.mouseClick(asked.plan, LEFT)
    desk.wait(lambda: Gap.MARGINS not in gaps(desk))
    desk.settle()
    made = assessments(desk)[-1]
    assert (made.plan, made.note, made.initials) == (EXCISION, "Re-excision: 1 cm margin", "AB")
    assert what(desk, Gap.NOT_TAKEN) == "Re-excision planned, not recorded as taken: 1 cm margin"
    assert "Planned: re-excision of P-1, L1 left scapula" in desk.texts(page(desk).messages)
    assert page(desk).messages.isVisible()
    assert rows.mapTo(at, QPoint()) == place, "a message that comes moves a row under the pointer"
    stack = desk.parts.window.frame.undo_stack
    assert stack.has_ended
    click(desk, row_of(desk, Gap.NOT_TAKEN))
    taken = form(desk)
    assert "Re-excision taken" in desk.texts(taken)
    taken.reject()
    with History.open(desk.folder) as history:
        newest = history.audit.page(AuditFilter()).acts[0]
    assert newest.initials == "AB"
    assert isinstance(newest.content, Assessment)
    assert newest.content.id == made.id


def test_involved_margins_are_closed_with_a_reason(desk: Desk) -> None:
    add_finding(desk)
    view = table(desk)
    view.setCurrentIndex(view.model().index(row_of(desk, Gap.MARGINS), 0))
    desk.qtbot.keyClick(view, Qt.Key.Key_Delete)
    asked = form(desk)
    assert "No re-excision is planned" in desk.texts(asked)
    desk.qtbot.keyClicks(asked.initials, "AB")
    desk.qtbot.keyClicks(asked.note, "referred to surgery")
    desk.qtbot.mouseClick(asked.save, LEFT)
    desk.wait(lambda: Gap.MARGINS not in gaps(desk))
