"""Asks what a model is to be tried on, and which model."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialogButtonBox, QPushButton, QRadioButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import Sheet

T = TypeVar("T")

_WIDTH = 600
_MARGIN = 16


class Material(Enum):
    """What a model is tried on."""

    FOLDER = "folder"
    TABLE = "table"
    HISTORY = "history"


class TrySheet(Sheet):
    """Emits `chosen` with a `Material`, and whether another model file is to be tried than the one in use."""

    chosen = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 14)
        layout.setSpacing(10)
        title = PlainLabel(self.tr("Try on own images"), self)
        title.setObjectName("heading")
        layout.addWidget(title)
        text = PlainLabel(
            self.tr(
                "Counts what a model is worth on lesions whose diagnosis you know: one vote a lesion, each picture once. "
                "Images that the model learned from are recognised and do not count. Nothing is saved in the history."
            ),
            self,
        )
        text.setWordWrap(True)
        layout.addWidget(text)
        self.materials = self._choice(
            layout,
            self.tr("On what?"),
            {
                Material.FOLDER: self.tr("A &folder with a folder for each diagnosis"),
                Material.TABLE: self.tr("A &table (CSV) with the columns path and label"),
                Material.HISTORY: self.tr("The lesions of this &history that have a histology"),
            },
        )
        self.models = self._choice(
            layout,
            self.tr("Which model?"),
            {False: self.tr("The one in &use"), True: self.tr("&Another file")},
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.start = QPushButton(self.tr("&Choose and start"), self)
        self.start.setProperty("prominent", True)
        self.start.setDefault(True)
        buttons.addButton(self.start, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.setFocusProxy(self.materials[Material.FOLDER])
        self.resize(_WIDTH, self.sizeHint().height())

    def _choice(self, layout: QVBoxLayout, question: str, texts: Mapping[T, str]) -> dict[T, QRadioButton]:
        asked = PlainLabel(question, self)
        asked.setProperty("strong", True)
        layout.addWidget(asked)
        group = QButtonGroup(self)
        buttons = {}
        for value, text in texts.items():
            button = buttons[value] = QRadioButton(text, self)
            group.addButton(button)
            layout.addWidget(button)
        next(iter(buttons.values())).setChecked(True)
        return buttons

    def _choose(self) -> None:
        material = next(one for one, button in self.materials.items() if button.isChecked())
        self.accept()
        self.chosen.emit(material, self.models[True].isChecked())
