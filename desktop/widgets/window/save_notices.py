"""Messages about saving: successes in the status strip, failures on the current page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.late import Late
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
        visit: VisitPage,
        workspaces: Workspaces,
        strip: StatusStrip,
        consultation: OpenImage,
        blinding: Blinding,
        bookkeeping: HistoryService,
        inbox: WatchedFolder,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit = visit
        self._workspaces = workspaces
        self._strip = strip
        self._consultation = consultation
        self._bookkeeping = bookkeeping
        consultation.opening.connect(lambda _name: strip.say(""))
        consultation.kept.connect(self._say_saved)
        consultation.keep_failed.connect(self._say_not_saved)
        blinding.committed.connect(self._say_view_saved)
        bookkeeping.failed.connect(lambda error: workspaces.tell(error, bookkeeping.open))
        bookkeeping.disclosure_failed.connect(self._say_not_disclosed)
        inbox.failed.connect(workspaces.tell)
        inbox.passed_over.connect(self._say_passed_over)
        strip.save_requested.connect(consultation.keep_again)

    def _say_saved(self, saved: SavedAnswer) -> None:
        self._strip.show_unsaved(self._consultation.unsaved)
        self._strip.say(
            self.tr("Saved")
            if saved.kept.was_known and not saved.kept.was_binned
            else self.tr("Saved {time}").format(time=local_time(saved.time))
        )

    def _say_view_saved(self, _sha256: str, assessment: Assessment) -> None:
        if assessment.id > 0:  # an assessment of a bundled sample is practice, and is not saved
            self._strip.say(self.tr("Your view saved {time}").format(time=local_time(assessment.time)))

    def _say_not_saved(self, error: AppError) -> None:
        self._strip.show_unsaved(self._consultation.unsaved)
        self._visit.messages.tell(error, self._consultation.keep_again)

    def _say_not_disclosed(self, entry_id: int, error: AppError) -> None:
        self._visit.messages.tell(error, partial(self._bookkeeping.disclose, entry_id))

    def _say_passed_over(self, kinds: list[str]) -> None:
        remark = image_files.passed_over_remark(kinds)
        if remark is not None:
            self._workspaces.messages.say(sentence(remark), error=False)
