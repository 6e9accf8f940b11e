"""A framed part of a page under a heading."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout


class Card(QFrame):
    """Holds what is added to its `column`."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(10)
        heading = QLabel(title, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        self.column.addWidget(heading)

    def add_note(self, text: str) -> None:
        """Add a small remark."""
        note = QLabel(text, self)
        note.setWordWrap(True)
        note.setProperty("muted", True)
        note.setProperty("small", True)
        self.column.addWidget(note)
