"""The course of a lesion has what was said of its images before they were placed with it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.records.history import History
from desktop.core.records.lesion_course import read_course
from tests.core.records.history_contents import clock
from tests.core.records.test_assessments import TODAY, a_case, assess


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", now=clock()) as opened:
        yield opened


def test_what_was_said_of_an_image_alone_is_in_the_course_of_the_lesion_that_it_has_now(history: History) -> None:
    case = a_case(history)
    before = history.people.place(case.image, kind="dermoscopy", lesion_id=None, visit_id=None, by="MK")
    own = history.assessments.assess(image_id=case.image, before_model=True, diagnosis="nevus", by="MK")
    outcome = history.assessments.add_outcome(
        image_id=case.image, kind="follow-up", diagnosis="nevus", date=TODAY, by="MK"
    )
    later = assess(history, case, before_model=False)
    assert read_course(history, case.lesion).assessments == (later,)
    history.people.put_back([before], by="MK")
    course = read_course(history, case.lesion)
    assert (course.assessments, course.outcomes) == (
        (replace(own, lesion_id=case.lesion, visit_id=case.visit), later),
        (outcome,),
    )
