"""Shows the audit log, and saves it as a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.audit_acts import Act, Action, AuditFilter, AuditPage
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.system.settings import EXPORT_FOLDER, Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.audit.audit_dialog import AuditDialog
from desktop.widgets.common.file_dialogs import ask_target
from desktop.widgets.common.message_bar import MessageBar

if TYPE_CHECKING:
    from desktop.core.records import audit_export
    from desktop.core.records.seal import Head
else:
    audit_export = Late("desktop.core.records.audit_export")

_PAGE = 200
"""Rows that are read at once."""


class AuditPresenter(QObject):
    """The log is read when it is shown, filtered or refreshed; rows do not move under the reader."""

    def __init__(
        self,
        audit: AuditTrail,
        history_service: HistoryService,
        tasks: Tasks,
        settings: Settings,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._audit = audit
        self._history_service = history_service
        self._tasks = tasks
        self._settings = settings
        self._dialog = dialog = AuditDialog(messages(), window)
        self._wanted = AuditFilter()
        dialog.refresh_requested.connect(self._refresh)
        dialog.export_requested.connect(self._export)
        dialog.table.more_requested.connect(self._fetch_more)

    def show(self) -> None:
        """Show the log beside the window. Looking at it is logged too."""
        self._audit.note(Action.LOG_VIEWED)
        self._refresh()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _refresh(self) -> None:
        self._wanted = wanted = self._dialog.filter.wanted()
        self._history_service.ask(
            lambda history: history.audit.authors(), self._dialog.filter.list_authors, self._dialog.messages.tell
        )
        self._history_service.ask(
            lambda history: history.audit.page(wanted, limit=_PAGE),
            partial(self._show_page, wanted),
            lambda error: self._dialog.messages.tell(error, self._refresh),
        )

    def _show_page(self, wanted: AuditFilter, page: AuditPage) -> None:
        if wanted == self._wanted:
            self._dialog.show_page(page)

    def _fetch_more(self) -> None:
        wanted, offset = self._wanted, self._dialog.table.rowCount()
        self._history_service.ask(
            lambda history: history.audit.page(wanted, limit=_PAGE, offset=offset),
            partial(self._add_page, wanted, offset),
            self._fail_to_fetch,
        )

    def _add_page(self, wanted: AuditFilter, offset: int, page: AuditPage) -> None:
        if wanted == self._wanted and offset == self._dialog.table.rowCount():
            self._dialog.table.add_acts(page.acts)
        else:
            self._dialog.table.stop_fetching()

    def _fail_to_fetch(self, error: AppError) -> None:
        self._dialog.table.stop_fetching()
        self._dialog.messages.tell(error)

    def _export(self) -> None:
        offered = Path(self._settings.get(EXPORT_FOLDER) or Path.home()) / self.tr("audit log.csv")
        target = ask_target(self._dialog, self.tr("Save the audit log"), offered, self.tr("CSV table (*.csv)"))
        if target is None:
            return
        self._settings.put(EXPORT_FOLDER, str(target.parent))
        wanted = self._dialog.filter.wanted()
        self._history_service.ask(
            lambda history: history.audit.page(wanted).acts, partial(self._save, target), self._dialog.messages.tell
        )

    def _save(self, target: Path, acts: list[Act]) -> None:
        one, several = self.tr("1 act saved in “{file}”."), self.tr("{count} acts saved in “{file}”.")
        text = (one if len(acts) == 1 else several).format(count=len(acts), file=target)

        def write(fail: Callable[[AppError | None], None], head: Head) -> None:
            self._tasks.run(
                Lane.IMAGES,
                lambda _task: audit_export.write_log(target, acts, head, datetime.now(UTC)),
                lambda _nothing: self._dialog.messages.say(text, error=False),
                fail,
            )

        def begin(fail: Callable[[AppError | None], None]) -> None:
            self._history_service.ask(lambda history: history.seal_head(), partial(write, fail), fail)

        self._audit.attempt(Action.LOG_EXPORTED, {"rows": len(acts)}, begin, self._dialog.messages.tell)
