"""The figures of an answer: the table of probabilities, or a text in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.late import Late
from desktop.widgets.common.plain_text import PlainLabel

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Judgement, RaisedFlag
    from desktop.core.inference.stability import Stability
    from desktop.widgets.answer import probability_table
    from desktop.widgets.answer.shown_answer import ProbabilityGroup
else:
    probability_table = Late("desktop.widgets.answer.probability_table")


class ProbabilityPanel(QStackedWidget):
    """Has the height of the table even if it shows a text; empty until the first model is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: probability_table.ProbabilityTable | None = None
        self._by_size = False
        self._words = PlainLabel(self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setProperty("muted", True)
        self.addWidget(self._words)

    @property
    def words(self) -> str:
        """The text in place of the figures, empty while they are shown."""
        return self._words.text() if self.currentWidget() is self._words else ""

    @property
    def groups(self) -> tuple[ProbabilityGroup, ...]:
        """The figures as shown, none while a text is in their place."""
        return () if self._table is None or self.currentWidget() is self._words else self._table.shown()

    def use_contract(self, contract: Contract) -> None:
        """Lay out a model's labels, empty until its first answer."""
        if self._table is not None:
            self.removeWidget(self._table)
            self._table.deleteLater()
        self._table = probability_table.ProbabilityTable(contract, self)
        self._table.order_by_size(self._by_size)
        self.addWidget(self._table)
        self.setCurrentWidget(self._table)

    def order_by_size(self, wanted: bool) -> None:
        """Sort each kind by probability, or keep the same order for every image."""
        self._by_size = wanted
        if self._table is not None:
            self._table.order_by_size(wanted)

    def show_nothing(self) -> None:
        """Show empty bars until the answer arrives."""
        self._words.clear()
        if self._table is not None:
            self._table.show_nothing()
            self.setCurrentWidget(self._table)

    def show_answer(
        self,
        shown: tuple[float, ...],
        own: tuple[float, ...],
        judgement: Judgement,
        raised: Sequence[RaisedFlag],
    ) -> None:
        """Show probabilities, marking the alerted label, or else the top label or group if it is certain; see the table."""
        if self._table is not None:
            self._table.show_answer(shown, own, judgement, raised)
            self.setCurrentWidget(self._table)

    def show_spreads(self, found: Stability) -> None:
        """Show on the bars how far the answer depends on how the image was taken."""
        if self._table is not None:
            self._table.show_spreads(found)

    def fold(self, words: str) -> None:
        """Show a text in place of the figures."""
        self._words.setText(words)
        self.setCurrentWidget(self._words)
