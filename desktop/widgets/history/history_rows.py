"""The history as a table: sorted by its header; columns can be hidden, moved and resized."""

from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.widgets.common.context_menu import context_menu
from desktop.widgets.common.row_view import RowView
from desktop.widgets.common.wording import translated
from desktop.widgets.history.history_table import (
    FILE,
    IMAGE,
    LABEL,
    MALIGNANT,
    MODEL,
    ORDERS,
    OUTCOME,
    PATIENT,
    PROBABILITY,
    REMARKS,
    TIME,
    HistoryTable,
)

_WIDTHS = (66, 147, 96, 152, 165, 112, 230, 134, 140, 150, 110)
"""Up to the outcome they fit a window of 1280 points with its preview."""
_LATER = (FILE, MALIGNANT)
"""The columns that begin behind the outcome, which says more than they do; the preview shows them too."""
_HIDDEN = (MODEL,)
"""The columns that are hidden by default; the preview shows them too."""


class HistoryRows(RowView):
    """One row per entry."""

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
        for column in _LATER:
            header.moveSection(header.visualIndex(column), header.visualIndex(OUTCOME))
        for column in _HIDDEN:
            self.setColumnHidden(column, True)
        self.sort_by(TIME, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        header.sortIndicatorChanged.connect(self._keep_sortable)

    def orders(self) -> list[tuple[str, int, Qt.SortOrder]]:
        """Return the sort orders for use without a header, by name, column and direction."""
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
        """Sort as a click on the header does."""
        self._sorted = (column, order)
        self.sortByColumn(column, order)

    def arrangement(self) -> str:
        """Return the layout and sort order of the columns as text for `restore`."""
        return str(self.horizontalHeader().saveState().toBase64().data(), "ascii")

    def restore(self, state: str) -> None:
        """Restore the layout of the columns; do nothing if it is unreadable."""
        header = self.horizontalHeader()
        header.restoreState(QByteArray.fromBase64(state.encode("ascii", "ignore")))
        if header.count() and all(header.isSectionHidden(column) for column in range(header.count())):
            header.showSection(IMAGE)
        self._keep_sortable(header.sortIndicatorSection(), header.sortIndicatorOrder())

    def _keep_sortable(self, column: int, order: Qt.SortOrder) -> None:
        """Put the sort arrow back if a column without a sort order was clicked."""
        if column in ORDERS:
            self._sorted = (column, order)
        else:
            self.horizontalHeader().setSortIndicator(*self._sorted)

    def _show_menu(self, place: QPoint) -> None:
        menu = context_menu(self)
        table = self.model()
        for column in range(IMAGE + 1, table.columnCount()):
            action = menu.addAction(translated(HistoryTable.COLUMNS[column]))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda shown, column=column: self.setColumnHidden(column, not shown))
        menu.popup(self.horizontalHeader().mapToGlobal(place))
