"""How the tables of the window look and are handled: whole rows with thumbnails, chosen by mouse or keys."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.widgets.thumbnails import SIDE, ThumbnailTable


class RowView(QTableView):
    """One table; `widths` are its columns', `stretched` is the column that takes the room that is left."""

    def __init__(
        self, table: ThumbnailTable, widths: tuple[int, ...], stretched: int, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setModel(table)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(SIDE + 8)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
