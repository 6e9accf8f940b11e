"""The images of the open patient in the window: brought for a lesion, shown with it, and told apart from anybody else's."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.core.errors import AppError
from desktop.core.records.patient_file import Whereabouts
from desktop.session.import_item import ImportItem
from desktop.session.import_queue import ImportQueue
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.picture import Picture
from desktop.widgets.common.file_dialogs import Files
from desktop.widgets.patient.image_moves import ImageMoves
from desktop.widgets.patient.lesion_strip import LesionStrip
from desktop.widgets.patient.lesion_title import LesionTitle
from desktop.widgets.patient.mismatch_question import MismatchQuestion
from desktop.widgets.patient.owner_messages import OwnerMessages
from desktop.widgets.patient.placed_opening import open_placed
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, PlacedImage


class LesionImages(QObject):
    """While nobody is open it leaves the strip alone."""

    def __init__(
        self,
        visit: OpenPatient,
        intake: ImportQueue,
        consultation: OpenImage,
        page: VisitPage,
        moves: ImageMoves,
        other_patient: MismatchQuestion,
        files: Files,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit = visit
        self._intake = intake
        self._consultation = consultation
        self._page = page
        self._moves = moves
        self._other_patient = other_patient
        self._files = files
        self._strip = LesionStrip(visit, page.strip, self)
        self._title = LesionTitle(visit, page, self)
        self._whose = OwnerMessages(visit, moves, page.messages, self)
        self._patient_id: int | None = None
        self._lesion_id: int | None = None
        self._pending: list[ImportItem] = []
        self._is_own = False
        """Whether what is being opened was opened here, and not from the history or a batch."""
        self._is_elsewhere = False
        self._asked = ""
        self._paste = self._is_pasted = False
        """Whether the next image that is opened is the pasted one, and whether that is being opened now."""
        self._refresh_later = QTimer(self)
        self._refresh_later.setSingleShot(True)
        self._refresh_later.timeout.connect(self._refresh)
        visit.patient_changed.connect(self._take_patient)
        visit.lesion_changed.connect(self._take_lesion)
        visit.reloaded.connect(self._take_reading)
        intake.changed.connect(self._take_waiting)
        intake.failed.connect(self._say_not_taken)
        intake.belongs_elsewhere.connect(self._say_elsewhere)
        intake.doubted.connect(self._leave_out)
        other_patient.placed.connect(self._take_placed)
        consultation.opening.connect(self._take_opening)
        consultation.opened.connect(self._take_picture)
        consultation.closed.connect(self._forget_asked)
        page.strip.image_chosen.connect(self._open_subject)
        moves.assigned.connect(self._go_along)

    # What comes in

    def take_files(self, paths: list[Path]) -> None:
        """Take files that are about to be opened: with a patient open, they are placed with the chosen lesion."""
        if self._visit.patient is not None:
            self._is_own = True
            self._asked = str(paths[0])
            self._other_patient.begin()
            self._intake.take_files(paths, self._chosen_id())

    def take_pasted(self) -> None:
        """Take the image that is about to be opened."""
        if self._visit.patient is not None:
            self._is_own = self._paste = True

    def add_clinical(self) -> None:
        """Ask for clinical photographs of the chosen lesion; they are kept and never classified."""
        paths = self._files.choose_images()
        if paths:
            self._other_patient.begin()
            self._intake.take_files(paths, self._chosen_id(), "clinical")

    def open_for(self, lesion_id: int, paths: list[Path]) -> None:
        """Choose a lesion of the open patient, and open files that are to be placed with it."""
        self._lesion_id = lesion_id  # its newest image is one of these: nothing else is opened for it
        self._visit.choose(lesion_id)
        self.take_files(paths)
        self._page.open_files(paths)

    def _go_along(self, keys: Collection[str], lesion_id: int | None) -> None:
        """The window goes with the image that is shown."""
        if self._current_key() in keys:
            self._lesion_id = lesion_id
            self._visit.choose(lesion_id)

    # What is shown

    def _take_patient(self) -> None:
        patient_id = None if self._visit.patient is None else self._visit.patient.id
        if patient_id == self._patient_id:
            return
        self._patient_id, self._lesion_id, self._pending = patient_id, None, []
        self._strip.forget()
        self._whose.forget()
        picture = self._consultation.picture
        if picture is not None:
            self._visit.find_where(picture.sha256, partial(self._weigh_open, picture))
        self._page.head.name_subject("")
        if patient_id is None:
            self._page.strip.show_images([])
            self._title.say_at_rest(has_images=False)

    def _weigh_open(self, picture: Picture, where: Whereabouts) -> None:
        """Close an image of another patient than the one that is open now; offer to place one that is nobody's."""
        if picture is not self._consultation.picture:
            return
        present = self._visit.patient
        if where.patient is not None and (present is None or where.patient.id != present.id):
            self._consultation.close()
        else:
            self._is_elsewhere = True
            self._tell_where(picture, where)

    def _take_lesion(self) -> None:
        chosen = self._chosen_id()
        if chosen == self._lesion_id:
            return
        self._lesion_id = chosen
        images = self._visit.images_of(chosen)
        shown = self._shown_image()
        if shown is not None and shown.lesion_id == chosen:
            self._refresh()
            return
        # an image of nobody, or of somebody else, stays one: it must not go by the name of a lesion that was chosen after it
        stays = self._is_elsewhere and not images and shown is None and self._consultation.picture is not None
        self._is_elsewhere = stays
        if stays:
            self._whose.renew_offer()
        if stays and not self._strip.is_empty:
            self._strip.show(self._pending, "")
        if images:
            today = [image for image in images if self._visit.date_of(image) == self._visit.date]
            self._open((today or images)[-1])
        elif shown is not None and shown.lesion_id is None and self._visit.lesion is not None:
            self._whose.offer_to_assign(shown, self._visit.lesion)
        elif shown is not None:
            self._consultation.close()
        self._refresh()

    def _take_waiting(self) -> None:
        if any(one not in self._pending for one in self._intake.waiting):
            self._pending = self._intake.waiting
            self._refresh_later.start(0)

    def _take_reading(self) -> None:
        self._pending = self._intake.waiting
        self._refresh()

    def _take_opening(self, _name: str) -> None:
        self._is_elsewhere = not self._is_own
        self._is_pasted = self._paste
        self._is_own = self._paste = False
        self._title.name(is_elsewhere=self._is_elsewhere)
        if not self._is_elsewhere:
            self._refresh_later.start(0)

    def _forget_asked(self) -> None:
        self._asked = ""  # lit in the strip, it could not be chosen again

    def _take_picture(self, picture: Picture) -> None:
        if self._is_pasted:
            self._intake.take_picture(picture, self._chosen_id())
        if picture.is_sample:
            return
        if self._is_elsewhere:
            self._visit.find_where(picture.sha256, partial(self._tell_where, picture))
        elif self._other_patient.speaks_against(picture):
            self._is_elsewhere = True  # it is shown, and by nobody's name
            self._strip.show(self._pending, "")
        else:
            self._strip.select(self._current_key())
        self._title.name(is_elsewhere=self._is_elsewhere)

    def _tell_where(self, picture: Picture, where: Whereabouts) -> None:
        """Say whose an image is that came from the history or a batch, before it is taken for the open patient's."""
        present = self._visit.patient
        if picture is not self._consultation.picture or picture.is_sample:
            return
        if where.patient is not None and (present is None or present.id != where.patient.id):
            self._whose.say_of_another(where.patient, where.lesion)
        elif where.patient is not None:
            self._is_elsewhere = False
            self._lesion_id = where.lesion.id if where.lesion is not None else None
            self._visit.choose(self._lesion_id)
            self._refresh()
        elif present is not None and not self._other_patient.asks_of(picture.sha256):
            self._whose.offer_to_adopt(picture.sha256, picture.patient, present, self._adopt)

    def _adopt(self, sha256: str, lesion: Lesion | None) -> None:
        self._is_elsewhere = False
        self._moves.adopt(sha256, lesion)

    def _refresh(self) -> None:
        if self._visit.patient is None or self._is_elsewhere:
            return
        self._strip.show(self._pending, self._current_key())
        self._title.name(is_elsewhere=False)
        self._title.say_at_rest(has_images=not self._strip.is_empty)

    def _current_key(self) -> str:
        picture = self._consultation.picture
        if picture is None or self._is_elsewhere:
            return self._asked
        if self._visit.image_of(picture.sha256) is not None:
            return picture.sha256
        return str(picture.path) if picture.path is not None else self._asked

    def _shown_image(self) -> PlacedImage | None:
        """Return the image that is open, if it is the patient's."""
        picture = self._consultation.picture
        return None if picture is None else self._visit.image_of(picture.sha256)

    def _open_subject(self, subject: object) -> None:
        if isinstance(subject, ImportItem):
            if subject.path is not None:
                self._is_own = True
                self._asked = str(subject.path)
                self._consultation.open_file(subject.path)
        elif not isinstance(subject, Path):
            self._open(subject)  # type: ignore[arg-type]

    def _open(self, image: PlacedImage) -> None:
        self._is_own = True
        self._asked = image.image.sha256
        open_placed(self._consultation, image)

    def _chosen_id(self) -> int | None:
        return None if self._visit.lesion is None else self._visit.lesion.id

    def _say_not_taken(self, arrival: ImportItem, error: AppError) -> None:
        self._whose.say_not_placed(arrival, error)
        self._take_reading()

    def _say_elsewhere(self, arrival: ImportItem, where: Whereabouts) -> None:
        """Say where an image stays that was brought for another lesion; the window goes there with it if it is shown."""
        self._take_reading()
        present, owner, lesion = self._visit.patient, where.patient, where.lesion
        if owner is not None and (present is None or present.id != owner.id):
            if self._is_shown(arrival):
                self._is_elsewhere = True
                self._title.name(is_elsewhere=self._is_elsewhere)
            self._whose.say_stays_with_patient(arrival, owner)
        elif lesion is not None:
            if self._is_shown(arrival):
                self._lesion_id = lesion.id  # so that no other image of it is opened
                self._visit.choose(lesion.id)
                self._refresh()
            self._whose.say_stays_with_lesion(arrival, where, lesion)

    def _leave_out(self) -> None:
        """Take out of the strip what is not placed with the patient after all."""
        self._take_reading()
        if self._is_elsewhere:  # the image may be alone in the strip: put there as it was opened, before it was read
            self._strip.show(self._pending, "")

    def _take_placed(self, arrivals: list[ImportItem]) -> None:
        """Take the image that is shown for the patient's, if it is one of those that were said to be theirs."""
        picture = self._consultation.picture
        shown = next((one for one in arrivals if picture is not None and _is_of(one, picture)), None)
        if shown is not None and shown.is_of(self._visit.patient):
            self._is_elsewhere = False
            self._asked = shown.kept
            self._lesion_id = shown.lesion_id  # so that no other image of it is opened
            self._visit.choose(shown.lesion_id)
        self._take_reading()

    def _is_shown(self, arrival: ImportItem) -> bool:
        """Return whether an image is the one that is open, or is being opened."""
        if self._is_elsewhere:
            return False
        return (
            arrival.picture is self._consultation.picture if arrival.path is None else str(arrival.path) == self._asked
        )


def _is_of(arrival: ImportItem, picture: Picture) -> bool:
    return arrival.kept == picture.sha256 or (arrival.path is not None and arrival.path == picture.path)
