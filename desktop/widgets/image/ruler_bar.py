"""The controls of the ruler: the length of the line, and the scale of the image."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.imaging.scale import LARGEST_MM, Device, Scale
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.number_field import read_number
from desktop.widgets.common.plain_text import PlainLabel

_LEAST_MM = 0.1
_BESIDE_TEXT = 40
"""Pixels that a field needs beside its text: its frame and padding."""


class RulerBar(QFrame):
    """Hidden while the ruler is off."""

    calibrated = Signal(float)
    """The length of the line in millimetres, from which the image gets its scale."""
    device_chosen = Signal(object)
    """The Device whose scale the image gets, or None for no scale."""
    device_named = Signal(str)
    """The name of a device for which to save the image's scale."""
    left = Signal()
    """Escape was pressed in one of the controls, or L in the field for the length."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_measurable = False
        self._image = ""
        self.length = PlainLabel(self)
        self.length.setProperty("strong", True)
        self.length.setMinimumWidth(84)
        self.millimetres = QLineEdit(self)  # empty: a length that was not read off the picture makes a wrong scale
        self.millimetres.setFixedWidth(64)
        self.millimetres.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.millimetres.setAccessibleName(self.tr("Length of the line in millimetres"))
        self.millimetres.installEventFilter(self)
        self.millimetres.textChanged.connect(lambda _text: self._let_set())
        self.millimetres.returnPressed.connect(self._set_scale)
        self.set_scale = QPushButton(self.tr("Set scale"), self)
        self.set_scale.setToolTip(self.tr("Draw the line over a known length, a ruler's ticks say, and enter it"))
        self.set_scale.clicked.connect(self._set_scale)
        self.scales = ChoiceBox(self)
        self.scales.setAccessibleName(self.tr("Scale of this image"))
        self.scales.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.scales.activated.connect(self._choose)
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(self.tr("Device, zoom and plate"))
        self.name.setAccessibleName(self.tr("Name of the device, with its zoom and contact plate"))
        self.name.setMaxLength(60)
        self.name.setMinimumWidth(self.fontMetrics().horizontalAdvance(self.name.placeholderText()) + _BESIDE_TEXT)
        self.name.textChanged.connect(self._enable_keep)
        self.name.returnPressed.connect(self._name)
        self.keep = QPushButton(self.tr("Keep for device"), self)
        self.keep.setToolTip(self.tr("Offer this scale for other images of the same pixel size, camera, lens and zoom"))
        self.keep.clicked.connect(self._name)
        self._note = PlainLabel(self)
        self._note.setWordWrap(True)
        self._note.setProperty("muted", True)
        self._note.setProperty("small", True)
        row = QHBoxLayout()
        row.setSpacing(6)
        unit = PlainLabel(self.tr("mm"), self)
        line: tuple[QWidget, ...] = (
            self.length,
            PlainLabel(self.tr("is"), self),
            self.millimetres,
            unit,
            self.set_scale,
        )
        for widget in line:
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.scales)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self._note, 1)
        below.addWidget(self.name)
        below.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(below)
        self.hide()

    def show_length(self, text: str, *, is_measurable: bool) -> None:
        """Show the length of the line, which can set the scale only if it is measurable, or (empty) that there is none yet."""
        self._is_measurable = is_measurable
        self._let_set()
        self.length.setText(text or self.tr("No line yet"))
        self.length.setAccessibleName(self.tr("The line: {length}").format(length=text) if text else self.length.text())

    def ask_length(self) -> None:
        """Give the focus to the field for the length, so that what is typed replaces its text."""
        self.millimetres.setFocus(Qt.FocusReason.OtherFocusReason)
        self.millimetres.selectAll()

    def clear_entries(self) -> None:
        """Empty the fields: a length or name that was typed for one image must not be used for another."""
        self.millimetres.clear()
        self.name.clear()

    def name_image(self, name: str) -> None:
        """Set what the image is called, where others stand beside it; the remark begins with it."""
        self._image = name

    def show_scale(self, scale: Scale | None, devices: list[Device]) -> None:
        """Show the scale of the image, and the devices with its pixel size."""
        self.scales.clear()
        self.scales.addItem(self.tr("No scale"), None)
        chosen = 0
        if scale is not None and not scale.device:
            self.scales.addItem(self.tr("This image"), scale)
            chosen = 1
        for device in devices:
            self.scales.addItem(device.name, device)
            if scale is not None and scale.device == device.name:
                chosen = self.scales.count() - 1
        if scale is not None and scale.device and not chosen:  # the device was removed meanwhile
            self.scales.addItem(scale.device, scale)
            chosen = self.scales.count() - 1
        self.scales.setCurrentIndex(chosen)
        is_own = scale is not None and not scale.device
        self.name.setVisible(is_own)
        self.keep.setVisible(is_own)
        self._enable_keep(self.name.text())
        remark = self._remark(scale, has_devices=bool(devices))
        self._note.setText(f"{self._image}: {remark}" if self._image else remark)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # After a drag the field has the keys, and the ruler's own key is no number.
        is_press = event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_L and not event.modifiers():
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _remark(self, scale: Scale | None, *, has_devices: bool) -> str:
        if scale is None:
            text = self.tr(
                "No scale is known: lengths are in pixels. Draw the line over a known length, then set the scale."
            )
            return f"{text} {self.tr('Or choose a device at the right.')}" if has_devices else text
        if scale.device:
            text = self.tr(
                "Scale of “{device}”, {microns:.1f} µm a pixel: right only at that device's zoom, with that contact plate."
            )
        else:
            text = self.tr("Scale of this image, {microns:.1f} µm a pixel, as the line was drawn.")
        return text.format(device=scale.device, microns=1000 * scale.mm_per_pixel)

    def _set_scale(self) -> None:
        typed = self._typed()
        if typed is not None and self.set_scale.isEnabled():
            self.millimetres.clear()  # it is of this line alone
            self.calibrated.emit(typed)

    def _let_set(self) -> None:
        is_refused = self._typed() is None and bool(self.millimetres.text())
        if self.millimetres.property("refused") is not is_refused:
            self.millimetres.setProperty("refused", is_refused)
            self.millimetres.style().polish(self.millimetres)
        self.set_scale.setEnabled(self._is_measurable and self._typed() is not None)

    def _typed(self) -> float | None:
        return read_number(self.millimetres.text(), _LEAST_MM, LARGEST_MM, 2)

    def _enable_keep(self, name: str) -> None:
        self.keep.setEnabled(bool(name.strip()))

    def _choose(self, row: int) -> None:
        chosen = self.scales.itemData(row)
        if not isinstance(chosen, Scale):  # the image has this scale already
            self.device_chosen.emit(chosen)

    def _name(self) -> None:
        name = self.name.text().strip()
        if name:
            self.device_named.emit(name)
            self.name.clear()
