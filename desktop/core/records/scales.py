"""The scales of images, in millimetres a pixel, as set by users with the ruler."""

import datetime as dt
from collections.abc import Callable

from desktop.core.imaging.scale import Scale
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship


class ImageScales:
    """The part of `History` for scales, with the same thread, errors and transactions; an image's newest scale counts."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.scales`."""
        self._database = database
        self._now = now

    def of(self, sha256: str) -> Scale | None:
        """Return the scale of an image by its bytes' SHA-256, or None if it has none or it was removed."""
        rows = self._database.read(
            "SELECT mm_per_pixel, device FROM image_scale WHERE image = (SELECT id FROM image WHERE sha256 = ?)"
            " ORDER BY id DESC LIMIT 1",
            (sha256,),
        )
        if not rows or rows[0]["mm_per_pixel"] is None:
            return None
        return Scale(rows[0]["mm_per_pixel"], rows[0]["device"])

    def give(self, image_id: int, scale: Scale | None, *, by: str) -> None:
        """Set the scale of an image; None removes it."""
        values = (None, "") if scale is None else (scale.mm_per_pixel, scale.device)
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO image_scale (image, mm_per_pixel, device, initials, time) VALUES (?, ?, ?, ?, ?)",
                (image_id, *values, *written.values),
            )
