"""The pins of lesions on clinical photographs: where in the picture a lesion is."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import Authorship
from desktop.core.records.people import Pin


@dataclass(frozen=True)
class PhotographPin:
    """A lesion in a clinical photograph; `point` is a share of its width from the left and of its height from the top."""

    image_id: int
    lesion_id: int
    point: Pin


class PhotographPins:
    """A part of `History`, with the same thread, errors and transactions; the pin that was set last counts."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.photograph_pins`."""
        self._database = database
        self._now = now

    def of(self, image_ids: Iterable[int], lesion_ids: Iterable[int]) -> list[PhotographPin]:
        """Return the pins of these lesions on these images, by image and lesion."""
        rows = self._database.read(
            "SELECT image, lesion, x, y FROM photograph_pin WHERE x IS NOT NULL"
            " AND image IN (SELECT value FROM json_each(?)) AND lesion IN (SELECT value FROM json_each(?))"
            " AND id = (SELECT max(id) FROM photograph_pin AS pin"
            " WHERE pin.image = photograph_pin.image AND pin.lesion = photograph_pin.lesion) ORDER BY image, lesion",
            (as_list(image_ids), as_list(lesion_ids)),
        )
        return [PhotographPin(row["image"], row["lesion"], (row["x"], row["y"])) for row in rows]

    def put(self, image_id: int, lesion_id: int, point: Pin | None, *, by: str) -> Pin | None:
        """Set the pin of a lesion on an image, or (None) remove it; return where it was, for undo."""
        written = Authorship.by(by, self._now)
        before = next((pin.point for pin in self.of([image_id], [lesion_id])), None)
        if point != before:
            with self._database.writing() as connection:
                write_pin(connection, image_id, lesion_id, point, written)
        return before


def write_pin(
    connection: sqlite3.Connection, image_id: int, lesion_id: int, point: Pin | None, written: Authorship
) -> None:
    """Set the pin of a lesion on an image, or (None) remove it."""
    connection.execute(
        "INSERT INTO photograph_pin (image, lesion, x, y, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
        (image_id, lesion_id, *(point or (None, None)), *written.values),
    )
