"""What a clinician says of an image before it is committed."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """A clinician's view as it is said: see `Assessment`, which is one that was committed.

    What was not said is empty; an empty plan is not the plan to do nothing.
    """

    diagnosis: str = ""
    label: str | None = None
    confidence: str = ""
    plan: str = ""
    plan_date: dt.date | None = None
    note: str = ""


EMPTY_DRAFT = Draft()
