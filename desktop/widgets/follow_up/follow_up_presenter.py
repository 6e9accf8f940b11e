"""Fills the follow-up page: with the chosen lesion of the open patient, or with two images that are compared alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from desktop.core.errors import AppError
from desktop.session.alignment import Alignment
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.captures import Captures
from desktop.session.earlier_answers import EarlierAnswers
from desktop.session.history_service import HistoryService
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
from desktop.widgets.follow_up.course_presenter import CoursePresenter
from desktop.widgets.follow_up.film import Frame, Pair
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.follow_up.free_comparison import FreeComparison
from desktop.widgets.follow_up.influence_presenter import InfluencePresenter
from desktop.widgets.follow_up.light_presenter import LightPresenter
from desktop.widgets.follow_up.size_presenter import SizePresenter
from desktop.widgets.image.compare_pair import ComparedImage

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion
    from desktop.core.records.values import Entry


class FollowUpPresenter(QObject):
    """Follows the open patient: another lesion chosen there is another film here."""

    page_needed = Signal()
    """Show the page."""
    lesion_step_requested = Signal(int)
    """Show the film of a lesion that many places further on in the list, or (negative) back."""
    waiting = Signal(str, bool)
    """The name of an image that waits for another one to be compared with, and whether it is the open patient's."""

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
        self.sizes = SizePresenter(self.page.sizes, self.page.compare, sizes, undo_stack, open_patient, self)
        self._light = LightPresenter(self.page.light, self.page.compare, captures, undo_stack, open_patient, self)
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
        self._free = FreeComparison(self.page.compare, history_service, self)
        self._lesion_id: int | None = None
        self._frames: tuple[Frame, ...] = ()
        self._pair: Pair | None = None
        self._wanted: list[str] = []
        """The SHA-256 of the images that are shown or being read."""
        self._patient_id: int | None = None
        scales.changed.connect(lambda _sha256: self.page.compare.show_known())
        captures.changed.connect(self.page.compare.show_known)
        self._connect()
        self._take_patient()

    def follow(self, picture: Picture) -> None:
        """Show the film of an image's lesion; add an image without a lesion to the free comparison."""
        placed = self._open_patient.image_of(picture.sha256)
        if placed is not None and placed.lesion_id is not None:
            self._open_patient.choose(placed.lesion_id)
            self.show_lesion()
            return
        self._be_free()
        self._look_up_free([picture])
        if self._free.add(picture) > 1:
            self.page_needed.emit()
        else:
            self.waiting.emit(picture.name, placed is not None)

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
        self._open_image.opened.connect(self._take_opened)
        self._open_image.closed.connect(self._show_assessable)
        self._open_image.opening.connect(lambda _request: self._show_assessable())
        self._open_image.open_failed.connect(lambda _name, _error: self._show_assessable())
        self._course.changed.connect(self._show_choice)
        self._thumbnails.arrived.connect(page.axis.update)
        page.shown.connect(self._refresh)
        page.todays_requested.connect(self._go_to_todays)
        page.answer_requested.connect(self._go_to_alerted)
        page.compare.pair.cleared.connect(self._leave_free)
        page.before_requested.connect(lambda: self._choose_end(is_first=False))
        page.first_requested.connect(lambda: self._choose_end(is_first=True))
        page.axis.before_requested.connect(page.before_requested)
        page.axis.first_requested.connect(page.first_requested)
        page.axis.older_chosen.connect(lambda place: self._choose(lambda pair: film.with_older(pair, place)))
        page.axis.newer_chosen.connect(lambda place: self._choose(lambda pair: film.with_newer(pair, place)))
        page.axis.stepped.connect(self._step)
        for is_newer, view in enumerate(page.compare.views):
            view.step_requested.connect(partial(self._step, is_newer=bool(is_newer)))
            view.end_requested.connect(self._choose_end)
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
            self._free.is_on = False
        self._refresh()

    def _refresh(self) -> None:
        chosen = None if self._open_patient.lesion is None else self._open_patient.lesion.id
        if chosen != self._lesion_id:
            self._lesion_id, self._frames, self._pair = chosen, (), None
            self._free.is_on = self._free.is_on and chosen is None
            self.page.messages.withdraw()
        lesion = self.lesion
        has_todays = self._open_patient.todays_image() is not None
        self.page.show_film("" if lesion is None else lesion_name(lesion), has_todays=has_todays)
        if lesion is None:
            if self._wanted:  # the images of a film, which would stand there without its name
                self._wanted = []
                self.page.compare.clear()
                self._forget_pictures()
            self._course.show_lesion(None, ())
            return
        before, self._frames = self._frames, film.film_of(self._open_patient, lesion.id)
        if [frame.sha256 for frame in before] != [frame.sha256 for frame in self._frames]:
            self._pair = film.newest_pair(self._frames)
        self._course.show_lesion(lesion, self._frames)  # first: what is said of a pair is said of these images
        if self.page.isVisible():
            self._show_pair()
            self._open_todays()
        self._show_assessable()

    def _choose(self, change: Callable[[Pair], Pair]) -> None:
        if self._pair is not None and self.lesion is not None:
            self._pair = change(self._pair)
            self._show_pair()

    def _choose_end(self, is_first: bool) -> None:
        end = (film.first_pair if is_first else film.newest_pair)(self._frames)
        if end is not None:
            self._choose(lambda _pair: end)

    def _step(self, steps: int, is_newer: bool) -> None:
        count = len(self._frames)
        self._choose(lambda pair: film.stepped(pair, steps, count, of_newer=is_newer))

    def _step_lesion(self, steps: int) -> None:
        if self.lesion is not None:
            self.lesion_step_requested.emit(steps)

    def _show_pair(self) -> None:
        self._show_choice()
        pair, frames = self._pair, self._frames
        shown = list(frames[-1:]) if pair is None else [frames[pair.older], frames[pair.newer]]
        wanted = [frame.sha256 for frame in shown]
        if wanted != self._wanted:
            self._wanted = wanted
            self._pictures.read(
                [frame.image.image for frame in shown],
                partial(self._show_pictures, shown),
                self._tell_unread,
                opened=self._open_image.picture,
            )

    def _show_choice(self) -> None:
        """Show which two images are chosen."""
        pair, frames = self._pair, self._frames
        self.page.axis.show_film(frames, pair)
        self.page.show_pair(
            is_before=pair is not None and pair == film.newest_pair(frames),
            is_first=pair is not None and pair == film.first_pair(frames),
            count=len(frames),
            caution="" if pair is None else self._course.caution_between(pair),
        )

    def _show_pictures(self, shown: list[Frame], pictures: list[Picture]) -> None:
        if [frame.sha256 for frame in shown] == self._wanted:
            self.sizes.show_pictures(pictures)
            self.page.compare.show_pair(
                [
                    ComparedImage(picture, frame.title, frame.day, is_dermoscopy=True)
                    for frame, picture in zip(shown, pictures, strict=True)
                ]
            )
            self._light.look_up(pictures)

    def _tell_unread(self, error: AppError) -> None:
        self._forget_pictures()
        self.page.compare.show_pair([])
        self.page.messages.tell(error)

    def _forget_pictures(self) -> None:
        self.sizes.show_pictures(())
        self._light.look_up(())

    def _open_todays(self) -> None:
        """Open today's image of the lesion, so that it can be assessed, unless one is open or on its way here."""
        request = self._open_image.request
        is_coming = request is not None and request.lesion_id == self._lesion_id and request.placed is None
        if self.lesion is not None and not is_coming and not self._is_todays_open():
            self._go_to_todays()

    def _go_to_todays(self) -> None:
        image = self._open_patient.todays_image()
        if image is not None:
            self._open_image.open(self._open_patient.request_for(image))

    def _go_to_alerted(self) -> None:
        """Open the image of today that raised the alert, unless it is open."""
        seen, picture = self._course.seen, self._open_image.picture
        image = None if seen is None else self._open_patient.image_of(seen.sha256)
        if image is not None and (picture is None or picture.sha256 != image.image.sha256):
            self._open_image.open(self._open_patient.request_for(image))

    def _is_todays_open(self) -> bool:
        """Return whether an image of today is open, or being opened; the lesion may have several."""
        request, picture = self._open_image.request, self._open_image.picture
        sha256 = picture.sha256 if picture is not None else "" if request is None else request.key
        return self._open_patient.is_todays(sha256)

    def _take_opened(self) -> None:
        self._show_assessable()
        if self.page.isVisible():
            self.page.compare.give_keys_to_pictures()

    def _show_assessable(self) -> None:
        self.page.show_assessable(self._is_todays_open() and not self._open_image.has_failed)

    def _thumbnail(self, frame: Frame) -> QPixmap | None:
        return self._thumbnails.picture(frame.sha256, frame.image.image.path)
