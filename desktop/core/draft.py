"""A clinician's assessment of an image before it is committed."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """An assessment being entered; `Assessment` is a committed one.

    A field that was not entered is empty; an empty plan is not a plan to do nothing.
    """

    diagnosis: str = ""
    label: str | None = None
    confidence: str = ""
    plan: str = ""
    plan_date: dt.date | None = None
    note: str = ""


EMPTY_DRAFT = Draft()
