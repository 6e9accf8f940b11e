"""The biopsies of a lesion, and what each means for the images after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import NO_RESIDUAL_TUMOUR, is_melanoma, is_nevus
from desktop.core.records.people import Outcome, counting
from desktop.core.records.result_days import Biopsy

_REPORTED = dt.timedelta(days=90)
"""How long after a biopsy its histopathology may be dated."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Course", text)


class Meaning(Enum):
    """What a biopsy means for the images after it."""

    RECURRENT_NEVUS = auto()
    RECURRENT_MELANOMA = auto()
    NONE = auto()


def biopsies_of(taken: Iterable[Biopsy], outcomes: Sequence[Outcome]) -> list[dt.date]:
    """Return the days of biopsies: those on which one was taken, and of each histopathology that none of them explains."""
    days = {one.day for one in taken}
    found = {one.date for one in counting(outcomes) if one.kind == "histopathology"}
    return sorted(days | {day for day in found if not any(dt.timedelta(0) <= day - one <= _REPORTED for one in days)})


def caution_between(older: dt.date, newer: dt.date, biopsies: Sequence[dt.date], outcomes: Sequence[Outcome]) -> str:
    """Return what the biopsies between the days of two images mean for them, empty if there was none."""
    between = [day for day in biopsies if older <= day <= newer]
    if not between:
        return ""
    meaning = meaning_of(max(between), biopsies, outcomes)
    if meaning is Meaning.RECURRENT_NEVUS:
        return _tr("Biopsied in between: a recurrent nevus can mimic melanoma.")
    if meaning is Meaning.NONE:
        return _tr("Biopsied in between.")
    removed = [is_removed for day, is_removed in melanomas_of(biopsies, outcomes).items() if day in between]
    if not removed:
        return _tr("Biopsied in between, after melanoma: pigment in the scar may be recurrence.")
    if removed[-1]:
        return _tr("Melanoma was removed in between: pigment in the scar may be recurrence.")
    return _tr("Biopsied in between: melanoma. Pigment may be residual tumour or recurrence.")


def meaning_of(day: dt.date, biopsies: Sequence[dt.date], outcomes: Sequence[Outcome]) -> Meaning:
    """Return what a biopsy means for later images, by the histopathology of the lesion that counts.

    After a melanoma each later biopsy means the same. One before it is not known to be of a nevus, and does not reassure.
    """
    if any(biopsy <= day for biopsy in melanomas_of(biopsies, outcomes)):
        return Meaning.RECURRENT_MELANOMA
    findings = [one for one in counting(outcomes) if one.kind == "histopathology"]
    are_nevi = all(one.diagnosis == NO_RESIDUAL_TUMOUR or is_nevus(one.diagnosis, one.label) for one in findings)
    return Meaning.RECURRENT_NEVUS if are_nevi else Meaning.NONE


def melanomas_of(biopsies: Sequence[dt.date], outcomes: Sequence[Outcome]) -> dict[dt.date, bool]:
    """Return the days of the biopsies that proved a melanoma, in order, and whether the margins of each are clear.

    A finding is that of the last biopsy before it.
    """
    found: dict[dt.date, bool] = {}
    for one in counting(outcomes):
        if one.kind == "histopathology" and is_melanoma(one.diagnosis, one.label):
            taken = max((biopsy for biopsy in biopsies if biopsy <= one.date), default=one.date)
            found[taken] = found.get(taken, True) and one.margins == "clear"
    return dict(sorted(found.items()))
