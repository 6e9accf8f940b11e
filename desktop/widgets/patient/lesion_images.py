"""The images of the open patient in the window: shown with their lesions, and kept apart from those of others."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.core.records.patient_file import Whereabouts
from desktop.session.blinding import Blinding
from desktop.session.image_place import ImagePlace
from desktop.session.import_item import ImportItem, Placing
from desktop.session.import_queue import ImportQueue
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import OpeningRequest
from desktop.session.picture import Picture
from desktop.widgets.patient.image_in_front import ImageInFront, other_owner
from desktop.widgets.patient.image_moves import ImageMoves
from desktop.widgets.patient.lesion_strip import LesionStrip
from desktop.widgets.patient.lesion_title import LesionTitle
from desktop.widgets.patient.mismatch_question import MismatchQuestion
from desktop.widgets.patient.opened_placings import OpenedPlacings
from desktop.widgets.patient.owner_messages import OwnerMessages
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.people import Patient


class LesionImages(QObject):
    """Leaves the strip alone while no patient is open."""

    todays_requested = Signal()
    """Open today's image of the chosen lesion."""

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
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._import_queue = import_queue
        self._open_image = open_image
        self._page = page
        self._moves = moves
        self._strip = LesionStrip(open_patient, page.strip, self)
        self._title = LesionTitle(open_patient, blinding, page, self)
        self._owner_messages = OwnerMessages(open_patient, moves, page.messages, self)
        self._front = ImageInFront(open_image, open_patient, import_queue, mismatch_question, self)
        self._patient_id: int | None = None
        self._lesion_id: int | None = None
        self._pending: list[ImportItem] = []
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

    def choose(self, lesion_id: int | None) -> None:
        """Choose a lesion, and open no image of it: the one in front stays, or the caller sees to it."""
        self._lesion_id = lesion_id
        self._open_patient.choose(lesion_id)

    def _go_along(self, keys: Collection[str], lesion_id: int | None) -> None:
        """Follow the image on the screen to its new lesion."""
        if self._front.key in keys:
            self.choose(lesion_id)

    def _take_patient(self) -> None:
        patient_id = None if self._open_patient.patient is None else self._open_patient.patient.id
        if patient_id == self._patient_id:
            return
        self._patient_id, self._lesion_id, self._pending = patient_id, None, []
        self._strip.forget()
        self._owner_messages.forget()
        self._front.find(self._weigh_open)
        self._page.head.name_subject("")
        self._page.strip.show_files([])
        if patient_id is None:
            self._title.say_at_rest(has_images=False)

    def _leave_for(self, patient: Patient | None) -> None:
        """Close the image of another patient before the rules of theirs end, such as that its answer is hidden."""
        if self._front.is_of_another(patient):
            self._open_image.close()

    def _weigh_open(self, where: Whereabouts) -> None:
        """Close an image that belongs to another patient; offer to place one that is unassigned."""
        if other_owner(where, self._open_patient.patient) is not None:
            self._open_image.close()
            self._refresh()
        else:
            self._tell_where(where)

    def _follow(self, _picture: Picture, where: Whereabouts) -> None:
        """Follow the open image to where an undo or a redo has put it; one that is another patient's now is closed."""
        if where == self._front.found:
            return
        was_theirs = self._front.is_theirs
        if self._front.found is not None:
            self._owner_messages.withdraw_of_open()
        if where.patient is None or other_owner(where, self._open_patient.patient) is not None:
            self._front.unassign()
            self._name()
        self._front.found = where
        if was_theirs:
            self._weigh_open(where)
        else:
            self._tell_where(where)

    def _take_lesion(self) -> None:
        chosen = self._chosen_id()
        if chosen == self._lesion_id:
            return
        self._lesion_id = chosen
        self._owner_messages.withdraw_left()
        image, shown, lesion = self._open_patient.image_to_open(chosen), self._front.placed, self._open_patient.lesion
        if shown is not None and shown.lesion_id == chosen:
            self._refresh()
            return
        if image is not None:
            offer = self._offer_of_left()
            self._open_image.open(self._open_patient.request_for(image))
            if offer is not None:
                offer()
        elif shown is None:
            self._keep_untitled()
        elif shown.lesion_id is None and lesion is not None:
            self._owner_messages.offer_to_assign(shown, lesion)
        else:
            self._open_image.close()
        self._refresh()

    def _keep_untitled(self) -> None:
        """Leave an unassigned image, or another patient's, in front, but without the lesion that was chosen after it."""
        picture = self._open_image.picture
        if picture is None or self._front.is_theirs:
            return
        self._owner_messages.renew_offer(picture.sha256)
        if not self._strip.is_empty:
            self._strip.show(self._pending, "")

    def open_chosen(self) -> None:
        """Open the chosen lesion's own image where one that nobody placed is in front, and offer to place that."""
        has_own = self._open_patient.image_to_open(self._chosen_id()) is not None
        if has_own and self._front.placed is None and self._offer_of_left() is not None:
            self._lesion_id = None
            self._take_lesion()

    def _offer_of_left(self) -> Callable[[], None] | None:
        """Return what offers the image in front, if it has no lesion, to the chosen lesion once that shows its own."""
        picture, lesion, shown = self._open_image.picture, self._open_patient.lesion, self._front.placed
        if picture is None or picture.is_sample or lesion is None:
            return None
        if shown is not None and shown.lesion_id is None:
            place = partial(self._moves.assign, [picture.sha256], lesion.id)
        elif shown is None and self._front.is_unclaimed:
            place = partial(self._moves.adopt, picture.sha256, picture.name, lesion)
        else:
            return None
        return partial(self._owner_messages.offer_left, picture, lesion, place)

    def show_patient_page(self) -> None:
        """Leave the lesion and its image for the page of the patient."""
        if self._open_patient.patient is None:
            return
        self.choose(None)
        self._open_image.close()
        self._refresh()

    def leave_for_page(self) -> None:
        """Show the page of the patient in place of an image of theirs; any other image stays in front."""
        if self._open_image.request is None or self._front.is_theirs:
            self.show_patient_page()

    def _take_waiting(self) -> None:
        if any(one not in self._pending for one in self._import_queue.waiting):
            self._pending = self._import_queue.waiting
            self._refresh_later.start(0)

    def _take_reading(self) -> None:
        self._pending = self._import_queue.waiting
        self._refresh()
        image = self._front.placed
        if image is not None:
            self._open_image.renew(self._open_patient.request_for(image))

    def _take_opening(self, _request: OpeningRequest) -> None:
        self._name()
        if self._front.is_theirs:
            self._refresh_later.start(0)

    def _take_picture(self, picture: Picture, request: OpeningRequest) -> None:
        if picture.is_sample:
            return
        if not request.is_for(self._open_patient.patient):
            self._front.find(self._tell_where)
        elif self._front.is_theirs:
            self._strip.select(self._front.key)
            self._say_if_earlier(request)
        else:  # its file names another patient: show it without a name
            self._strip.show(self._pending, "")
        self._name()

    def _say_if_earlier(self, request: OpeningRequest) -> None:
        """Say that a file brought for a lesion is an image of it from an earlier visit: today's is still awaited."""
        image = self._front.placed
        if image is None or request.placed is not None or request.lesion_id is None:
            return
        day = self._open_patient.date_of(image)
        if image.lesion_id == request.lesion_id and day < self._open_patient.date:
            self._owner_messages.say_of_earlier(day, self.todays_requested.emit)

    def _tell_where(self, where: Whereabouts) -> None:
        """Say whose an image from the history or a batch is, before it could be mistaken for the open patient's."""
        picture, present = self._open_image.picture, self._open_patient.patient
        if picture is None or picture.is_sample:
            return
        owner = other_owner(where, present)
        if owner is not None:
            self._owner_messages.say_of_another(owner, where.lesion)
        elif where.patient is not None:
            self.choose(None if where.lesion is None else where.lesion.id)
            self._refresh()
        elif present is not None and self._front.is_unclaimed:
            adopt = partial(self._moves.adopt, picture.sha256, picture.name)
            self._owner_messages.offer_to_adopt(picture.sha256, picture.patient, present, adopt)

    def _refresh(self) -> None:
        if self._open_patient.patient is None:
            return
        if self._open_image.request is not None and not self._front.is_theirs:
            self._strip.renew(self._pending)
            self._name()  # its placing may have been undone
            return
        self._strip.show(self._pending, self._front.key)
        self._name()
        self._title.say_at_rest(has_images=not self._strip.is_empty)

    def _name(self) -> None:
        self._title.name(self._front.placed, is_elsewhere=not self._front.is_theirs)

    def _chosen_id(self) -> int | None:
        return None if self._open_patient.lesion is None else self._open_patient.lesion.id

    def _say_not_taken(self, item: ImportItem, error: AppError) -> None:
        self._owner_messages.say_not_placed(item, error)
        self._take_reading()

    def _say_elsewhere(self, item: ImportItem, where: Whereabouts) -> None:
        """Say that an image belongs elsewhere and stays there; if it is on the screen, choose its lesion."""
        self._take_reading()
        owner, lesion = other_owner(where, self._open_patient.patient), where.lesion
        if owner is not None:
            if self._front.shows_as_theirs(item):
                self._front.found = where
                self._name()
            self._owner_messages.say_stays_with_patient(item, owner)
        elif lesion is not None:
            if self._front.shows_as_theirs(item):
                self.choose(lesion.id)
                self._refresh()
            self._owner_messages.say_stays_with_lesion(item, where, lesion)

    def _leave_out(self) -> None:
        """Remove an image from the strip that is not placed with the patient after all."""
        self._take_reading()
        if self._open_image.picture is not None and not self._front.is_theirs:
            # The image may be alone in the strip: it was added when it was opened, before its header was read.
            self._strip.show(self._pending, "")

    def _take_placed(self, items: list[ImportItem]) -> None:
        """Treat the image on the screen as the patient's, if it is among those that the user has confirmed."""
        shown = next((one for one in items if self._front.shows(one)), None)
        if shown is not None and shown.is_of(self._open_patient.patient):
            self.choose(shown.lesion_id)
        self._take_reading()

    def _take_back(self, placing: Placing) -> None:
        """Leave the image on the screen where it is if its placing was undone, but not as the patient's."""
        if placing.kind == "clinical" or not self._front.is_part_of(placing):
            return
        self._front.unassign()
        self._name()
        self._front.find(self._tell_where)
