"""A few things to choose one of, or none, in one row of buttons."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.core.diagnoses import Term
from desktop.widgets.common.wording import translated


class ChoiceRow(QWidget):
    """Nothing is chosen until the user says so; what is chosen is taken back by choosing it again."""

    changed = Signal(str)

    def __init__(self, terms: Sequence[Term], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        self._buttons: dict[str, QToolButton] = {}
        for term in terms:
            button = QToolButton(self)
            button.setObjectName("choice")
            button.setText(translated(term.name))
            button.setToolTip(button.text())
            button.setAccessibleName(f"{name}: {translated(term.name)}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda checked, chosen=term.id: self._choose(chosen if checked else ""))
            row.addWidget(button)
            self._buttons[term.id] = button
        row.addStretch(1)

    def value(self) -> str:
        """Return the id of what is chosen; empty where nothing is."""
        return next((term for term, button in self._buttons.items() if button.isChecked()), "")

    def show_value(self, value: str) -> None:
        """Show what is chosen."""
        for term, button in self._buttons.items():
            button.setChecked(term == value)

    def step(self) -> None:
        """Choose the next, none after the last."""
        values = ["", *self._buttons]
        self._choose(values[(values.index(self.value()) + 1) % len(values)])

    def _choose(self, value: str) -> None:
        self.show_value(value)
        self.changed.emit(value)
