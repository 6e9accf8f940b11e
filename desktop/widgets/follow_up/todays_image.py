"""Leads to today's image of the lesion whose film is shown, so that the lesion can be assessed beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.widgets.follow_up.course_presenter import CoursePresenter
from desktop.widgets.follow_up.follow_up_page import FollowUpPage

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion


class TodaysImage(QObject):
    """The assessment is asked for while an image of today is open."""

    def __init__(
        self,
        page: FollowUpPage,
        open_patient: OpenPatient,
        open_image: OpenImage,
        course: CoursePresenter,
        lesion_shown: Callable[[], Lesion | None],
        parent: QObject,
    ) -> None:
        """`lesion_shown` returns the lesion whose film is shown."""
        super().__init__(parent)
        self._page = page
        self._open_patient = open_patient
        self._open_image = open_image
        self._course = course
        self._lesion_shown = lesion_shown
        open_image.opened.connect(self._take_opened)
        open_image.closed.connect(self.show_assessable)
        open_image.opening.connect(lambda _request: self.show_assessable())
        open_image.open_failed.connect(lambda _name, _error: self.show_assessable())
        page.todays_requested.connect(self._go_to_todays)
        page.answer_requested.connect(self._go_to_alerted)

    def open_it(self) -> None:
        """Open today's image of the lesion, unless one is open or on its way here."""
        request, lesion = self._open_image.request, self._lesion_shown()
        is_coming = (
            lesion is not None and request is not None and request.lesion_id == lesion.id and request.placed is None
        )
        if lesion is not None and not is_coming and not self._is_open():
            self._go_to_todays()

    def show_assessable(self) -> None:
        """Show the assessment of today's image, or what leads to it."""
        self._page.show_assessable(self._is_open() and not self._open_image.has_failed)

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

    def _is_open(self) -> bool:
        """Return whether an image of today is open, or being opened; the lesion may have several."""
        request, picture = self._open_image.request, self._open_image.picture
        sha256 = picture.sha256 if picture is not None else "" if request is None else request.key
        return self._open_patient.is_todays(sha256)

    def _take_opened(self) -> None:
        self.show_assessable()
        if self._page.isVisible():
            self._page.compare.give_keys_to_pictures()
