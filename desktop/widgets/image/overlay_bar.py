"""The controls of the overlay: its label, its opacity, a legend and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import in_order, label_name
from desktop.widgets.image.overlay_item import HUE

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract


class _Legend(QWidget):
    """The legend, from no tint to full tint on neutral grey."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(84, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ramp = QtGui.QLinearGradient(0, 0, self.width(), 0)
        ramp.setColorAt(0, QColor(HUE.red(), HUE.green(), HUE.blue(), 0))
        ramp.setColorAt(1, HUE)
        painter.setPen(self.palette().placeholderText().color())
        painter.setBrush(ramp)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


class OverlayBar(QFrame):
    """Hidden while there is no overlay; shows progress while a map is being computed."""

    label_chosen = Signal(int)
    """The index of a label in the contract."""
    opacity_changed = Signal(int)  # per cent
    cancelled = Signal()

    def __init__(self, opacity: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = ChoiceBox(self)
        self.labels.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.labels.setMinimumContentsLength(14)
        self.labels.setAccessibleName(self.tr("Label of the overlay"))
        self.labels.activated.connect(lambda _row: self.label_chosen.emit(self.labels.currentData()))
        self.opacity = QSlider(Qt.Orientation.Horizontal, self)
        self.opacity.setRange(15, 90)
        self.opacity.setValue(opacity)
        self.opacity.setFixedWidth(84)
        self.opacity.setAccessibleName(self.tr("Opacity of the overlay"))
        self.opacity.setToolTip(self.opacity.accessibleName())
        self.opacity.valueChanged.connect(self.opacity_changed)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.clicked.connect(self.cancelled)
        self._less = PlainLabel(self.tr("less"), self)
        self._more = PlainLabel(self.tr("speaks for it"), self)
        self._legend = _Legend(self)
        self.text = PlainLabel(self)
        self.text.setWordWrap(True)
        self.text.setProperty("muted", True)
        self.text.setProperty("small", True)
        row = QHBoxLayout()
        row.setSpacing(8)
        meaning: tuple[QWidget, ...] = (self.labels, self._less, self._legend, self._more, self.progress, self.cancel)
        handling: tuple[QWidget, ...] = (PlainLabel(self.tr("Opacity"), self), self.opacity)
        for widget in meaning:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in handling:
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.text)
        self.hide()

    def offer(self, contract: Contract, label: int) -> None:
        """Offer a model's labels in the order of the result, and choose one by its index."""
        self.labels.clear()
        for one in in_order(contract.labels):
            self.labels.addItem(label_name(contract, one.id), contract.label_ids.index(one.id))
        self.labels.setCurrentIndex(self.labels.findData(label))

    @property
    def label(self) -> int:
        """The index of the chosen label in the contract."""
        return int(self.labels.currentData())

    def show_progress(self, done: int, total: int) -> None:
        """Show that the map is being computed, and how far."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self._show_busy(True)
        self.text.setText(
            self.tr("The map is being made: the model answers again and again, one square hidden each time.")
        )
        self.show()

    def show_text(self, text: str) -> None:
        """Describe the finished map."""
        self._show_busy(False)
        self.text.setText(text)
        self.show()

    def _show_busy(self, busy: bool) -> None:
        for widget in (self.progress, self.cancel):
            widget.setVisible(busy)
        for part in (self._less, self._legend, self._more):
            part.setVisible(not busy)
