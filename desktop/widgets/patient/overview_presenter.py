"""Shows an overview photograph of the open patient with its pins, and writes the pins that are set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.photograph_edits import PhotographEdits
from desktop.session.picture import Picture
from desktop.session.stored_pictures import StoredPictures
from desktop.session.undo import Step, UndoStack
from desktop.system.tasks import Tasks
from desktop.widgets.common.change_subjects import NewLesion, subject_name
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.wording import local_day

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Pin, PlacedImage
    from desktop.core.records.photograph_pins import PhotographPin
    from desktop.widgets.patient.photograph_dialog import PhotographDialog


class OverviewPresenter(QObject):
    """One photograph at a time; the dialog is created when it is asked for, and goes with its patient.

    `messages` shows what fails once it is closed.
    """

    lesion_requested = Signal(int)
    """The id of a lesion that is to be opened."""
    photograph_requested = Signal(object)
    """The PlacedImage that is to be opened in Visit."""
    move_requested = Signal(object)
    """The PlacedImage that is to be moved to another patient."""

    def __init__(
        self,
        tasks: Tasks,
        open_patient: OpenPatient,
        edits: PatientEdits,
        history_service: HistoryService,
        undo_stack: UndoStack,
        messages: MessageBar,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._open_patient = open_patient
        self._history_service = history_service
        self._edits = PhotographEdits(history_service, edits)
        self._undo_stack = undo_stack
        self._messages = messages
        self._window = window
        self._pictures = StoredPictures(tasks, history_service, self)
        self._dialog: PhotographDialog | None = None
        self._image: PlacedImage | None = None
        open_patient.reloaded.connect(self._read_pins)
        open_patient.patient_changed.connect(self._close_of_another)

    def show(self, sha256: str) -> None:
        """Show a photograph of the open patient."""
        from desktop.widgets.patient.photograph_dialog import PhotographDialog  # noqa: PLC0415 - not needed at the start

        patient, image = self._open_patient.patient, self._open_patient.image_of(sha256)
        if patient is None or image is None or self._dialog is not None:
            return
        day = local_day(self._open_patient.date_of(image))
        title = self.tr("{patient}: overview of {day}").format(patient=patient.pseudonym, day=day)
        dialog = PhotographDialog(title, self._messages, self._window)
        self._dialog, self._image = dialog, image
        dialog.lesion_requested.connect(self.lesion_requested)
        dialog.opening_requested.connect(partial(self.photograph_requested.emit, image))
        dialog.move_requested.connect(partial(self.move_requested.emit, image))
        dialog.removal_requested.connect(partial(self.set_removed, image, is_removed=True))
        dialog.pin_set.connect(self._set_pin)
        dialog.new_lesion_requested.connect(self._add_lesion)
        dialog.undo_requested.connect(self._undo_stack.undo)
        dialog.finished.connect(lambda _result: self._forget(dialog))
        self._pictures.read([image.image], self._take_picture, dialog.messages.tell)
        self._read_pins()
        dialog.open()

    def _take_picture(self, pictures: list[Picture]) -> None:
        (picture,) = pictures
        if self._dialog is not None and self._image is not None and self._image.image.sha256 == picture.sha256:
            self._dialog.show_picture(picture)

    def _read_pins(self) -> None:
        image, dialog = self._image, self._dialog
        if image is None or dialog is None:
            return
        lesions = self._open_patient.lesions

        def read(history: History) -> list[PhotographPin]:
            return history.photograph_pins.of([image.image_id], [lesion.id for lesion in lesions])

        def take(pins: list[PhotographPin]) -> None:
            if self._image is image and self._dialog is dialog:
                dialog.show_pins(lesions, pins)

        self._history_service.ask(read, take, dialog.messages.tell)

    def _set_pin(self, lesion_id: int, pin: Pin | None) -> None:
        lesion = next((one for one in self._open_patient.lesions if one.id == lesion_id), None)
        patient = self._open_patient.patient
        if lesion is None or patient is None or self._image is None:
            return
        text = self.tr("pin of {subject}") if pin is not None else self.tr("removal of the pin of {subject}")
        name = text.format(subject=subject_name(patient, lesion))
        self._write(name, self._edits.pin(self._image.image_id, lesion_id, pin))

    def _add_lesion(self, pin: Pin) -> None:
        patient = self._open_patient.patient
        if patient is not None and self._image is not None:
            new = NewLesion(patient)
            self._write(new.name, self._edits.add_lesion(patient, self._image.image_id, pin, new.take))

    def set_removed(self, image: PlacedImage, *, is_removed: bool) -> None:
        """Remove a photograph of the open patient from the overview, or put it back."""
        patient = self._open_patient.patient
        if patient is None:
            return
        text = (
            self.tr("removal of an overview photograph of {subject}")
            if is_removed
            else self.tr("return of an overview photograph of {subject}")
        )
        step = self._edits.set_removed(image.image_id, is_removed=is_removed)
        name = text.format(subject=subject_name(patient, None, image.image.name))
        self._undo_stack.carry_out(name, step, patient_ids=(patient.id,))

    def _write(self, text: str | Callable[[], str], step: Step) -> None:
        patient, dialog = self._open_patient.patient, self._dialog
        if patient is not None and dialog is not None:
            self._undo_stack.carry_out(text, step, failed=dialog.messages.tell, patient_ids=(patient.id,))

    def _close_of_another(self) -> None:
        """Close the dialog once its photograph is not the open patient's."""
        if self._dialog is not None and (
            self._image is None or self._open_patient.image_of(self._image.image.sha256) is None
        ):
            self._dialog.reject()

    def _forget(self, dialog: PhotographDialog) -> None:
        if self._dialog is dialog:
            self._dialog, self._image = None, None
