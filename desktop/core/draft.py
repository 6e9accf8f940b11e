"""A clinician's assessment of an image before it is committed."""

import datetime as dt
from dataclasses import field

from desktop.core.diagnoses import NEEDS_PLAN
from desktop.core.frozen import frozen


@frozen
class Draft:
    """An assessment being entered; `Assessment` is a committed one.

    A field that was not entered is empty; an empty plan is not a plan to do nothing. `committed` is when it was committed, None
    while it is being entered; drafts are compared by what was entered alone.
    """

    diagnosis: str = ""
    label: str | None = None
    confidence: str = ""
    plan: str = ""
    plan_date: dt.date | None = None
    note: str = ""
    change: str = ""
    committed: dt.datetime | None = field(default=None, compare=False)

    @property
    def lacks_plan(self) -> bool:
        """Whether a plan must be entered before it can be committed: the lesion has changed, or nobody can tell."""
        return self.change in NEEDS_PLAN and not self.plan


EMPTY_DRAFT = Draft()
