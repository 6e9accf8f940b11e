"""Reads the course of a lesion, and shows it in words and as marks on the time axis."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.records.audit_acts import Action
from desktop.core.records.lesion_course import NO_COURSE, Course, read_course
from desktop.core.records.values import ModelFacts
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.earlier_answers import EarlierAnswers
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.widgets.follow_up import biopsy_lines, course, influence_lines
from desktop.widgets.follow_up.film import Frame, Pair
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.history.history_words import EntryWords
from desktop.widgets.visit import between_images, biopsy_meaning

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.influences import Influence
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
        earlier_answers: EarlierAnswers,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._blinding = blinding
        self._earlier_answers = earlier_answers
        self._page = page
        self._history_service = history_service
        self._open_patient = open_patient
        self._audit = audit
        self._words = EntryWords(blinding.conceals_entry, self)
        self._lesion_id: int | None = None
        self._frames: tuple[Frame, ...] = ()
        self._course = NO_COURSE
        self.seen: course.SeenAnswer | None = None
        """What may be seen of the answers to today's images."""
        self._viewed: set[int] = set()
        """The ids of the entries whose answers were logged as viewed."""
        self._coming = QTimer(self)
        self._coming.setSingleShot(True)
        self._coming.timeout.connect(self._note_viewed)
        history_service.changed.connect(self._read)
        blinding.changed.connect(self._show)
        earlier_answers.progressed.connect(self._show_earlier)
        earlier_answers.failed.connect(page.messages.tell)
        page.earlier_requested.connect(self._ask_or_cancel)

    def show_lesion(self, lesion: Lesion | None, frames: tuple[Frame, ...]) -> None:
        """Show the course of a lesion with this film, or nothing."""
        lesion_id = None if lesion is None else lesion.id
        if lesion_id != self._lesion_id:
            self._lesion_id, self._course = lesion_id, NO_COURSE
            self._viewed = set()
            self._earlier_answers.cancel()
        self._frames = frames
        self._show()
        self._read()

    def caution_between(self, pair: Pair) -> str:
        """Return what a biopsy, a treatment or a pregnancy between two images of the film means; empty if there was none."""
        older, newer = self._frames[pair.older].day, self._frames[pair.newer].day
        found = self._course
        return between_images.caution_between(older, newer, found.influences, found.taken, found.outcomes)

    @property
    def influences(self) -> tuple[Influence, ...]:
        """The treatments of the lesion and the pregnancies of its patient, in the order of their days."""
        return self._course.influences

    def _meaning_of(self, day: dt.date) -> biopsy_meaning.Meaning:
        found = self._course
        return biopsy_meaning.meaning_of(day, biopsy_meaning.biopsies_of(found.taken, found.outcomes), found.outcomes)

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
        said = course.lines_of_assessments(found.assessments, found.plans, days)
        rest = (
            *course.lines_of_outcomes(found.outcomes),
            *biopsy_lines.lines_of_biopsies(found.taken, found.outcomes, [frame.day for frame in self._frames]),
            *course.lines_of_taken(found.taken),
            *course.lines_of_steps(found.steps, found.outcomes, self._blinding.conceals),
            *influence_lines.lines_of_influences(
                found.influences, self._frames[-1].day if self._frames else None, self._meaning_of
            ),
        )
        self._page.course.show_lines([*said, *rest, *course.lines_of_answers(self._frames, self._words)])
        marks = influence_lines.marks_of_influences(found.influences, self._open_patient.date)
        self._page.axis.show_marks([*marks, *course.marks_of(said, found.outcomes, found.taken)])
        todays = [frame for frame in self._frames if frame.day == self._open_patient.date]
        self.seen = course.seen_answer(todays, self._words)
        self._page.show_answer(self.seen)
        self._show_earlier()
        self._coming.start(0)  # the page may be in front before the lesion that was gone to is shown in it

    def _unanswered(self) -> list[Frame]:
        """Return the earlier images that the model in use has not answered; none of those that blind-first conceals."""
        classifier = self._earlier_answers.classifier
        if classifier is None:
            return []
        earlier = [frame for frame in self._frames if frame.day < self._open_patient.date]
        return course.unanswered(earlier, classifier.sha256, self._blinding.conceals)

    def _show_earlier(self) -> None:
        """Offer the answers of the model in use, or show how many of them there are."""
        given, classifier = self._earlier_answers, self._earlier_answers.classifier
        if given.is_running:
            self._page.show_progress(given.done, given.total)
        else:
            self._page.show_earlier(len(self._unanswered()), "" if classifier is None else classifier.contract.name)

    def _ask_or_cancel(self) -> None:
        if self._earlier_answers.is_running:
            self._earlier_answers.cancel()
        elif images := [frame.image.image for frame in self._unanswered()]:
            self._earlier_answers.start(images)

    def _note_viewed(self) -> None:
        """Log the answers to each image that are shown, each once while its lesion is chosen."""
        if not self._page.isVisible():
            return
        for frame in self._frames:
            entries = frame.image.entries
            shown = {one.id for one in entries if not one.region and not self._words.conceals(one)}
            if shown - self._viewed:
                self._viewed |= shown
                self._audit.note(Action.ANSWER_VIEWED, sha256=frame.sha256)
