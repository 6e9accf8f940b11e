"""Small pictures for tables: asked for when a row is drawn, kept while there is room for them."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap, QPixmapCache

from desktop.bookkeeping import Bookkeeping

SIDE = 48
"""The longer side of a thumbnail in a table, in points."""

_PIXELS = 2 * SIDE
"""Twice the points, for screens at 200 %."""

_CACHE_KB = 65_536
"""Room for the thumbnails of about 2,000 images; those that were drawn longest ago give way."""


class Thumbnails(QObject):
    """Makes each thumbnail off the GUI thread and tells when it is there."""

    arrived = Signal(str)
    """The SHA-256 of the image."""

    def __init__(self, bookkeeping: Bookkeeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bookkeeping = bookkeeping
        self._on_the_way: set[str] = set()
        self._without: set[str] = set()
        QPixmapCache.setCacheLimit(_CACHE_KB)
        grey = QPixmap(_PIXELS, _PIXELS)
        grey.fill(QColor(128, 128, 128, 50))
        self._blank = QIcon(grey)

    def icon(self, sha256: str, path: Path) -> QIcon:
        """Return the thumbnail of an image, a grey square until it has arrived."""
        pixmap = QPixmap()
        if QPixmapCache.find(sha256, pixmap):
            return QIcon(pixmap)
        if sha256 not in self._on_the_way and sha256 not in self._without:
            self._on_the_way.add(sha256)
            self._bookkeeping.thumbnail(sha256, path, partial(self._take, sha256))
        return self._blank

    def _take(self, sha256: str, data: bytes | None) -> None:
        self._on_the_way.discard(sha256)
        pixmap = QPixmap()
        if data is None or not pixmap.loadFromData(data):
            self._without.add(sha256)
            return
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        QPixmapCache.insert(sha256, pixmap.scaled(_PIXELS, _PIXELS, keep, smooth))
        self.arrived.emit(sha256)
