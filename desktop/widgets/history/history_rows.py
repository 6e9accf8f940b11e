"""The history as a table: sorted by its header, whose columns can be hidden, moved and made wider."""

from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from desktop.widgets.common.row_view import RowView
from desktop.widgets.common.wording import translated
from desktop.widgets.history.history_table import (
    FILE,
    IMAGE,
    LABEL,
    MALIGNANT,
    MODEL,
    ORDERS,
    PATIENT,
    PROBABILITY,
    REMARKS,
    TIME,
    HistoryTable,
)

_WIDTHS = (72, 156, 104, 152, 200, 114, 150, 120, 120, 150, 110)
_HIDDEN = (MODEL,)
"""The column that is not shown until the user wants it: the preview has it too."""


class HistoryRows(RowView):
    """One row an entry."""

    def __init__(self, table: HistoryTable, parent: QWidget | None = None) -> None:
        super().__init__(table, _WIDTHS, REMARKS, "", parent)
        self.setAccessibleName(self.tr("Entries of the history"))
        header = self.horizontalHeader()
        header.setSectionResizeMode(REMARKS, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(60)
        header.setToolTip(self.tr("Press to sort; right click to choose the columns"))
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)
        for column in _HIDDEN:
            self.setColumnHidden(column, True)
        self.sort_by(TIME, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        header.sortIndicatorChanged.connect(self._keep_sortable)

    def orders(self) -> list[tuple[str, int, Qt.SortOrder]]:
        """Return the orders that make sense without a header: what they are called, their column and direction."""
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        return [
            (self.tr("Newest first"), TIME, down),
            (self.tr("Oldest first"), TIME, up),
            (self.tr("By patient"), PATIENT, up),
            (self.tr("By file"), FILE, up),
            (self.tr("By label"), LABEL, up),
            (self.tr("Highest probability first"), PROBABILITY, down),
            (self.tr("Highest malignant sum first"), MALIGNANT, down),
        ]

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        """Sort as a press on the header does."""
        self._sorted = (column, order)
        self.sortByColumn(column, order)

    def arrangement(self) -> str:
        """Return how the columns are arranged and what is sorted by as text that `restore` takes."""
        return str(self.horizontalHeader().saveState().toBase64().data(), "ascii")

    def restore(self, state: str) -> None:
        """Arrange the columns as they were; nothing happens where that cannot be read."""
        header = self.horizontalHeader()
        header.restoreState(QByteArray.fromBase64(state.encode("ascii", "ignore")))
        if header.count() and all(header.isSectionHidden(column) for column in range(header.count())):
            header.showSection(IMAGE)
        self._keep_sortable(header.sortIndicatorSection(), header.sortIndicatorOrder())

    def _keep_sortable(self, column: int, order: Qt.SortOrder) -> None:
        """Leave the arrow where it was, if a column was pressed by which nothing can be sorted."""
        if column in ORDERS:
            self._sorted = (column, order)
        else:
            self.horizontalHeader().setSortIndicator(*self._sorted)

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        table = self.model()
        for column in range(IMAGE + 1, table.columnCount()):
            action = menu.addAction(translated(HistoryTable.COLUMNS[column]))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda shown, column=column: self.setColumnHidden(column, not shown))
        menu.popup(self.horizontalHeader().mapToGlobal(place))
