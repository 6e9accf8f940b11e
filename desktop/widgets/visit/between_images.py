"""What happened to a lesion between two of its images, and what that means for comparing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.records.influences import InfluenceKind
from desktop.widgets.common.influence_words import name_of
from desktop.widgets.visit import biopsy_meaning
from desktop.widgets.visit.biopsy_meaning import Meaning

if TYPE_CHECKING:
    from desktop.core.records.influences import Influence
    from desktop.core.records.people import Outcome
    from desktop.core.records.result_days import Biopsy

MeaningOf = Callable[[dt.date], Meaning]
"""Returns what the histopathology says of a lesion for images after a day."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Influences", text)


def caution_between(
    older: dt.date,
    newer: dt.date,
    influences: Sequence[Influence],
    taken: Iterable[Biopsy],
    outcomes: Sequence[Outcome],
) -> str:
    """Return what a biopsy, a treatment or a pregnancy between the days of two images means, short enough for one line.

    What a biopsy means comes first, and whole. Empty if there was nothing.
    """
    biopsy, others = _between(older, newer, influences, taken, outcomes)
    names = ", ".join(name_of(kind).lower() for kind in others)
    if biopsy and others:
        return _tr("{biopsy} Also: {names}.").format(biopsy=biopsy, names=names)
    if len(others) > 1:
        return _tr("Between these days: {names}. What that means stands in Course.").format(names=names)
    return "".join((biopsy, *others.values()))


def cautions_between(
    older: dt.date,
    newer: dt.date,
    influences: Sequence[Influence],
    taken: Iterable[Biopsy],
    outcomes: Sequence[Outcome],
) -> tuple[str, ...]:
    """Return the same for paper, where there is room for a sentence on each."""
    biopsy, others = _between(older, newer, influences, taken, outcomes)
    return tuple(filter(None, (biopsy, *others.values())))


def _between(
    older: dt.date,
    newer: dt.date,
    influences: Sequence[Influence],
    taken: Iterable[Biopsy],
    outcomes: Sequence[Outcome],
) -> tuple[str, dict[str, str]]:
    """Return what the biopsies between two days mean, empty if there was none, and what each kind of influence means."""
    biopsies = tuple(taken)

    def meaning_of(day: dt.date) -> Meaning:
        return biopsy_meaning.meaning_of(day, biopsy_meaning.biopsies_of(biopsies, outcomes), outcomes)

    between = {one.kind: one for one in influences if _is_between(one, older, newer)}
    biopsy = biopsy_meaning.caution_between(older, newer, biopsies, outcomes)
    return biopsy, {kind: _short_caution(one, older, newer, meaning_of) for kind, one in between.items()}


def _is_between(influence: Influence, older: dt.date, newer: dt.date) -> bool:
    """Return whether an influence can have changed the lesion from one image to the other, or is of the newer one's day.

    What lasts has changed nothing on the day on which it began, nor between two images of one day.
    """
    first = influence.span.since
    if older == newer:
        return influence.kind == InfluenceKind.CRYOTHERAPY and first == newer
    is_begun = first <= newer if influence.kind == InfluenceKind.CRYOTHERAPY else first < newer
    return is_begun and last_day(influence, newer) >= older


def last_day(influence: Influence, present: dt.date) -> dt.date:
    """Return the last day of an influence; one whose end is not known lasts, but a cryotherapy is of one day."""
    if influence.kind == InfluenceKind.CRYOTHERAPY:
        return influence.span.until or influence.span.since
    return influence.span.until or max(present, influence.span.since)


def _short_caution(influence: Influence, older: dt.date, newer: dt.date, meaning_of: MeaningOf) -> str:
    if influence.kind == InfluenceKind.CRYOTHERAPY:
        day = influence.span.since
        if older == newer:
            return _tr("Cryotherapy on the day of these images, in an order that is not recorded.")
        if day == newer:
            return _tr("Cryotherapy on the day of the newer image, before or after it.")
        text = {
            Meaning.RECURRENT_NEVUS: _tr("Cryotherapy {when}: it can hide a melanoma, and mimic one."),
            Meaning.RECURRENT_MELANOMA: _tr("Cryotherapy {when}: it can hide a recurrence of the melanoma."),
            Meaning.NONE: _tr("Cryotherapy {when}: it can hide a melanoma."),
        }[meaning_of(day)]
        return text.format(when=_tr("on the day of the older image") if day == older else _tr("in between"))
    if influence.kind == InfluenceKind.TOPICAL:
        return _tr("Topical treatment in between: fading does not exclude a tumour.")
    return _tr("Pregnancy in between: do not put a change down to it.")
