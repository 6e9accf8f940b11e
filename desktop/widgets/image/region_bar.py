"""The regions as buttons: which one the answer is for, and a button to remove it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.widgets.common.icons import labelled
from desktop.widgets.common.plain_text import PlainLabel


class RegionBar(QFrame):
    """Hidden while there are no regions and none is being drawn."""

    chosen = Signal(object)
    """The index of a region, None for the whole image."""
    remove_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[QToolButton] = []
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        title = PlainLabel(self.tr("Answer for"), self)
        title.setProperty("muted", True)
        self._row.addWidget(title)
        self.remove = labelled("bin", self.tr("Remove region"), self)
        self.remove.setToolTip(self.tr("Remove the chosen region; it can be undone (Del)"))
        self.remove.clicked.connect(self.remove_requested)
        self._hint = PlainLabel(
            self.tr(
                "Draw a square around one lesion. By keys: arrows move the square, + and − size it, Enter classifies, "
                "Esc ends."
            ),
            self,
        )
        self._hint.setWordWrap(True)
        self._hint.setProperty("muted", True)
        self._hint.setProperty("small", True)
        self._places = QWidget(self)
        inside = QHBoxLayout(self._places)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._row)
        inside.addStretch(1)
        inside.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 6)
        column.setSpacing(4)
        column.addWidget(self._places)
        column.addWidget(self._hint)
        self.hide()

    def show_regions(self, count: int, chosen: int | None, *, is_drawing: bool) -> None:
        """Show a button for the whole image and one for each of `count` regions."""
        for button in self._buttons:
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for index in (None, *range(count)):
            text = self.tr("Whole image") if index is None else self.tr("Region {number}").format(number=index + 1)
            button = QToolButton(self)
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(index == chosen)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.clicked.connect(lambda _checked, one=index: self.chosen.emit(one))
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons.append(button)
        self._places.setVisible(count > 0)
        self.remove.setVisible(chosen is not None)
        self._hint.setVisible(is_drawing)
        self.setVisible(is_drawing or count > 0)
