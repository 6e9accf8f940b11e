"""Thumbnails for tables: requested when a row is drawn, and cached."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap, QPixmapCache

from desktop.session.history_service import HistoryService
from desktop.widgets.common.icons import untinted
from desktop.widgets.common.wording import translated

Index = QModelIndex | QPersistentModelIndex

SIDE = 48
"""The longer side of a thumbnail in a table, in points."""

LARGE = 128
"""The longer side of a thumbnail in a grid, in points."""

_SHARP = 2
"""Pixels per point, enough for screens at 200 %."""

_CACHE_KB = 131_072
"""Cache size, enough for about 3,000 thumbnails of tables or 500 of grids; the least recently drawn are dropped."""


class Thumbnails(QObject):
    """Creates thumbnails off the GUI thread and emits a signal for each."""

    arrived = Signal(str)
    """The SHA-256 of the image."""

    def __init__(self, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._on_the_way: set[tuple[str, int]] = set()
        self._without: set[str] = set()
        history_service.changed.connect(self._without.clear)  # an image that was missing may have been located
        history_service.erased.connect(self._forget)
        QPixmapCache.setCacheLimit(_CACHE_KB)
        grey = QPixmap(SIDE, SIDE)
        grey.fill(QColor(128, 128, 128, 50))
        self._blank = QIcon(grey)

    def icon(self, sha256: str, path: Path) -> QIcon:
        """Return an image's thumbnail for a table, or a grey square until it has arrived."""
        pixmap = self._find(sha256, path, SIDE)
        return self._blank if pixmap is None else untinted(pixmap)

    def picture(self, sha256: str, path: Path) -> QPixmap | None:
        """Return an image's thumbnail for a grid, or None until it has arrived."""
        return self._find(sha256, path, LARGE)

    def _find(self, sha256: str, path: Path, side: int) -> QPixmap | None:
        pixmap = QPixmap()
        if QPixmapCache.find(_key(sha256, side), pixmap):
            return pixmap
        if (sha256, side) not in self._on_the_way and sha256 not in self._without:
            self._on_the_way.add((sha256, side))
            self._history_service.thumbnail(sha256, path, partial(self._take, sha256, side))
        return None

    def _take(self, sha256: str, side: int, data: bytes | None) -> None:
        if (sha256, side) not in self._on_the_way:
            return  # the image was erased meanwhile
        self._on_the_way.discard((sha256, side))
        pixmap = QPixmap()
        if data is None or not pixmap.loadFromData(data):
            self._without.add(sha256)
            return
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        small = pixmap.scaled(_SHARP * side, _SHARP * side, keep, smooth)
        small.setDevicePixelRatio(_SHARP)
        QPixmapCache.insert(_key(sha256, side), small)
        self.arrived.emit(sha256)

    def _forget(self, sha256s: list[str]) -> None:
        """Drop the thumbnails of erased images."""
        for sha256 in sha256s:
            for side in (SIDE, LARGE):
                QPixmapCache.remove(_key(sha256, side))
                self._on_the_way.discard((sha256, side))


def _key(sha256: str, side: int) -> str:
    return f"{sha256} {side}"


class ThumbnailTable(QAbstractTableModel):
    """A table with thumbnails in the first column and the columns of `COLUMNS`."""

    COLUMNS: tuple[str, ...] = ()
    FIGURES: frozenset[int] = frozenset()
    """The columns of figures, which are right-aligned."""
    PRIVATE: frozenset[int] = frozenset()
    """The columns with patient data, which are not copied."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        thumbnails.arrived.connect(self._redraw)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object | None:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return translated(self.COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section in self.FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _redraw(self) -> None:
        last = self.rowCount() - 1
        if last >= 0:  # the view redraws only what is visible
            self.dataChanged.emit(self.index(0, 0), self.index(last, 0), [Qt.ItemDataRole.DecorationRole])
