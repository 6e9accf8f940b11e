"""A dialog inside the window, above a cover, which has the keyboard focus at once.

A separate window gets the focus only when the window system activates it. Keys typed before that are lost, and an identifier
without its first letters finds a different patient.
"""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from desktop.core.errors import AppError
from desktop.widgets.common.message_bar import MessageBar

_DIM = QColor(0, 0, 0, 90)
_MARGIN = 12
"""Margin in points around a sheet that is larger than the window."""


class _Cover(QWidget):
    """Blocks the mouse and drags from the window below."""

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
    """Closed by Esc, by its own actions, or by a press beside it; the window's shortcuts are disabled meanwhile."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)  # QDialog's constructor always makes it a window
        self.setObjectName("sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._cover: _Cover | None = None

    def open(self) -> None:
        """Show the sheet above its window, and take the focus."""
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
        """Return the size that the sheet was created with, limited to the window."""
        return super().sizeHint().expandedTo(self.size())

    def _fit(self, window: QWidget) -> None:
        room = window.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        place = QRect(room.topLeft(), self.sizeHint().boundedTo(room.size()))
        place.moveCenter(room.center())
        self.setGeometry(place)
        if self._cover is not None:
            self._cover.setGeometry(window.rect())

    def _grow(self) -> None:
        window = self.parentWidget()
        if self._cover is not None and window is not None and self.sizeHint().height() > self.height():
            self._fit(window)

    def event(self, event: QEvent) -> bool:
        """Block the window's shortcuts, so that a letter is typed as a letter; grow for a line that came later."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._grow()
        return is_done

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move the focus within the sheet."""
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


class WritingSheet(Sheet):
    """Stays open until its write has succeeded, or shows why it failed."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self._is_writing = False

    def begins(self) -> bool:
        """Note that a write begins; return False if one is under way."""
        is_first, self._is_writing = not self._is_writing, True
        return is_first

    def fail(self, error: AppError) -> None:
        """Show why the write failed; the sheet stays open."""
        self._is_writing = False
        self.messages.tell(error)

    def may_leave(self) -> bool:
        """Return whether the sheet may be closed without saving; a form asks if something was entered."""
        return True

    def reject(self) -> None:
        if not self._is_writing and self.may_leave():
            super().reject()
