"""What a histopathology has beside its diagnosis: entered, shown, undone, and in the safety net."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, qGray
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from desktop.core.records.safety_net import Gap
from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.visit.outcome_subject import PlannedBiopsy
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk


def planned(assessment_id: int) -> PlannedBiopsy:
    return PlannedBiopsy(assessment_id, today(), None, None, is_reexcision=False, is_closed=False)


def save_button(form: OutcomeDialog) -> object:
    buttons = form.findChild(QDialogButtonBox)
    assert buttons is not None
    return buttons.button(QDialogButtonBox.StandardButton.Save)


def open_form(desk: Desk) -> OutcomeDialog:
    def buttons() -> list[QPushButton]:
        found = desk.parts.window.visit_page.assessment_panel.findChildren(QPushButton)
        return [one for one in found if "Outcome…" in one.text() and one.isVisible()]

    desk.wait(buttons)
    desk.qtbot.mouseClick(buttons()[0], Qt.MouseButton.LeftButton)
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible()])
    form = next(one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible())
    desk.rest()
    return form


def plan_a_biopsy(desk: Desk) -> int:
    with History.open(desk.folder) as history:
        image = history.people.image_id_of(history.entries()[0].image.sha256)
        made = history.assessments.assess(
            image_id=image, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
    return made.id


def test_all_fields_are_saved_and_shown_and_an_undo_takes_their_steps_back(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    plan = plan_a_biopsy(desk)
    form = open_form(desk)
    form.diagnosis.setEditText("Nodular melanoma")
    fields = form.fields
    fields.ulceration.setCurrentIndex(fields.ulceration.findData("present"))
    fields.margins.setCurrentIndex(fields.margins.findData("involved"))
    fields.number.setText("H 26-1234")
    fields.taken.is_given.click()
    fields.told.day.is_given.click()
    assert not save_button(form).isEnabled()  # type: ignore[attr-defined]  # who told the patient?
    fields.told.by.setText("AB")
    desk.qtbot.mouseClick(save_button(form), Qt.MouseButton.LeftButton)
    panel = desk.parts.window.visit_page.assessment_panel
    number = "laboratory\N{NO-BREAK SPACE}no.\N{NO-BREAK SPACE}H 26-1234"  # "no." alone would deny the margins
    desk.wait(lambda: f"by AB, {number}" in desk.texts(panel))
    assert "ulcerated, margins involved, biopsy taken on" in desk.texts(panel)
    with History.open(desk.folder) as history:
        image = history.people.image_id_of(history.entries()[0].image.sha256)
        (outcome,) = history.assessments.outcomes(image_id=image)
        taken = history.care_steps.of(Step.TAKEN, [plan])[plan]
        told = history.care_steps.of(Step.TOLD, [outcome.id])[outcome.id]
        assert Gap.NOT_TOLD not in {item.gap for item in history.safety_net.items(today())}
    assert (outcome.ulceration, outcome.margins, outcome.laboratory_number) == ("present", "involved", "H 26-1234")
    assert (taken.day, told.day, told.person) == (today(), today(), "AB")
    desk.parts.window.frame.undo_stack.undo()
    desk.rest()
    with History.open(desk.folder) as history:
        assert history.assessments.outcomes(image_id=image) == []
        assert history.care_steps.of(Step.TAKEN, [plan]) == {}
        assert history.care_steps.of(Step.TOLD, [outcome.id]) == {}


def test_the_day_of_the_biopsy_is_asked_for_only_where_one_waits(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    form = open_form(desk)
    assert not form.fields.taken.isVisible()
    form.reject()
    plan_a_biopsy(desk)
    assert open_form(desk).fields.taken.isVisible()


@pytest.mark.parametrize(("diagnosis", "is_invasive"), [("Nodular melanoma", True), ("Nevus", False)])
def test_ulceration_is_that_of_an_invasive_melanoma(qtbot: QtBot, diagnosis: str, *, is_invasive: bool) -> None:
    form = OutcomeDialog("L1")
    qtbot.addWidget(form)
    form.diagnosis.setEditText("Nodular melanoma")
    form.fields.ulceration.setCurrentIndex(form.fields.ulceration.findData("present"))
    form.diagnosis.setEditText(diagnosis)
    assert form.fields.ulceration.isEnabled() is is_invasive
    assert form.finding().details.ulceration == ("present" if is_invasive else None)


def test_a_patient_is_not_told_before_the_day_of_the_finding(qtbot: QtBot) -> None:
    form = OutcomeDialog("L1", initials="MK")
    qtbot.addWidget(form)
    form.diagnosis.setEditText("Nodular melanoma")
    form.fields.told.day.is_given.click()
    assert form.missing.text() == ""
    form.fields.told.day.date.setDate(form.date.date().addDays(-2))
    assert form.missing.text() == f"The patient cannot be told before the day of the finding, {local_day(today())}."
    assert not save_button(form).isEnabled()  # type: ignore[attr-defined]
    form.date.setDate(form.date.date().addDays(-2))
    assert form.missing.text() == ""
    assert save_button(form).isEnabled()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("themed")
def test_what_is_off_is_not_drawn_as_if_it_could_be_used(qtbot: QtBot) -> None:
    form = OutcomeDialog("L1", initials="MK")
    qtbot.addWidget(form)
    form.show()
    told = form.fields.told

    def darkest(field: QWidget) -> int:
        picture = field.grab().toImage()
        return min(
            qGray(picture.pixel(across, down))
            for across in range(8, picture.width() - 28)
            for down in range(8, picture.height() - 8)
        )

    fields = (told.day.date, told.by, form.fields.reexcision)
    left_out = [darkest(one) for one in fields]
    told.day.is_given.click()
    form.fields.margins.setCurrentIndex(form.fields.margins.findData("involved"))
    form.setFocus()
    entered = [darkest(one) for one in fields]
    assert all(one > other + 40 for one, other in zip(left_out, entered, strict=True)), (left_out, entered)


@pytest.mark.usefixtures("themed")
def test_the_whole_form_fits_a_screen_of_800_points_with_a_planned_biopsy(qtbot: QtBot) -> None:
    form = OutcomeDialog("PAT-A, L1 left scapula", initials="MK")
    qtbot.addWidget(form)
    form.fields.show_biopsies([planned(1)], None)
    form.fields.fit(is_histopathology=True, is_invasive=False)
    form.resize(form.sizeHint().width(), 744)  # less the frame of a window
    form.show()
    (scroll,) = form.findChildren(ContentScroll)
    qtbot.waitUntil(lambda: form.note.visibleRegion().boundingRect().size() == form.note.size())
    assert scroll.verticalScrollBar().maximum() == 0


def test_a_follow_up_has_none_of_these_fields(qtbot: QtBot) -> None:
    form = OutcomeDialog("L1", "follow-up")
    qtbot.addWidget(form)
    form.show()
    shown: Callable[[], list[bool]] = lambda: [  # noqa: E731
        one.isVisible() for one in (form.fields.ulceration, form.fields.margins, form.fields.number, form.fields.told)
    ]
    assert shown() == [False] * 4
    form.fields.number.setText("H 1")
    assert form.finding().details.laboratory_number == ""
    form.kind.setCurrentIndex(form.kind.findData("histopathology"))
    assert shown() == [True] * 4


@pytest.mark.parametrize("told", [None, CareStep(Step.TOLD, 1, today(), "AB", "")])
def test_no_two_rows_in_sight_have_one_key(qtbot: QtBot, told: CareStep | None) -> None:
    form = OutcomeDialog("L1", initials="MK")
    qtbot.addWidget(form)
    form.fields.show_biopsies([planned(1), planned(2)], 1)
    form.fields.show_telling(told)
    form.diagnosis.setEditText("Nodular melanoma")
    form.show()
    named = (*form.findChildren(QLabel), *form.findChildren(QAbstractButton))
    keys = [QKeySequence.mnemonic(one.text()).toString() for one in named if one.isVisible()]
    keys = sorted(filter(None, keys))
    assert len(keys) > 8
    assert keys == sorted(set(keys))


def test_the_day_of_a_biopsy_is_not_taken_for_that_of_another(qtbot: QtBot) -> None:
    form = OutcomeDialog("L1", initials="MK")
    qtbot.addWidget(form)
    fields = form.fields
    fields.show_biopsies([planned(1), planned(2)], 1)
    form.show()
    fields.taken.is_given.click()
    fields.show_biopsies([planned(1), planned(3)], None)
    assert form.finding().details.taken == today(), "the biopsy is the same"
    fields.specimen_of.setCurrentIndex(1)
    assert form.finding().details.taken is None
    fields.taken.is_given.click()
    fields.show_biopsies([planned(4)], None)
    assert form.finding().details.taken is None
