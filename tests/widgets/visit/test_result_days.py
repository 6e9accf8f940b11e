"""The days of a biopsy and of telling the patient: shown wherever the outcome is, and corrected, after a restart too."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, Outcome
from desktop.core.records.safety_net import Gap
from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.wording import local_day
from desktop.widgets.report.report_words import assessment_statements, outcome_statements
from desktop.widgets.report.visit_subject import read_visit
from desktop.widgets.visit.days_dialog import DaysDialog
from tests.core.records.history_contents import planned_biopsies
from tests.days import today
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import bring_lesion, choose_patient
from tests.widgets.patient.test_worklists import dialog, press, press_undo, save


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


@pytest.fixture
def planned(desk: Desk, tmp_path: Path) -> Desk:
    """A patient's lesion in front, for which a biopsy was planned."""
    lesion_id, visit_id = bring_lesion(desk, tmp_path)
    desk.parts.history_service.write(
        lambda history, by: history.assessments.assess(
            lesion_id=lesion_id, visit_id=visit_id, before_model=False, diagnosis="melanoma", plan=EXCISION, by=by
        ),
        lambda _written: None,
        pytest.fail,
    )
    desk.settle()
    return desk


def go_back(desk: Desk, field: DayEdit, years: int) -> dt.date:
    """Choose the same day of an earlier year with the keys; return it."""
    field.setFocus()
    desk.qtbot.keyClick(field, Qt.Key.Key_End)
    for _ in range(years):
        desk.qtbot.keyClick(field, Qt.Key.Key_Down)
    day = field.date()
    return dt.date(day.year(), day.month(), day.day())


def enter(desk: Desk) -> tuple[dt.date, dt.date, dt.date]:
    """Enter a histology whose biopsy was three years ago, the finding two, and of which the patient was told a year ago."""
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(form.fields.taken.isVisible)
    desk.qtbot.keyClicks(form.diagnosis, "nevus")
    desk.qtbot.keyClick(form.fields.taken.is_given, Qt.Key.Key_Space)
    desk.qtbot.keyClick(form.fields.told.day.is_given, Qt.Key.Key_Space)
    desk.qtbot.keyClicks(form.fields.told.by, "AB")
    days = (
        go_back(desk, form.fields.taken.date, 3),
        go_back(desk, form.date, 2),
        go_back(desk, form.fields.told.day.date, 1),
    )
    save(desk, form)
    desk.wait(lambda: not form.isVisible())
    desk.settle()
    return days


def panel_texts(desk: Desk) -> str:
    return desk.texts(desk.parts.window.visit_page.assessment_panel)


def ask_for_days(desk: Desk) -> DaysDialog:
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(form.recorded.days.isVisible)
    assert form.recorded.days.text() == "Correct days…"
    desk.qtbot.mouseClick(form.recorded.days, Qt.MouseButton.LeftButton)
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(DaysDialog) if one.isVisible()])
    assert not form.isVisible()
    return next(one for one in desk.parts.window.findChildren(DaysDialog) if one.isVisible())


@pytest.mark.usefixtures("themed")
def test_nothing_of_the_days_is_behind_the_bar_where_the_dialog_is_small(planned: Desk) -> None:
    enter(planned)
    form = ask_for_days(planned)
    (scroll,) = form.findChildren(ContentScroll)
    scroll.setFixedHeight(50)
    form.setMinimumWidth(0)
    form.resize(form.minimumSizeHint())
    planned.settle()
    assert scroll.verticalScrollBar().isVisible()
    assert scroll.widget().width() <= scroll.viewport().width()
    form.reject()


def reopen(make_desk: Callable[[Path], Desk], model: Path) -> Desk:
    desk = make_desk(model)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-77")
    desk.parts.open_patient.choose(desk.parts.open_patient.lesions[0].id)
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    desk.settle()
    return desk


def step_rows(desk: Desk) -> list[tuple[str, str | None, str]]:
    with History.open(desk.folder) as history:
        rows = history._database.read("SELECT step, day, person FROM care_step ORDER BY id")
    return [(row["step"], row["day"], row["person"]) for row in rows]


def test_both_days_stand_with_the_outcome_wherever_it_is_shown(planned: Desk) -> None:
    desk = planned
    taken, found, told = enter(desk)
    days = f"biopsy taken on {local_day(taken)}, patient told on {local_day(told)} by AB"
    assert days in panel_texts(desk)
    patient = desk.parts.open_patient.patient
    assert patient is not None
    with History.open(desk.folder) as history:
        read = read_visit(history, patient.id)
    assert read is not None
    (statement,) = outcome_statements(
        read.lesions[0].outcomes, read.lesions[0].biopsies, (), read.lesions[0].plans, with_number=True
    )
    assert statement.course == f"B{days[1:]}"
    page = desk.parts.window.patients.page
    desk.qtbot.mouseClick(desk.parts.window.patients.lesions.page, Qt.MouseButton.LeftButton)
    desk.wait(page.isVisible)
    shown = [line.text.replace("\N{NO-BREAK SPACE}", " ") for line in page.cards.card(0).lines]
    assert shown[:2] == [
        f"Nevus, histology {local_day(found)}",
        f"Biopsy {local_day(taken)}, patient told {local_day(told)}",
    ]
    desk.parts.open_patient.choose(desk.parts.open_patient.lesions[0].id)
    desk.parts.window.workspaces.show_lesion()
    course = desk.parts.window.workspaces.follow_up.page.course
    desk.wait(lambda: "Histopathology of" in desk.texts(course))
    lines = desk.texts(course).splitlines()
    assert f"Biopsy taken on {local_day(taken)}" in lines[lines.index(local_day(taken)) :]
    assert f"patient told on {local_day(told)} by AB" in desk.texts(course)


def test_a_biopsy_without_a_finding_stands_there_too(planned: Desk) -> None:
    desk = planned
    (lesion,) = desk.parts.open_patient.lesions

    def take(history: History, by: str) -> None:
        (plan,) = planned_biopsies(history, lesion.id)
        history.care_steps.record(CareStep(Step.TAKEN, plan, ago(3), "AB", ""), by=by)

    desk.parts.history_service.write(take, lambda _none: None, pytest.fail)
    text = f"Biopsy taken on {local_day(ago(3))}"
    desk.wait(lambda: f"{text}, by AB; histology still open" in panel_texts(desk))
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(lambda: f"{local_day(ago(3))}, by AB" in desk.texts(form))
    assert not form.fields.taken.isVisible(), "it is known already"
    form.reject()
    desk.qtbot.mouseClick(desk.parts.window.patients.lesions.page, Qt.MouseButton.LeftButton)
    page = desk.parts.window.patients.page
    desk.wait(page.isVisible)
    shown = [line.text.replace("\N{NO-BREAK SPACE}", " ") for line in page.cards.card(0).lines]
    assert f"{text}, histology open" in shown


def test_days_are_corrected_after_a_restart_and_what_was_recorded_stays(
    planned: Desk, make_desk: Callable[[Path], Desk], model_file: Path
) -> None:
    taken, _found, told = enter(planned)
    desk = reopen(make_desk, model_file)
    form = ask_for_days(desk)
    assert "P-77, L1 left scapula" in desk.texts(form)
    assert not form.save.isEnabled(), "nothing was changed"
    biopsy, telling = form.fields
    assert (biopsy.day.day(), telling.day.day(), telling.person()) == (taken, told, "AB")
    desk.qtbot.keyClicks(biopsy.by, "CD")
    go_back(desk, telling.day.date, 0)
    desk.qtbot.keyClick(telling.day.date, Qt.Key.Key_Up)
    later = telling.day.day()
    assert later is not None
    assert later > told
    desk.qtbot.mouseClick(form.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: f"patient told on {local_day(later)} by AB" in panel_texts(desk))
    strip = desk.parts.window.frame.strip
    desk.wait(lambda: strip._line == "Saved: days of P-77, L1 left scapula")
    press_undo(desk, "days of")
    desk.wait(lambda: f"patient told on {local_day(told)} by AB" in panel_texts(desk))
    desk.settle()
    first = [("biopsy taken", taken.isoformat(), ""), ("patient told", told.isoformat(), "AB")]
    second = [("biopsy taken", taken.isoformat(), "CD"), ("patient told", later.isoformat(), "AB")]
    assert step_rows(desk) == first + second + first


def test_the_form_shows_again_when_the_patient_was_told_and_asks_anew_for_another_finding(planned: Desk) -> None:
    """An empty tick read as if nobody had told the patient; a preset one would say so of a finding that nobody knew."""
    desk = planned
    _taken, found, told = enter(desk)
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(lambda: f"patient told on {local_day(told)} by AB" in desk.texts(form.recorded))
    assert not {"Told of t&his finding"} & {one.text() for one in form.findChildren(QLabel)}, "no finding is chosen"
    desk.qtbot.keyClick(form.specimen.buttons[0], Qt.Key.Key_Space)
    labels = [one for one in form.findChildren(QLabel) if one.isVisible()]
    assert f"{local_day(told)}, by AB" in [one.text() for one in labels]
    assert {"Patient told", "Told of t&his finding"} <= {one.text() for one in labels}
    assert form.fields.told.day.day() is None
    for button in (form.recorded.days, form.recorded.withdraw):
        assert button.width() >= button.sizeHint().width(), f"{button.text()} is cut"
        assert form.rect().contains(button.mapTo(form, button.rect().bottomRight()))
    desk.qtbot.keyClicks(form.diagnosis, "melanoma")
    assert form.date.day() == found
    save(desk, form)
    desk.wait(lambda: "Melanoma" in panel_texts(desk))
    desk.settle()
    with History.open(desk.folder) as history:
        gaps = [(item.gap, item.diagnosis) for item in history.safety_net.items(today())]
        result = history.assessments.outcomes_of_all([1], [])[-1]
    assert (Gap.NOT_TOLD, "melanoma") in gaps
    assert (result.diagnosis, result.date, result.told) == ("melanoma", found, None)


def test_words_on_telling_the_patient_stay_when_the_finding_is_corrected_or_withdrawn(planned: Desk) -> None:
    desk = planned
    lesion = desk.parts.open_patient.lesions[0]
    results: list[Outcome] = []

    def enter_told(history: History, by: str) -> Outcome:
        result = history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="melanoma", date=today(), by=by
        )
        history.care_steps.record(CareStep(Step.TOLD, result.id, today(), "AB", "by telephone"), by=by)
        return result

    def correct(history: History, by: str) -> Outcome:
        kind, told = "histopathology", results[0].id
        return history.assessments.add_outcome(
            lesion_id=lesion.id, kind=kind, diagnosis="merkel_cell_carcinoma", date=today(), corrects=told, by=by
        )

    def withdraw(history: History, by: str) -> Outcome:
        history.assessments.set_outcome_binned(results[-1].id, binned=True, reason="wrong lesion", by=by)
        return results[-1]

    desk.parts.window.workspaces.show_lesion()
    course = desk.parts.window.workspaces.follow_up.page.course
    text, words = "Patient told of the result ({finding})", f"on {local_day(today())}, by AB, “by telephone”"
    for act, finding in (
        (enter_told, "Melanoma"),
        (correct, "Melanoma, corrected since, correction not told"),
        (withdraw, "Melanoma, withdrawn since"),
    ):
        desk.parts.history_service.write(act, results.append, pytest.fail)
        line = f"{text.format(finding=finding)} {words}"
        desk.wait(lambda line=line: line in panel_texts(desk))
        desk.settle()
        assert (line in desk.texts(course)) == (act is not withdraw), "Course has no finding that was withdrawn"
        with History.open(desk.folder) as history:
            read = read_visit(history, lesion.patient_id)
        assert read is not None
        (here,) = read.lesions
        told = [
            one.text
            for one in outcome_statements(here.outcomes, here.biopsies, here.steps, here.plans, with_number=True)
        ]
        assert (line in told) == (act is not withdraw), "the report is of the findings that stand"


def test_a_plan_that_was_closed_is_reported_with_the_assessments(planned: Desk) -> None:
    lesion = planned.parts.open_patient.lesions[0]
    with History.open(planned.folder) as history:
        (plan,) = history.assessments.of([lesion.id])
        history.care_steps.record(CareStep(Step.PLAN_CLOSED, plan.id, today(), "AB", "declined"), by="MK")
        read = read_visit(history, lesion.patient_id)
    assert read is not None
    (here,) = read.lesions
    own = assessment_statements(here.assessments, here.plans, here.steps)
    assert [one.text for one in own][1:] == [f"Plan closed on {local_day(today())}, by AB, “declined”"]
    assert outcome_statements(here.outcomes, here.biopsies, here.steps, here.plans, with_number=True) == ()


def test_a_biopsy_that_was_closed_without_a_result_is_reported_so_at_a_later_visit_too(planned: Desk) -> None:
    lesion = planned.parts.open_patient.lesions[0]
    with History.open(planned.folder) as history:
        (plan,) = history.assessments.of([lesion.id])
        history.care_steps.record(CareStep(Step.TAKEN, plan.id, ago(3), "AB", ""), by="MK")
        history.care_steps.record(CareStep(Step.PLAN_CLOSED, plan.id, today(), "AB", "specimen lost"), by="MK")
        read = read_visit(history, lesion.patient_id)
    assert read is not None
    (here,) = read.lesions
    for assessments in (here.assessments, ()):  # at a later visit there is none with that plan
        assert len(assessment_statements(assessments, here.plans, here.steps)) == len(assessments)
    found = outcome_statements(here.outcomes, here.biopsies, here.steps, here.plans, with_number=True)
    assert [one.text for one in found] == [
        f"Biopsy taken on {local_day(ago(3))}, by AB",
        f"Biopsy closed on {local_day(today())}, by AB, “specimen lost”",
    ]


def test_a_day_that_was_entered_by_mistake_is_taken_out_and_one_entered_later(planned: Desk) -> None:
    desk = planned
    _taken, found, _told = enter(desk)
    form = ask_for_days(desk)
    telling = form.fields[-1]
    desk.qtbot.keyClick(telling.day.is_given, Qt.Key.Key_Space)
    desk.qtbot.keyClick(form, Qt.Key.Key_Return)
    desk.wait(lambda: "patient told" not in panel_texts(desk))
    form = ask_for_days(desk)
    telling = form.fields[-1]
    desk.qtbot.keyClick(telling.day.is_given, Qt.Key.Key_Space)
    assert "initials" in form.missing.text()
    desk.qtbot.keyClicks(telling.by, "EF")
    go_back(desk, telling.day.date, 3)
    assert form.missing.text() == f"The patient cannot be told before the day of the finding, {local_day(found)}."
    assert not form.save.isEnabled()
    go_back(desk, telling.day.date, 0)
    desk.qtbot.keyClick(telling.day.date, Qt.Key.Key_Up)
    assert form.missing.text() == ""
    assert form.save.isEnabled()


def test_a_finding_is_not_before_its_biopsy(planned: Desk) -> None:
    desk = planned
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(form.fields.taken.isVisible)
    assert form.recorded.days.text() == "Enter days…"
    assert form.recorded.days.toolTip() == "Enter or correct when and by whom the biopsy was taken"
    save_button = form.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)  # type: ignore[union-attr]
    desk.qtbot.keyClicks(form.diagnosis, "nevus")
    desk.qtbot.keyClick(form.fields.taken.is_given, Qt.Key.Key_Space)
    found = go_back(desk, form.date, 1)
    sentence = "The finding of {found} cannot be before the biopsy or excision of {taken}."
    assert form.missing.text() == sentence.format(found=local_day(found), taken=local_day(today()))
    assert not save_button.isEnabled()
    taken = go_back(desk, form.fields.taken.date, 2)
    assert form.missing.text() == ""
    desk.qtbot.mouseClick(save_button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: f"biopsy taken on {local_day(taken)}" in panel_texts(desk))
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(lambda: local_day(taken) in desk.texts(form))
    desk.qtbot.keyClick(form.specimen.buttons[0], Qt.Key.Key_Space)
    desk.qtbot.keyClicks(form.diagnosis, "nevus")
    found = go_back(desk, form.date, 3)
    assert form.missing.text() == sentence.format(found=local_day(found), taken=local_day(taken))
