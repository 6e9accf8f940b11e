"""A re-excision is planned from the form of the outcome: with a finding that is entered, or after one that is recorded."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, Assessment, Outcome
from desktop.widgets.common.wording import local_day
from desktop.widgets.history.history_table import ASSESSMENT
from desktop.widgets.report.report_words import assessment_statements
from desktop.widgets.report.visit_subject import read_visit
from desktop.widgets.visit.lesion_words import card_lines
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.visit.reexcision_dialog import ReexcisionDialog
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, add_lesion, bring, choose_patient, dialog, press
from tests.widgets.visit.test_histopathology_fields import open_form, save_button

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def seen(desk: Desk, tmp_path: Path) -> Desk:
    """P-1 has L1 with an image that is in front."""
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    desk.settle()
    return desk


def said(desk: Desk) -> tuple[list[Assessment], list[Outcome]]:
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        return history.assessments.of([lesion.id]), history.assessments.outcomes(lesion_id=lesion.id)


def enter(desk: Desk, margins: str) -> OutcomeDialog:
    form = open_form(desk)
    desk.qtbot.keyClicks(form.diagnosis.lineEdit(), "Nodular melanoma")
    form.fields.margins.setCurrentIndex(form.fields.margins.findData(margins))
    return form


def plan(desk: Desk, note: str) -> None:
    asked = dialog(desk, ReexcisionDialog)
    assert "P-1, L1 left scapula" in desk.texts(asked)
    assert "margins involved" in desk.texts(asked)
    assert "None, Follow-up or Refer at a later visit leaves it planned." in desk.texts(asked)
    desk.qtbot.keyClicks(asked.initials, "AB")
    desk.qtbot.keyClicks(asked.note, note)
    desk.qtbot.mouseClick(asked.plan, LEFT)
    desk.wait(lambda: any(one.plan for one in said(desk)[0]))
    desk.settle()


def test_a_tick_beside_involved_margins_asks_for_the_plan_once_the_finding_is_saved(seen: Desk) -> None:
    form = enter(seen, "clear")
    assert not form.fields.reexcision.isEnabled()
    assert "where margins are involved" in form.fields.reexcision.toolTip()
    form.fields.margins.setCurrentIndex(form.fields.margins.findData("involved"))
    assert form.fields.reexcision.toolTip() == "Once this is saved, a form asks for the plan"
    seen.qtbot.mouseClick(form.fields.reexcision, LEFT)
    seen.qtbot.mouseClick(save_button(form), LEFT)  # type: ignore[arg-type]
    plan(seen, "1 cm margin")
    (made,), _outcomes = said(seen)
    assert (made.plan, made.note, made.initials) == (EXCISION, "Re-excision: 1 cm margin", "AB")
    assert (made.diagnosis, made.label, made.is_plan) == ("", None, True)
    panel = seen.parts.window.visit_page.assessment_panel
    assert "Plan: biopsy or excision, “Re-excision: 1 cm margin”" in seen.texts(panel)
    assert seen.parts.window.frame.undo_stack.has_ended
    assert seen.parts.window.frame.strip._line == "Saved: plan of a re-excision of P-1, L1 left scapula"
    (lesion,) = seen.parts.open_patient.lesions
    with History.open(seen.folder) as history:
        report = read_visit(history, lesion.patient_id)
    assert report is not None
    assert [one.note for one in report.lesions[0].assessments] == ["Re-excision: 1 cm margin"]
    press(seen, Qt.Key.Key_3, CTRL)
    course = seen.parts.window.workspaces.follow_up.page
    seen.wait(lambda: "Plan: biopsy or excision, “Re-excision: 1 cm margin”" in seen.texts(course))


def test_no_second_plan_is_offered_with_a_correction_but_one_is_with_the_finding_of_the_re_excision(seen: Desk) -> None:
    form = enter(seen, "involved")
    seen.qtbot.mouseClick(form.fields.reexcision, LEFT)
    seen.qtbot.mouseClick(save_button(form), LEFT)  # type: ignore[arg-type]
    plan(seen, "1 cm margin")
    form = enter(seen, "involved")
    seen.wait(lambda: form.specimen.buttons)
    correction, another = form.specimen.buttons
    seen.qtbot.keyClick(correction, Qt.Key.Key_Space)
    assert form.specimen.corrects is not None
    assert not form.fields.reexcision.isEnabled()
    assert form.fields.reexcision.toolTip() == "A re-excision is already planned"
    seen.qtbot.keyClick(another, Qt.Key.Key_Space)
    assert form.fields.biopsy is not None
    assert form.fields.reexcision.isEnabled()


def test_the_finding_of_the_laboratory_is_nowhere_called_an_own_assessment(seen: Desk) -> None:
    (lesion,), visit = seen.parts.open_patient.lesions, seen.parts.open_patient.visit
    assert visit is not None
    with History.open(seen.folder) as history:
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=False, diagnosis="nevus", plan=EXCISION, by="MK"
        )
    seen.parts.open_patient.reload()
    form = enter(seen, "involved")
    seen.qtbot.mouseClick(form.fields.reexcision, LEFT)
    seen.qtbot.mouseClick(save_button(form), LEFT)  # type: ignore[arg-type]
    plan(seen, "1 cm margin")
    today, again = local_day(seen.parts.open_patient.date), "biopsy or excision, “Re-excision: 1 cm margin”"
    own, planned = "Nevus, earlier plan: biopsy or excision", f"Plan: {again}"
    panel = seen.parts.window.visit_page.assessment_panel
    texts = seen.texts(panel).splitlines()
    shown = [f"Plan of {today}: {again}", f"Nevus, earlier plan of {today}: biopsy or excision"]
    assert [one for one in texts if one in shown] == shown
    assert [one for one in texts if one.startswith("planned ") and one.endswith(", by AB")]
    assert not [one for one in texts if one.startswith("Nodular melanoma")]
    facts = seen.parts.open_patient.facts_of(lesion)
    assert "Assessed today: Nevus" in [one.text for one in card_lines(facts, seen.parts.open_patient.date)]
    with History.open(seen.folder) as history:
        report = read_visit(history, lesion.patient_id)
    assert report is not None
    assert [one.text for one in assessment_statements(report.lesions[0].assessments, report.lesions[0].plans)] == [
        "Plan: biopsy or excision",
        own,
    ]
    press(seen, Qt.Key.Key_3, CTRL)
    course = seen.parts.window.workspaces.follow_up.page
    seen.wait(lambda: {f"Assessed: {own}", planned} <= set(seen.texts(course).splitlines()))
    assert "Assessed: Nodular" not in seen.texts(course)
    (_own, made), _outcomes = said(seen)
    step = CareStep(Step.TAKEN, made.id, seen.parts.open_patient.date, "AB", "")
    with seen.qtbot.waitSignal(seen.parts.history_service.changed):
        seen.parts.history_service.write(
            lambda history, by: history.care_steps.record(step, by=by), lambda _done: None, pytest.fail
        )
    seen.wait(lambda: f"Re-excision taken on {today}, by AB" in seen.texts(course).splitlines())
    assert "Biopsy taken" not in seen.texts(course)
    press(seen, Qt.Key.Key_4, CTRL)
    table = seen.parts.window.history.table
    seen.wait(lambda: table.rowCount() == 1)
    assert table.index(0, ASSESSMENT).data() == "Nevus"


def test_without_the_tick_the_form_offers_it_later_until_it_is_planned(seen: Desk) -> None:
    form = enter(seen, "involved")
    assert not form.recorded.reexcision.isVisible()
    seen.qtbot.mouseClick(save_button(form), LEFT)  # type: ignore[arg-type]
    seen.wait(lambda: said(seen)[1])
    seen.settle()
    assert said(seen)[0] == []
    form = open_form(seen)
    seen.wait(form.recorded.reexcision.isVisible)
    seen.qtbot.mouseClick(form.recorded.reexcision, LEFT)
    plan(seen, "")
    (made,), _outcomes = said(seen)
    assert made.note == "Re-excision"
    form = open_form(seen)
    assert not form.recorded.reexcision.isVisible()


def test_cancelling_the_plan_keeps_the_finding(seen: Desk) -> None:
    form = enter(seen, "involved")
    seen.qtbot.mouseClick(form.fields.reexcision, LEFT)
    seen.qtbot.mouseClick(save_button(form), LEFT)  # type: ignore[arg-type]
    asked = dialog(seen, ReexcisionDialog)
    assert not asked.plan.isEnabled()
    seen.qtbot.keyClick(asked, Qt.Key.Key_Escape)
    seen.wait(lambda: not asked.isVisible())
    seen.settle()
    assessments, outcomes = said(seen)
    assert (assessments, [one.margins for one in outcomes]) == ([], ["involved"])
