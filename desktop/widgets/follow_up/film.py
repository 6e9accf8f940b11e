"""The dermoscopy of one lesion from old to new, and the two images of it that are compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from desktop.core.records.people import PlacedImage
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.wording import local_day


def _tr(text: str) -> str:
    return QCoreApplication.translate("Film", text)


@dataclass(frozen=True)
class Frame:
    """One image, and the day of its visit; it is image `number` of the `count` of that day."""

    day: dt.date
    image: PlacedImage
    number: int = 1
    count: int = 1

    @property
    def sha256(self) -> str:
        """The SHA-256 of the image's bytes."""
        return self.image.image.sha256

    @property
    def title(self) -> str:
        """The day, and which image of it where there are several: no two images of a film have the same title."""
        day = local_day(self.day)
        return day if self.count == 1 else f"{day}, {self.place}"

    @property
    def place(self) -> str:
        """Which image of its day it is: “1 of 2”; empty if it is the only one."""
        if self.count == 1:
            return ""
        return _tr("{number} of {count}").format(number=self.number, count=self.count)


@dataclass(frozen=True)
class Pair:
    """The places of the compared images in the film; `older` is less than `newer`."""

    older: int
    newer: int


def film_of(open_patient: OpenPatient, lesion_id: int) -> tuple[Frame, ...]:
    """Return the dermoscopy of a lesion of the open patient, oldest first."""
    frames = [
        Frame(open_patient.date_of(image), image)
        for image in open_patient.images_of(lesion_id)
        if image.kind == "dermoscopy"
    ]
    frames.sort(key=lambda frame: (frame.day, frame.image.image_id))
    days = [frame.day for frame in frames]
    return tuple(
        replace(frame, number=place - days.index(frame.day) + 1, count=days.count(frame.day))
        for place, frame in enumerate(frames)
    )


def newest_pair(frames: Sequence[Frame]) -> Pair | None:
    """Return the newest image and the one before: the last of an earlier day if there is one."""
    if len(frames) < 2:
        return None
    newer = len(frames) - 1
    earlier = [place for place, frame in enumerate(frames) if frame.day < frames[newer].day]
    return Pair(earlier[-1] if earlier else newer - 1, newer)


def first_pair(frames: Sequence[Frame]) -> Pair | None:
    """Return the first image and the newest."""
    return None if len(frames) < 2 else Pair(0, len(frames) - 1)


def with_older(pair: Pair, place: int) -> Pair:
    """Return the pair with another older image; one that is not older than the newer one becomes the newer one."""
    return Pair(place, pair.newer) if place < pair.newer else with_newer(pair, place)


def with_newer(pair: Pair, place: int) -> Pair:
    """Return the pair with another newer image; one that is not newer than the older one becomes the older one."""
    if place in {pair.older, pair.newer}:
        return pair
    return Pair(pair.older, place) if place > pair.older else Pair(place, pair.newer)


def stepped(pair: Pair, steps: int, count: int, *, of_newer: bool) -> Pair:
    """Return the pair with one image some steps later, or (negative) earlier; neither passes the other or an end."""
    if of_newer:
        return Pair(pair.older, min(max(pair.newer + steps, pair.older + 1), count - 1))
    return Pair(min(max(pair.older + steps, 0), pair.newer - 1), pair.newer)
