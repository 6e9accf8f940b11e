"""Connects patients and lesions to the window: choosing, adding, correcting, closing and erasing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.undo import UndoStack
from desktop.widgets.common.change_subjects import NewLesion, subject_name
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.patient.lesion_list import LesionList
from desktop.widgets.patient.patient_banner import PatientBanner
from desktop.widgets.patient.patient_changes import PatientChanges

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Patient, Pin
    from desktop.widgets.common import body_places
else:
    body_places = Late("desktop.widgets.common.body_places")

NEED_PATIENT = (
    "patient correct", "patient visit", "patient page", "patient sheet", "patient next", "patient previous", "patient lesion",
    "patient clinical", "patient end", "patient erase",
)  # fmt: skip
NEED_LESION = ("patient place", "patient rename")


class PatientPresenter(QObject):
    """Dialogs are created on first use."""

    patient_chosen = Signal(bool)
    """A patient was chosen or added, and is open or about to be; whether they were open already."""

    def __init__(
        self,
        open_patient: OpenPatient,
        edits: PatientEdits,
        history_service: HistoryService,
        banner: PatientBanner,
        lesions: LesionList,
        messages: Callable[[], MessageBar],
        undo_stack: UndoStack,
        window: QWidget,
    ) -> None:
        """`messages` returns the bar of the page in front."""
        super().__init__(window)
        self._open_patient = open_patient
        self._edits = edits
        self._undo_stack = undo_stack
        self._history_service = history_service
        self._messages = messages
        self.changes = PatientChanges(edits, undo_stack, self)
        self._window = window
        banner.change_requested.connect(self.choose)
        banner.edit_requested.connect(self.correct)
        banner.close_requested.connect(open_patient.close)
        lesions.place_requested.connect(self.place_lesion)
        lesions.rename_requested.connect(self.rename_lesion)
        open_patient.failed.connect(lambda error: messages().tell(error))
        edits.failed.connect(lambda error: messages().tell(error))

    def begin(self, actions: dict[str, QAction]) -> None:
        """Enable menu entries only if there is a patient or lesion to act on."""

        def show() -> None:
            for names, subject in (
                (NEED_PATIENT, self._open_patient.patient),
                (NEED_LESION, self._open_patient.lesion),
            ):
                for name in names:
                    actions[name].setEnabled(subject is not None)

        self._open_patient.patient_changed.connect(show)
        self._open_patient.lesion_changed.connect(show)
        show()

    def choose(self) -> None:
        """Ask for a patient."""
        from desktop.widgets.patient.patient_chooser import PatientChooser  # noqa: PLC0415 - not needed at the start

        chooser = PatientChooser(self._history_service, self._open_patient, self.changes, self._window)
        end = self._open_patient.begin_change()
        chooser.accepted.connect(lambda: self.patient_chosen.emit(chooser.was_open))
        chooser.finished.connect(lambda _result: end())
        chooser.open()

    def correct(self) -> None:
        """Correct the open patient's data."""
        from desktop.widgets.patient.patient_chooser import PatientDetails  # noqa: PLC0415

        patient = self._open_patient.patient
        if patient is not None:
            PatientDetails(patient, self._open_patient, self.changes, self._window).open()

    def add_lesion_then(self, done: Callable[[Lesion], None]) -> None:
        """Add a lesion to the open patient."""
        patient = self._open_patient.patient
        if patient is not None:
            new = NewLesion(patient)
            step = self._edits.add_lesion(patient, then=done, made=new.take)
            self._undo_stack.carry_out(new.name, step, patient_ids=(patient.id,))

    def place_lesion(self, *, done: Callable[[], object] = lambda: None) -> None:
        """Ask for the place of the chosen lesion; `done` is called once that was answered or left open."""
        from desktop.widgets.patient.place_dialog import PlaceDialog  # noqa: PLC0415

        lesion = self._open_patient.lesion
        if lesion is None:
            return
        dialog = PlaceDialog(lesion, self._open_patient.lesions, self._window)
        dialog.accepted.connect(lambda: self._correct_lesion(lesion, lesion.name, dialog.place, dialog.pin))
        dialog.finished.connect(lambda _answer: done())
        dialog.open()

    def rename_lesion(self) -> None:
        """Ask for a new name for the chosen lesion."""
        lesion = self._open_patient.lesion
        if lesion is None:
            return
        name, accepted = QtWidgets.QInputDialog.getText(
            self._window,
            self.tr("Rename the lesion"),
            self.tr("New name of {lesion}:").format(lesion=lesion_name(lesion)),
            text=lesion.name,
        )
        if accepted and name.strip():
            self._correct_lesion(lesion, name.strip()[:20], lesion.site, lesion.pin)

    def erase(self) -> None:
        """Erase the open patient for good, after their pseudonym was typed."""
        from desktop.widgets.patient.erase_dialog import EraseDialog  # noqa: PLC0415

        patient = self._open_patient.patient
        if patient is None:
            return
        images, lesions = len(self._open_patient.images), len(self._open_patient.lesions)
        dialog = EraseDialog(patient.pseudonym, images, lesions, self._window)
        dialog.accepted.connect(partial(self._erase, patient))
        dialog.open()

    def _erase(self, patient: Patient) -> None:
        text = self.tr("{pseudonym} was erased for good.").format(pseudonym=patient.pseudonym)
        self._edits.erase(patient, lambda: self._messages().say(text, error=False))
        self._undo_stack.clear()  # erased data cannot be restored
        self._undo_stack.forget_unsaved(patient.id)

    def _correct_lesion(self, lesion: Lesion, name: str, site: str, pin: Pin | None = None) -> None:
        if (name, site, pin) == (lesion.name, lesion.site, lesion.pin):
            return
        patient = self._open_patient.patient
        if name != lesion.name:
            text = self.tr("new name of {subject}: {name}").format(subject=subject_name(patient, lesion), name=name)
        else:
            place = body_places.place_name(site) or self.tr("not entered")
            subject = subject_name(patient, None, lesion.name)
            text = self.tr("place of {subject}: {place}")
            if site and site == lesion.site:
                text = self.tr("exact point of {subject}: {place}")
            text = text.format(subject=subject, place=place)
        step = self._edits.correct_lesion(lesion, name=name, site=site, pin=pin)
        self._undo_stack.carry_out(text, step, patient_ids=(lesion.patient_id,))
