"""Loads the images of a visit for the paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.widgets.common.wording import sentence

if TYPE_CHECKING:
    from desktop.core.records.people import PlacedImage
    from desktop.core.records.values import KeptImage
    from desktop.session import picture
else:
    picture = Late("desktop.session.picture")

_ENOUGH = 1600
"""Pixels of the longer side that suffice on paper."""


def load_pictures(images: Iterable[PlacedImage], read: Callable[[KeptImage], bytes]) -> dict[str, QImage | str]:
    """Return images by SHA-256, or why one cannot be shown. Slow: to be run off the GUI thread."""
    found: dict[str, QImage | str] = {}
    for one in images:
        try:
            opened = picture.open_picture(one.image.name, None, partial(read, one.image))
        except AppError as error:
            found[one.image.sha256] = sentence(error)
            continue
        levels = opened.levels
        enough = (level for level in reversed(levels) if max(level.width(), level.height()) >= _ENOUGH)
        found[one.image.sha256] = next(enough, levels[0])
    return found
