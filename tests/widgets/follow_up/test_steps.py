"""What was entered of a step on a lesion's way stands at the lesion, with who did it and when."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, Lesion, Patient
from desktop.core.records.safety_net import Gap
from desktop.widgets.common.wording import local_day
from desktop.widgets.follow_up.course import CourseList
from tests.alerts import ALWAYS, melanoma_alert
from tests.days import today
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.today.test_today import CLOSE, gaps, row_of
from tests.widgets.today.test_today import click as click_row
from tests.widgets.today.test_today import form as step_form

BEFORE, SINCE = dt.date(2024, 6, 9), dt.date(2025, 3, 12)
OTHER = "c" * 64
"""The SHA-256 of a model that is tried on the history."""


@pytest.fixture
def clinic(make_desk: Callable[..., Desk], tmp_path: Path) -> Callable[[bool], tuple[Desk, Patient, Lesion]]:
    """Return a desk with a lesion of two visits, whose images raised an alert."""

    def _clinic(blind: bool) -> tuple[Desk, Patient, Lesion]:
        desk = make_desk(write_model(tmp_path / "alert.onnx", contract(alerts=(melanoma_alert(ALWAYS),))), blind=blind)
        desk.wait(lambda: desk.parts.model.classifier is not None)
        images = [
            (write_lesion(tmp_path / f"{day.year}.png", seed=number), day) for number, day in enumerate((BEFORE, SINCE))
        ]
        return desk, *keep_at_visits(desk, images)

    return _clinic


def plan(history: History, patient: Patient, lesion: Lesion, plan: str = "") -> int:
    """Assess a lesion as a nevus at its first visit; return the id of the assessment."""
    visit = history.people.visits(patient.id)[-1]
    return history.assessments.assess(
        lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", plan=plan, by="MK"
    ).id


def find(history: History, lesion: Lesion, diagnosis: str) -> int:
    """Enter a histopathology; return its id."""
    return history.assessments.add_outcome(
        lesion_id=lesion.id, kind="histopathology", diagnosis=diagnosis, date=SINCE, by="MK"
    ).id


def course_of(desk: Desk) -> CourseList:
    return desk.parts.window.workspaces.follow_up.page.course


def show_course(desk: Desk, patient: Patient, lesion: Lesion) -> None:
    open_lesion(desk, patient, lesion)
    desk.settle()
    desk.parts.window.show_workspace("follow_up")
    desk.settle()


def test_finding_of_looking_again_stands_at_the_lesion_and_in_its_course(
    clinic: Callable[[bool], tuple[Desk, Patient, Lesion]],
) -> None:
    desk, patient, lesion = clinic(False)

    with History.open(desk.folder) as history:
        plan(history, patient, lesion)
        find(history, lesion, "melanoma")
    desk.parts.window.staged_start.finish()
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: Gap.NO_FIT in gaps(desk))
    click_row(desk, row_of(desk, Gap.NO_FIT), CLOSE)
    asked = step_form(desk)
    asked.initials.setText("AB")
    asked.note.setPlainText("regression seen on the 2nd slide")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: Gap.NO_FIT not in gaps(desk))

    told = f"Histology looked at again (Melanoma) on {local_day(today())}, by AB, “regression seen on the 2nd slide”"
    show_course(desk, patient, lesion)
    desk.wait(lambda: told in desk.texts(course_of(desk)))
    beside = desk.texts(desk.parts.window.workspaces.follow_up.page.assessment_panel)
    assert told in beside, "as in Visit"
    desk.parts.window.show_workspace("visit")
    desk.wait(lambda: told in desk.texts(desk.parts.window.visit_page.assessment_panel))

    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: told not in desk.texts(desk.parts.window.visit_page.assessment_panel))


def test_reasons_and_notes_of_all_steps_stand_in_the_course(
    clinic: Callable[[bool], tuple[Desk, Patient, Lesion]],
) -> None:
    desk, patient, lesion = clinic(False)

    with History.open(desk.folder) as history:
        planned, found = plan(history, patient, lesion, EXCISION), find(history, lesion, "melanoma")
        gone = find(history, lesion, "nevus")
        for step, row, note in (
            (Step.TAKEN, planned, "punch, 4 mm"),
            (Step.PLAN_CLOSED, planned, "second biopsy declined"),
            (Step.TOLD, found, "by telephone"),
            (Step.TELLING_CLOSED, found, "told elsewhere"),
            (Step.FITS, gone, "of the withdrawn one"),
        ):
            history.care_steps.record(CareStep(step, row, SINCE, "AB", note), by="MK")
        history.assessments.set_outcome_binned(gone, binned=True, by="MK")
    show_course(desk, patient, lesion)
    lines = desk.texts(course_of(desk)).splitlines()
    day = local_day(SINCE)
    for line in (
        f"Biopsy taken on {day}, by AB, “punch, 4 mm”",
        f"Biopsy closed on {day}, by AB, “second biopsy declined”",
        f"Patient told of the result (Melanoma) on {day}, by AB, “by telephone”",
        f"Result closed, patient not told (Melanoma) on {day}, by AB, “told elsewhere”",
    ):
        assert lines.count(line) == 1
    assert not any("withdrawn one" in line for line in lines)


def look_again(history: History, patient: Patient) -> int:
    """List the lesion for another model's alert on its last image; return the row."""
    image = history.people.image_id_of(history.people.images(patient.id)[-1].image.sha256)
    assert image is not None
    history.tried_answers.keep([], {OTHER: contract(name="Other model")}, by="MK")
    history.tried_answers.list_again(OTHER, {image: ["melanoma"]}, by="MK")
    return history._database.read_ids("SELECT id FROM look_again")[0]


def test_what_was_looked_at_again_stands_in_the_course(
    clinic: Callable[[bool], tuple[Desk, Patient, Lesion]],
) -> None:
    desk, patient, lesion = clinic(False)
    with History.open(desk.folder) as history:
        looked = CareStep(Step.LOOKED_AGAIN, look_again(history, patient), SINCE, "AB", "regular network")
        history.care_steps.record(looked, by="MK")
    show_course(desk, patient, lesion)
    text = f"Looked at again, for another model's alert on {local_day(SINCE)}, by AB, “regular network”"
    assert desk.texts(course_of(desk)).splitlines().count(text) == 1


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Step.ALERT_CLOSED, "Alert closed without a plan"),
        (Step.LOOKED_AGAIN, "Looked at again, for another model's alert"),
    ],
)
def test_what_tells_of_an_alert_waits_for_todays_assessment(
    clinic: Callable[[bool], tuple[Desk, Patient, Lesion]], step: Step, text: str
) -> None:
    desk, patient, lesion = clinic(True)

    with History.open(desk.folder) as history:
        answered = history.people.images(patient.id)[-1].entries[0].id
        row = answered if step is Step.ALERT_CLOSED else look_again(history, patient)
        history.care_steps.record(CareStep(step, row, SINCE, "AB", "known for years"), by="MK")
    show_course(desk, patient, lesion)
    assert "known for years" not in desk.texts(desk.parts.window)
    desk.parts.window.show_workspace("visit")
    desk.settle()
    assert "known for years" not in desk.texts(desk.parts.window)
    desk.parts.blinding.show_earlier()
    panel = desk.parts.window.visit_page.assessment_panel
    desk.wait(lambda: text in desk.texts(panel))
    desk.parts.window.show_workspace("follow_up")
    desk.wait(lambda: "known for years" in desk.texts(course_of(desk)))
