"""Which images of a lesion a visit's report may show, and beside each the earlier one to compare it with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import PlacedImage
    from desktop.core.registration.similarity import Similarity


@dataclass(frozen=True)
class VisitPair:
    """An image of the visit, and the earlier one to compare it with, with its day; `alignment` leads from that to the image.

    Each is None where there is none.
    """

    shown: PlacedImage | None
    earlier: tuple[PlacedImage, dt.date] | None
    alignment: Similarity | None


def read_pairs(
    history: History, here: Sequence[PlacedImage], before: Sequence[tuple[PlacedImage, dt.date]]
) -> tuple[VisitPair, ...]:
    """Return a pair for each image of the visit, first the one to show where the model says nothing of which leads.

    An image stands beside one of the newest day before, the first with which it was aligned, else the first of all: later
    images of a day are often overviews. A pair that was aligned comes before one that was not. Without an image of the visit
    there is one pair.
    """
    newest = max((day for _, day in before), default=None)
    earlier = sorted((one for one in before if one[1] == newest), key=lambda one: one[0].image_id)
    pairs = [_pair(history, one, earlier) for one in here] or [VisitPair(None, next(iter(earlier), None), None)]
    return tuple(sorted(pairs, key=lambda pair: pair.alignment is None))


def _pair(history: History, image: PlacedImage, earlier: Sequence[tuple[PlacedImage, dt.date]]) -> VisitPair:
    for one in earlier if image.kind == "dermoscopy" else ():
        kept = history.alignments.of(one[0].image.sha256, image.image.sha256)
        if kept is not None:
            return VisitPair(image, one, kept.transform)
    return VisitPair(image, next(iter(earlier), None), None)


def numbers_of(
    here: Iterable[PlacedImage], before: Sequence[tuple[PlacedImage, dt.date]]
) -> dict[str, tuple[int, int]]:
    """Return by its SHA-256 which image of how many of its day each is, in the order of the answers.

    Clinical photographs have no number, nor has an image that is the only one.
    """
    days: dict[dt.date | None, list[PlacedImage]] = {None: [image for image in here if image.kind != "clinical"]}
    for image, day in sorted(before, key=lambda pair: pair[0].image_id):
        days.setdefault(day, []).append(image)
    return {
        image.image.sha256: (number, len(of_day))
        for of_day in days.values()
        if len(of_day) > 1
        for number, image in enumerate(of_day, 1)
    }
