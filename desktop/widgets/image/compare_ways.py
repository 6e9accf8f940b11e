"""The ways in which two images are shown: side by side, or at one place by blinking, fading or their difference."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QApplication, QWidget

from desktop.session.picture import Picture
from desktop.widgets.image.aligned_item import AlignedItem
from desktop.widgets.image.compare_bar import BLINK, DIFFERENCE, FADE, SIDE, CompareBar
from desktop.widgets.image.compare_pair import ComparePair


class CompareWays(QObject):
    """Shows what `ComparePage` has decided; the newer image is drawn over the older one, once it is placed there."""

    blinked = Signal()
    """Another one of the two images is seen."""

    def __init__(self, bar: CompareBar, pair: ComparePair, parent: QWidget) -> None:
        super().__init__(parent)
        self._bar = bar
        self._pair = pair
        self._page = parent
        self._shows_newer = False
        self.current = SIDE
        self.newer = AlignedItem()
        pair.views[0].add_layer(self.newer)
        self._blinking = QTimer(self)
        self._blinking.setInterval(1000)
        self._blinking.timeout.connect(self._blink)
        bar.fade_changed.connect(self._fade)
        bar.rate_changed.connect(lambda rate: self._blinking.setInterval(round(1000 / rate)))

    def place(self, older: Picture, newer: Picture, there: QTransform) -> None:
        """Place the newer image over the older one, whose pixels `there` maps to those of the newer one."""
        self.newer.show_picture(newer, there.inverted()[0], QRectF(0, 0, older.width, older.height))
        self._pair.links.align(there)

    def take_apart(self) -> None:
        """Take the newer image away from the older one."""
        self._pair.links.align(None)
        self.newer.clear()

    def show(self, way: str) -> None:
        """Show the images this way: `SIDE`, or, once they are placed, another one."""
        self.current = way
        self._shows_newer = False
        with kept_focus(self._page, self._pair.views[0]):
            self._bar.show_way(way)
            self._pair.show_one(way != SIDE)
        self.newer.setVisible(way != SIDE)
        if way == BLINK:
            self._blinking.start()
            self.newer.cover(0)
        else:
            self._blinking.stop()
        if way == FADE:
            self._fade(self._bar.fade.value())
        elif way == DIFFERENCE:
            self.newer.subtract()

    @property
    def seen(self) -> tuple[bool, bool]:
        """Whether the older and the newer image are seen at this moment."""
        return (True, True) if self.current != BLINK else (not self._shows_newer, self._shows_newer)

    def _blink(self) -> None:
        self._shows_newer = not self._shows_newer
        self.newer.cover(1 if self._shows_newer else 0)
        self.blinked.emit()

    def _fade(self, per_cent: int) -> None:
        self.newer.cover(per_cent / 100)


@contextmanager
def kept_focus(page: QWidget, picture: QWidget) -> Iterator[None]:
    """Give the focus to a picture if what has it on the page is hidden meanwhile; Qt would give it to the next button."""
    focused = QApplication.focusWidget()
    yield
    if focused is not None and page.isAncestorOf(focused) and not focused.isVisible():
        picture.setFocus(Qt.FocusReason.OtherFocusReason)
