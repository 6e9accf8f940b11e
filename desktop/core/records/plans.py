"""Which of the plans for a lesion, or for an image without one, hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.records.people import NO_PLAN

if TYPE_CHECKING:
    import datetime as dt

    from desktop.core.records.people import Assessment
    from desktop.core.records.specimens import Finding


@frozen
class PlannedFollowUp:
    """An open plan with a day, be it due or still to come, the day of the visit at which it was made, and its assessment."""

    day: dt.date
    planned_on: dt.date
    assessment_id: int


@frozen
class BiopsyState:
    """A biopsy by the assessment that planned it, of a lesion or of an image without one, with its finding, if there is one.

    It `is_closed` if its plan, or its result, is not waited for. The rest is as for `OpenBiopsy`.
    """

    assessment: Assessment
    lesion_id: int | None
    image_id: int | None
    taken: dt.date | None
    is_reexcision: bool
    finding: Finding | None
    is_closed: bool


@frozen
class Plans:
    """The plans that hold: the last one, by its assessment's id, and what is open by the worklists.

    A plan that was made after another does not always end that one; see `Worklists.due` and `Worklists.open_biopsies`.
    """

    newest: int | None = None
    follow_up: PlannedFollowUp | None = None
    biopsies: tuple[BiopsyState, ...] = ()

    def is_earlier(self, assessment: Assessment) -> bool:
        """Return whether another plan has taken the place of an assessment's."""
        holding = {self.newest, *(one.assessment.id for one in self.biopsies)}
        if self.follow_up is not None:
            holding.add(self.follow_up.assessment_id)
        return bool(assessment.plan) and assessment.id not in holding

    def left_open_by(self, assessment: Assessment) -> Plans:
        """Return what an assessment's plan did not end, if it is the last one: a follow-up is ended by all but 'none'."""
        if not assessment.plan or assessment.id != self.newest:
            return NO_PLANS
        biopsies = tuple(one for one in self.biopsies if one.assessment.id != assessment.id)
        return Plans(None, self.follow_up if assessment.plan == NO_PLAN else None, biopsies)


NO_PLANS = Plans()
