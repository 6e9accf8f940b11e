"""The vectors of images, by which similar ones are found. They are made from the images and can be made again."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.inference import similarity
from desktop.core.inference.similarity import VectorKind
from desktop.core.late import Late
from desktop.core.records.database import Database
from desktop.core.records.entries import IMAGE_COLUMNS, JOIN_PLACE, Authorship, read_kept_image
from desktop.core.records.newest import IN_BIN, IS_VIEW, OF_PLACE, PLACED, is_binned
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
        AND (EXISTS (SELECT 1 FROM assessment WHERE {IS_VIEW} AND {OF_PLACE})
             OR EXISTS (SELECT 1 FROM outcome WHERE (image = image_place.image OR lesion = place.lesion)
                        AND {is_binned("outcome")} = 0))
    ORDER BY image.id DESC"""


@frozen
class Vectors:
    """The vectors of one kind in the history: the ids of their images [n], and the unit vectors [n, d].

    `rows` is how many rows were read, of which damaged ones have no vector, and `last` the id of the newest, else 0.
    """

    image_ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    rows: int
    last: int


class Embeddings:
    """A part of `History`, with the same thread, errors and transactions.

    What was read last stays in memory until the history is closed: 50 MB for 50,000 images.
    """

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.embeddings`."""
        self._database = database
        self._folder = folder
        self._now = now
        self._read: tuple[VectorKind, Vectors] | None = None

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
        is_whole = bool(rows) and len(rows[0]["vector"]) == similarity.BYTES
        return similarity.from_bytes(rows[0]["vector"])[0] if is_whole else None

    def missing(self, kind: VectorKind) -> list[KeptImage]:
        """Return the dermoscopy of the history, newest first, that has an assessment or outcome and no vector of this kind."""
        rows = self._database.read(_MISSING, _values(kind))
        return [read_kept_image(row, self._folder) for row in rows]

    def all_of(self, kind: VectorKind) -> Vectors:
        """Return the vectors of all images, the newest last; after the first time only new rows are read."""
        query = f"SELECT count(*) FROM embedding WHERE {_OF_KIND}"
        (count,) = self._database.read_ids(query, _values(kind))
        found = None
        if self._read is not None and self._read[0] == kind:
            found = _joined(self._read[1], self._rows(kind, self._read[1].last))
        if found is None or found.rows != count:  # some were erased
            found = self._rows(kind, 0)
        self._read = (kind, found)
        return found

    def _rows(self, kind: VectorKind, after: int) -> Vectors:
        where = f"WHERE {_OF_KIND} AND id > ? ORDER BY id"
        values = (*_values(kind), after)
        ids = self._database.read_ids(f"SELECT id FROM embedding {where}", values)
        images = self._database.read_ids(f"SELECT image FROM embedding {where}", values)
        kept = self._database.read_blobs(f"SELECT vector FROM embedding {where}", values)
        whole = [place for place, vector in enumerate(kept) if len(vector) == similarity.BYTES]
        return Vectors(
            np.array([images[place] for place in whole], np.int64),
            similarity.from_bytes(b"".join(kept[place] for place in whole)),
            len(ids),
            ids[-1] if ids else after,
        )


def _joined(known: Vectors, new: Vectors) -> Vectors:
    if not new.rows:
        return known
    return Vectors(
        np.concatenate([known.image_ids, new.image_ids]),
        np.concatenate([known.vectors, new.vectors]),
        known.rows + new.rows,
        new.last,
    )


def _values(kind: VectorKind) -> tuple[str, int, int]:
    return kind.model_sha256, kind.preprocessing_version, kind.method
