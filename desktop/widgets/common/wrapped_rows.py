"""Fits the columns and rows of a table to its texts, which wrap: none is cut off where the window is narrow."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QHeaderView, QTableView

_EDGES = 26
"""Width in pixels of a cell beside its text."""
_ROW = 34
"""Height in pixels of a row with one line."""
_TALL = 16_000
"""Pixels: more than any text is high."""


class WrappedRows(QObject):
    """A part of a table, which tells it when it has other rows. Each text is measured once: there may be thousands of rows."""

    def __init__(self, table: QTableView, rest: int, widest: Mapping[int, float]) -> None:
        """Wrap the texts of `table`, which has its model.

        `rest` is the column that takes the room that the others leave. These are as wide as their texts, but at most the part
        of the table's width in `widest`, from which on a text wraps; and narrower where `rest` has no room for a word of its.
        """
        super().__init__(table)
        self._table = table
        self._rest = rest
        self._widest = widest
        self._rows: list[list[str]] = []
        """The texts of each row."""
        self._advances: dict[str, int] = {}
        """The width in pixels of each text on one line."""
        self._longest: dict[int, int] = {}
        """The width in pixels that the longest word of a column needs, where that was asked."""
        table.setWordWrap(True)
        rows = table.verticalHeader()
        rows.setDefaultSectionSize(_ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setSectionResizeMode(rest, QHeaderView.ResizeMode.Stretch)
        table.installEventFilter(self)
        table.viewport().installEventFilter(self)

    def measure(self) -> None:
        """Measure all rows, and fit columns and rows to them."""
        self._rows, self._advances = [], {}
        self._read_rows()
        self._fit()

    def measure_new(self) -> None:
        """Measure the rows that were added, in columns as wide as they are: the others must not move."""
        before = len(self._rows)
        self._read_rows()
        self._fit_heights(list(map(self._table.columnWidth, self._columns())), first=before)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._table and event.type() == QEvent.Type.Resize:
            self._fit()
        # The style sheet sets the table's font when that is first shown, after the rows.
        elif watched is self._table and event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.measure()
        return super().eventFilter(watched, event)

    def _columns(self) -> range:
        return range(self._table.model().columnCount())

    def _read_rows(self) -> None:
        model = self._table.model()
        for row in range(len(self._rows), model.rowCount()):
            self._rows.append([str(model.index(row, column).data() or "") for column in self._columns()])
        self._longest = {}
        texts = {text for row in self._rows for text in row} - self._advances.keys()
        self._advances |= {text: self._table.fontMetrics().horizontalAdvance(text) for text in texts}

    def _fit(self) -> None:
        """Give each column the width of its texts, and each row the lines that its longest text needs there."""
        header, width = self._table.horizontalHeader(), self._table.viewport().width()
        widths = []
        for column in self._columns():
            widest = max((self._advances[texts[column]] for texts in self._rows), default=0) + _EDGES
            widths.append(max(min(widest, round(width * self._widest.get(column, 1))), header.sectionSizeHint(column)))
        widths[self._rest] = width - sum(widths) + widths[self._rest]
        self._make_room(widths)
        for column, wide in enumerate(widths):
            if column != self._rest:  # that takes the rest
                self._table.setColumnWidth(column, wide)
        self._fit_heights(widths, first=0)

    def _make_room(self, widths: list[int]) -> None:
        """Take from the other columns, the widest first, what the rest lacks for a word, as far as their own words allow."""
        for column in sorted(self._columns(), key=lambda column: -widths[column]):
            lacks = self._least(self._rest) - widths[self._rest]
            if column != self._rest and lacks > 0:
                given = max(min(lacks, widths[column] - self._least(column)), 0)
                widths[column] -= given
                widths[self._rest] += given

    def _least(self, column: int) -> int:
        """Return the width that a column needs for its longest word, and for its heading."""
        if column not in self._longest:
            words = {word for texts in self._rows for word in texts[column].split()}
            self._longest[column] = max(map(self._table.fontMetrics().horizontalAdvance, words), default=0) + _EDGES
        return max(self._longest[column], self._table.horizontalHeader().sectionSizeHint(column))

    def _fit_heights(self, widths: list[int], first: int) -> None:
        for row, texts in enumerate(self._rows[first:], first):
            height = _ROW + max(self._more(text, wide - _EDGES) for text, wide in zip(texts, widths, strict=True))
            if height != self._table.rowHeight(row):
                self._table.setRowHeight(row, height)

    def _more(self, text: str, width: int) -> int:
        """Return the height in pixels of a text's lines after the first in a column of this width."""
        if self._advances[text] <= width:
            return 0
        metrics, wrapped = self._table.fontMetrics(), int(Qt.TextFlag.TextWordWrap.value)
        height = metrics.boundingRect(QRect(0, 0, width, _TALL), wrapped, text).height()
        return max(height - metrics.height(), 0)
