"""The head of the history: the number of entries, how they are shown, and actions for the selected ones."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.icons import icon, labelled, with_room
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import numbered

TABLE, GRID = "table", "grid"

_MANY = 99
"""How many chosen entries the button that saves them has room for before it grows."""


class HistoryHead(QWidget):
    """Contains the controls, which the page connects."""

    def __init__(self, orders: list[tuple[str, int, Qt.SortOrder]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = PlainLabel(self.tr("History"), self)
        title.setObjectName("title")
        self.count = PlainLabel(self)
        self.count.setProperty("muted", True)
        self.sorting = ChoiceBox(self)
        self.sorting.setAccessibleName(self.tr("Order"))
        for text, column, order in orders:
            self.sorting.addItem(text, (column, order))
        self.looks = {
            TABLE: self._tool("rows", self.tr("As a table")),
            GRID: self._tool("grid", self.tr("As pictures")),
        }
        group = QButtonGroup(self)
        for button in self.looks.values():
            group.addButton(button)
        self.preview = self._tool("preview", self.tr("The chosen entry at the side"))
        self.open = labelled("open", self.tr("Open"), self)
        self.bin = labelled("bin", self.tr("To the bin"), self)
        self.restore = labelled("restore", self.tr("Restore"), self)
        self.export = labelled("export", self.tr("Save table…"), self)
        self.export.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(title)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(self.sorting)
        for tool in (*self.looks.values(), self.preview):
            row.addWidget(tool)
        row.addSpacing(10)
        for push in (self.open, self.bin, self.restore, self.export):
            row.addWidget(push)

    def show_export(self, chosen: int) -> None:
        """Name how many entries are saved; the button has the width of its longest text, so that nothing moves."""
        one, many = self.tr("Save the chosen one…"), self.tr("Save the {count} chosen…")
        texts = [self.tr("Save table…"), one, many.format(count=max(chosen, _MANY))]
        widths = []
        for text in texts:
            self.export.setText(with_room(text))
            widths.append(self.export.sizeHint().width())
        self.export.setMinimumWidth(max(widths))
        self.export.setText(with_room(numbered(chosen, one, many) if chosen else texts[0]))

    def _tool(self, picture: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(picture))
        button.setIconSize(QSize(20, 20))
        button.setCheckable(True)
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button
