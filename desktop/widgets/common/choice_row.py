"""A row of buttons of which at most one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.core.diagnoses import Term
from desktop.widgets.common.wording import translated


class ChoiceRow(QWidget):
    """Nothing is chosen at first; choosing the same button again clears the choice."""

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
        self.setFocusProxy(next(iter(self._buttons.values())))

    def value(self) -> str:
        """Return the id of the choice, empty if there is none."""
        return next((term for term, button in self._buttons.items() if button.isChecked()), "")

    def show_value(self, value: str) -> None:
        """Show a choice."""
        for term, button in self._buttons.items():
            button.setChecked(term == value)

    def step(self) -> None:
        """Choose the next button, or none after the last."""
        values = ["", *self._buttons]
        self._choose(values[(values.index(self.value()) + 1) % len(values)])

    def _choose(self, value: str) -> None:
        self.show_value(value)
        self.changed.emit(value)
