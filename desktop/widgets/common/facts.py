"""Facts in two columns under a heading: what each is called, and what it is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from desktop.widgets.common.card import Card


def facts_card(title: str, rows: Sequence[tuple[str, str]]) -> Card:
    """Lay out facts by name and text; one without a name takes both columns."""
    card = Card(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(rows):
        subject, text = QLabel(name), QLabel(value)
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
