"""The handbook, shown from the program's own files: it needs no network and no other program."""

import re

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextBlock, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from desktop.core.paths import HANDBOOK
from desktop.widgets.common.content_scroll import on_screen

_SIZE = QSize(860, 700)
_WIDTH = 760
"""Largest width of the pictures in points, so that the page does not scroll sideways."""


class _HandbookPage(QTextBrowser):
    """Scales the pictures to the width of the page."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        found = super().loadResource(kind, name)
        image = QImage(str(HANDBOOK.parent / QUrl(name).path()))
        return image.scaledToWidth(_WIDTH) if image.width() > _WIDTH else found


class HandbookDialog(QDialog):
    """Stays open beside the window while the user follows its steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Handbook"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search: Enter goes to the next place"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._find)
        self.page = _HandbookPage(self)
        self.page.setSearchPaths([str(HANDBOOK.parent)])
        self.page.setOpenLinks(False)
        self.page.anchorClicked.connect(self._follow)
        self.page.setMarkdown(HANDBOOK.read_text(encoding="utf-8"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.page, 1)
        column.addWidget(buttons)
        self.resize(on_screen(self, _SIZE))
        self.search.setFocus()

    def _find(self) -> None:
        if not self.page.find(self.search.text()):
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(self.search.text())

    def _follow(self, link: QUrl) -> None:
        """Go to a heading of the page, or open a web link in the user's browser."""
        if link.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(link)
            return
        block: QTextBlock = self.page.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and _anchor(block.text()) == link.fragment():
                self.page.setTextCursor(
                    QTextCursor(self.page.document().lastBlock())
                )  # so that the heading is at the top
                self.page.setTextCursor(QTextCursor(block))
            block = block.next()


def _anchor(heading: str) -> str:
    """Return the anchor of a Markdown heading."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.casefold()).strip())
