"""The comparison: two images side by side, zoomed and moved together."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.session.picture import Picture
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.empty_state import EmptyState
from desktop.widgets.common.icons import icon
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.zoom_view import LinkedViews


class ComparePage(QWidget):
    """Shows only images, and no answers of a model."""

    image_requested = Signal()

    def __init__(self, scale_of: Callable[[str], float | None], parent: QWidget | None = None) -> None:
        """Create an empty page; `scale_of` returns an image's millimetres per pixel by its SHA-256."""
        super().__init__(parent)
        self._scale_of = scale_of
        self.pictures: list[Picture] = []
        self._subjects: dict[str, str] = {}
        self.views = (ImageView(self), ImageView(self))
        self._names = (ElidedLabel(self), ElidedLabel(self))
        self._sizes = (PlainLabel(self), PlainLabel(self))
        self.messages = MessageBar(self)
        self._links = LinkedViews(*self.views, self)
        self._empty = EmptyState(
            "compare",
            self.tr("Nothing to compare yet"),
            self.tr("Open an image and press C, then another and C again: the two stand here side by side."),
            self.tr("Open an image…"),
            self,
        )
        self._empty.action_requested.connect(self.image_requested)
        self._both = QWidget(self)
        self._lay_out()
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._both)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.messages)
        layout.addWidget(self._stack, 1)
        self.setFocusProxy(self.views[0])

    def add(self, picture: Picture) -> int:
        """Add an image beside the latest one; return the number of images."""
        others = [known for known in self.pictures if known.sha256 != picture.sha256]
        self.pictures = [*others, picture][-2:]
        self._show()
        return len(self.pictures)

    def name_subject(self, sha256: str, subject: str) -> None:
        """Show patient, lesion and day of an image in place of its file name: there is no room for both."""
        self._subjects[sha256] = subject
        for picture, label, view in zip(self.pictures, self._names, self.views, strict=False):
            if picture.sha256 == sha256:
                view.setAccessibleName(self._title(picture))
                label.show_text(subject or picture.name)

    def show_scale(self, sha256: str) -> None:
        """Show an image's scale, which has become known."""
        for picture, view in zip(self.pictures, self.views, strict=False):
            if picture.sha256 == sha256:
                view.show_scale(self._scale_of(sha256))

    def clear(self) -> None:
        """Remove both images."""
        self.pictures = []
        self._subjects.clear()
        self._show()

    def _lay_out(self) -> None:
        grid = QGridLayout(self._both)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setHorizontalSpacing(2)
        for column, view in enumerate(self.views):
            head = QFrame(self._both)
            head.setObjectName("toolStrip")
            row = QHBoxLayout(head)
            row.setContentsMargins(12, 4, 8, 4)
            self._names[column].setProperty("strong", True)
            self._sizes[column].setProperty("muted", True)
            row.addWidget(self._names[column])
            row.addWidget(self._sizes[column], 1)
            row.addWidget(_button(head, "turn", self.tr("Rotate this view (R)"), partial(view.turn, 1)))
            if column == 1:
                self.link = _button(head, "link", self.tr("Zoom and move both as one"), self._set_linked)
                self.link.setCheckable(True)
                self.link.setChecked(True)
                row.addWidget(self.link)
                row.addWidget(_button(head, "fit", self.tr("Fit both (Z)"), self._fit))
                row.addWidget(_button(head, "close", self.tr("Put both images away"), self.clear))
            grid.addWidget(head, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)

    def _show(self) -> None:
        self._stack.setCurrentWidget(self._both if self.pictures else self._empty)
        for column, view in enumerate(self.views):
            if column < len(self.pictures):
                picture = self.pictures[column]
                self._names[column].show_text(self._subjects.get(picture.sha256) or picture.name)
                self._sizes[column].setText(f"{picture.width} × {picture.height}")
                self._sizes[column].setToolTip(for_tip(picture.name))
                view.setAccessibleName(self._title(picture))
                view.show_picture(picture.levels)
                view.show_scale(self._scale_of(picture.sha256))
            else:
                view.clear()
                self._names[column].show_text(self.tr("Open another image and press C"))
                self._sizes[column].setText("")

    def _title(self, picture: Picture) -> str:
        return " · ".join(filter(None, (self._subjects.get(picture.sha256, ""), picture.name)))

    def _set_linked(self) -> None:
        self._links.is_linked = self.link.isChecked()

    def _fit(self) -> None:
        for view in self.views:
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
