"""Moves images to another patient and lesion."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.session.history_service import HistoryService
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.patient.patient_search import PatientSearch

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Patient

_ROW = 32


class MoveDialog(QDialog):
    """`patient` and `lesion` are the choice; a `lesion` of None means that no lesion is chosen."""

    def __init__(
        self, count: int, present: Patient, history_service: HistoryService, parent: QWidget | None = None
    ) -> None:
        """Ask where `count` images of the `present` patient belong."""
        super().__init__(parent)
        self._history_service = history_service
        self._present = present
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.patient: Patient | None = None
        self.setWindowTitle(
            self.tr("Move 1 image to another patient")
            if count == 1
            else self.tr("Move {count} images to another patient").format(count=count)
        )
        self.messages = MessageBar(self)
        self._accept = QPushButton(self.tr("Move"), self)
        self.search = PatientSearch(history_service, may_make=False, takes_click=False, parent=self)
        self.search.current_changed.connect(self._take_patient)
        self.search.found.connect(self._explain)
        self.search.chosen.connect(lambda _patient: self._accept.click())
        self.search.failed.connect(self.messages.tell)
        self.lesions = QListWidget(self)
        self.lesions.setAccessibleName(self.tr("Lesions of that patient"))
        self.lesions.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lesions.itemActivated.connect(lambda _item: self._accept.click())
        note = self.note = PlainLabel(self)
        note.setProperty("muted", True)
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._accept.setProperty("prominent", True)
        self._accept.setDefault(True)
        self._accept.setEnabled(False)
        buttons.addButton(self._accept, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        lists = QHBoxLayout()
        lists.addWidget(self.search, 3)
        lists.addWidget(self.lesions, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(lists, 1)
        layout.addWidget(self.messages)  # takes its room from the end of the lists: no row moves
        layout.addWidget(note)
        layout.addWidget(buttons)
        self._explain()
        self.resize(on_screen(self, QSize(760, 420)))
        self.search.setFocus()

    @property
    def lesion(self) -> Lesion | None:
        """The chosen lesion, None for none yet."""
        item = self.lesions.currentItem()
        lesion: Lesion | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return lesion

    def _take_patient(self, patient: Patient | None) -> None:
        if patient is not None and patient.id == self._present.id:
            patient = None
        self.patient = patient
        self._accept.setEnabled(patient is not None)
        self._explain()
        self.lesions.clear()
        if patient is not None:
            asking = self._history_service.ask(
                lambda history: history.people.lesions(patient.id), partial(self._show, patient), self.messages.tell
            )
            self.destroyed.connect(asking.abandon)  # once closed, it cannot show them

    def _explain(self) -> None:
        """Explain what the move does, or why there is no other patient."""
        wanted = self.search.field.text().strip()
        if self.search.list.count() == 0 and wanted:
            text = self.tr("There is no patient “{name}” yet: make them first (Ctrl+L), then move the image.")
        elif self.patient is None:
            text = self.tr("The images are with {name} now: choose another patient.")
            wanted = self._present.pseudonym
        else:
            text = self.tr("Images go to that patient's visit of their day. Both patients' histories show the move.")
        self.note.setText(text.format(name=wanted))

    def _show(self, patient: Patient, lesions: list[Lesion]) -> None:
        if patient is not self.patient:
            return
        self.lesions.clear()
        for lesion in (None, *lesions):
            item = QListWidgetItem(self.tr("No lesion yet") if lesion is None else lesion_name(lesion))
            item.setData(Qt.ItemDataRole.UserRole, lesion)
            item.setSizeHint(QSize(0, _ROW))
            self.lesions.addItem(item)
        self.lesions.setCurrentRow(0)
