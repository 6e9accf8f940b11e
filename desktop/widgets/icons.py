"""Our own icons, drawn from SVG in a grey that is legible on both themes."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.paths import RESOURCES

_NEUTRAL = "#76808a"
_CHOSEN = "#2e86ab"
_OFF = "#a9b0b6"
_SIZES = (16, 20, 24, 32, 48, 64)


@cache
def icon(name: str, colour: str = _NEUTRAL) -> QIcon:
    """Return the icon `resources/icons/<name>.svg`; both greys have a contrast of 3 to 1 or more on either theme."""
    source = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for tint, mode, state in (
        (colour, QIcon.Mode.Normal, QIcon.State.Off),
        (_CHOSEN, QIcon.Mode.Normal, QIcon.State.On),
        (_OFF, QIcon.Mode.Disabled, QIcon.State.Off),
    ):
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", tint).encode()))
        for size in _SIZES:
            made.addPixmap(_draw(renderer, size), mode, state)
    return made


def untinted(picture: QPixmap) -> QIcon:
    """Return an icon of an image that keeps its colours where it is chosen: they are what is looked at."""
    made = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
        made.addPixmap(picture, mode)
    return made


def labelled(picture: str, text: str, parent: QWidget) -> QPushButton:
    """Return a button with an icon before its text."""
    return QPushButton(icon(picture), with_room(text), parent)


def with_room(text: str) -> str:
    """Return the text of a button that has an icon: the style sheet leaves no space between them, so the text does."""
    return f"\u2002{text}"


def _draw(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
