"""Covers every window of the program, so that nothing of it can be read, and uncovers it as it was."""

from __future__ import annotations

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QMainWindow, QToolTip, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import PlainLabel

_TITLE = "LesionLens"
_ICON = 48
_MARGIN = 24

CLOSED = "closed by the lock"
"""The property of dialogs that are closed, not covered: they hold a passphrase, and their callers may hold another."""


class Covers(QObject):
    """Hides the content of all windows but one and its dialogs; those that come later too.

    The content is hidden, and not only painted over: screen readers find nothing either. Dialogs stay open, with all that was
    entered.
    """

    appeared = Signal()
    """Another window came, which is covered; if it is modal, it blocks the one that is not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._spared: QWidget | None = None
        self._covered: dict[QWidget, _Cover] = {}

    @property
    def windows(self) -> list[QWidget]:
        """The windows that are covered."""
        return [window for window in self._covered if isValid(window) and window.isVisible()]

    def cover(self, spared: QWidget) -> None:
        """Cover all windows but `spared` and its dialogs; close menus, tool tips, dialogs for files and for passphrases."""
        self._spared = spared
        _close_popups()
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                self._cover(window)
        QPixmapCache.clear()  # of thumbnails
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def uncover(self) -> None:
        """Show everything again."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        covered, self._covered, self._spared = self._covered, {}, None
        for window, cover in covered.items():
            if isValid(window):
                cover.remove()

    def _cover(self, window: QWidget) -> bool:
        if window in self._covered or self._is_spared(window):
            return False
        # The system draws a dialog for files: it cannot be covered, and nothing was entered.
        if isinstance(window, QtWidgets.QFileDialog):
            window.reject()
            return False
        if isinstance(window, QtWidgets.QDialog) and window.property(CLOSED):
            window.reject()
            return False
        self._covered[window] = _Cover(window)
        return True

    def _is_spared(self, window: QWidget | None) -> bool:
        while window is not None:
            if window is self._spared:
                return True
            window = window.parentWidget()
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover windows that come, and what comes in covered windows."""
        if not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.Show and watched.isWindow():
            if self._cover(watched):
                self.appeared.emit()
        elif watched in self._covered and event.type() in _CHANGES:
            self._covered[watched].keep_up()
        return False


_CHANGES = frozenset({QEvent.Type.Resize, QEvent.Type.WindowTitleChange, QEvent.Type.LayoutRequest, QEvent.Type.Show})


class _Cover:
    """Covers one window: hides its parts, shows an empty one, and a title that says nothing."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._title = window.windowTitle()
        self._focus = window.focusWidget()
        self._drops = window.acceptDrops()
        self._said = ("", "")
        if isinstance(window, QtWidgets.QMessageBox):  # which tells screen readers its text itself
            self._said = (window.text(), window.informativeText())
            window.setText("")
            window.setInformativeText("")
        self._hidden: list[QWidget] = []
        self._blank = QWidget(window)
        self._blank.setObjectName("cover")
        self._blank.setAutoFillBackground(True)
        layout = QVBoxLayout(self._blank)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        sign = PlainLabel(self._blank)
        sign.setPixmap(icon("lock").pixmap(_ICON, _ICON))
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._blank.setAccessibleName(_TITLE)
        self._blank.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._blank.show()
        # As if another window had the focus: else fields take what was entered as finished, and a text scrolls to a link.
        self._blank.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        window.setAcceptDrops(False)
        # A menu bar that the desktop shows is no part of the window: its menus name recent files and what can be undone.
        actions = window.menuBar().actions() if isinstance(window, QMainWindow) else []
        self._menus = [action for action in actions if action.isVisible()]
        for action in self._menus:
            action.setVisible(False)
        self.keep_up()

    def keep_up(self) -> None:
        """Cover what has come, been moved, or been named since."""
        if self._window.windowTitle() != _TITLE:
            self._title = self._window.windowTitle()
            self._window.setWindowTitle(_TITLE)
        for child in self._window.children():
            if isinstance(child, QWidget) and child is not self._blank and not (child.isWindow() or child.isHidden()):
                child.hide()
                self._hidden.append(child)
        self._blank.setGeometry(self._window.rect())
        self._blank.raise_()

    def remove(self) -> None:
        """Show the window as it was."""
        self._window.setWindowTitle(self._title)
        self._window.setAcceptDrops(self._drops)
        for action in self._menus:
            if isValid(action):
                action.setVisible(True)
        for child in self._hidden:
            if isValid(child):
                child.show()
        if isinstance(self._window, QtWidgets.QMessageBox):
            self._window.setText(self._said[0])
            self._window.setInformativeText(self._said[1])
        self._blank.hide()
        self._blank.deleteLater()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus(Qt.FocusReason.ActiveWindowFocusReason)


def _close_popups() -> None:
    """Close menus, lists of boxes and tool tips; a menu may be open over another."""
    QToolTip.hideText()
    while (popup := QApplication.activePopupWidget()) is not None and popup.close():
        pass
