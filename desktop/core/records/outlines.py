"""The outlines of lesions that users corrected by hand."""

import datetime as dt
from collections.abc import Callable, Sequence

import msgspec

from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship

Points = Sequence[tuple[float, float]]
"""A closed outline: x and y of each point in pixels of the upright image; the last is joined to the first."""


class ImageOutlines:
    """A part of `History`, with the same thread, errors and transactions; an image's newest outline counts."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.outlines`."""
        self._database = database
        self._now = now

    def of(self, sha256: str) -> Points | None:
        """Return the outline by hand in an image; None if there is none, it was removed, or its row cannot be read."""
        rows = self._database.read(
            "SELECT points FROM image_outline WHERE image = (SELECT id FROM image WHERE sha256 = ?)"
            " ORDER BY id DESC LIMIT 1",
            (sha256,),
        )
        if not rows or rows[0]["points"] is None:
            return None
        try:
            points = msgspec.json.decode(rows[0]["points"], type=list[tuple[float, float]])
        except msgspec.DecodeError:
            return None
        return points if len(points) > 2 else None

    def give(self, sha256: str, points: Points | None, *, by: str) -> None:
        """Keep an outline by hand; None removes it. Nothing is written for an image that is not in the history."""
        rounded = None
        if points is not None:
            rounded = msgspec.json.encode([(round(x, 1), round(y, 1)) for x, y in points]).decode()
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO image_outline (image, points, initials, time) SELECT id, ?, ?, ? FROM image WHERE sha256 = ?",
                (rounded, *written.values, sha256),
            )
