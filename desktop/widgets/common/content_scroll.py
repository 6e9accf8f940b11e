"""Scroll areas that scroll only if there is no room for their content, so that nothing is cut off on a small screen."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget


class ContentScroll(QScrollArea):
    """Prefers the height of its content, and shrinks to a few lines."""

    def __init__(self, content: QWidget, least: int, parent: QWidget | None = None) -> None:
        """Contain `content`; `least` is the minimum height in points."""
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
        wanted = self._content.sizeHint()
        if not (self.isVisible() and self._content.hasHeightForWidth()):
            return wanted
        return QSize(wanted.width(), self._content.heightForWidth(self.viewport().width()))

    def minimumSizeHint(self) -> QSize:
        """Leave the bar room beside content that cannot be narrower: nothing is hidden behind it."""
        least = super().minimumSizeHint()
        needed = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(least.width(), needed), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        # First: what was hidden may have lost lines meanwhile, and Qt lays out the content once while it is shown again.
        self._fit()
        super().resizeEvent(event)
        if layout := self._content.layout():  # Qt may have laid it out for the height before
            layout.invalidate()
            layout.activate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Give the content the height of its lines: Qt computes it for the width without the scroll bar, and cuts lines off."""
        self._content.setMinimumHeight(max(self._content.heightForWidth(self.viewport().width()), 0))
        self.updateGeometry()


class LineScroll(QScrollArea):
    """Contains one line of controls at its natural height and scrolls it sideways; hidden with the line."""

    def __init__(self, line: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        is_there = not line.isHidden()
        self.setWidget(line)  # this also shows it
        line.setVisible(is_there)
        self.setVisible(is_there)
        line.installEventFilter(self)

    def sizeHint(self) -> QSize:
        width = max(self.contentsRect().width(), self._line.minimumSizeHint().width())
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
    """Contains the workspaces, which fit a window of 1024 x 560; in a smaller one they scroll both ways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


_AROUND = QSize(24, 56)
"""Points around a dialog, reserved for its frame and title bar."""


def on_screen(dialog: QWidget, wanted: QSize) -> QSize:
    """Return the size for a dialog: the wanted one, reduced to what the screen has room for."""
    return wanted.boundedTo(dialog.screen().availableSize() - _AROUND)
