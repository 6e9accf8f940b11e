"""The sizes of the lesion in the two images that are compared, or why there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.core.inference.lesion_size import ComparedSizes, SizeObstacle
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.follow_up import size_words


class SizePanel(QFrame):
    """Hidden while there are no two images."""

    outlines_toggled = Signal(bool)
    """The outlines by which the sizes were measured are to be shown, or hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = PlainLabel(self.tr("Size").upper(), self)
        heading.setObjectName("kind")
        self.outlines = QToolButton(self)
        self.outlines.setObjectName("choice")
        self.outlines.setText(self.tr("Outlines"))
        self.outlines.setToolTip(self.tr("Show the outlines by which the sizes were measured (O)"))
        self.outlines.setCheckable(True)
        self.outlines.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.outlines.toggled.connect(self.outlines_toggled)
        self.area = PlainLabel(self)
        self.area.setProperty("strong", True)
        self.largest = PlainLabel(self)
        self.remark = PlainLabel(self)
        self.remark.setWordWrap(True)
        self.remark.setProperty("muted", True)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        head.addWidget(self.outlines)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 6, 4)
        column.setSpacing(2)
        column.addLayout(head)
        for label in (self.area, self.largest, self.remark):
            column.addWidget(label)
        self.hide()

    def show_sizes(self, found: ComparedSizes | SizeObstacle | None, *, has_outlines: bool) -> None:
        """Show the sizes, why there are none, or (None) that they are being measured."""
        remark = self.tr("Measuring…")
        if isinstance(found, ComparedSizes):
            self.area.setText(size_words.area_text(found))
            self.largest.setText(size_words.largest_text(found))
            remark = size_words.remark_on(found)
        elif found is not None:
            remark = size_words.obstacle_text(found)
        for label in (self.area, self.largest):
            label.setVisible(isinstance(found, ComparedSizes))
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self.outlines.setEnabled(has_outlines)
        self.show()
