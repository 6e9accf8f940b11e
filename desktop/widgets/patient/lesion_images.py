"""The images of the open patient in the window: added to lesions, shown with them, and kept apart from others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.core.errors import AppError
from desktop.core.records.patient_file import Whereabouts
from desktop.session.blinding import Blinding
from desktop.session.image_place import ImagePlace
from desktop.session.import_item import ImportItem, Placing, names_another
from desktop.session.import_queue import ImportQueue
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import OpeningRequest, of_file
from desktop.session.picture import Picture
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.patient.image_moves import ImageMoves
from desktop.widgets.patient.lesion_strip import LesionStrip
from desktop.widgets.patient.lesion_title import LesionTitle
from desktop.widgets.patient.mismatch_question import MismatchQuestion
from desktop.widgets.patient.opened_placings import OpenedPlacings
from desktop.widgets.patient.owner_messages import OwnerMessages
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Patient, PlacedImage


class LesionImages(QObject):
    """Leaves the strip alone while no patient is open."""

    def __init__(
        self,
        open_patient: OpenPatient,
        blinding: Blinding,
        import_queue: ImportQueue,
        open_image: OpenImage,
        page: VisitPage,
        moves: ImageMoves,
        mismatch_question: MismatchQuestion,
        placings: OpenedPlacings,
        place: ImagePlace,
        files: FileDialogs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._import_queue = import_queue
        self._open_image = open_image
        self._page = page
        self._moves = moves
        self._mismatch_question = mismatch_question
        self._files = files
        self._strip = LesionStrip(open_patient, page.strip, self)
        self._title = LesionTitle(open_patient, blinding, page, self)
        self._owner_messages = OwnerMessages(open_patient, moves, page.messages, self)
        self._patient_id: int | None = None
        self._lesion_id: int | None = None
        self._pending: list[ImportItem] = []
        self._found: Whereabouts | None = None
        """The patient and lesion of the open image, once the history was asked."""
        self._refresh_later = QTimer(self)
        self._refresh_later.setSingleShot(True)
        self._refresh_later.timeout.connect(self._refresh)
        open_patient.leaving.connect(self._leave_for)
        open_patient.patient_changed.connect(self._take_patient)
        open_patient.lesion_changed.connect(self._take_lesion)
        open_patient.reloaded.connect(self._take_reading)
        import_queue.changed.connect(self._take_waiting)
        import_queue.failed.connect(self._say_not_taken)
        import_queue.belongs_elsewhere.connect(self._say_elsewhere)
        import_queue.mismatched.connect(self._leave_out)
        mismatch_question.placed.connect(self._take_placed)
        open_image.opening.connect(self._take_opening)
        open_image.opened.connect(self._take_picture)
        moves.assigned.connect(self._go_along)
        placings.taken_back.connect(self._take_back)
        place.moved.connect(self._follow)
        page.assessment_panel.todays_requested.connect(self.open_todays)

    # Adding images

    def bring(self, requests: Sequence[OpeningRequest]) -> None:
        """Import images, and open the first: those for a patient are saved and placed, the others only saved."""
        self._mismatch_question.begin()
        self._import_queue.take(requests)
        self._page.open_images(requests)

    def add_clinical(self) -> None:
        """Ask for clinical photographs of the chosen lesion, which are saved but never classified."""
        patient, lesion_id, paths = self._open_patient.patient, self._chosen_id(), self._files.choose_images()
        if paths and patient is not None and not self.come_late(patient):
            self._mismatch_question.begin()
            self._import_queue.take([of_file(path, patient, lesion_id) for path in paths], "clinical")

    def come_late(self, patient: Patient | None, lesion_id: int | None = None) -> bool:
        """Return whether images that were meant for `patient`, or for this lesion, must not be added any more; then say why.

        They come late if another patient is open by now, or about to be.
        """
        present, lesions = self._open_patient.patient, [one.id for one in self._open_patient.lesions]
        are_late = (
            self._open_patient.is_changing
            or (patient is not None and (present is None or present.id != patient.id))
            or (lesion_id is not None and lesion_id not in lesions)
        )
        if are_late:
            text = self.tr("Another patient is being opened, so no image was added. Open the images again.")
            self._page.messages.say(text, error=False)
        return are_late

    def bring_for(self, lesion_id: int, requests: Sequence[OpeningRequest]) -> None:
        """Choose a lesion of the open patient, and open images to be placed with it, unless they come late."""
        if self.come_late(None, lesion_id):
            return
        self._lesion_id = lesion_id  # its newest image is among these: open no other
        self._open_patient.choose(lesion_id)
        patient = self._open_patient.patient
        self.bring([replace(one, patient=patient, lesion_id=lesion_id) for one in requests])

    def open_todays(self) -> None:
        """Open today's image of the chosen lesion, or ask for one if there is none."""
        lesion = self._open_patient.lesion
        if lesion is None:
            return
        image = self._open_patient.todays_image()
        if image is not None:
            self._open(image)
        elif paths := self._files.choose_images():
            self.bring_for(lesion.id, [of_file(path) for path in paths])

    def _go_along(self, keys: Collection[str], lesion_id: int | None) -> None:
        """Follow the image on the screen to its new lesion."""
        if self._current_key() in keys:
            self._lesion_id = lesion_id
            self._open_patient.choose(lesion_id)

    # Showing images

    def _take_patient(self) -> None:
        patient_id = None if self._open_patient.patient is None else self._open_patient.patient.id
        if patient_id == self._patient_id:
            return
        self._patient_id, self._lesion_id, self._pending = patient_id, None, []
        self._strip.forget()
        self._owner_messages.forget()
        picture = self._open_image.picture
        if picture is not None:
            self._open_patient.find_where(picture.sha256, partial(self._weigh_open, picture))
        self._page.head.name_subject("")
        self._page.strip.show_files([])
        if patient_id is None:
            self._title.say_at_rest(has_images=False)

    def _leave_for(self, patient: Patient | None) -> None:
        """Close the image of another patient before the rules of theirs end, such as that its answer is hidden."""
        if self._is_of_another(patient):
            self._open_image.close()

    def _weigh_open(self, picture: Picture, where: Whereabouts) -> None:
        """Close an image that belongs to another patient; offer to place one that is unassigned."""
        if picture is not self._open_image.picture:
            return
        present = self._open_patient.patient
        if where.patient is not None and (present is None or where.patient.id != present.id):
            self._open_image.close()
            self._refresh()
        else:
            self._tell_where(picture, where)

    def _follow(self, picture: Picture, where: Whereabouts) -> None:
        """Follow the open image to where an undo or a redo has put it; one that is another patient's now is closed."""
        if where == self._found:
            return
        present, was_theirs = self._open_patient.patient, self._is_theirs()
        if self._found is not None:
            self._owner_messages.withdraw_of_open()
        if where.patient is None or present is None or where.patient.id != present.id:
            self._open_image.unassign()
            self._found = None
            self._name()
        if was_theirs:
            self._weigh_open(picture, where)
        else:
            self._tell_where(picture, where)

    def _is_of_another(self, present: Patient | None) -> bool:
        """Return whether the open image, or the one being opened, is or will be another patient's."""
        request, picture = self._open_image.request, self._open_image.picture
        if request is None:
            return False
        if self._found is not None and self._found.patient is not None:
            return present is None or self._found.patient.id != present.id
        if request.patient is None or request.is_for(present):
            return False
        return picture is None or not names_another(picture.patient, request.patient)

    def _is_theirs(self) -> bool:
        """Return whether the open image, or the one being opened, is or will be the open patient's."""
        request, picture = self._open_image.request, self._open_image.picture
        if request is None or self._open_patient.patient is None:
            return False
        if picture is not None and self._open_patient.image_of(picture.sha256) is not None:
            return True
        if not request.is_for(self._open_patient.patient) or self._is_of_another(self._open_patient.patient):
            return False
        return picture is None or not self._mismatch_question.speaks_against(picture)

    def _take_lesion(self) -> None:
        chosen = self._chosen_id()
        if chosen == self._lesion_id:
            return
        self._lesion_id = chosen
        self._owner_messages.withdraw_left()
        image = self._open_patient.image_to_open(chosen)
        shown = self._shown_image()
        if shown is not None and shown.lesion_id == chosen:
            self._refresh()
            return
        # an unassigned image, or another patient's, must not be titled with a lesion that was chosen after it
        picture = self._open_image.picture
        stays = image is None and shown is None and picture is not None and not self._is_theirs()
        if stays and picture is not None:
            self._owner_messages.renew_offer(picture.sha256)
        if stays and not self._strip.is_empty:
            self._strip.show(self._pending, "")
        if image is not None:
            left = self._place_left(shown)
            self._open(image)
            if left is not None:
                self._owner_messages.offer_left(*left)
        elif shown is not None and shown.lesion_id is None and self._open_patient.lesion is not None:
            self._owner_messages.offer_to_assign(shown, self._open_patient.lesion)
        elif shown is not None:
            self._open_image.close()
        self._refresh()

    def choose_again(self) -> None:
        """Open the chosen lesion's own image where one that nobody placed is in front, and offer to place that."""
        if self._shown_image() is None and self._place_left(None) is not None:
            self._lesion_id = None
            self._take_lesion()

    def _place_left(self, shown: PlacedImage | None) -> tuple[Picture, Lesion, Callable[[], None]] | None:
        """Return the image in front if it has no lesion, the chosen lesion, and what places one with the other."""
        picture, lesion = self._open_image.picture, self._open_patient.lesion
        if picture is None or picture.is_sample or lesion is None:
            return None
        if shown is not None:
            place = partial(self._moves.assign, [picture.sha256], lesion.id)
            return None if shown.lesion_id is not None else (picture, lesion, place)
        if self._found is None or self._found.patient is not None or self._is_spoken_for(picture):
            return None
        return picture, lesion, partial(self._moves.adopt, picture.sha256, lesion)

    def show_patient_page(self) -> None:
        """Leave the lesion and its image for the page of the patient."""
        if self._open_patient.patient is None:
            return
        self._lesion_id = None  # so that no image without a lesion is opened
        self._open_patient.choose(None)
        self._open_image.close()
        self._refresh()

    def leave_for_page(self) -> None:
        """Show the page of the patient in place of an image of theirs; any other image stays in front."""
        if self._open_image.request is None or self._is_theirs():
            self.show_patient_page()

    def _take_waiting(self) -> None:
        if any(one not in self._pending for one in self._import_queue.waiting):
            self._pending = self._import_queue.waiting
            self._refresh_later.start(0)

    def _take_reading(self) -> None:
        self._pending = self._import_queue.waiting
        self._refresh()
        image = self._open_patient.image_of(self._current_key())
        if image is not None:
            self._open_image.renew(self._open_patient.request_for(image))

    def _take_opening(self, _request: OpeningRequest) -> None:
        self._found = None
        self._name()
        if self._is_theirs():
            self._refresh_later.start(0)

    def _take_picture(self, picture: Picture, request: OpeningRequest) -> None:
        if picture.is_sample:
            return
        if not request.is_for(self._open_patient.patient):
            self._open_patient.find_where(picture.sha256, partial(self._tell_where, picture))
        elif self._is_theirs():
            self._strip.select(self._current_key())
            self._say_if_earlier(picture, request)
        else:  # its file names another patient: show it without a name
            self._strip.show(self._pending, "")
        self._name()

    def _say_if_earlier(self, picture: Picture, request: OpeningRequest) -> None:
        """Say that a file brought for a lesion is an image of it from an earlier visit: today's is still awaited."""
        image = self._open_patient.image_of(picture.sha256)
        if image is None or request.placed is not None or request.lesion_id is None:
            return
        day = self._open_patient.date_of(image)
        if image.lesion_id == request.lesion_id and day < self._open_patient.date:
            self._owner_messages.say_of_earlier(day, self.open_todays)

    def _tell_where(self, picture: Picture, where: Whereabouts) -> None:
        """Say whose an image from the history or a batch is, before it could be mistaken for the open patient's."""
        present = self._open_patient.patient
        if picture is not self._open_image.picture or picture.is_sample:
            return
        self._found = where
        if where.patient is not None and (present is None or present.id != where.patient.id):
            self._owner_messages.say_of_another(where.patient, where.lesion)
        elif where.patient is not None:
            self._lesion_id = where.lesion.id if where.lesion is not None else None
            self._open_patient.choose(self._lesion_id)
            self._refresh()
        elif present is not None and not self._is_spoken_for(picture):
            self._owner_messages.offer_to_adopt(picture.sha256, picture.patient, present, self._moves.adopt)

    def _is_spoken_for(self, picture: Picture) -> bool:
        """Return whether the question about this image is already open, or the image is being imported for the open patient."""
        is_coming = any(
            _is_of(one, picture) and one.is_of(self._open_patient.patient) for one in self._import_queue.waiting
        )
        return is_coming or self._mismatch_question.asks_of(picture.sha256)

    def _refresh(self) -> None:
        if self._open_patient.patient is None:
            return
        if self._open_image.request is not None and not self._is_theirs():
            self._strip.renew(self._pending)
            self._name()  # its placing may have been undone
            return
        self._strip.show(self._pending, self._current_key())
        self._name()
        self._title.say_at_rest(has_images=not self._strip.is_empty)

    def _name(self) -> None:
        self._title.name(is_elsewhere=not self._is_theirs())

    def _current_key(self) -> str:
        request, picture = self._open_image.request, self._open_image.picture
        if request is None or not self._is_theirs():
            return ""
        if picture is None:
            return request.key
        if self._open_patient.image_of(picture.sha256) is not None:
            return picture.sha256
        return str(picture.path) if picture.path is not None else request.key

    def _shown_image(self) -> PlacedImage | None:
        """Return the open image, if it is the patient's."""
        picture = self._open_image.picture
        return None if picture is None else self._open_patient.image_of(picture.sha256)

    def _open(self, image: PlacedImage) -> None:
        self._open_image.open(self._open_patient.request_for(image))

    def _chosen_id(self) -> int | None:
        return None if self._open_patient.lesion is None else self._open_patient.lesion.id

    def _say_not_taken(self, item: ImportItem, error: AppError) -> None:
        self._owner_messages.say_not_placed(item, error)
        self._take_reading()

    def _say_elsewhere(self, item: ImportItem, where: Whereabouts) -> None:
        """Say that an image belongs elsewhere and stays there; if it is on the screen, choose its lesion."""
        self._take_reading()
        present, owner, lesion = self._open_patient.patient, where.patient, where.lesion
        if owner is not None and (present is None or present.id != owner.id):
            if self._is_shown(item):
                self._found = where
                self._name()
            self._owner_messages.say_stays_with_patient(item, owner)
        elif lesion is not None:
            if self._is_shown(item):
                self._lesion_id = lesion.id  # so that no other image of it is opened
                self._open_patient.choose(lesion.id)
                self._refresh()
            self._owner_messages.say_stays_with_lesion(item, where, lesion)

    def _leave_out(self) -> None:
        """Remove an image from the strip that is not placed with the patient after all."""
        self._take_reading()
        if self._open_image.picture is not None and not self._is_theirs():
            # The image may be alone in the strip: it was added when it was opened, before its header was read.
            self._strip.show(self._pending, "")

    def _take_placed(self, items: list[ImportItem]) -> None:
        """Treat the image on the screen as the patient's, if it is among those that the user has confirmed."""
        picture = self._open_image.picture
        shown = next((one for one in items if picture is not None and _is_of(one, picture)), None)
        if shown is not None and shown.is_of(self._open_patient.patient):
            self._lesion_id = shown.lesion_id  # so that no other image of it is opened
            self._open_patient.choose(shown.lesion_id)
        self._take_reading()

    def _take_back(self, placing: Placing) -> None:
        """Leave the image on the screen where it is if its placing was undone, but not as the patient's."""
        request, picture = self._open_image.request, self._open_image.picture
        if request is None or placing.kind == "clinical":
            return
        if request.path not in placing.paths and (picture is None or picture.sha256 not in placing.hashes):
            return
        self._open_image.unassign()
        self._found = None
        self._name()
        if picture is not None:
            self._open_patient.find_where(picture.sha256, partial(self._tell_where, picture))

    def _is_shown(self, item: ImportItem) -> bool:
        """Return whether an image is open, or being opened, for the patient."""
        request = self._open_image.request
        if request is None or not self._is_theirs():
            return False
        if item.path is None:
            return item.picture is self._open_image.picture
        return request.path == item.path


def _is_of(item: ImportItem, picture: Picture) -> bool:
    return item.saved_sha256 == picture.sha256 or (item.path is not None and item.path == picture.path)
