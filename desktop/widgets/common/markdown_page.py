"""A page in Markdown, with its pictures no wider than the page."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTextBrowser, QWidget

_WIDTH = 760
"""Largest width of the pictures in points, so that the page does not scroll sideways."""


class MarkdownPage(QTextBrowser):
    """Opens no link by itself. Pictures are found by their paths, or relative to `folder`."""

    def __init__(self, page: str, folder: Path, parent: QWidget | None = None, widest: int = _WIDTH) -> None:
        super().__init__(parent)
        self._folder = folder
        self._widest = widest
        self.setSearchPaths([str(self._folder)])
        self.setOpenLinks(False)
        self.setMarkdown(page)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        found = super().loadResource(kind, name)
        url = QUrl(name)
        drive = f"{url.scheme()}:" if len(url.scheme()) == 1 else ""  # Windows: the letter looks like a scheme
        image = QImage(str(self._folder / f"{drive}{url.path()}"))
        if image.isNull():
            return found
        return image.scaledToWidth(self._widest) if image.width() > self._widest else image
