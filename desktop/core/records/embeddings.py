"""The vectors of images, by which similar ones are found. They are made from the images and can be made again."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.inference import similarity
from desktop.core.inference.similarity import VectorKind
from desktop.core.late import Late
from desktop.core.records.database import Database
from desktop.core.records.entries import IMAGE_COLUMNS, JOIN_PLACE, Authorship, read_kept_image
from desktop.core.records.newest import IN_BIN, PLACED, is_binned
from desktop.core.records.values import KeptImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

_OF_KIND = "model = ? AND preprocessing = ? AND method = ?"

# Images of which somebody said something: others would teach nothing.
_MISSING = f"""
    SELECT {IMAGE_COLUMNS} FROM {PLACED} {JOIN_PLACE}
    WHERE image.id IN (SELECT image FROM prediction WHERE region = '' AND id NOT IN ({IN_BIN}))
        AND coalesce(place.kind, 'dermoscopy') = 'dermoscopy'
        AND image.id NOT IN (SELECT image FROM embedding WHERE {_OF_KIND})
        AND (EXISTS (SELECT 1 FROM assessment WHERE diagnosis <> ''
                     AND (image = image_place.image OR (lesion = place.lesion AND visit = place.visit)))
             OR EXISTS (SELECT 1 FROM outcome WHERE (image = image_place.image OR lesion = place.lesion)
                        AND {is_binned("outcome")} = 0))
    ORDER BY image.id DESC"""


@dataclass(frozen=True)
class Vectors:
    """The vectors of one kind in the history: the ids of their images [n], and the unit vectors [n, d]."""

    image_ids: NDArray[np.int64]
    vectors: NDArray[np.float32]


class Embeddings:
    """A part of `History`, with the same thread, errors and transactions.

    What was read last stays in memory until the history is closed: 50 MB for 50,000 images.
    """

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.embeddings`."""
        self._database = database
        self._folder = folder
        self._now = now
        self._read: tuple[VectorKind, int, Vectors] | None = None
        """The kind, the id of the last row, and what was read."""

    def keep(self, sha256: str, kind: VectorKind, vector: NDArray[np.float32], *, by: str) -> None:
        """Keep the vector of an image [d]; nothing is kept of one that is not in the history, or twice."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO embedding (image, model, preprocessing, method, vector, initials, time)"
                " SELECT id, ?, ?, ?, ?, ?, ? FROM image WHERE sha256 = ?",
                (*_values(kind), similarity.to_bytes(vector), *written.values, sha256),
            )

    def of(self, sha256: str, kind: VectorKind) -> NDArray[np.float32] | None:
        """Return the vector of an image [d], None if it has none yet."""
        query = f"SELECT vector FROM embedding WHERE image = (SELECT id FROM image WHERE sha256 = ?) AND {_OF_KIND}"
        rows = self._database.read(query, (sha256, *_values(kind)))
        return similarity.from_bytes(rows[0]["vector"])[0] if rows else None

    def missing(self, kind: VectorKind) -> list[KeptImage]:
        """Return the dermoscopy of the history, newest first, that has an assessment or outcome and no vector of this kind."""
        rows = self._database.read(_MISSING, _values(kind))
        return [read_kept_image(row, self._folder) for row in rows]

    def all_of(self, kind: VectorKind) -> Vectors:
        """Return the vectors of all images, the newest last; after the first time only new rows are read."""
        count, last = self._database.read(f"SELECT count(*), max(id) FROM embedding WHERE {_OF_KIND}", _values(kind))[0]
        known = self._read
        found = self._rows(kind, 0) if known is None or known[0] != kind else known[2]
        if known is not None and known[2] is found and known[1] < (last or 0):
            new = self._rows(kind, known[1])
            found = Vectors(
                np.concatenate([found.image_ids, new.image_ids]), np.concatenate([found.vectors, new.vectors])
            )
        if len(found.image_ids) != count:  # some were erased
            found = self._rows(kind, 0)
        self._read = (kind, last or 0, found)
        return found

    def _rows(self, kind: VectorKind, after: int) -> Vectors:
        where = f"WHERE {_OF_KIND} AND id > ? ORDER BY id"
        values = (*_values(kind), after)
        ids = self._database.read_ids(f"SELECT image FROM embedding {where}", values)
        kept = self._database.read_blobs(f"SELECT vector FROM embedding {where}", values)
        return Vectors(np.array(ids, np.int64), similarity.from_bytes(b"".join(kept)))


def _values(kind: VectorKind) -> tuple[str, int, int]:
    return kind.model_sha256, kind.preprocessing_version, kind.method
