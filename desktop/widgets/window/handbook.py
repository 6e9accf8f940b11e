"""The handbook, shown from the program's own files: it needs no network and no other program."""

import re

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QDesktopServices, QTextBlock, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from desktop.core.paths import HANDBOOK
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.markdown_page import MarkdownPage

_SIZE = QSize(860, 700)


class HandbookDialog(QDialog):
    """Stays open beside the window while the user follows its steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Handbook"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search: Enter goes to the next place"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._find)
        self.page = MarkdownPage(HANDBOOK.read_text(encoding="utf-8"), HANDBOOK.parent, self)
        self.page.anchorClicked.connect(self._follow)
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
