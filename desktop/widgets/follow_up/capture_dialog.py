"""Asks how the compared images were taken: by which device, in which light, with its plate on the skin or not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from desktop.core.imaging.capture import CONTACTS, LIGHTS, Capture
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import translated
from desktop.widgets.image.compare_words import CONTACT_WORDS, LIGHT_WORDS

_WIDTH = 190


class CaptureDialog(QDialog):
    """One row for each image. A device that was entered before brings its light and contact along."""

    def __init__(
        self, images: Sequence[tuple[str, Capture]], devices: Sequence[Capture], parent: QWidget | None = None
    ) -> None:
        """Ask for images with these titles and what is known of them; `devices` are those entered before."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Device and light"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._devices = {one.device: one for one in devices}
        self.rows: list[tuple[QComboBox, QComboBox, QComboBox]] = []
        text = PlainLabel(
            self.tr(
                "Colours, white lines and vessels look different in other light. What you enter is remembered for the device,"
                " and can be changed for each image."
            ),
            self,
        )
        text.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for column, name in enumerate((self.tr("Device"), self.tr("Plate"), self.tr("Light")), 1):
            head = PlainLabel(name, self)
            head.setProperty("muted", True)
            grid.addWidget(head, 0, column)
        for number, (title, capture) in enumerate(images, 1):
            grid.addWidget(PlainLabel(title, self), number, 0)
            for column, box in enumerate(self._make_row(title, capture), 1):
                grid.addWidget(box, number, column)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column_of_all = QVBoxLayout(self)
        column_of_all.setSpacing(12)
        column_of_all.addWidget(text)
        column_of_all.addLayout(grid)
        column_of_all.addWidget(buttons)
        self._entries = FormEntries(self)

    def captures(self) -> list[Capture]:
        """Return what is chosen for each image."""
        return [
            Capture(device.currentText().strip(), contact.currentData(), light.currentData())
            for device, contact, light in self.rows
        ]

    def _make_row(self, title: str, capture: Capture) -> tuple[QComboBox, QComboBox, QComboBox]:
        device = ChoiceBox(self)
        device.setEditable(True)
        device.setFixedWidth(_WIDTH)
        device.addItems(sorted({*self._devices, capture.device} - {""}))
        device.setCurrentText(capture.device)
        device.setAccessibleName(self.tr("Device, {image}").format(image=title))
        line = device.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("Name of the device"))
            line.setMaxLength(60)
        contact = self._make_choice([(one, CONTACT_WORDS[one]) for one in CONTACTS], capture.contact)
        contact.setAccessibleName(self.tr("Plate, {image}").format(image=title))
        light = self._make_choice([(one, LIGHT_WORDS[one]) for one in LIGHTS], capture.light)
        light.setAccessibleName(self.tr("Light, {image}").format(image=title))
        row = (device, contact, light)
        device.activated.connect(lambda _row: self._fill(row))
        self.rows.append(row)
        return row

    def _make_choice(self, values: Sequence[tuple[str, str]], chosen: str) -> QComboBox:
        box = ChoiceBox(self)
        for value, name in values:
            box.addItem(translated(name), value)
        box.setCurrentIndex(box.findData(chosen))
        return box

    def _fill(self, row: tuple[QComboBox, QComboBox, QComboBox]) -> None:
        known = self._devices.get(row[0].currentText())
        if known is not None:
            for box, value in zip(row[1:], (known.contact, known.light), strict=True):
                box.setCurrentIndex(box.findData(value))

    def reject(self) -> None:
        if self._entries.may_be_discarded():
            super().reject()
