"""A field for a number: a point and a comma are both the decimal separator, and a text out of range stays and is marked."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QShowEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

_MARGIN = 7
"""Points beside the text, as in other fields."""


def read_number(text: str, least: float, most: float, decimals: int) -> float | None:
    """Return the number that a text means in every locale, or None if it is no number in range.

    A point or a comma is always the decimal separator: "1,200" with two decimals is refused and never means 1200.
    """
    pattern = rf"[0-9]+(?:[.,][0-9]{{0,{decimals}}})?|[.,][0-9]{{1,{decimals}}}" if decimals else r"[0-9]+"
    typed = text.strip()
    if not re.fullmatch(pattern, typed):
        return None
    number = float(typed.replace(",", "."))
    return number if least <= number <= most else None


class NumberField(QDoubleSpinBox):
    """Keeps a text that it refuses, where `QDoubleSpinBox` restores the previous value on losing focus, hiding and showing.

    While `hasAcceptableInput` is false, `value` is that of the last text that was accepted: do not store it.
    """

    input_changed = Signal()
    """The text has changed, whether or not it is accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("refused", False)
        self.lineEdit().setTextMargins(_MARGIN, 0, _MARGIN, 0)  # Qt takes no padding of a style sheet for it
        self.lineEdit().textChanged.connect(self._mark)

    def refusal(self) -> str:
        """Return why the text is refused, in one sentence; empty if it is accepted."""
        if self.hasAcceptableInput():
            return ""
        least, most, step = (
            QLocale().toString(value, "g", 7) for value in (self.minimum(), self.maximum(), 10.0 ** -self.decimals())
        )
        text = self.tr("Enter a number from {least} to {most}, in steps of {step}.")
        return text.format(least=least, most=most, step=step)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling over a field must not alter it, see `calm_inputs`

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state = QValidator.State.Intermediate if self._read(text) is None else QValidator.State.Acceptable
        return state, text, position

    def valueFromText(self, text: str) -> float:
        number = self._read(text)
        return self.value() if number is None else number

    def stepBy(self, steps: int) -> None:
        if self.hasAcceptableInput():
            super().stepBy(steps)
            self._mark()

    def setValue(self, value: float) -> None:
        super().setValue(value)
        self._mark()  # the line edit sends no signal for a text that Qt has set

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not self.hasAcceptableInput():
            event.accept()
            return
        if event.text() and self.text() == self.specialValueText():
            self.lineEdit().selectAll()  # words such as "not given" are replaced, not edited
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.hasAcceptableInput():
            self.interpretText()  # shows the number as the locale writes it
            super().focusOutEvent(event)
        else:
            self.lineEdit().event(event)
            QWidget.focusOutEvent(self, event)

    def hideEvent(self, event: QHideEvent) -> None:
        if self.hasAcceptableInput():
            super().hideEvent(event)
        else:
            QWidget.hideEvent(self, event)

    def showEvent(self, event: QShowEvent) -> None:
        if self.hasAcceptableInput():
            super().showEvent(event)
        else:
            QWidget.showEvent(self, event)

    def _read(self, text: str) -> float | None:
        if self.specialValueText() and text == self.specialValueText():
            return self.minimum()
        typed, unit = text.strip(), self.suffix().strip()
        while unit and typed.endswith(unit):  # a pasted number may bring its unit
            typed = typed.removesuffix(unit).rstrip()
        if not typed and self.specialValueText():
            return self.minimum()
        return read_number(typed, self.minimum(), self.maximum(), self.decimals())

    def _mark(self) -> None:
        is_refused = not self.hasAcceptableInput()
        if self.property("refused") != is_refused:
            self.setProperty("refused", is_refused)
            self.style().polish(self)
        self.input_changed.emit()
