"""Connects the assessment panel to the session: drafts, commits, and shows what is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.draft import EMPTY_DRAFT, Draft
from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.blinding import Blinding
from desktop.session.look_alikes import LookAlikeSearch
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.undo import UndoStack
from desktop.widgets.common.wording import numbered
from desktop.widgets.visit.assessment_panel import AssessmentPanel, PanelLine
from desktop.widgets.visit.outcome_presenter import OutcomePresenter
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    import datetime as dt

    from desktop.core.records import people
    from desktop.core.records.image_status import ImageStatus
    from desktop.core.records.people import Assessment, Outcome, Withdrawal
    from desktop.session.picture import Picture
    from desktop.widgets.visit import assessment_words, step_words
else:
    people = Late("desktop.core.records.people")
    assessment_words = Late("desktop.widgets.visit.assessment_words")
    step_words = Late("desktop.widgets.visit.step_words")

_PAUSE = 800
"""Milliseconds between the last edit of a draft and writing it."""


class AssessmentPresenter(QObject):
    """Tracks the open image and its assessments; `Blinding` decides what is concealed."""

    similar_requested = Signal()

    def __init__(
        self,
        visit_page: VisitPage,
        open_image: OpenImage,
        open_patient: OpenPatient,
        blinding: Blinding,
        drafts: AssessmentDrafts,
        outcomes: OutcomePresenter,
        look_alikes: LookAlikeSearch,
        undo_stack: UndoStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit_page = visit_page
        self._open_image = open_image
        self._open_patient = open_patient
        self._blinding = blinding
        self._drafts = drafts
        self._outcomes = outcomes
        self._look_alikes = look_alikes
        self._undo_stack = undo_stack
        self._sha256 = ""
        self._name = ""
        self._is_unanswered = False
        self._refusal: object = None
        """The token of the message that an assessment could not be written."""
        self._begun: dict[tuple[int | None, int | None], list[str]] = {}
        """The images of each lesion and visit for which a blind assessment was begun: they share one assessment."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(drafts.save)
        open_image.opening.connect(lambda _name: self._take(""))
        open_image.opened.connect(self._take_picture)
        open_image.answering.connect(self._answer_awaited)
        open_image.answer_failed.connect(self._note_unanswered)
        open_image.left_unclassified.connect(self._note_unanswered)
        open_image.left_unanswered.connect(self._note_unanswered)
        open_image.closed.connect(lambda: self._take(""))
        open_patient.reloaded.connect(self._show_way_to_todays)
        open_patient.lesion_changed.connect(self._show_way_to_todays)
        blinding.changed.connect(self.show)
        blinding.committed.connect(self._forget_draft)
        blinding.writing.refused.connect(self._tell_not_written)
        blinding.failed.connect(visit_page.messages.tell)
        visit_page.result_panel.earlier_requested.connect(blinding.show_earlier)
        self._panels: list[AssessmentPanel] = []
        self.serve(visit_page.assessment_panel)

    def serve(self, panel: AssessmentPanel) -> None:
        """Serve a panel, which shows and asks the same as the others."""
        self._panels.append(panel)
        panel.edited.connect(self._draft)
        panel.committed.connect(self._commit)
        panel.skipped.connect(self._blinding.skip)
        panel.cancelled.connect(self.show)
        panel.taken_back.connect(self._blinding.take_back)
        panel.outcome_requested.connect(self._ask_outcome)
        panel.similar_requested.connect(self.similar_requested)
        self._show_on(panel)

    def unsaved(self) -> str:
        """Return the sentence that committed assessments are not in the history yet, empty if all are."""
        one, several = (
            self.tr("1 assessment that you committed is not in the history yet."),
            self.tr("{count} assessments that you committed are not in the history yet."),
        )
        waiting = self._blinding.writing.unsaved
        return numbered(waiting, one, several) if waiting else ""

    def _take_picture(self, picture: Picture) -> None:
        self._name = picture.name
        self._take(picture.sha256)

    def _take(self, sha256: str) -> None:
        self._sha256 = sha256
        self._is_unanswered = False
        self.show()

    def _answer_awaited(self) -> None:
        self._is_unanswered = False
        self.show()

    def _note_unanswered(self, _error: AppError | None = None) -> None:
        """Leave the panel as it is: there is no answer to conceal."""
        self._is_unanswered = True

    def show(self) -> None:
        """Show the state of the open image on every panel; what was entered on one is then on the others."""
        self._drop_written()
        blind = self._blinding.conceals(self._sha256)
        if self._sha256 and self._blinding.image_status is not None and not self._is_unanswered:
            is_earlier = self._blinding.is_earlier
            self._visit_page.show_blind(
                blind or is_earlier, is_earlier=is_earlier, is_committed=self._blinding.is_committed
            )
        for panel in self._panels:
            self._show_on(panel)

    def _drop_written(self) -> None:
        """Forget a draft that the history has: the program ended after that was written, and before it could be forgotten."""
        status = self._blinding.image_status
        if status is None or self._blinding.is_committed:
            return
        if status.has_written(self._drafts.of(self._sha256)):
            self._drafts.forget(self._sha256)
            self._pause.start()

    def _show_way_to_todays(self) -> None:
        """Say on an earlier image whether today's has come; no form is open there that this could clear."""
        if self._sha256 and self._blinding.is_earlier:
            self.show()

    def _show_on(self, panel: AssessmentPanel) -> None:
        status = self._blinding.image_status
        if not self._sha256:
            panel.show_nothing()
            return
        if status is None:
            panel.expect()
            return
        panel.is_follow_up = status.is_follow_up
        today = self._open_patient.date
        panel.planned = status.due_at_visit(today)
        panel.biopsies = status.biopsies_left_by(people.NO_PLAN)
        panel.earlier_visit = status.visit_day if status.visit_day is not None and status.visit_day < today else None
        blind = self._blinding.conceals(self._sha256)
        held = self._blinding.held
        if self._blinding.is_writing:
            # The form is closed meanwhile: what is entered in it now would go with the draft once that is written.
            self._show_committed(panel, status, self._drafts.of(self._sha256), self.tr("is being saved"))
        elif held is not None:
            self._show_committed(panel, status, held, self.tr("waits for the image to be kept"), can_take_back=True)
        elif self._blinding.is_earlier:
            self._show_assessments(panel, status)
        elif blind:
            panel.ask(self._begun_draft(status), blind=True)
        elif panel.is_adding or self._drafts.of(self._sha256) != EMPTY_DRAFT:
            panel.ask(self._drafts.of(self._sha256), blind=False)
        else:
            self._show_assessments(panel, status)

    def _show_committed(
        self, panel: AssessmentPanel, status: ImageStatus, draft: Draft, state: str, *, can_take_back: bool = False
    ) -> None:
        """Show an assessment that is not in the history yet, above all that is."""
        panel.show_assessments(
            [PanelLine(assessment_words.draft_text(draft), ""), *self._sorted_lines(status)],
            state=state,
            can_add=self.tr("Change") if can_take_back else "",
            can_have_outcome=False,
            takes_back=can_take_back,
        )

    def _begun_draft(self, status: ImageStatus) -> Draft:
        """Return the draft of the image, or of another image of its lesion at this visit."""
        others = self._begun.get((status.lesion_id, status.visit_id), []) if status.is_of_lesion else []
        drafts = (self._drafts.of(sha256) for sha256 in (self._sha256, *reversed(others)))
        return next((draft for draft in drafts if draft != EMPTY_DRAFT), EMPTY_DRAFT)

    def _sorted_lines(self, status: ImageStatus) -> list[PanelLine]:
        """Return first what says what the lesion is, the rest newest first, and what does not count any more last."""
        lines = self._lines(status)
        lines.sort(key=lambda line: line[0], reverse=True)
        lines.sort(key=lambda line: (line[1].is_corrected, not line[1].is_leading))
        return [line for _time, line in lines]

    def _show_assessments(self, panel: AssessmentPanel, status: ImageStatus) -> None:
        here = [one for one in status.of_this_visit if not one.is_plan]
        if any(one.before_model for one in here):
            state = self.tr("locked")
        elif any(one.before_model is False for one in here):
            state = self.tr("after the model")
        elif here:
            state = self.tr("imported, made elsewhere")
        elif status.is_unseen or status.was_seen_with_lesion:
            state = self.tr("none yet")
        else:
            state = self.tr("No diagnosis was given before the model's")
        needs_todays = self._blinding.is_earlier
        if needs_todays:
            has_todays = self._open_patient.todays_image() is not None
            add = self.tr("Go to today's image") if has_todays else self.tr("Open today's image first…")
        elif here or not status.is_unseen:
            add = self.tr("Add after-model assessment")
        else:
            add = self.tr("Add my assessment")
        panel.show_assessments(
            self._sorted_lines(status),
            state=state,
            can_add=add,
            can_have_outcome=status.image_id is not None,
            can_compare=self._look_alikes.obstacle is None,
            needs_todays=needs_todays,
        )

    def _lines(self, status: ImageStatus) -> list[tuple[dt.datetime, PanelLine]]:
        """Return everything that was said of the lesion or image, each with its time."""
        withdrawn = [one.outcome for one in status.withdrawn]
        return [
            *(self._assessment_line(one, status) for one in status.assessments),
            *((one.time, _outcome_line(one, status)) for one in status.outcomes),
            *(
                (
                    one.time,
                    PanelLine(assessment_words.biopsy_text(one, status.plans), assessment_words.biopsy_origin(one)),
                )
                for one in assessment_words.biopsies_without_finding(status.biopsies, status.outcomes)
            ),
            *((one.outcome.time, _withdrawn_line(one)) for one in status.withdrawn),
            *(
                (
                    one.time,
                    PanelLine(step_words.step_text(one, status.outcomes, withdrawn), step_words.step_origin(one)),
                )
                for one in step_words.steps_to_tell(status.steps, status.outcomes, self._blinding.conceals, withdrawn)
            ),
        ]

    def _assessment_line(self, assessment: Assessment, status: ImageStatus) -> tuple[dt.datetime, PanelLine]:
        """Return a line that names the day of its plan if there are others: the plan in force may stand below them."""
        made = assessment.time.astimezone().date() if len(status.assessments) > 1 else None
        text = assessment_words.assessment_text(assessment, status.plans, made)
        return assessment.time, PanelLine(text, self._origin(assessment, status))

    def _origin(self, assessment: Assessment, status: ImageStatus) -> str:
        origin = assessment_words.assessment_origin(assessment)
        if status.is_of_this_visit(assessment):
            return origin
        is_later = assessment.visit_id in status.later_visits
        text = self.tr("later visit, {origin}") if is_later else self.tr("earlier visit, {origin}")
        return text.format(origin=origin)

    def _draft(self, draft: Draft) -> None:
        if self._sha256:
            self._drafts.put(self._sha256, draft)
            self._pause.start()
            status = self._blinding.image_status
            if status is not None and status.is_of_lesion and self._blinding.conceals(self._sha256):
                begun = self._begun.setdefault((status.lesion_id, status.visit_id), [])
                begun[:] = [*(one for one in begun if one != self._sha256), self._sha256]

    def _commit(self, draft: Draft) -> None:
        self._draft(draft)
        self._hold(self._sha256, draft)
        for panel in self._panels:
            panel.is_adding = False
        self._undo_stack.end(self.tr("An assessment is locked and cannot be undone. Add another one to correct it."))
        self._blinding.commit(draft)

    def _hold(self, sha256: str, draft: Draft) -> None:
        """Keep what is being written as the draft of an image, and of those of its lesion for which one was begun."""
        sharing = next((begun for begun in self._begun.values() if sha256 in begun), [])
        self._drafts.commit({sha256, *sharing}, draft)

    def _tell_not_written(self, sha256: str, error: AppError) -> None:
        messages = self._visit_page.messages
        messages.tell(error, lambda: self._write_again(sha256))
        self._refusal = messages.newest

    def _write_again(self, sha256: str) -> None:
        """Write what is entered for an image now: it may have been changed since it could not be written."""
        draft = self._drafts.of(sha256)
        if draft.diagnosis:
            self._hold(sha256, draft)
            self._blinding.writing.write_again(sha256, draft)

    def _forget_draft(self, sha256: str, assessment: Assessment) -> None:
        if self._visit_page.messages.is_showing(self._refusal):
            self._visit_page.messages.hide()
        self._drafts.forget(sha256)
        if assessment.lesion_id is not None:  # drafts begun at other images of the lesion belong to this assessment
            self._drafts.forget_all(self._begun.pop((assessment.lesion_id, assessment.visit_id), ()))
        self._pause.start()

    def _ask_outcome(self) -> None:
        status = self._blinding.image_status
        if status is not None and status.image_id is not None:
            self._outcomes.ask_for_image(self._sha256, self._name)


def _outcome_line(outcome: Outcome, status: ImageStatus) -> PanelLine:
    correction = outcome.correction(status.outcomes)
    is_corrected = correction is not None
    return PanelLine(
        assessment_words.outcome_text(outcome, is_corrected=is_corrected),
        assessment_words.outcome_origin(outcome, correction),
        is_corrected,
        is_leading=outcome.kind == "histopathology" and outcome == people.leading(status.outcomes),
    )


def _withdrawn_line(withdrawal: Withdrawal) -> PanelLine:
    text, origin = assessment_words.withdrawal_text(withdrawal), assessment_words.withdrawal_origin(withdrawal)
    return PanelLine(text, origin, is_corrected=True)
