"""Messages about saving: successes in the status strip, failures on the current page."""

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
from desktop.session.watched_folder import WatchedFolder
from desktop.widgets.common.wording import local_time, sentence
from desktop.widgets.visit.visit_page import VisitPage
from desktop.widgets.window.status_strip import StatusStrip
from desktop.widgets.window.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.core.inference import image_files
    from desktop.core.records.people import Assessment
else:
    image_files = Late("desktop.core.inference.image_files")


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
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit_page = visit_page
        self._workspaces = workspaces
        self._strip = strip
        self._open_image = open_image
        self._history_service = history_service
        self._audit = audit
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

    def _say_saved(self, saved: SavedAnswer) -> None:
        self._strip.show_unsaved(self._open_image.unsaved)
        self._strip.say(
            self.tr("Saved")
            if saved.entry.was_known and not saved.entry.was_binned
            else self.tr("Saved {time}").format(time=local_time(saved.time))
        )

    def _say_assessment_saved(self, _sha256: str, assessment: Assessment) -> None:
        if assessment.id > 0:  # an assessment of a bundled sample is practice, and is not saved
            self._strip.say(self.tr("Your assessment saved {time}").format(time=local_time(assessment.time)))

    def _say_not_saved(self, error: AppError) -> None:
        self._strip.show_unsaved(self._open_image.unsaved)
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
