"""A framed card with a heading, and one filled with facts in two columns."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout

from desktop.widgets.common.plain_text import PlainLabel


class Card(QFrame):
    """Contains what is added to its `column`."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(10)
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        self.column.addWidget(heading)

    def add_note(self, text: str) -> None:
        """Add a note in small type."""
        note = PlainLabel(text, self)
        note.setWordWrap(True)
        note.setProperty("muted", True)
        note.setProperty("small", True)
        self.column.addWidget(note)


def facts_card(title: str, rows: Sequence[tuple[str, str]]) -> Card:
    """Lay out facts as name and text; a fact without a name spans both columns."""
    card = Card(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(rows):
        subject, text = PlainLabel(name), PlainLabel(value)
        subject.setProperty("muted", True)
        subject.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if name:
            grid.addWidget(subject, row, 0)
            grid.addWidget(text, row, 1)
        else:
            grid.addWidget(text, row, 0, 1, 2)
    card.column.addLayout(grid)
    return card
