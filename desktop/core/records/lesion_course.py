"""What the history says of one lesion through the years, besides its images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.records.care_steps import EnteredStep
from desktop.core.records.influences import Influence
from desktop.core.records.people import Assessment, Outcome
from desktop.core.records.plans import NO_PLANS, Plans
from desktop.core.records.result_days import Biopsy

if TYPE_CHECKING:
    from desktop.core.records.history import History


@dataclass(frozen=True)
class Course:
    """The assessments and outcomes of a lesion, oldest first, and the biopsies that were taken.

    `steps` are all that stand, `influences` what may change how the lesion looks, `plans` those that hold.
    """

    assessments: tuple[Assessment, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    taken: tuple[Biopsy, ...] = ()
    steps: tuple[EnteredStep, ...] = ()
    influences: tuple[Influence, ...] = ()
    plans: Plans = NO_PLANS


NO_COURSE = Course()


def read_course(history: History, lesion_id: int) -> Course:
    """Read what was said and done about a lesion at all visits. What was said of an image that it has now counts too."""
    images = [one.image_id for one in history.people.placements_of(lesion_id)]
    assessments = history.assessments.of((lesion_id,))
    taken = history.assessments.biopsies((lesion_id,), ())
    outcomes = history.assessments.outcomes_of_all((lesion_id,), images)
    steps = history.care_steps.about((lesion_id,))
    influences = history.influences.of(lesion_id)
    plans = history.worklists.plans_of(lesion_id=lesion_id)
    return Course(tuple(assessments), tuple(outcomes), tuple(taken), tuple(steps), tuple(influences), plans)
