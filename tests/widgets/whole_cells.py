"""Whether the texts of a table that wraps can be read whole."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QTableView


def assert_whole(table: QTableView) -> None:
    """Check that every cell has room for its text, and that nothing must be scrolled sideways."""
    wrapped = int(Qt.TextFlag.TextWordWrap.value)
    for row in range(table.model().rowCount()):
        for column in range(table.model().columnCount()):
            index = table.model().index(row, column)
            text, cell = str(index.data()), table.visualRect(index).adjusted(11, 4, -11, -4)
            needed = table.fontMetrics().boundingRect(QRect(0, 0, cell.width(), 900), wrapped, text)
            assert needed.width() <= cell.width(), text
            assert needed.height() <= cell.height(), text
    assert table.horizontalScrollBar().maximum() == 0
