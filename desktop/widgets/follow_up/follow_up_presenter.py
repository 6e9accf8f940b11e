"""Fills the follow-up page: with the chosen lesion of the open patient, or with two images that are compared alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from desktop.session.alignment import Alignment
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.captures import Captures
from desktop.session.earlier_answers import EarlierAnswers
from desktop.session.history_service import HistoryService
from desktop.session.image_owner import ImageOwner
from desktop.session.lesion_sizes import LesionSizes
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.picture import Picture
from desktop.session.pixel_scales import PixelScales
from desktop.session.stored_pictures import StoredPictures
from desktop.session.undo import UndoStack
from desktop.system.tasks import Tasks
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.follow_up import film
from desktop.widgets.follow_up.alignment_presenter import AlignmentPresenter
from desktop.widgets.follow_up.course_presenter import CoursePresenter
from desktop.widgets.follow_up.film import Frame
from desktop.widgets.follow_up.film_presenter import FilmPresenter
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.follow_up.free_comparison import FreeComparison
from desktop.widgets.follow_up.influence_presenter import InfluencePresenter
from desktop.widgets.follow_up.light_presenter import LightPresenter
from desktop.widgets.follow_up.scale_presenter import ScalePresenter
from desktop.widgets.follow_up.size_presenter import SizePresenter
from desktop.widgets.follow_up.todays_image import TodaysImage

if TYPE_CHECKING:
    from desktop.core.records.patient_file import Whereabouts
    from desktop.core.records.people import Lesion, Patient
    from desktop.core.records.values import Entry


class FollowUpPresenter(QObject):
    """Follows the open patient: another lesion chosen there is another film here."""

    page_needed = Signal()
    """Show the page."""
    lesion_step_requested = Signal(int)
    """Show the film of a lesion that many places further on in the list, or (negative) back."""
    waiting = Signal(str, object)
    """The name of an image that waits for another one to be compared with, and its Patient, None if it has none."""
    of_another = Signal(object, object)
    """An image is of this Patient, who is not open, and of this Lesion."""

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        open_patient: OpenPatient,
        open_image: OpenImage,
        blinding: Blinding,
        scales: PixelScales,
        captures: Captures,
        undo_stack: UndoStack,
        thumbnails: Thumbnails,
        audit: AuditTrail,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._open_image = open_image
        self._scales = scales
        self._thumbnails = thumbnails
        self._pictures = StoredPictures(tasks, history_service, self)
        shown = Alignment(tasks, history_service, self)
        self.page = FollowUpPage(scales.mm_per_pixel, captures.of, shown, self._thumbnail)
        sizes = LesionSizes(tasks, history_service, open_image, scales, Alignment(tasks, history_service, self), self)
        shown.found.connect(lambda kept: sizes.align(kept.transform))
        shown.failed.connect(lambda _error: sizes.align(None))
        shown.lost.connect(sizes.align_again)
        shown.changed_unseen.connect(sizes.align_again)
        owner_of = partial(ImageOwner, history_service)
        self.sizes = SizePresenter(self.page.sizes, self.page.compare, sizes, undo_stack, owner_of, self)
        self.scaling = ScalePresenter(
            self.page.sizes, self.page.compare, scales, undo_stack, lambda picture: owner_of([picture]), self
        )
        AlignmentPresenter(self.page.compare, shown, undo_stack, owner_of, self)
        self._light = LightPresenter(self.page.light, self.page.compare, captures, undo_stack, owner_of, self)
        self._course = CoursePresenter(
            self.page,
            history_service,
            open_patient,
            blinding,
            audit,
            EarlierAnswers(tasks, history_service, open_image, self),
            self,
        )
        InfluencePresenter(self.page, self._course, history_service, undo_stack, open_patient, self)
        self.film = FilmPresenter(self.page, self._pictures, open_image, self._course.caution_between, self)
        self._todays = TodaysImage(self.page, open_patient, open_image, self._course, lambda: self.lesion, self)
        self._free = FreeComparison(self.page.compare, history_service, self)
        self._lesion_id: int | None = None
        self._patient_id: int | None = None
        scales.changed.connect(lambda _sha256: self.page.compare.show_known())
        captures.changed.connect(self.page.compare.show_known)
        self._connect()
        self._take_patient()

    def follow(self, picture: Picture) -> None:
        """Show the film of an image's lesion; add an image without a lesion to the free comparison."""
        placed = self._open_patient.image_of(picture.sha256)
        if placed is None:
            self._open_patient.find_where(picture.sha256, partial(self._follow_found, picture))
        elif placed.lesion_id is None:
            self._add_free(picture, self._open_patient.patient)
        else:
            self._open_patient.choose(placed.lesion_id)
            self.show_lesion()

    def show_lesion(self) -> None:
        """Show the film of the chosen lesion, or of the one that is about to be chosen."""
        self._free.is_on = False
        self._refresh()
        self.page_needed.emit()

    def compare_entries(self, entries: Sequence[Entry]) -> None:
        """Compare the images of two entries, of whatever lesions."""
        self.page_needed.emit()  # first, because a page that comes into sight reads the film of the chosen lesion
        self._be_free()
        self._pictures.read([entry.image for entry in entries], self._compare, self.page.messages.tell)

    @property
    def lesion(self) -> Lesion | None:
        """The lesion whose film is shown."""
        return None if self._free.is_on else self._open_patient.lesion

    def _connect(self) -> None:
        patient, page = self._open_patient, self.page
        patient.patient_changed.connect(self._take_patient)
        patient.lesion_changed.connect(self._refresh)
        patient.reloaded.connect(self._refresh)
        self.film.shown.connect(self.sizes.show_pictures)
        self.film.shown.connect(self._light.look_up)
        self._course.changed.connect(self.film.show_choice)
        self._thumbnails.arrived.connect(page.axis.update)
        page.shown.connect(self._refresh)
        page.compare.pair.cleared.connect(self._leave_free)
        for view in page.compare.views:
            view.lesion_step_requested.connect(self._step_lesion)

    def _be_free(self) -> None:
        if not self._free.is_on:
            self.page.compare.clear()
            self._free.is_on = True
            self._refresh()

    def _leave_free(self) -> None:
        self._free.is_on = False
        self._refresh()

    def _compare(self, pictures: list[Picture]) -> None:
        self._be_free()
        for picture in pictures:
            self._free.add(picture)
        self._look_up_free(pictures)

    def _follow_found(self, picture: Picture, where: Whereabouts) -> None:
        """Follow an image that was none of the open patient's; one of a lesion no longer if another is in front by now."""
        present = self._open_patient.patient
        if where.patient is None or where.lesion is None:
            self._add_free(picture, where.patient)
        elif picture is not self._open_image.picture:
            return
        elif present is not None and present.id == where.patient.id:  # who was opened meanwhile
            self._open_patient.choose(where.lesion.id)
            self.show_lesion()
        else:
            self.of_another.emit(where.patient, where.lesion)

    def _add_free(self, picture: Picture, owner: Patient | None) -> None:
        self._be_free()
        self._look_up_free([picture])
        if self._free.add(picture) > 1:
            self.page_needed.emit()
        else:
            self.waiting.emit(picture.name, owner)

    def _look_up_free(self, pictures: Sequence[Picture]) -> None:
        for picture in pictures:
            self._scales.look_up(picture.sha256)
        self._light.look_up(pictures)

    def _take_patient(self) -> None:
        """Leave the images of a patient who is no longer open."""
        before, patient = self._patient_id, self._open_patient.patient
        self._patient_id = None if patient is None else patient.id
        if before is not None and before != self._patient_id:
            self.page.compare.clear()
            self.page.compare.pair.link_again()
            self.sizes.put_outlines_away()
            self._free.is_on = False
        self._refresh()

    def _refresh(self) -> None:
        chosen = None if self._open_patient.lesion is None else self._open_patient.lesion.id
        if chosen != self._lesion_id:
            self._lesion_id = chosen
            self.film.forget()
            self._free.is_on = self._free.is_on and chosen is None
            self.page.messages.withdraw()
        lesion = self.lesion
        has_todays = self._open_patient.todays_image() is not None
        self.page.show_film("" if lesion is None else lesion_name(lesion), has_todays=has_todays)
        if lesion is None:
            self.film.leave()
            self._course.show_lesion(None, ())
            return
        self.film.take(film.film_of(self._open_patient, lesion.id))
        self._course.show_lesion(lesion, self.film.frames)  # first: what is said of a pair is said of these images
        if self.page.isVisible():
            self.film.show_pair()
            self._todays.open_it()
        self._todays.show_assessable()

    def _step_lesion(self, steps: int) -> None:
        if self.lesion is not None:
            self.lesion_step_requested.emit(steps)

    def _thumbnail(self, frame: Frame) -> QPixmap | None:
        return self._thumbnails.picture(frame.sha256, frame.image.image.path)
