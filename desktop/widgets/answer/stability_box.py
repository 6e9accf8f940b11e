"""Shows on request how far the answer depends on how the image was taken: mean and range of each label over sixteen views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import alone_text, in_order, label_name, leading_name, percent, translated

if TYPE_CHECKING:
    from desktop.core.inference import stability as steadiness
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.stability import Spread, Stability
    from desktop.widgets.answer import alert_words
else:
    alert_words = Late("desktop.widgets.answer.alert_words")
    steadiness = Late("desktop.core.inference.stability")

_WORTH_A_LINE = 0.01
"""Labels below this probability in every view share one line."""


class StabilityBox(QFrame):
    """A button, with the result below it."""

    requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = QPushButton(self.tr("Stability"), self)
        self._button.setToolTip(self.tr("Classify the image flipped, turned and moved a little, 16 times"))
        self._button.setAccessibleDescription(self._button.toolTip())
        self._button.clicked.connect(self.requested)
        self._state = PlainLabel(self)
        self._state.setWordWrap(True)
        self._state.setProperty("muted", True)
        self._state.setProperty("small", True)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._button)
        top.addWidget(self._state, 1)
        self._lines = QWidget(self)
        self._grid = QGridLayout(self._lines)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self._lines)
        self.clear(can_ask=False)

    def clear(self, *, can_ask: bool) -> None:
        """Clear the result; the button is enabled if there is an answer."""
        self._button.setEnabled(can_ask)
        self._state.setText(self.tr("how far the answer depends on how the image was taken"))
        self._empty()

    def show_running(self) -> None:
        """Show that the views are being classified."""
        self._button.setEnabled(False)
        self._state.setText(self.tr("{count} views of the image are being answered…").format(count=steadiness.VIEWS))

    def show_error(self, text: str) -> None:
        """Show why there is no result; the user can try again."""
        self._button.setEnabled(True)
        self._state.setText(text)

    def show_stability(self, found: Stability, contract: Contract, *, is_region: bool) -> None:
        """Show the mean and the range of every label, and whether the flags hold: of the image alone, or of a region."""
        self._button.setEnabled(False)
        self._empty()
        self._state.setText(
            self.tr("{whose}: mean and range over {count} views; a steady answer may be wrong all the same").format(
                whose=alone_text(is_region=is_region), count=steadiness.VIEWS
            )
        )
        for hold in found.flags:
            self._add(
                alert_words.name_of(hold.flag),
                self.tr("raised in {k} of {n}").format(k=hold.raised, n=steadiness.VIEWS),
            )
        for labels, led in found.leads:
            self._add(
                self.tr("Highest: {name}").format(name=leading_name(contract, labels)),
                self.tr("in {k} of {n}").format(k=led, n=steadiness.VIEWS),
            )
        spreads = {label.id: found.spread_of((label.id,)) for label in in_order(contract.labels)}
        shown = {label: spread for label, spread in spreads.items() if spread.high >= _WORTH_A_LINE}
        for label, spread in shown.items():
            self._add(label_name(contract, label), self._range(spread))
        for one in contract.groups:
            together = found.spread_of(one.labels)
            if together.high >= _WORTH_A_LINE:
                self._add(self.tr("{name}, sum").format(name=translated(one.name)), self._range(together))
        if len(shown) < len(spreads):
            self._add(self.tr("Each other label"), self.tr("{mean} in every view").format(mean=percent(0)))
        self._lines.show()

    def _range(self, spread: Spread) -> str:
        if percent(spread.low) == percent(spread.high):
            return self.tr("{mean} in every view").format(mean=percent(spread.mean))
        return self.tr("{mean} ({low} to {high})").format(
            mean=percent(spread.mean), low=percent(spread.low), high=percent(spread.high)
        )

    def _add(self, name: str, text: str) -> None:
        line = self._grid.rowCount()
        for column, words in enumerate((name, text)):
            label = PlainLabel(words, self._lines)
            label.setProperty("small", True)
            if column:
                label.setAlignment(Qt.AlignmentFlag.AlignRight)
                label.setAccessibleName(f"{name}: {text}")
            self._grid.addWidget(label, line, column)

    def _empty(self) -> None:
        self._lines.hide()
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
