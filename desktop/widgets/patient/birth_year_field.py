"""The field for the year of a birth, which may stay empty."""

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.core.errors import UsageError
from desktop.core.marking import tr
from desktop.core.patient_context import OLDEST, plausible_birth_year

_DIGITS = 4
_WIDTH = 64


class BirthYearField(QLineEdit):
    """Takes four digits; anything else is refused when it is read, so that a slip is not lost unseen."""

    def __init__(self, this_year: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._this_year = this_year
        self.setMaxLength(_DIGITS)
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(self.tr("Birth year"))
        self.setToolTip(self.tr("Four digits; empty if it is not known"))

    @property
    def year(self) -> int | None:
        """The year; None where the field is empty.

        Raises:
            UsageError: the text is not a birth year.
        """
        text = self.text().strip()
        year = self.plausible
        if text and year is None:
            raise UsageError(
                tr("“{text}” is not a birth year. Enter a year from {first} to {last}, or leave the field empty."),
                text=text,
                first=self._this_year - OLDEST,
                last=self._this_year,
            )
        return year

    @property
    def plausible(self) -> int | None:
        """The year if a plausible one stands there; else None."""
        text = self.text().strip()
        is_year = len(text) == _DIGITS and text.isascii() and text.isdecimal()
        return plausible_birth_year(int(text) if is_year else None, self._this_year)
