"""Connects the assessment panel to the session: drafts, commits, and shows what is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.core.draft import EMPTY_DRAFT, Draft
from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.blinding import Blinding
from desktop.session.open_image import OpenImage
from desktop.session.undo import UndoStack
from desktop.widgets.common.wording import local_time
from desktop.widgets.visit.outcome_presenter import OutcomePresenter
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.image_status import ImageStatus
    from desktop.core.records.people import Assessment
    from desktop.session.picture import Picture
    from desktop.widgets.visit import assessment_words
else:
    assessment_words = Late("desktop.widgets.visit.assessment_words")

_PAUSE = 800
"""Milliseconds between the last edit of a draft and writing it."""


class AssessmentPresenter(QObject):
    """Tracks the open image and its assessments; `Blinding` decides what is concealed."""

    def __init__(
        self,
        visit: VisitPage,
        consultation: OpenImage,
        blinding: Blinding,
        drafts: AssessmentDrafts,
        outcomes: OutcomePresenter,
        changes: UndoStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit = visit
        self._consultation = consultation
        self._blinding = blinding
        self._drafts = drafts
        self._outcomes = outcomes
        self._changes = changes
        self._sha256 = ""
        self._name = ""
        self._is_unanswered = False
        self._begun: dict[tuple[int | None, int | None], list[str]] = {}
        """The images of each lesion and visit for which a blind assessment was begun: they share one assessment."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(drafts.save)
        consultation.opening.connect(lambda _name: self._take(""))
        consultation.opened.connect(self._take_picture)
        consultation.answering.connect(self._answer_awaited)
        consultation.answer_failed.connect(self._note_unanswered)
        consultation.left_unclassified.connect(self._note_unanswered)
        consultation.closed.connect(lambda: self._take(""))
        blinding.changed.connect(self._show)
        blinding.committed.connect(self._forget_draft)
        blinding.failed.connect(visit.messages.tell)
        visit.panel.earlier_requested.connect(blinding.show_earlier)
        visit.my_view.edited.connect(self._draft)
        visit.my_view.committed.connect(self._commit)
        visit.my_view.skipped.connect(blinding.skip)
        visit.my_view.cancelled.connect(self._show)
        visit.my_view.outcome_requested.connect(self._ask_outcome)

    def _take_picture(self, picture: Picture) -> None:
        self._name = picture.name
        self._take(picture.sha256)

    def _take(self, sha256: str) -> None:
        self._sha256 = sha256
        self._is_unanswered = False
        self._show()

    def _answer_awaited(self) -> None:
        self._is_unanswered = False
        self._show()

    def _note_unanswered(self, _error: AppError | None = None) -> None:
        """Leave the panel as it is: there is no answer to conceal."""
        self._is_unanswered = True

    def _show(self) -> None:
        standing = self._blinding.standing
        if not self._sha256:
            self._visit.my_view.show_nothing()
            return
        if standing is None:
            self._visit.my_view.expect()
            return
        blind = self._blinding.conceals(self._sha256)
        if not self._is_unanswered:
            self._visit.show_blind(blind, is_earlier=self._blinding.is_earlier)
        if self._blinding.is_held:
            self._visit.my_view.show_said(
                [(assessment_words.view_text(self._drafts.of(self._sha256)), "")],
                state=self.tr("waits for the image to be kept"),
                can_add=self.tr("Change"),
                can_have_outcome=False,
                draft=self._drafts.of(self._sha256),
            )
        elif self._blinding.is_earlier:
            self._show_said(standing)
        elif blind:
            self._visit.my_view.ask(self._begun_view(standing), blind=True)
        elif self._drafts.of(self._sha256) != EMPTY_DRAFT:
            self._visit.my_view.ask(self._drafts.of(self._sha256), blind=False)
        else:
            self._show_said(standing)

    def _begun_view(self, standing: ImageStatus) -> Draft:
        """Return the draft of the image, or of another image of its lesion at this visit."""
        others = self._begun.get((standing.lesion_id, standing.visit_id), []) if standing.is_of_lesion else []
        drafts = (self._drafts.of(sha256) for sha256 in (self._sha256, *reversed(others)))
        return next((draft for draft in drafts if draft != EMPTY_DRAFT), EMPTY_DRAFT)

    def _show_said(self, standing: ImageStatus) -> None:
        lines = [
            *((one.time, assessment_words.view_text(one), self._origin(one, standing)) for one in standing.assessments),
            *(
                (one.time, assessment_words.outcome_text(one), assessment_words.outcome_origin(one))
                for one in standing.outcomes
            ),
        ]
        lines.sort(key=lambda line: line[0], reverse=True)
        here = standing.of_this_visit
        locked = next((one for one in here if one.before_model), None)
        if locked is not None:
            state = self.tr("locked {time}").format(time=local_time(locked.time))
        elif here:
            state = self.tr("after the model")
        else:
            state = self.tr("none yet") if standing.is_unseen else self.tr("No diagnosis was given before the model's")
        add = self.tr("Add after-model view") if here or not standing.is_unseen else self.tr("Add my view")
        self._visit.my_view.show_said(
            [(text, origin) for _time, text, origin in lines],
            state=state,
            can_add=add,
            can_have_outcome=standing.image_id is not None,
        )

    def _origin(self, view: Assessment, standing: ImageStatus) -> str:
        origin = assessment_words.view_origin(view)
        if view.lesion_id is not None and view.visit_id != standing.visit_id:
            return self.tr("earlier visit, {origin}").format(origin=origin)
        return origin

    def _draft(self, view: Draft) -> None:
        if self._sha256:
            self._drafts.put(self._sha256, view)
            self._pause.start()
            standing = self._blinding.standing
            if standing is not None and standing.is_of_lesion and self._blinding.conceals(self._sha256):
                begun = self._begun.setdefault((standing.lesion_id, standing.visit_id), [])
                begun[:] = [*(one for one in begun if one != self._sha256), self._sha256]

    def _commit(self, view: Draft) -> None:
        self._draft(view)
        self._changes.end(self.tr("An assessment is locked and cannot be undone. Add another one to correct it."))
        self._blinding.commit(view)

    def _forget_draft(self, sha256: str, assessment: Assessment) -> None:
        self._drafts.forget(sha256)
        if assessment.lesion_id is not None:  # drafts begun at other images of the lesion belong to this assessment
            self._drafts.forget_all(self._begun.pop((assessment.lesion_id, assessment.visit_id), ()))
        self._pause.start()

    def _ask_outcome(self) -> None:
        standing = self._blinding.standing
        if standing is not None and standing.image_id is not None:
            self._outcomes.ask_for_image(self._sha256, self._name)
