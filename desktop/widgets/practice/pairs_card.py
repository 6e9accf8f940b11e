"""Lesions on which one of two models alerts, as pictures: whose they are, what they are, and what each model raises."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QToolButton, QVBoxLayout, QWidget

from desktop.core.practice.flips import Pair
from desktop.core.records.values import KeptImage
from desktop.widgets.common.card import Card
from desktop.widgets.common.icons import untinted
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.thumbnails import LARGE, Thumbnails
from desktop.widgets.common.wording import count
from desktop.widgets.practice.flip_words import pair_text

_COLUMNS = 5
_WIDTH = 164
_EDGE = 6
"""Pixels around a picture."""
_MOST = 40
"""Pictures in one card; all melanomas that are lost are shown."""


class PairsCard(Card):
    """Pictures come in as they are read; `opened` has the pair whose picture was pressed."""

    opened = Signal(object)  # Pair

    def __init__(
        self,
        title: str,
        pairs: Sequence[Pair],
        images: Mapping[str, KeptImage],
        thumbnails: Thumbnails,
        *,
        are_all_shown: bool = False,
    ) -> None:
        super().__init__(title)
        self._thumbnails = thumbnails
        self._waiting: dict[str, list[tuple[QToolButton, KeptImage]]] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(14)
        shown = pairs if are_all_shown else pairs[:_MOST]
        for place, pair in enumerate(shown):
            grid.addWidget(self._lesion(pair, images), place // _COLUMNS, place % _COLUMNS)
        grid.setColumnStretch(_COLUMNS, 1)
        self.column.addLayout(grid)
        if len(shown) < len(pairs):
            self.add_note(
                self.tr("The first {shown} of {count}.").format(shown=count(len(shown)), count=count(len(pairs)))
            )
        thumbnails.arrived.connect(self._show)

    def _lesion(self, pair: Pair, images: Mapping[str, KeptImage]) -> QWidget:
        cell = QWidget(self)
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        text = pair_text(pair)
        picture = QToolButton(cell)
        picture.setProperty("slim", True)
        picture.setIconSize(QSize(LARGE, LARGE))
        picture.setFixedSize(LARGE + 2 * _EDGE, LARGE + 2 * _EDGE)
        picture.setCursor(Qt.CursorShape.PointingHandCursor)
        picture.setAccessibleName(text)
        picture.setToolTip(self.tr("Show this lesion"))
        picture.clicked.connect(lambda: self.opened.emit(pair))
        image = images.get(pair.shown.sha256)
        if image is not None:
            self._waiting.setdefault(image.sha256, []).append((picture, image))
            self._show(image.sha256)
        words = PlainLabel(text, cell)
        words.setProperty("small", True)
        words.setWordWrap(True)
        words.setFixedWidth(_WIDTH)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(picture)
        column.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        return cell

    def _show(self, sha256: str) -> None:
        left = []
        for button, image in self._waiting.pop(sha256, []):
            pixmap = self._thumbnails.picture(sha256, image.path)
            if pixmap is None:
                left.append((button, image))
            else:
                button.setIcon(untinted(pixmap))
        if left:
            self._waiting[sha256] = left
