"""The sizes of the lesion in the two images that are compared, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.core.inference.lesion_size import ComparedSizes, SizeObstacle
from desktop.widgets.common import size_words
from desktop.widgets.common.plain_text import PlainLabel

_SPACES = 14
"""What stands between the lines of the panel and around them, in points."""


class SizePanel(QFrame):
    """Hidden while there are no two images."""

    outlines_toggled = Signal()
    """The outlines by which the sizes were measured are to be shown, or hidden: see `shows_outlines`."""
    correct_toggled = Signal(bool)
    """The outlines are to be corrected by hand, or no longer."""
    scale_requested = Signal()
    """The scale of an image is to be set, or no longer."""
    reset_requested = Signal()
    """The outlines that the model draws are to count again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = PlainLabel(self.tr("Size").upper(), self)
        heading.setObjectName("kind")
        self._are_outlines_wanted = False
        self.outlines = self._make_button(self.tr("Outlines"), "")
        self.outlines.setCheckable(True)
        self.outlines.clicked.connect(self.want_outlines)
        self.correct = self._make_button(
            self.tr("Correct"), self.tr("Pull an outline with the mouse to where it belongs")
        )
        self.correct.setCheckable(True)
        self.correct.toggled.connect(self.correct_toggled)
        self.scale = self._make_button(
            self.tr("Ruler"), self.tr("Set the scale of an image by a line of known length, or a device's (L)")
        )
        self.scale.clicked.connect(self.scale_requested)
        self.reset = self._make_button(self.tr("Model's"), self.tr("Take the outlines that the model draws again"))
        self.reset.clicked.connect(self.reset_requested)
        self.area = PlainLabel(self)
        self.area.setProperty("strong", True)
        self.largest = PlainLabel(self)
        self.remark = PlainLabel(self)
        self.remark.setWordWrap(True)
        self.remark.setProperty("muted", True)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        for button in (self.scale, self.reset, self.correct, self.outlines):
            head.addWidget(button)
        self._values = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._values.addWidget(self.area)
        self._values.addWidget(self.largest, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 6, 4)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(self._values)
        column.addWidget(self.remark)
        column.addStretch(1)
        self.be_wide(False)
        self.offer_outlines("")
        self.hide()

    @property
    def shows_outlines(self) -> bool:
        """Whether the outlines are wanted, and can be shown now."""
        return self.outlines.isChecked()

    def want_outlines(self, wanted: bool) -> None:
        """Want the outlines from now on, or want none."""
        self._are_outlines_wanted = wanted
        self.outlines.setChecked(wanted and self.outlines.isEnabled())
        self.outlines_toggled.emit()

    def offer_outlines(self, reason: str) -> None:
        """Offer to show the outlines; with a `reason` why they cannot be shown now, they are off until they can be again."""
        self.outlines.setEnabled(not reason)
        self.outlines.setChecked(self._are_outlines_wanted and not reason)
        self.outlines.setToolTip(reason or self.tr("Show the outlines by which the sizes were measured (O)"))
        self.correct.setVisible(self.shows_outlines)

    def be_wide(self, wanted: bool) -> None:
        """Put both sizes into one line, or into two."""
        way = QBoxLayout.Direction
        self._values.setDirection(way.LeftToRight if wanted else way.TopToBottom)
        self._values.setSpacing(18 if wanted else 2)

    def height_of_most(self) -> int:
        """Return the height of a wide panel with both sizes and a remark of two lines."""
        self.ensurePolished()
        return self.outlines.sizeHint().height() + 3 * self.fontMetrics().lineSpacing() + _SPACES

    def show_sizes(
        self, found: ComparedSizes | SizeObstacle | None, names: Sequence[str], *, is_corrected: bool
    ) -> None:
        """Show the sizes in two images with these names, why there are none, or (None) that they are being measured.

        `is_corrected` is whether one of the outlines was corrected by hand.
        """
        remark = self.tr("Measuring…")
        if isinstance(found, ComparedSizes):
            self.area.setText(size_words.area_text(found))
            self.largest.setText(size_words.largest_text(found))
            remark = size_words.remark_on(found, names)
        elif found is not None:
            remark = size_words.reason_text(found)
        for label in (self.area, self.largest):
            label.setVisible(isinstance(found, ComparedSizes))
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self.reset.setVisible(is_corrected)
        self.show()

    def _make_button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("choice")
        button.setText(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
