"""Where the images of a film stand on its time axis."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SIDE = 48
"""Side of a picture, in points."""

MARGIN = 54
"""Points at each end of the axis: half the width of a day in words, and some more."""

_STEP = 88
"""Least distance of two pictures, in points, between which both days can be read; less if there is no room."""


@dataclass(frozen=True)
class AxisLayout:
    """The days of the images, oldest first, and the width of the axis in points.

    `marked` are days that the axis reaches as well, in any order: a biopsy before the first image, or after the last one.
    """

    days: tuple[dt.date, ...]
    width: float
    marked: tuple[dt.date, ...] = ()

    def along(self, day: dt.date) -> float:
        """Return where a day is on the line; one before the first or after the last day of the axis is at that end."""
        first, last = min((*self.days, *self.marked)), max((*self.days, *self.marked))
        if len(self.days) == 1 and first == last:
            return self.width / 2
        share = min(max((day - first).days / max((last - first).days, 1), 0), 1)
        return MARGIN + share * (self.width - 2 * MARGIN)

    def lefts(self) -> list[float]:
        """Return the left edges of the pictures: at their day, moved apart where they would cover each other."""
        number = len(self.days)
        step = min(_STEP, (self.width - 2 * MARGIN) / max(number - 1, 1))
        lefts = [self.along(day) - SIDE / 2 for day in self.days]
        for place in range(1, number):
            lefts[place] = max(lefts[place], lefts[place - 1] + step)
        end = max(self.width - MARGIN, MARGIN) - SIDE / 2
        return [min(left, end - (number - 1 - place) * step) for place, left in enumerate(lefts)]
