"""A histology is entered for the biopsy or re-excision of which it is: the form names it, and says so of no other."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.lesion_facts import LesionFacts, OpenHistology
from desktop.core.records.people import EXCISION, Outcome
from desktop.core.records.reexcision import plan_reexcision
from desktop.core.records.safety_net import Gap
from desktop.widgets.common.wording import local_day
from desktop.widgets.report.report_words import outcome_statements
from desktop.widgets.report.visit_subject import read_visit
from desktop.widgets.today.net_table import NetTable
from desktop.widgets.visit.biopsy_meaning import melanomas_of
from desktop.widgets.visit.lesion_words import card_lines, day_text
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from tests.days import today
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import bring_lesion
from tests.widgets.patient.test_worklists import choose_specimen, dialog, press, press_undo, save, withdrawal
from tests.widgets.today.test_today import click, row_of
from tests.widgets.visit.test_result_days import ask_for_days


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def replan(history: History, lesion_id: int) -> int:
    plan = plan_reexcision(history, lesion_id=lesion_id, image_id=None, note="Re-excision", today=today(), by="AB")
    return plan.id


def take(history: History, plan: int, day: dt.date) -> None:
    history.care_steps.record(CareStep(Step.TAKEN, plan, day, "AB", ""), by="MK")


@pytest.fixture
def biopsied(desk: Desk, tmp_path: Path) -> Desk:
    """L1 in front, whose biopsy of 90 days ago showed a melanoma with involved margins; the patient was told."""
    lesion_id, visit_id = bring_lesion(desk, tmp_path)
    with History.open(desk.folder) as history:
        plan = history.assessments.assess(
            lesion_id=lesion_id, visit_id=visit_id, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
        take(history, plan.id, ago(90))
        found = history.assessments.add_outcome(
            lesion_id=lesion_id, kind="histopathology", diagnosis="melanoma", date=ago(80), margins="involved", by="MK"
        )
        history.care_steps.record(CareStep(Step.TOLD, found.id, ago(75), "CD", ""), by="MK")
    desk.settle()
    return desk


def found(desk: Desk) -> list[tuple[str, dt.date | None]]:
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        return [(one.diagnosis, one.taken) for one in history.assessments.outcomes(lesion_id=lesion.id)]


def without_result(desk: Desk) -> list[dt.date]:
    with History.open(desk.folder) as history:
        return [item.since for item in history.safety_net.items(today()) if item.gap is Gap.NO_RESULT]


def save_and_wait(desk: Desk, form: OutcomeDialog, count: int) -> None:
    save(desk, form)
    desk.wait(lambda: len(found(desk)) == count)
    desk.settle()


def test_the_form_asks_for_the_day_of_a_planned_re_excision(biopsied: Desk) -> None:
    desk = biopsied
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        replan(history, lesion.id)
    press(desk, "Outcome…")
    form = dialog(desk)
    choose_specimen(desk, form, "Is of another specimen")
    assert form.fields.taken.isVisible()
    assert "Re-excision taken" in desk.texts(form)
    assert f"{local_day(ago(90))}, by AB" not in desk.texts(form).splitlines(), "the day of the first biopsy"
    form.diagnosis.setEditText("Melanoma in situ")
    desk.qtbot.keyClick(form.fields.taken.is_given, Qt.Key.Key_Space)
    form.fields.taken.date.show_day(ago(20))
    save_and_wait(desk, form, 2)
    assert found(desk) == [("melanoma", ago(90)), ("melanoma_in_situ", ago(20))]
    assert f"re-excision taken on {local_day(ago(20))}" in desk.texts(desk.parts.window.visit_page.assessment_panel)


def test_a_row_names_the_specimen_of_its_finding_and_the_other_stays_open(biopsied: Desk) -> None:
    desk = biopsied
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        for day in (30, 20):
            take(history, replan(history, lesion.id), ago(day))
    desk.parts.window.show_workspace("today")
    page = desk.parts.window.workspaces.today.page
    desk.wait(lambda: (view := page.findChild(NetTable)) is not None and len(view.open_items) > 1)
    first = row_of(desk, Gap.NO_RESULT)
    click(desk, first + 1)
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible()])
    form = dialog(desk)
    desk.wait(lambda: form.specimen.buttons)
    assert [one.isChecked() for one in form.specimen.buttons] == [False, True], "the row waits for a finding of its own"
    form.reject()
    assert not form.isVisible(), "nothing was entered that would be asked for"
    click(desk, first + 1)
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible()])
    form = next(one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible())
    desk.wait(lambda: form.specimen.buttons)
    offered = [form.fields.specimen_of.itemText(row) for row in range(form.fields.specimen_of.count())]
    assert offered == [f"Re-excision taken on {local_day(ago(day))}" for day in (30, 20)]
    assert form.fields.specimen_of.currentText() == offered[1], "that of the row"
    assert f"{local_day(ago(20))}, by AB" in desk.texts(form)
    form.diagnosis.setEditText("Melanoma in situ")
    save_and_wait(desk, form, 2)
    assert found(desk)[1:] == [("melanoma_in_situ", ago(20))]
    assert without_result(desk) == [ago(30)]
    press_undo(desk, "outcome of")
    desk.wait(lambda: len(found(desk)) == 1)
    desk.settle()
    assert without_result(desk) == [ago(30), ago(20)]
    desk.parts.window.frame.undo_stack.redo()
    desk.wait(lambda: len(found(desk)) == 2)
    assert found(desk)[1:] == [("melanoma_in_situ", ago(20))]


def test_a_correction_has_the_day_of_what_it_corrects_until_a_day_is_entered(biopsied: Desk) -> None:
    press(biopsied, "Outcome…")
    form = dialog(biopsied)
    biopsied.wait(lambda: form.specimen.buttons)
    correction, another = form.specimen.buttons
    days = []
    for button in (correction, another, correction):
        biopsied.qtbot.keyClick(button, Qt.Key.Key_Space)
        days.append(form.date.day())
    assert days == [ago(80), today(), ago(80)]
    assert "Preset to the day of the corrected finding." in biopsied.texts(form)
    form.kind.setCurrentIndex(form.kind.findData("follow-up"))
    assert form.date.day() == today(), "a follow-up corrects no histopathology"
    form.kind.setCurrentIndex(form.kind.findData("histopathology"))
    form.date.show_day(ago(70))
    for button in (another, correction):
        biopsied.qtbot.keyClick(button, Qt.Key.Key_Space)
        assert form.date.day() == ago(70)
    form.hide()


def test_without_a_row_the_form_asks_of_which_of_two_open_biopsies_it_is(biopsied: Desk) -> None:
    desk = biopsied
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        take(history, replan(history, lesion.id), ago(30))
        replan(history, lesion.id)
    press(desk, "Outcome…")
    form = dialog(desk)
    form.diagnosis.setEditText("Melanoma in situ")
    choose_specimen(desk, form, "Is of another specimen")
    choice = form.fields.specimen_of
    assert choice.currentIndex() == -1
    assert form.missing.text() == "To save, choose under “Specimen of” which biopsy this result belongs to."
    choice.setCurrentIndex(1)
    assert (
        form.missing.text()
        == "To save, enter the day on which this specimen was taken: another one waits for its result too."
    )
    desk.qtbot.keyClick(form.fields.taken.is_given, Qt.Key.Key_Space)
    assert form.missing.text() == ""
    form.date.show_day(ago(40))
    assert not choice.isVisible(), "the other was taken later"
    form.date.show_day(today())
    choice.setCurrentIndex(1)
    save_and_wait(desk, form, 2)
    assert found(desk)[1:] == [("melanoma_in_situ", today())]
    assert without_result(desk) == [ago(30)]


def test_the_form_says_when_the_patient_was_told_of_the_finding_that_is_chosen(biopsied: Desk) -> None:
    desk = biopsied
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="no_residual_tumour", date=ago(10), by="MK"
        )
    press(desk, "Outcome…")
    form = dialog(desk)
    told = f"{local_day(ago(75))}, by CD"
    choose_specimen(desk, form, "Corrects")
    assert told in desk.texts(form).splitlines()
    for other in form.specimen.buttons[1:]:
        desk.qtbot.keyClick(other, Qt.Key.Key_Space)
        assert told not in desk.texts(form).splitlines(), other.text()
        assert "T&old of this finding" not in desk.texts(form)


def test_the_card_names_every_open_histology() -> None:
    facts = LesionFacts(taken=(OpenHistology(ago(30), is_reexcision=False), OpenHistology(ago(20), is_reexcision=True)))
    lines = [line.text.replace("\N{NO-BREAK SPACE}", " ") for line in card_lines(facts, today())]
    assert lines[1:] == [
        f"Biopsy taken on {local_day(ago(30))}, histology open",
        f"Re-excision taken on {local_day(ago(20))}, histology open",
    ]


def test_the_card_and_the_tip_name_every_biopsy_that_was_closed_without_result(biopsied: Desk) -> None:
    desk = biopsied
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        for day in (30, 20):
            plan = replan(history, lesion.id)
            take(history, plan, ago(day))
            history.care_steps.record(CareStep(Step.PLAN_CLOSED, plan, today(), "AB", "specimen lost"), by="MK")
    desk.parts.open_patient.reload()
    expected = [f"Re-excision taken on {day_text(ago(day))}, closed without result" for day in (30, 20)]
    patients = desk.parts.window.patients
    desk.wait(lambda: expected[0] in patients.lesions.rows.item(0).toolTip())
    assert expected[1] in patients.lesions.rows.item(0).toolTip()
    desk.qtbot.mouseClick(patients.lesions.page, Qt.MouseButton.LeftButton)
    desk.wait(patients.page.isVisible)
    closed = [line for line in patients.page.cards.card(0).lines if line.text in expected]
    assert [line.text for line in closed] == expected
    assert not any(line.is_due for line in closed)


def test_the_card_says_that_the_biopsy_of_a_lesion_without_a_finding_was_closed() -> None:
    facts = LesionFacts(closed=(OpenHistology(ago(30), is_reexcision=False),))
    _assessment, closed = card_lines(facts, today())
    assert (closed.text, closed.is_due) == (f"Biopsy taken on {day_text(ago(30))}, closed without result", False)


def test_a_report_says_that_the_histology_of_a_reexcision_is_open(biopsied: Desk) -> None:
    """Beside the finding of the first specimen it would be read as its result."""
    (lesion,) = biopsied.parts.open_patient.lesions
    with History.open(biopsied.folder) as history:
        take(history, replan(history, lesion.id), ago(20))
        read = read_visit(history, lesion.patient_id)
    assert read is not None
    (here,) = read.lesions
    taken, finding = outcome_statements(here.outcomes, here.biopsies, (), here.plans, with_number=True)
    assert taken.text == f"Re-excision taken on {local_day(ago(20))}, by AB; histology still open"
    assert finding.course.startswith(f"Biopsy taken on {local_day(ago(90))} by AB, patient told")


def test_a_melanoma_was_removed_by_the_biopsy_of_its_finding() -> None:
    """The one before its day may be another, whose histology is open."""
    now = dt.datetime.now().astimezone()
    melanoma = Outcome(1, 1, None, "histopathology", "melanoma", "melanoma", None, ago(10), "", "MK", now)
    found = [replace(melanoma, margins="clear", taken=ago(30))]
    assert melanomas_of([ago(30), ago(20)], found) == {ago(30): True}


def test_the_telling_of_every_finding_can_be_corrected(biopsied: Desk) -> None:
    desk = biopsied
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        other = history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=ago(10), by="MK"
        )
    form = ask_for_days(desk)
    biopsy, first, second = form.fields
    assert (biopsy.day.day(), first.day.day(), second.day.day()) == (ago(90), ago(75), None)
    desk.qtbot.keyClick(second.day.is_given, Qt.Key.Key_Space)
    desk.qtbot.keyClicks(second.by, "EF")
    desk.qtbot.mouseClick(form.save, Qt.MouseButton.LeftButton)

    def told() -> dict[int, CareStep]:
        with History.open(desk.folder) as history:
            return history.care_steps.of(Step.TOLD, [other.id])

    desk.wait(told)
    assert told()[other.id].day == today()


def test_a_withdrawal_says_that_the_histology_of_what_was_taken_is_open_again(biopsied: Desk) -> None:
    desk = biopsied
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        take(history, replan(history, lesion.id), ago(30))
        for diagnosis in ("nevus", "scar"):
            history.assessments.add_outcome(
                lesion_id=lesion.id, kind="histopathology", diagnosis=diagnosis, date=ago(10), by="MK"
            )
    asking = withdrawal(desk)
    said = "Its histology is open again."
    for choice, is_open in zip(asking.choices, (True, True, False), strict=True):
        desk.qtbot.keyClick(choice, Qt.Key.Key_Space)
        assert (said in desk.texts(asking)) is is_open
        assert "The planned" not in desk.texts(asking)
        desk.settle()
        (note,) = (one for one in asking.findChildren(QLabel) if one.text().startswith("It stays"))
        assert note.visibleRegion().boundingRect() == note.rect(), "what becomes of it is not scrolled out of sight"
        assert note.height() >= note.heightForWidth(note.width())
