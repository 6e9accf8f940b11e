"""The program's icons, drawn from SVG in a grey that is legible in both themes."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.paths import RESOURCES

_NEUTRAL = "#76808a"
_CHOSEN = "#2e86ab"
_OFF = "#a9b0b6"
_TINTS = {
    (QIcon.Mode.Disabled, QIcon.State.Off): _OFF,
    (QIcon.Mode.Disabled, QIcon.State.On): _OFF,
    (QIcon.Mode.Normal, QIcon.State.On): _CHOSEN,
    (QIcon.Mode.Active, QIcon.State.On): _CHOSEN,
    (QIcon.Mode.Selected, QIcon.State.On): _CHOSEN,
}
"""The colours of a disabled and of a selected icon; all other states use the icon's own colour."""


@cache
def icon(name: str, colour: str = _NEUTRAL) -> QIcon:
    """Return the icon `resources/icons/<name>.svg`; both greys have a contrast of 3 to 1 or more on either theme."""
    return QIcon(_IconEngine((RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8"), colour))


class _IconEngine(QIconEngine):
    """Draws an icon when it is shown, sharp at any size. Drawing all sizes in advance delayed the window."""

    def __init__(self, source: str, colour: str) -> None:
        super().__init__()
        self._source = source
        self._colour = colour
        self._drawn: dict[tuple[int, int, str], QPixmap] = {}
        self._clones: list[QIconEngine] = []

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        tint = _TINTS.get((mode, state), self._colour)
        key = (size.width(), size.height(), tint)
        if key not in self._drawn:
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer = QSvgRenderer(QByteArray(self._source.replace("currentColor", tint).encode()))
            renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
            renderer.render(painter, QRectF(pixmap.rect()))
            painter.end()
            self._drawn[key] = pixmap
        return self._drawn[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.drawPixmap(rect, self.pixmap(rect.size() * painter.device().devicePixelRatioF(), mode, state))

    def clone(self) -> QIconEngine:
        self._clones.append(_IconEngine(self._source, self._colour))  # Qt does not keep it alive; icons are never freed
        return self._clones[-1]


def untinted(picture: QPixmap) -> QIcon:
    """Return an icon of an image whose colours do not change when it is selected: they matter to the user."""
    made = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
        made.addPixmap(picture, mode)
    return made


def labelled(picture: str, text: str, parent: QWidget) -> QPushButton:
    """Return a button with an icon before its text."""
    return QPushButton(icon(picture), with_room(text), parent)


def with_room(text: str) -> str:
    """Return the text of a button with an icon, with a space before it that the style sheet does not leave."""
    return f"\u2002{text}"
