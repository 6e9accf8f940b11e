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
    return _all_days({one.day for one in taken}, outcomes)


def _all_days(recorded: set[dt.date], outcomes: Sequence[Outcome]) -> list[dt.date]:
    found = {one.date for one in counting(outcomes) if one.kind == "histopathology"}
    is_explained = {day: any(dt.timedelta(0) <= day - one <= _REPORTED for one in recorded) for day in found}
    return sorted(recorded | {day for day in found if not is_explained[day]})


def caution_between(older: dt.date, newer: dt.date, taken: Iterable[Biopsy], outcomes: Sequence[Outcome]) -> str:
    """Return what the biopsies between the days of two images mean for them, empty if there was none.

    Whether an image was taken before a biopsy of its day is not recorded; nothing lies between two images of one day.
    """
    taken = tuple(taken)
    recorded = {one.day for one in taken}
    biopsies = _all_days(recorded, outcomes)
    if older == newer:
        return _on_day_of_both(newer, taken, biopsies)
    between = [day for day in biopsies if older <= day < newer or (day == newer and day not in recorded)]
    if not between:
        text = _tr("{taken} on the day of the newer image, before or after it.") if newer in recorded else ""
        return text.format(taken=taken_word(newer, taken))
    removed = [(day, is_removed) for day, is_removed in melanomas_of(biopsies, outcomes).items() if day in between]
    day, is_removed = removed[-1] if removed else (between[-1], False)
    meaning = meaning_of(between[-1], biopsies, outcomes)
    if meaning is Meaning.RECURRENT_NEVUS:
        text = _tr("{taken} {when}: a recurrent nevus can mimic melanoma.")
    elif meaning is Meaning.NONE:
        text = _tr("{taken} {when}.")
    elif not removed:
        text = _tr("{taken} {when}, after melanoma: pigment in the scar may be recurrence.")
    elif is_removed:
        text = _tr("Melanoma was removed {when}: pigment in the scar may be recurrence.")
    else:
        text = _tr("{taken} {when}: melanoma. Pigment may be residual tumour or recurrence.")
    return text.format(taken=taken_word(day, taken), when=_when(day, older, newer, is_recorded=day in recorded))


def taken_word(day: dt.date, taken: Iterable[Biopsy]) -> str:
    """Return what a sentence on the biopsies of a day begins with."""
    return _tr("Re-excised") if is_reexcised(day, taken) else _tr("Biopsied")


def is_reexcised(day: dt.date, taken: Iterable[Biopsy]) -> bool:
    """Return whether re-excisions, and nothing else, are recorded as taken on a day."""
    return {one.is_reexcision for one in taken if one.day == day} == {True}


def _on_day_of_both(day: dt.date, taken: Sequence[Biopsy], biopsies: Sequence[dt.date]) -> str:
    """Return that a biopsy was on the day of two images, in an order that is not known; empty if there was none."""
    if any(one.day == day for one in taken):
        text = _tr("{taken} on the day of these images, in an order that is not recorded.")
        return text.format(taken=taken_word(day, taken))
    return _tr("Biopsied on the day of these images or before.") if day in biopsies else ""


def _when(day: dt.date, older: dt.date, newer: dt.date, *, is_recorded: bool) -> str:
    """Return when a biopsy was, beside two images; one that is not `is_recorded` was on the `day` of its finding or before."""
    if is_recorded:
        return _tr("on the day of the older image") if day == older else _tr("in between")
    if day == newer:
        return _tr("by the day of the newer image")
    return _tr("in between") if day - older > _REPORTED else _tr("before the newer image")


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

    A finding without a biopsy of its own is that of the last one before it.
    """
    found: dict[dt.date, bool] = {}
    for one in counting(outcomes):
        if one.kind == "histopathology" and is_melanoma(one.diagnosis, one.label):
            taken = one.taken or max((biopsy for biopsy in biopsies if biopsy <= one.date), default=one.date)
            found[taken] = found.get(taken, True) and one.margins == "clear"
    return dict(sorted(found.items()))
