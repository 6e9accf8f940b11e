"""Opens the dialog of similar pictures, and puts the chosen one beside the open image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.session.look_alikes import LookAlikeObstacle, LookAlikeSearch
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.thumbnails import Thumbnails

if TYPE_CHECKING:
    from desktop.core.records.look_alikes import LookAlike
    from desktop.core.records.values import Entry
    from desktop.session.image_vectors import FillProgress
    from desktop.session.look_alikes import FoundLookAlikes
    from desktop.widgets.visit import similar_dialog
    from desktop.widgets.visit.similar_dialog import SimilarDialog
else:
    similar_dialog = Late("desktop.widgets.visit.similar_dialog")


class SimilarPresenter(QObject):
    """One dialog at a time; while it is open nothing else of the window changes the open image."""

    def __init__(
        self,
        window: QWidget,
        search: LookAlikeSearch,
        history_service: HistoryService,
        audit: AuditTrail,
        messages: Callable[[], MessageBar],
        compare: Callable[[Sequence[Entry]], object],
    ) -> None:
        """`compare` shows the images of two entries side by side."""
        super().__init__(window)
        self._window = window
        self._search = search
        self._audit = audit
        self._messages = messages
        self._compare = compare
        self._thumbnails = Thumbnails(history_service, self)
        self._dialog: SimilarDialog | None = None
        self._found: FoundLookAlikes | None = None
        search.found.connect(self._take)
        search.failed.connect(self._fail)
        search.filling.connect(self._take_progress)
        search.filled.connect(self._take_filled)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"similar": self.show}

    def show(self) -> None:
        """Show the dialog, or say why there is none."""
        obstacle = self._search.obstacle
        if obstacle is not None:
            self._messages().say(self._reason(obstacle), error=False)
            return
        self._found = None
        dialog = self._dialog = similar_dialog.SimilarDialog(self._thumbnails, self._window)
        dialog.compare_requested.connect(self._show_beside)
        dialog.fill_requested.connect(self._fill)
        dialog.stop_requested.connect(self._search.stop_filling)
        dialog.finished.connect(self._close)
        dialog.open()
        self._search.search()

    def _reason(self, obstacle: LookAlikeObstacle) -> str:
        match obstacle:
            case LookAlikeObstacle.NO_IMAGE:
                return self.tr("Open a dermatoscope image of your own first.")
            case LookAlikeObstacle.NOT_ASSESSED:
                return self.tr("Enter your diagnosis first: similar pictures come after it.")
            case LookAlikeObstacle.NO_LIMIT:
                return self.tr("It was not measured what is similar to this model: it shows no similar pictures.")

    def _take(self, found: FoundLookAlikes) -> None:
        self._found = found
        if self._dialog is not None:
            self._dialog.show_found(found)
            if found.cases:
                self._audit.note(Action.SIMILAR_VIEWED, sha256=found.own.image.sha256)

    def _fail(self, error: AppError) -> None:
        if self._dialog is not None:
            self._dialog.messages.tell(error)
            self._dialog.show_nothing()

    def _fill(self) -> None:
        if self._found is not None:
            self._search.fill(self._found.missing)

    def _take_progress(self, progress: FillProgress) -> None:
        if self._dialog is not None:
            self._dialog.show_filling(progress)

    def _take_filled(self) -> None:
        if self._dialog is not None:
            self._dialog.show_filled()
            self._search.search()

    def _show_beside(self, case: LookAlike) -> None:
        if self._found is not None:
            self._compare([case.entry, self._found.own])

    def _close(self) -> None:
        self._dialog = None
        self._search.stop()
