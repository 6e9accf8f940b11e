"""The two views of the comparison under their heads, side by side or one across both."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QToolButton, QWidget

from desktop.session.picture import Picture
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.icons import icon
from desktop.widgets.common.key_chords import is_chord
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.image.compare_bar import BLINK, DIFFERENCE, FADE, SIDE
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.zoom_view import LinkedViews

WAYS: dict[int, str] = {
    Qt.Key.Key_Space: BLINK,
    Qt.Key.Key_F: FADE,
    Qt.Key.Key_D: DIFFERENCE,
    Qt.Key.Key_Escape: SIDE,
}
"""How the images are shown, by the key for it; the same key again shows them side by side."""

_ENDS: dict[int, bool] = {Qt.Key.Key_Home: True, Qt.Key.Key_End: False}


@dataclass(frozen=True)
class ComparedImage:
    """An image, with patient, lesion and day in words, the day of its visit, and its kind, once they are known."""

    picture: Picture
    subject: str = ""
    day: dt.date | None = None
    is_dermoscopy: bool = False

    @property
    def title(self) -> str:
        """What stands over the image: there is no room for the file name beside the subject."""
        return self.subject or self.picture.name

    def described(self, subject: str, day: dt.date | None, is_dermoscopy: bool) -> ComparedImage:
        """Return the image with what has become known."""
        return dataclasses.replace(self, subject=subject, day=day, is_dermoscopy=is_dermoscopy)


class ComparedView(ImageView):
    """An image view with the keys of the comparison: Space, F, D, Esc, Home, End, O, L."""

    way_requested = Signal(str)
    outlines_requested = Signal()
    """Show the outlines by which sizes are measured, or hide them."""
    ruler_requested = Signal()
    """Lay the ruler on this image, or take it away."""
    end_requested = Signal(bool)
    """The first image of the film beside the newest (true), or the one before it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = WAYS.get(event.key())
        if is_chord(event) or (self.has_tool and event.key() == Qt.Key.Key_Escape):
            super().keyPressEvent(event)  # Esc ends the tool first
        elif event.key() in _ENDS:
            self.end_requested.emit(_ENDS[event.key()])
        elif event.key() == Qt.Key.Key_O:
            self.outlines_requested.emit()
        elif event.key() == Qt.Key.Key_L:
            self.ruler_requested.emit()
        elif way is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.way_requested.emit(way)


class ComparePair(QWidget):
    """Shows at most two images, zoomed and moved together."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = (ComparedView(self), ComparedView(self))
        for view in self.views:
            view.keeps_middle_clear = True
        self._names = (ElidedLabel(self), ElidedLabel(self))
        self._sizes = (PlainLabel(self), PlainLabel(self))
        self._invitation = ""
        self.links = LinkedViews(*self.views, self)
        self._grid = QGridLayout(self)
        self._lay_out()
        self.be_film(False)

    def be_film(self, wanted: bool, *, has_todays: bool = False) -> None:
        """Show images that are chosen in the film of a lesion, and cannot be put away, or others.

        `has_todays` is whether the lesion has an image of today; where not, one is asked for.
        """
        self._close.setHidden(wanted)
        for size in self._sizes:
            size.setHidden(wanted)  # the day needs the room
        if not wanted:
            self._invitation = self.tr("Open another image without a lesion and press C")
        elif has_todays:
            self._invitation = self.tr("No other image of this lesion")
        else:
            self._invitation = self.tr("Open or drop today's image")

    def show_images(self, images: Sequence[ComparedImage]) -> None:
        """Show the images upright and fitted, in this order."""
        for column, view in enumerate(self.views):
            if column < len(images):
                view.show_picture(images[column].picture.levels)
            else:
                view.clear()

    def name_images(self, images: Sequence[ComparedImage], seen: tuple[bool, bool]) -> None:
        """Show the images' titles, where they are `seen` at this moment; equal ones with the file names."""
        titles = [image.title for image in images]
        if len(set(titles)) < len(titles):
            titles = [" · ".join(filter(None, (image.subject, image.picture.name))) for image in images]
        for column, (view, name, size) in enumerate(zip(self.views, self._names, self._sizes, strict=True)):
            if column < len(images):
                image = images[column]
                picture = image.picture
                name.show_text(titles[column] if seen[column] else "")
                size.setText(f"{picture.width} × {picture.height}" if seen[column] else "")
                size.setToolTip(for_tip(picture.name))
                view.setAccessibleName(" · ".join(filter(None, (image.subject, picture.name))))
            else:
                name.show_text(self._invitation if column == len(images) else "")
                size.setText("")

    def show_one(self, wanted: bool) -> None:
        """Show the older image's view across both columns, or both views."""
        first, second = self.views
        second.setVisible(not wanted)
        self._grid.addWidget(first, 1, 0, 1, 2 if wanted else 1)

    def link_again(self) -> None:
        """Zoom and move both as one, whatever was chosen before."""
        self.link.setChecked(True)
        self._set_linked()

    def _lay_out(self) -> None:
        grid = self._grid
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setHorizontalSpacing(2)
        for column, view in enumerate(self.views):
            head = QFrame(self)
            head.setObjectName("toolStrip")
            row = QHBoxLayout(head)
            row.setContentsMargins(12, 4, 8, 4)
            self._names[column].setProperty("strong", True)
            self._sizes[column].setProperty("muted", True)
            row.addWidget(self._names[column])
            row.addWidget(self._sizes[column], 1)
            row.addWidget(_button(head, "turn", self.tr("Turn this view (R)"), partial(view.turn, 1)))
            if column == 1:
                self.link = _button(head, "link", self.tr("Zoom and move both as one"), self._set_linked)
                self.link.setCheckable(True)
                self.link.setChecked(True)
                row.addWidget(self.link)
                row.addWidget(_button(head, "fit", self.tr("Fit both (Z)"), self._fit))
                self._close = _button(head, "close", self.tr("Put both images away"), self.cleared.emit)
                row.addWidget(self._close)
            grid.addWidget(head, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)

    def _set_linked(self) -> None:
        self.links.is_linked = self.link.isChecked()

    def _fit(self) -> None:
        for view in reversed(self.views):  # of aligned images the second follows the first
            view.fit()


def _button(parent: QWidget, picture: str, text: str, act: Callable[[], object]) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(icon(picture))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _checked: act())
    return button
