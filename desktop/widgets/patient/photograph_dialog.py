"""An overview photograph of a patient, on which lesions are pinned and opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.body.body_marks import BodyMark
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.context_menu import context_menu
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import PlainLabel, for_key, for_title
from desktop.widgets.patient.photograph_view import PhotographView

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Pin
    from desktop.core.records.photograph_pins import PhotographPin
    from desktop.session.picture import Picture

_SIZE = QSize(1040, 720)


class PhotographDialog(QDialog):
    """Only shows; the presenter fills it. A click beside the pins asks which lesion is there."""

    lesion_requested = Signal(int)
    """The id of a lesion that is to be opened."""
    pin_set = Signal(int, object)
    """The id of a lesion and its Pin, None where it is removed."""
    new_lesion_requested = Signal(object)
    """The Pin at which there is a lesion that the patient does not have yet."""
    opening_requested = Signal()
    """The photograph is to be opened in Visit, like any other image."""
    move_requested = Signal()
    """The photograph is of another patient, to whom it is to be moved."""
    removal_requested = Signal()
    """The photograph is to be removed from the overview."""
    undo_requested = Signal()

    def __init__(self, title: str, messages: MessageBar, parent: QWidget | None = None) -> None:
        """`messages` shows what fails once the dialog is closed."""
        super().__init__(parent)
        self.setWindowTitle(for_title(title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lesions: tuple[Lesion, ...] = ()
        self._pins: dict[int, Pin] = {}
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        note = PlainLabel(
            self.tr(
                "Click where a lesion is to set its pin, or move a cross there with Shift and the arrow keys and press Enter. "
                "Click a pin to open the lesion, right-click it to remove it."
            ),
            self,
        )
        note.setProperty("muted", True)
        note.setWordWrap(True)
        self.messages = MessageBar(self, messages)
        self.view = PhotographView(self)
        self.view.pin_clicked.connect(self._open)
        self.view.point_clicked.connect(self._ask_which)
        self.view.pin_moved.connect(self.pin_set)
        self.view.menu_requested.connect(self._show_menu)
        self.view.removal_requested.connect(lambda lesion_id: self.pin_set.emit(lesion_id, None))
        self.menu: QMenu | None = None
        """The menu that is or was shown last."""
        visit = QPushButton(self.tr("Open in Visit"), self)
        visit.setAutoDefault(False)
        visit.clicked.connect(self._open_in_visit)
        move = QPushButton(self.tr("Move to another patient…"), self)
        move.setAutoDefault(False)
        move.clicked.connect(self._move)
        remove = QPushButton(self.tr("Remove from overview"), self)
        remove.setToolTip(self.tr("The photograph and its pins are kept, and can be put back"))
        remove.setAutoDefault(False)
        remove.clicked.connect(self._remove)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        below = QHBoxLayout()
        below.addWidget(move)
        below.addWidget(remove)
        below.addStretch(1)
        below.addWidget(visit)
        below.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(note)
        layout.addWidget(self.messages)
        layout.addWidget(self.view, 1)
        layout.addLayout(below)
        self.resize(on_screen(self, _SIZE))
        self.view.setFocus()

    def show_picture(self, picture: Picture) -> None:
        """Show the photograph."""
        self.view.show_photograph(picture.levels)

    def show_pins(self, lesions: Sequence[Lesion], pins: Sequence[PhotographPin]) -> None:
        """Show where the lesions of the patient are; those without a pin can be chosen first."""
        self._lesions, self._pins = tuple(lesions), {pin.lesion_id: pin.point for pin in pins}
        self.view.show_marks(
            [
                BodyMark(lesion.id, lesion.name, lesion.site, self._pins[lesion.id], lesion_name(lesion))
                for lesion in lesions
                if lesion.id in self._pins
            ]
        )

    def _open(self, lesion_id: int) -> None:
        self.lesion_requested.emit(lesion_id)
        self.accept()

    def _open_in_visit(self) -> None:
        self.opening_requested.emit()
        self.accept()

    def _move(self) -> None:
        self.accept()
        self.move_requested.emit()

    def _remove(self) -> None:
        self.accept()
        self.removal_requested.emit()

    def _ask_which(self, pin: Pin) -> None:
        """Ask which lesion is at a point: those without a pin first, then a new one, then those whose pin would move."""
        menu = context_menu(self)
        menu.addSection(self.tr("Which lesion is here?"))
        for lesion in self._lesions:
            if lesion.id not in self._pins:
                act = menu.addAction(for_key(lesion_name(lesion)))
                act.triggered.connect(lambda _checked=False, found=lesion.id: self.pin_set.emit(found, pin))
        menu.addAction(self.tr("New lesion")).triggered.connect(lambda: self.new_lesion_requested.emit(pin))
        if self._pins:
            menu.addSeparator()
        for lesion in self._lesions:
            if lesion.id in self._pins:
                act = menu.addAction(for_key(self.tr("Move {lesion} here").format(lesion=lesion_name(lesion))))
                act.triggered.connect(lambda _checked=False, found=lesion.id: self.pin_set.emit(found, pin))
        self._pop_up(menu, pin)

    def _show_menu(self, lesion_id: int) -> None:
        lesion = next((one for one in self._lesions if one.id == lesion_id), None)
        if lesion is None:
            return
        menu = context_menu(self)
        name = lesion_name(lesion)
        menu.addAction(for_key(self.tr("Open {lesion}").format(lesion=name))).triggered.connect(
            lambda: self._open(lesion_id)
        )
        menu.addAction(for_key(self.tr("Remove the pin of {lesion}").format(lesion=name))).triggered.connect(
            lambda: self.pin_set.emit(lesion_id, None)
        )
        self._pop_up(menu, self._pins[lesion_id])

    def _pop_up(self, menu: QMenu, pin: Pin) -> None:
        self.menu = menu
        at = self.view.point_of(pin).toPoint()
        menu.setActiveAction(next(act for act in menu.actions() if not act.isSeparator()))
        menu.popup(self.view.viewport().mapToGlobal(at + QPoint(6, 6)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo here too: the window's menu cannot be reached behind a dialog."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_requested.emit()
        else:
            super().keyPressEvent(event)
