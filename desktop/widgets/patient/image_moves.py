"""Moves images of the open patient to another lesion or patient, and sets their kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.session.history_service import HistoryService
from desktop.session.import_queue import ImportQueue
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.undo import UndoStack
from desktop.widgets.common.change_subjects import image_names, subject_name
from desktop.widgets.common.context_menu import context_menu
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import for_key
from desktop.widgets.patient.patient_presenter import PatientPresenter
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.people import ImageKind, Lesion, Patient, PlacedImage
    from desktop.session.picture import Picture


class ImageMoves(QObject):
    """Every change can be undone. Images are identified by their keys in the strip."""

    assigned = Signal(object, object)
    """The keys of images that are assigned to a lesion, and its id (None: to no lesion)."""

    def __init__(
        self,
        open_patient: OpenPatient,
        edits: PatientEdits,
        import_queue: ImportQueue,
        open_image: OpenImage,
        history_service: HistoryService,
        page: VisitPage,
        patients: PatientPresenter,
        undo_stack: UndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._open_patient = open_patient
        self._edits = edits
        self._import_queue = import_queue
        self._open_image = open_image
        self._history_service = history_service
        self._page = page
        self._patients = patients
        self._undo_stack = undo_stack
        self._window = window
        page.strip.menu_requested.connect(self._show_menu)

    def move(self) -> None:
        """Ask to which patient the selected images belong."""
        images = self._selected()
        if images:
            self.ask_to_move(images)
        else:
            self._page.messages.say(self.tr("Choose images of the patient in the strip first."), error=False)

    def ask_to_move(self, images: list[PlacedImage]) -> None:
        """Ask to which patient these images of the open one belong."""
        from desktop.widgets.patient.move_dialog import MoveDialog  # noqa: PLC0415 - not needed at the start

        present = self._open_patient.patient
        if present is None:
            return
        dialog = MoveDialog(len(images), present, self._history_service, self._window)

        def carry_out() -> None:
            if dialog.patient is not None:
                self._move(images, present, dialog.patient, dialog.lesion)

        dialog.accepted.connect(carry_out)
        dialog.open()

    def assign(self, keys: Collection[str], lesion_id: int | None, lesion: Lesion | None = None) -> None:
        """Assign images to a lesion of the same patient, or to none; `lesion` is given if it is new to `OpenPatient`."""
        lesion = lesion or next((one for one in self._open_patient.lesions if one.id == lesion_id), None)
        paths = [one.path for one in self._import_queue.waiting if one.path is not None and str(one.path) in keys]
        self._import_queue.reassign(paths, lesion_id)
        patient, placed = (
            self._open_patient.patient,
            [image for image in self._open_patient.images if image.image.sha256 in keys],
        )
        if placed and patient is not None:
            subject = subject_name(patient, lesion, "" if lesion is not None else self.tr("no lesion"))
            text = self._placing_name([one.image.name for one in placed], subject)
            self._undo_stack.carry_out(text, self._edits.place(patient, placed, lesion_id), patient_ids=(patient.id,))
        self.assigned.emit(keys, lesion_id)

    def assign_to_new(self, keys: Collection[str]) -> None:
        """Assign images to a new lesion, and ask for its site."""
        self._patients.add_lesion_then(lambda lesion: self._place_new(lesion, keys))

    def add_lesion(self) -> None:
        """Add a lesion, with the image on the screen if that has none yet, and ask for its site."""
        picture = self._open_image.picture
        self._patients.add_lesion_then(lambda lesion: self._place_new(lesion, self._front(picture)))

    def _place_new(self, lesion: Lesion, keys: Collection[str]) -> None:
        if keys:
            self.assign(keys, lesion.id, lesion)
        self._patients.place_lesion(done=self._page.give_keys_to_image)  # ready for the assessment

    def _front(self, picture: Picture | None) -> list[str]:
        """Return the key of the image on the screen, if it is the patient's and has no lesion."""
        if picture is None or picture is not self._open_image.picture:
            return []
        placed = self._open_patient.image_of(picture.sha256)
        if placed is not None:
            return [] if placed.lesion_id is not None else [picture.sha256]
        waiting = (
            one for one in self._import_queue.waiting if one.is_of(self._open_patient.patient) and one.lesion_id is None
        )
        return [str(one.path) for one in waiting if one.path is not None and one.path == picture.path]

    def adopt(self, sha256: str, name: str, lesion: Lesion | None) -> None:
        """Place an unassigned image, by SHA-256 and name, with the open patient, and with one of their lesions or none."""
        patient, lesion_id = self._open_patient.patient, None if lesion is None else lesion.id
        if patient is None:
            return
        text = self._placing_name([name], subject_name(patient, lesion))
        self._undo_stack.carry_out(text, self._edits.adopt(patient, sha256, lesion_id), patient_ids=(patient.id,))

    def make_menu(self) -> QMenu:
        """Return the menu of actions for the selected images."""
        menu = context_menu(self._page)
        keys = [image.key for image in self._page.strip.selected_images()]
        for lesion in self._open_patient.lesions:
            action = menu.addAction(for_key(self.tr("Place with {name}").format(name=lesion_name(lesion))))
            action.setEnabled(lesion != self._open_patient.lesion)
            action.triggered.connect(partial(self.assign, keys, lesion.id))
        menu.addAction(self.tr("Place with a new lesion"), partial(self.assign_to_new, keys))
        menu.addSeparator()
        kinds: tuple[tuple[ImageKind, str], ...] = (
            ("clinical", self.tr("This is a clinical photograph")),
            ("dermoscopy", self.tr("This is a dermatoscope image")),
        )
        for kind, text in kinds:
            others = [image for image in self._selected() if image.kind != kind]
            if others:
                menu.addAction(text, partial(self._declare, others, kind))
        menu.addSeparator()
        menu.addAction(self.tr("Move to another patient…"), self.move)
        return menu

    def _show_menu(self, where: QPoint) -> None:
        if self._open_patient.patient is not None:
            self.make_menu().exec(where)

    def _declare(self, images: list[PlacedImage], kind: ImageKind) -> None:
        patient = self._open_patient.patient
        if patient is not None:
            text = (
                self.tr("kind of {subject}: clinical photograph")
                if kind == "clinical"
                else self.tr("kind of {subject}: dermatoscope image")
            ).format(subject=self._name_of(patient, images))
            self._undo_stack.carry_out(text, self._edits.declare(images, kind), patient_ids=(patient.id,))

    def _name_of(self, patient: Patient, images: list[PlacedImage]) -> str:
        """Return the name of images of a patient: with their lesion if they have one in common."""
        ids = {one.lesion_id for one in images}
        lesion = next((one for one in self._open_patient.lesions if ids == {one.id}), None)
        return subject_name(patient, lesion, image_names([one.image.name for one in images]))

    def _placing_name(self, images: Sequence[str], place: str) -> str:
        return self.tr("placing of {images} with {place}").format(images=image_names(images), place=place)

    def _move(self, images: list[PlacedImage], source: Patient, patient: Patient, lesion: Lesion | None) -> None:
        text = self.tr("move of {subject} to {target}").format(
            subject=self._name_of(source, images), target=subject_name(patient, lesion)
        )
        step = self._edits.move(images, patient, None if lesion is None else lesion.id)
        self._undo_stack.carry_out(text, step, patient_ids=(source.id, patient.id))
        picture = self._open_image.picture
        if picture is not None and picture.sha256 in {image.image.sha256 for image in images}:
            self._open_image.close()

    def _selected(self) -> list[PlacedImage]:
        """Return the selected images that are in the history, or the one on the screen if none is selected."""
        chosen = {image.key for image in self._page.strip.selected_images()}
        placed = [image for image in self._open_patient.images if image.image.sha256 in chosen]
        picture = self._open_image.picture
        shown = None if picture is None else self._open_patient.image_of(picture.sha256)
        return placed or ([shown] if shown is not None else [])
