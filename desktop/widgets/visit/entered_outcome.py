"""An outcome as it was entered, and what is missing in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import is_malignant, needs_label
from desktop.core.errors import RecordsError
from desktop.core.records.result_days import check_days
from desktop.widgets.common.wording import sentence
from desktop.widgets.visit.histopathology_fields import NO_DETAILS, EnteredDetails

if TYPE_CHECKING:
    from desktop.core.records.people import OutcomeKind


@dataclass(frozen=True)
class EnteredOutcome:
    """The values that were entered; see `Outcome`."""

    kind: OutcomeKind
    diagnosis: str
    label: str | None
    breslow_mm: float | None
    date: dt.date
    note: str
    details: EnteredDetails = NO_DETAILS


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutcomeDialog", text)


def find_missing(entered: EnteredOutcome, taken: dt.date | None) -> str:
    """Return a sentence about what must be entered or corrected before this can be saved, empty if nothing.

    `taken` is the day of the first biopsy, if one is recorded already.
    """
    if not entered.diagnosis:
        return _tr("To save, enter the whole diagnosis.")
    if entered.kind != "histopathology":
        return ""
    if entered.label is None and needs_label(entered.diagnosis):
        return _tr("To save, choose under For statistics what this diagnosis is.")
    details = entered.details
    if details.told is not None and not details.told_by:
        return _tr("To save, enter the initials of whoever told the patient.")
    return days_refusal(taken=details.taken or taken, found=entered.date, told=details.told)


def days_refusal(*, taken: dt.date | None = None, found: dt.date | None = None, told: dt.date | None = None) -> str:
    """Return the sentence that refuses days that cannot be, see `check_days`; empty if they can."""
    try:
        check_days(taken=taken, found=found, told=told, today=dt.datetime.now().astimezone().date())
    except RecordsError as error:
        return sentence(error)
    return ""


def caution(entered: EnteredOutcome) -> str:
    """Return a sentence about what the safety net will not follow, empty if it follows what was entered."""
    if entered.kind == "follow-up" and is_malignant(entered.diagnosis, entered.label):
        return _tr("Not from histopathology: it stands in no list of results.")
    return ""
