"""The page before any image is open: how to begin, and what the user should know first."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.common.plain_text import PlainLabel

_WIDTH = 680


class FirstSteps(QWidget):
    """Shown while no image is open."""

    open_requested = Signal()
    sample_requested = Signal()
    folder_requested = Signal()
    initials_changed = Signal(str)

    def __init__(
        self, data_folder: Path, initials: str, parent: QWidget | None = None, *, is_first: bool = True
    ) -> None:
        """`is_first` is whether the program was never in use before: it then says what the user should know first."""
        super().__init__(parent)
        card = QFrame(self)
        card.setObjectName("card")
        card.setFixedWidth(_WIDTH)
        title = PlainLabel(self.tr("Drop a dermatoscope image here, paste, or open"), card)
        title.setObjectName("title")
        start = QPushButton(self.tr("Open image…"), card)
        start.setProperty("prominent", True)
        start.clicked.connect(self.open_requested)
        sample = QPushButton(self.tr("Try a drawn sample (not saved)"), card)
        sample.clicked.connect(self.sample_requested)
        folder = QPushButton(self.tr("Classify a folder…"), card)
        folder.clicked.connect(self.folder_requested)
        buttons = QHBoxLayout()
        for button in (start, sample, folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        known = QWidget(card)
        facts = QGridLayout(known)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setHorizontalSpacing(16)
        facts.setVerticalSpacing(8)
        facts.setColumnStretch(1, 1)
        lines = (
            (self.tr("Your data"), self.tr("stay in {folder}").format(folder=data_folder)),
            (self.tr("Network"), self.tr("none, unless you connect a DICOM archive or worklist")),
            (self.tr("Purpose"), self.tr("not a certified medical device; for research and teaching")),
            (self.tr("Licence"), self.tr("code Apache-2.0; the shipped model CC BY-NC 4.0, not for commercial use")),
        )
        for row, (subject, text) in enumerate(lines):
            label = PlainLabel(subject, card)
            label.setProperty("muted", True)
            value = PlainLabel(text, card)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            facts.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(value, row, 1)
        name = PlainLabel(self.tr("Your initials"), card)
        name.setProperty("muted", True)
        field = QLineEdit(initials, card)
        self._initials = field
        field.setMaxLength(8)
        field.setFixedWidth(110)
        field.setPlaceholderText(self.tr("e.g. MK"))
        field.setAccessibleName(self.tr("Your initials, kept with every entry"))
        field.textEdited.connect(self.initials_changed)
        beside = PlainLabel(self.tr("kept with every entry"), card)
        beside.setProperty("muted", True)
        row_of_initials = QHBoxLayout()
        row_of_initials.setSpacing(10)
        row_of_initials.addWidget(field)
        row_of_initials.addWidget(beside)
        row_of_initials.addStretch(1)
        facts.addWidget(name, len(lines), 0)
        facts.addLayout(row_of_initials, len(lines), 1)
        blind = PlainLabel(self.tr("Blind-first"), card)
        blind.setProperty("muted", True)
        self.blind_first = QCheckBox(self.tr("Ask for my diagnosis before showing the model's answer"), card)
        facts.addWidget(blind, len(lines) + 1, 0)
        facts.addWidget(self.blind_first, len(lines) + 1, 1)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 26, 28, 26)
        inside.setSpacing(18)
        inside.addWidget(title)
        inside.addLayout(buttons)
        inside.addWidget(known)
        known.setVisible(is_first)
        around = QGridLayout(self)
        around.addWidget(card, 1, 1)
        for edge in (0, 2):
            around.setRowStretch(edge, 1)
            around.setColumnStretch(edge, 1)

    def show_initials(self, initials: str) -> None:
        """Show initials that were entered elsewhere."""
        self._initials.setText(initials)
