"""A dialog that stands inside the window, over a cover: it has the keys at once.

A window of its own gets them only when the window system has made it the active one; what is typed before that is lost, and
of an identifier whose first letters are lost another patient is found.
"""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

_DIM = QColor(0, 0, 0, 90)
_MARGIN = 12
"""Points that are left of the window around a sheet that is larger than it."""


class _Cover(QWidget):
    """Keeps the mouse and what is dragged from the window below."""

    def __init__(self, sheet: QDialog, window: QWidget) -> None:
        super().__init__(window)
        self._sheet = sheet
        self.setAcceptDrops(True)
        self.setGeometry(window.rect())

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self._sheet.reject()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), _DIM)


class Sheet(QDialog):
    """Closed by Esc, by what it is for, or by a press beside it; while it is there the window's shortcuts rest."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)  # QDialog's constructor makes a window of it in any case
        self.setObjectName("sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._cover: _Cover | None = None

    def open(self) -> None:
        """Show it over its window, and take the keys."""
        window = self.parentWidget()
        if window is not None:
            self._cover = _Cover(self, window)
            self._cover.show()
            window.installEventFilter(self)
            self._fit(window)
        self.show()
        self.raise_()
        inside = self.focusProxy() or self.nextInFocusChain()
        if inside is not None:
            inside.setFocus(Qt.FocusReason.PopupFocusReason)

    def done(self, result: int) -> None:
        window = self.parentWidget()
        if window is not None:
            window.removeEventFilter(self)
        if self._cover is not None:
            self._cover.hide()
            self._cover.deleteLater()
            self._cover = None
        super().done(result)

    def sizeHint(self) -> QSize:
        """It is as large as it was made, where the window has the room."""
        return super().sizeHint().expandedTo(self.size())

    def _fit(self, window: QWidget) -> None:
        room = window.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        place = QRect(room.topLeft(), self.sizeHint().boundedTo(room.size()))
        place.moveCenter(room.center())
        self.setGeometry(place)
        if self._cover is not None:
            self._cover.setGeometry(window.rect())

    def event(self, event: QEvent) -> bool:
        """A shortcut of the window must not be carried out behind it, and a letter is a letter."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go round within it."""
        inside = [one for one in self.findChildren(QWidget) if one.isVisibleTo(self) and one.isEnabled()]
        stops = [one for one in inside if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None]
        now = self.focusWidget()
        if now not in stops or not stops:
            return bool(stops) and self._go_to(stops[0])
        return self._go_to(stops[(stops.index(now) + (1 if forward else -1)) % len(stops)])

    @staticmethod
    def _go_to(widget: QWidget) -> bool:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        window = self.parentWidget()
        if window is not None and watched is window and event.type() == QEvent.Type.Resize:
            self._fit(window)
        return super().eventFilter(watched, event)
