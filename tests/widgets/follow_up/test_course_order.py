"""What was said of a lesion on one day: in Course and in My assessment, the newest first."""

import datetime as dt
from pathlib import Path

from PySide6.QtCore import Qt

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.mouse_and_keys import key

DAY = dt.date(2025, 3, 12)


def at(hour: int, minute: int, second: int = 0) -> dt.datetime:
    return dt.datetime(DAY.year, DAY.month, DAY.day, hour, minute, second).astimezone().astimezone(dt.UTC)


def test_course_and_both_panels_tell_a_day_newest_first(desk: Desk, tmp_path: Path) -> None:
    patient, lesion = keep_at_visits(desk, [(write_lesion(tmp_path / "one.png"), DAY)])
    clock = at(16, 14)
    with History.open(desk.folder, now=lambda: clock) as history:
        visit = history.people.visits(patient.id)[0]

        def assess(diagnosis: str) -> int:
            return history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis=diagnosis, plan=EXCISION, by="MK"
            ).id

        biopsy = assess("melanoma")
        clock = at(16, 20)
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", margins="involved", date=DAY, by="MK"
        )
        history.care_steps.record(CareStep(Step.TAKEN, biopsy, DAY, "MK", ""), by="MK")
        clock = at(16, 26)
        assess("high_grade_dysplasia")
    open_lesion(desk, patient, lesion)
    desk.settle()
    window = desk.parts.window
    of_visit = desk.texts(window.visit_page.assessment_panel)
    key(desk, Qt.Key.Key_C)
    page = window.workspaces.follow_up.page
    desk.wait(lambda: "Biopsy taken" in desk.texts(page.course))
    told = desk.texts(page.course)
    order = [told.index(text) for text in ("Assessed: High-grade", "margins involved", "Biopsy taken", "Assessed: Mel")]
    assert order == sorted(order), told
    assert desk.texts(page.assessment_panel) == of_visit
    order = [of_visit.index(text) for text in ("margins involved", "High-grade", "Melanoma")]
    assert order == sorted(order), "the finding that says what the lesion is comes first"


def test_what_was_entered_within_a_minute_stands_newest_first_in_course_and_my_assessment(
    desk: Desk, tmp_path: Path
) -> None:
    patient, lesion = keep_at_visits(desk, [(write_lesion(tmp_path / "one.png"), DAY)])
    clock = at(9, 10, 2)
    with History.open(desk.folder, now=lambda: clock) as history:
        biopsy = history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=history.people.visits(patient.id)[0].id,
            before_model=True,
            diagnosis="melanoma",
            plan=EXCISION,
            by="MK",
        ).id
        clock = at(9, 10, 9)
        history.care_steps.record(CareStep(Step.TAKEN, biopsy, DAY, "MK", ""), by="MK")
        clock = at(9, 10, 16)
        history.care_steps.record(CareStep(Step.PLAN_CLOSED, biopsy, DAY, "MK", "sent elsewhere"), by="MK")
    open_lesion(desk, patient, lesion)
    desk.settle()
    key(desk, Qt.Key.Key_C)
    page = desk.parts.window.workspaces.follow_up.page
    desk.wait(lambda: "Biopsy closed" in desk.texts(page.course))
    beside, told = desk.texts(page.assessment_panel), desk.texts(page.course)
    for text, words in ((told, "Assessed: Melanoma"), (beside, "Melanoma, ")):
        order = [text.index(one) for one in ("Biopsy closed", "Biopsy taken on", words)]
        assert order == sorted(order), text
