"""The rows of a batch as they are read: a table with its order, its search and its choice."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.core.inference.batch import FileAnswer
from desktop.widgets.batch_table import ANSWER_ROLE, IMAGE, REMARKS, STATE, BatchOrder, BatchTable, Urgency
from desktop.widgets.thumbnails import SIDE

_WIDTHS = (66, 110, 230, 200, 110, 140)


class BatchRows(QTableView):
    """Failed, flagged, abstained, rest, until the user sorts by another column."""

    opened = Signal(object)  # FileAnswer
    choice_changed = Signal()

    def __init__(self, table: BatchTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = BatchOrder(table, self)
        self.setModel(self._order)
        self.setSortingEnabled(True)
        self.sortByColumn(STATE, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Rows of the batch"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(SIDE + 8)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(_WIDTHS, IMAGE):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(REMARKS, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(lambda index: self.opened.emit(index.data(ANSWER_ROLE)))
        self.selectionModel().selectionChanged.connect(self.choice_changed)

    def narrow(self, text: str, state: Urgency | None) -> None:
        """Show only rows that hold every word of `text`, and only those of one state if it is given."""
        self._order.narrow(text, state)

    def chosen(self) -> list[FileAnswer]:
        """Return the chosen rows."""
        return [index.data(ANSWER_ROLE) for index in self.selectionModel().selectedRows()]
