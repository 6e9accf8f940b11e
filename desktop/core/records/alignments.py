"""How two images of the history are aligned, as found by registration or set by hand."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship

if TYPE_CHECKING:
    from desktop.core.registration import agreement as agreements
    from desktop.core.registration import registering
    from desktop.core.registration import similarity as similarities
    from desktop.core.registration.agreement import Agreement
    from desktop.core.registration.registering import Registration
    from desktop.core.registration.similarity import Similarity
else:
    agreements = Late("desktop.core.registration.agreement")
    registering = Late("desktop.core.registration.registering")
    similarities = Late("desktop.core.registration.similarity")

_WITHDRAWN = 0
"""In place of the version of the registration: from here on, no alignment from before counts."""

_NEWEST = f"""
    SELECT alignment.* FROM alignment WHERE first = (SELECT id FROM image WHERE sha256 = ?)
        AND second = (SELECT id FROM image WHERE sha256 = ?) AND (method IS NULL OR method IN ({_WITHDRAWN}, ?))
    ORDER BY id DESC LIMIT 1"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True)
class KeptAlignment:
    """How a point of the first image is found in the second, in pixels, and its quality: None where it was set by hand."""

    transform: Similarity
    agreement: Agreement | None


class Alignments:
    """A part of `History`, with the same thread, errors and transactions. Of two images the newest alignment counts."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.alignments`."""
        self._database = database
        self._now = now

    def of(self, first: str, second: str) -> KeptAlignment | None:
        """Return how two images are aligned, by their SHA-256, whichever of them was the first when it was kept.

        None is to be computed: one that was withdrawn, or that an earlier version of the registration found, does not count.
        """
        rows = self._database.read(_NEWEST, (first, second, registering.METHOD))
        backwards = self._database.read(_NEWEST, (second, first, registering.METHOD))
        newest = max((*rows, *backwards), key=lambda row: int(row["id"]), default=None)
        if newest is None or newest["method"] == _WITHDRAWN:
            return None
        found = _read(newest)
        return KeptAlignment(found.transform.inverse(), found.agreement) if newest in backwards else found

    def keep(self, first: str, second: str, found: Registration, *, by: str) -> None:
        """Keep what registration found, unless an alignment set by hand counts: that may have been set while it was found.

        Nothing is kept of an image that is not in the history.
        """
        known = self.of(first, second)
        if known is not None and known.agreement is None:
            return
        quality = (registering.METHOD, found.agreement.agreeing, found.agreement.parts)
        self._write(first, second, found.transform, quality, by)

    def keep_by_hand(self, first: str, second: str, transform: Similarity, *, by: str) -> None:
        """Keep an alignment that was set by hand."""
        self._write(first, second, transform, (None, None, None), by)

    def withdraw(self, first: str, second: str, *, by: str) -> None:
        """Let no alignment from before count, also none that was set by hand; those rows stay."""
        self._write(first, second, similarities.Similarity(), (_WITHDRAWN, 0, 0), by)

    def _write(
        self,
        first: str,
        second: str,
        transform: Similarity,
        quality: tuple[int | None, int | None, int | None],
        by: str,
    ) -> None:
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO alignment (first, second, a, b, across, down, method, agreeing, parts, initials, time)"
                " SELECT one.id, other.id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM image AS one, image AS other"
                " WHERE one.sha256 = ? AND other.sha256 = ?",
                (
                    *(transform.a, transform.b, transform.right, transform.down),
                    *(*quality, *written.values, first, second),
                ),
            )


def _read(row: sqlite3.Row) -> KeptAlignment:
    agreement = None if row["method"] is None else agreements.Agreement(row["agreeing"], row["parts"])
    return KeptAlignment(similarities.Similarity(row["a"], row["b"], row["across"], row["down"]), agreement)
