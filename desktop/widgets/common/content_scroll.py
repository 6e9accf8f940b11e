"""Parts of the window that scroll only where there is no room for all of them: nothing is cut off on a small screen."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget


class ContentScroll(QScrollArea):
    """Wants to be as high as its content, and gives way down to a few lines."""

    def __init__(self, content: QWidget, least: int, parent: QWidget | None = None) -> None:
        """Hold `content`; `least` is the height, in points, below which it does not go."""
        super().__init__(parent)
        self._content = content
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(least)
        self.setWidget(content)
        content.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return self._content.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class LineScroll(QScrollArea):
    """Holds one line of controls, as high as it is, and scrolls it sideways; there while the line is."""

    def __init__(self, line: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        is_there = not line.isHidden()
        self.setWidget(line)  # which shows it
        line.setVisible(is_there)
        self.setVisible(is_there)
        line.installEventFilter(self)

    def sizeHint(self) -> QSize:
        width = max(self.viewport().width(), self._line.minimumSizeHint().width())
        height = self._line.heightForWidth(width) if self._line.hasHeightForWidth() else self._line.sizeHint().height()
        bar = self.horizontalScrollBar()
        return QSize(self._line.sizeHint().width(), height + (bar.height() if bar.isVisible() else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line and event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self.setVisible(not self._line.isHidden())
        elif watched is self._line and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class PageScroll(QScrollArea):
    """Holds the workspaces, which fit a window of 1024 x 560; in a smaller one they scroll, both ways."""

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


_AROUND = QSize(24, 56)
"""Points around a dialog that a screen keeps for its frame and title."""


def on_screen(dialog: QWidget, wanted: QSize) -> QSize:
    """Return the size that a dialog is to have: what is wanted, or what the screen has room for."""
    return wanted.boundedTo(dialog.screen().availableSize() - _AROUND)
