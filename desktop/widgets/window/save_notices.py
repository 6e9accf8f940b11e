"""Messages about saving: successes in the status strip, failures on the current page.

What a clinician enters is a change on the undo stack, or an assessment, which no undo reaches; both are named when they are
saved. Opening an image that is in the history saves nothing, and says nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService, SavedAnswer
from desktop.session.open_image import OpenImage
from desktop.session.undo import UndoStack
from desktop.session.watched_folder import WatchedFolder
from desktop.widgets.common.change_subjects import subject_name
from desktop.widgets.common.wording import local_time, numbered, sentence
from desktop.widgets.visit.visit_page import VisitPage
from desktop.widgets.window.status_strip import StatusStrip
from desktop.widgets.window.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.core.inference import image_files
    from desktop.core.records import patient_file as patient_files
    from desktop.core.records.patient_file import Whereabouts
    from desktop.core.records.people import Assessment
    from desktop.session.import_item import Placing
    from desktop.widgets.patient.patient_parts import PatientParts
else:
    image_files = Late("desktop.core.inference.image_files")
    patient_files = Late("desktop.core.records.patient_file")


class SaveNotices(QObject):
    """Reports what was saved and what could not be; each failure offers an action."""

    def __init__(
        self,
        visit_page: VisitPage,
        workspaces: Workspaces,
        strip: StatusStrip,
        open_image: OpenImage,
        blinding: Blinding,
        history_service: HistoryService,
        watched_folder: WatchedFolder,
        audit: AuditTrail,
        undo_stack: UndoStack,
        patients: PatientParts,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit_page = visit_page
        self._workspaces = workspaces
        self._strip = strip
        self._open_image = open_image
        self._history_service = history_service
        self._audit = audit
        self._undo_stack = undo_stack
        self._patients = patients
        self._placing: Placing | None = None
        open_image.opening.connect(lambda _name: strip.say(""))
        open_image.saved.connect(self._say_saved)
        open_image.save_failed.connect(self._say_not_saved)
        blinding.committed.connect(self._say_assessment_saved)
        history_service.failed.connect(lambda error: workspaces.tell(error, history_service.open))
        history_service.disclosure_failed.connect(self._say_not_disclosed)
        audit.failed.connect(self._say_not_logged)
        watched_folder.failed.connect(workspaces.tell)
        watched_folder.passed_over.connect(self._say_passed_over)
        strip.save_requested.connect(open_image.save_again)
        strip.save_requested.connect(undo_stack.save_again)
        undo_stack.changed.connect(lambda: strip.show_writing(undo_stack.is_writing))
        undo_stack.changed.connect(self._show_unsaved)
        undo_stack.written.connect(strip.say_saved)
        patients.placings.placed.connect(self._say_placed)
        patients.placings.gone.connect(self._withdraw_placed)
        open_image.closed.connect(self._withdraw_placed)
        workspaces.shown.connect(self._leave_placed)
        strip.new_lesion_requested.connect(self._place_with_new_lesion)

    def _show_unsaved(self) -> None:
        self._strip.show_unsaved(self._open_image.unsaved, self._undo_stack.unsaved)

    def unsaved(self) -> str:
        """Return the sentence that changes are not saved, empty if all are."""
        one, several = (
            self.tr("1 change could not be saved yet."),
            self.tr("{count} changes could not be saved yet."),
        )
        return numbered(self._undo_stack.unsaved, one, several) if self._undo_stack.unsaved else ""

    def _say_saved(self, saved: SavedAnswer) -> None:
        self._show_unsaved()
        is_new = not saved.entry.was_known or saved.entry.was_binned
        if is_new and not self._strip.says_placed:  # that says more
            text = self.tr("Answer to {image} saved {time}")
            self._strip.say(text.format(image=saved.image, time=local_time(saved.time)))

    def _say_assessment_saved(self, sha256: str, assessment: Assessment) -> None:
        if assessment.id <= 0:  # an assessment of a bundled sample is practice, and is not saved
            return
        picture = self._open_image.picture
        name = picture.name if picture is not None and picture.sha256 == sha256 else ""

        def say(where: Whereabouts) -> None:
            subject = subject_name(where.patient, where.lesion, "" if where.lesion is not None else name)
            text = self.tr("Assessment of {subject} saved {time}") if subject else self.tr("Assessment saved {time}")
            self._strip.say(text.format(subject=subject, time=local_time(assessment.time)))

        self._history_service.ask(
            lambda history: patient_files.whereabouts(history, sha256), say, self._history_service.failed.emit
        )

    def _say_placed(self, place: str, placing: Placing) -> None:
        if self._open_image.request is None:  # the user has left the image, which is no longer in front
            return
        self._placing = placing
        self._strip.say_placed(self.tr("Placed with {place}").format(place=place))

    def _leave_placed(self, workspace: str) -> None:
        if workspace != "visit":
            self._withdraw_placed()

    def _withdraw_placed(self) -> None:
        self._placing = None
        if self._strip.says_placed:
            self._strip.say("")

    def _place_with_new_lesion(self) -> None:
        if self._placing is not None:
            self._patients.moves.assign_to_new(self._placing.hashes | {str(path) for path in self._placing.paths})

    def _say_not_saved(self, error: AppError) -> None:
        self._show_unsaved()
        self._visit_page.messages.tell(error, self._open_image.save_again)

    def _say_not_logged(self, error: AppError) -> None:
        self._workspaces.tell(error, self._write_again)

    def _write_again(self) -> None:
        """Retry the log and the unsaved answers: this message may have replaced that of an answer, with its button."""
        self._audit.try_again()
        self._open_image.save_again()

    def _say_not_disclosed(self, entry_id: int, error: AppError) -> None:
        self._visit_page.messages.tell(error, partial(self._history_service.disclose, entry_id))

    def _say_passed_over(self, kinds: list[str]) -> None:
        remark = image_files.passed_over_remark(kinds)
        if remark is not None:
            self._workspaces.messages.say(sentence(remark), error=False)
