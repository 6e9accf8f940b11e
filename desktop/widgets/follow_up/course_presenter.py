"""Reads the course of a lesion, and shows it in words and as marks on the time axis."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.records.audit_acts import Action
from desktop.core.records.lesion_course import NO_COURSE, Course, read_course
from desktop.core.records.values import ModelFacts
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.widgets.follow_up import course
from desktop.widgets.follow_up.film import Frame
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.history.history_words import EntryWords

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Lesion


class CoursePresenter(QObject):
    """Shows the course of one lesion at a time, again after every change of the history or of what is concealed."""

    changed = Signal()
    """The course was read again."""

    def __init__(
        self,
        page: FollowUpPage,
        history_service: HistoryService,
        open_patient: OpenPatient,
        blinding: Blinding,
        audit: AuditTrail,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._history_service = history_service
        self._open_patient = open_patient
        self._audit = audit
        self._words = EntryWords(blinding.conceals_entry, self)
        self._lesion_id: int | None = None
        self._frames: tuple[Frame, ...] = ()
        self._course = NO_COURSE
        self._viewed: set[str] = set()
        history_service.changed.connect(self._read)
        blinding.changed.connect(self._show)

    def show_lesion(self, lesion: Lesion | None, frames: tuple[Frame, ...]) -> None:
        """Show the course of a lesion with this film, or nothing."""
        lesion_id = None if lesion is None else lesion.id
        if lesion_id != self._lesion_id:
            self._lesion_id, self._course, self._viewed = lesion_id, NO_COURSE, set()
        self._frames = frames
        self._show()
        self._read()

    def biopsies(self) -> list[dt.date]:
        """Return the days of the biopsies after which there is an image."""
        days = course.biopsies_of(self._course.taken, self._course.outcomes)
        return [day for day in days if self._frames and day <= self._frames[-1].day]

    def _read(self) -> None:
        lesion_id = self._lesion_id
        if lesion_id is None or not self._page.isVisible():
            return

        def work(history: History) -> tuple[Course, dict[str, ModelFacts]]:
            return read_course(history, lesion_id), history.models()

        self._history_service.ask(work, partial(self._take, lesion_id), self._page.messages.tell)

    def _take(self, lesion_id: int, found: tuple[Course, dict[str, ModelFacts]]) -> None:
        if lesion_id == self._lesion_id:
            self._course, models = found
            self._words.know_models(models)
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        found, patient_file = self._course, self._open_patient.patient_file
        days = {} if patient_file is None else {visit.id: visit.date for visit in patient_file.visits}
        said = course.lines_of_assessments(found.assessments, days)
        rest = (
            *course.lines_of_outcomes(found.outcomes),
            *course.lines_of_biopsies(self.biopsies()),
            *course.lines_of_taken(found.taken),
        )
        self._page.course.show_lines([*rest, *said, *course.lines_of_answers(self._frames, self._words)])
        self._page.axis.show_marks(course.marks_of(said, found.outcomes, found.taken))
        todays = [frame for frame in self._frames if frame.day == self._open_patient.date]
        self._page.show_answer(course.seen_answer(todays, self._words))
        self._note_viewed()

    def _note_viewed(self) -> None:
        """Log each answer that is shown, once while its lesion is chosen."""
        if not self._page.isVisible():
            return
        for frame in self._frames:
            shown = [one for one in frame.image.entries if not one.region and not self._words.conceals(one)]
            if shown and frame.sha256 not in self._viewed:
                self._viewed.add(frame.sha256)
                self._audit.note(Action.ANSWER_VIEWED, sha256=frame.sha256)
