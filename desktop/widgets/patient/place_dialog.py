"""Asks for the site of a lesion, on a body map or in a list that can be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.body_places import BodyPlace
from desktop.widgets.common.body.body_marks import marks_of
from desktop.widgets.common.body_places import find_places, place_called, place_name
from desktop.widgets.common.confirming import may_discard
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.plain_text import PlainLabel, for_key, for_title
from desktop.widgets.patient.body.pin_map import PinMap
from desktop.widgets.patient.body.zoom_buttons import ZoomButtons

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Pin

_LIST_WIDTH = 250
_ROW = 24


class PlaceDialog(QDialog):
    """`place` is the chosen site of the lesion, empty for none; `pin` the point that was clicked, None for the place alone."""

    def __init__(self, lesion: Lesion, lesions: Sequence[Lesion], parent: QWidget | None = None) -> None:
        """Ask for the place of `lesion`; `lesions` are all of the patient, which the map shows too."""
        super().__init__(parent)
        self.setWindowTitle(for_title(self.tr("Where is {lesion}?").format(lesion=lesion.name)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lesion, self._lesions = lesion, lesions
        self.place, self.pin = lesion.site, lesion.pin
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search: left sole, scapula…"))
        self.search.setAccessibleName(self.tr("Search a place of the body"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Places of the body"))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._take_row)
        self.list.itemDoubleClicked.connect(self.accept)
        self.map = PinMap(self)
        self.map.pin_chosen.connect(self._choose)
        self.map.place_hovered.connect(self._name)
        self._caption = ElidedLabel(self)  # a long name must not widen the dialog: the map would move under the pointer
        self._caption.setObjectName("heading")
        sides = PlainLabel(self.tr("R and L are the patient's right and left."), self)
        sides.setProperty("muted", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._accept = QPushButton(for_key(self.tr("Place {lesion} here").format(lesion=lesion.name)), self)
        self._accept.setProperty("prominent", True)
        self._accept.setDefault(True)
        none = QPushButton(self.tr("Without a place"), self)
        none.setAutoDefault(False)
        none.clicked.connect(self._choose_none)
        buttons.addButton(self._accept, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(none, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        upper = QHBoxLayout()
        upper.setSpacing(14)
        upper.addLayout(left)
        upper.addWidget(self.map, 1)
        words = QVBoxLayout()  # the second line is the wider one: any name has room above it
        words.setSpacing(0)
        words.addWidget(self._caption)
        words.addWidget(sides)
        lower = QHBoxLayout()
        lower.addLayout(words)
        lower.addStretch(1)
        lower.addWidget(ZoomButtons(self.map, self))
        lower.addSpacing(8)
        lower.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 12)
        layout.setSpacing(10)
        layout.addLayout(upper, 1)
        layout.addLayout(lower)
        self.resize(on_screen(self, QSize(1080, 640)))
        self._find("")
        self._choose(self.place, self.pin)
        self.search.setFocus()

    def _find(self, text: str) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        group = ""
        for place in find_places(text):
            if not text.strip() and place.group != group:
                group = place.group
                self.list.addItem(_heading(group, self.list))
            item = QListWidgetItem(place.name)
            item.setData(Qt.ItemDataRole.UserRole, place.id)
            item.setSizeHint(QSize(0, _ROW))
            self.list.addItem(item)
        self.list.blockSignals(False)
        if text.strip():
            self._mark(place_called(text))

    def _mark(self, place: BodyPlace | None) -> None:
        """Choose the place that matches the text; while several match, Enter must not choose one."""
        self._show_choice("" if place is None else place.id)
        for row in range(self.list.count()):
            if place is not None and self.list.item(row).data(Qt.ItemDataRole.UserRole) == place.id:
                self.list.setCurrentRow(row)

    def _take_row(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(Qt.ItemDataRole.UserRole):
            self._show_choice(item.data(Qt.ItemDataRole.UserRole))

    def _choose(self, place: str, pin: Pin | None) -> None:
        """Choose a place on the map, to the point, and show it in the list."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._find("")
        for row in range(self.list.count()):
            if place and self.list.item(row).data(Qt.ItemDataRole.UserRole) == place:
                self.list.setCurrentRow(row)
                self.list.scrollToItem(self.list.item(row))
        self._show_choice(place, pin)

    def _show_choice(self, place: str, pin: Pin | None = None) -> None:
        """Show what is chosen; a place that was chosen by words has no pin."""
        self.place, self.pin = place, pin
        self.map.choose(place)
        others = [one for one in self._lesions if one.id != self._lesion.id]
        self.map.mark(marks_of([*others, replace(self._lesion, site=place, pin=pin)]), self._lesion.id)
        self._accept.setEnabled(bool(place))
        self._name("")

    def _choose_none(self) -> None:
        self.place, self.pin = "", None
        self.accept()

    def _name(self, hovered: str) -> None:
        name = place_name(hovered or self.place)
        self._caption.show_text(name[:1].upper() + name[1:] if name else self.tr("Choose a place"))

    def reject(self) -> None:
        has_entries = (self.place, self.pin) != (self._lesion.site, self._lesion.pin)
        if may_discard(self, has_entries=has_entries):
            super().reject()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list with Up and Down while the field has focus."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if steps is not None:
                self._step(steps)
                return True
        return super().eventFilter(watched, event)

    def _step(self, steps: int) -> None:
        row = self.list.currentRow() + steps
        while 0 <= row < self.list.count() and not self.list.item(row).data(Qt.ItemDataRole.UserRole):
            row += steps
        if 0 <= row < self.list.count():
            self.list.setCurrentRow(row)


def _heading(text: str, owner: QListWidget) -> QListWidgetItem:
    item = QListWidgetItem(text)
    font = owner.font()
    font.setBold(True)
    item.setFont(font)
    item.setSizeHint(QSize(0, _ROW + 6))
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item
