"""The corner of the menu bar: blind-first, and the model in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from desktop.core.errors import AppError
from desktop.session.model_choice import ModelChoice
from desktop.widgets.common.plain_text import for_key, for_tip
from desktop.widgets.common.wording import sentence

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier

_ROOM = 250
"""Width in points for any model's name: a menu bar does not update the width of its corner."""
_SIDES = 12
"""Margins of the name, included in this width."""


class MenuCorner(QWidget):
    """Visible on every workspace."""

    model_requested = Signal()
    """The user wants to see the model's card."""

    def __init__(self, model: ModelChoice, parent: QWidget) -> None:
        super().__init__(parent)
        self.blind_first = QCheckBox(self.tr("Blind-first"), self)
        self.blind_first.setObjectName("blindFirst")
        self.blind_first.setToolTip(self.tr("Your diagnosis is asked for before the model's answer is shown"))
        self.model = QPushButton(self)
        self.model.setObjectName("modelName")
        self.model.setProperty("plain", True)
        self.model.setFixedWidth(_ROOM)
        self.model.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.model.clicked.connect(self.model_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 8, 0)
        row.setSpacing(4)
        row.addWidget(self.blind_first)
        row.addWidget(self.model)
        model.loaded.connect(self._show_model)
        model.load_failed.connect(self._show_failure)
        self._name(self.tr("Model is being loaded"), "")

    def _show_model(self, classifier: Classifier) -> None:
        name = self.tr("Model {name}").format(name=classifier.contract.name)
        self._name(name, self.tr("{name} answers: press for its card").format(name=name))

    def _show_failure(self, error: AppError) -> None:
        self._name(self.tr("No model"), sentence(error))

    def _name(self, text: str, tip: str) -> None:
        shown = self.model.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _ROOM - _SIDES)
        self.model.setText(for_key(shown))
        self.model.setToolTip(for_tip(tip))
        self.model.setAccessibleName(text)
