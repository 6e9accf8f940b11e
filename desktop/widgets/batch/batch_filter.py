"""The filter of a batch: words, state with counts, and rows or summary."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop.widgets.batch.batch_rows import URGENCY_WORDS, Urgency
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import translated

_PAUSE = 120
"""Milliseconds between the last key and the search."""


class BatchFilter(QWidget):
    """The counts are of all rows, and are never cut off: the search field shrinks instead."""

    changed = Signal(str, object)
    """The search text, and the wanted Urgency or None."""
    summary_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search"))  # the rest has no room in the smallest window
        self._search.setToolTip(self.tr("Search file, label, remark"))
        self._search.setAccessibleName(self._search.toolTip())
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(130)
        self._search.setMaximumWidth(320)
        self._states = ChoiceBox(self)
        self._states.setAccessibleName(self.tr("State"))
        self._states.addItem(self.tr("All states"), None)
        for state, word in URGENCY_WORDS.items():
            self._states.addItem(translated(word), state)
        self._states.currentIndexChanged.connect(self._tell)
        self._counts = PlainLabel(self)
        self._look = ChoiceBox(self)
        self._look.setAccessibleName(self.tr("Rows or summary"))
        self._look.addItem(self.tr("Rows"), False)
        self._look.addItem(self.tr("Summary"), True)
        self._look.currentIndexChanged.connect(lambda: self.summary_wanted.emit(self._look.currentData()))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._tell)
        self._search.textChanged.connect(self._pause.start)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._search, 1)
        row.addWidget(self._states)
        row.addWidget(self._counts)
        row.addStretch(1)
        row.addWidget(self._look)

    def show_counts(self, counts: Mapping[Urgency, int]) -> None:
        """Show how many rows have each state."""
        words = (
            f"{counts[state]} {translated(word)}"
            for state, word in URGENCY_WORDS.items()
            if counts[state] or state is not Urgency.CONCEALED
        )
        self._counts.setText(" · ".join(words))

    def want_summary(self, wanted: bool) -> None:
        """Show the summary of the run, or its rows."""
        self._look.setCurrentIndex(self._look.findData(wanted))

    def _tell(self) -> None:
        self.changed.emit(self._search.text(), self._states.currentData())
