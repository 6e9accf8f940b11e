"""Connects the practice system to the window: its requests open patients, and saved assessments go back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.late import Late
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.practice_system import PracticeSystem, connection_of
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.while_there import while_there
from desktop.widgets.common.wording import numbered
from desktop.widgets.window.patient_requests import PatientRequest, PatientRequests, pseudonym_from

if TYPE_CHECKING:
    from desktop.core.exchange import gdt_records
    from desktop.core.exchange.asked_patient import PseudonymFrom
    from desktop.core.exchange.gdt_folder import Connection
    from desktop.core.exchange.gdt_records import Request
    from desktop.widgets.window import practice_results, practice_system_dialog
else:
    gdt_records = Late("desktop.core.exchange.gdt_records")
    practice_results = Late("desktop.widgets.window.practice_results")
    practice_system_dialog = Late("desktop.widgets.window.practice_system_dialog")


class PracticeSystemPresenter(QObject):
    """Opens nobody in place of an open patient without asking, and sends nothing but assessments."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        history_service: HistoryService,
        requests: PatientRequests,
        blinding: Blinding,
        audit: AuditTrail,
        when_open: Callable[[Callable[[], None]], None],
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        """`when_open` does something once the lock is open; `messages` returns the bar of the page in front."""
        super().__init__(window)
        self.system = PracticeSystem(tasks, self)
        self._settings = settings
        self._requests = requests
        self._when_open = when_open
        self._window = window
        self._asked: dict[int, Request] = {}
        """The request for each patient, by the patient's id, to which results are an answer."""
        self.system.requested.connect(lambda request: self._when_open(partial(self._ask, request)))
        self.system.failed.connect(lambda error: self._when_open(lambda: messages().tell(error)))
        self._results = practice_results.PracticeResults(
            tasks, self.system, settings, history_service, blinding, audit, self._asked, messages, self
        )

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"practice system": self.show_settings}

    def begin(self) -> None:
        """Connect the practice system if that is wanted."""
        if self._settings.get(keys.GDT_IS_ON):
            self.system.connect_to(connection_of(self._settings))

    def unsent(self) -> str:
        """Return the sentence that results are not sent yet, empty if all are."""
        one, several = (
            self.tr("1 result is not sent to the practice system yet."),
            self.tr("{count} results are not sent to the practice system yet."),
        )
        return numbered(self._results.waiting, one, several) if self._results.waiting else ""

    def show_settings(self) -> None:
        """Ask how the practice system is connected."""
        dialog = practice_system_dialog.PracticeSystemDialog(
            connection_of(self._settings),
            pseudonym_from(self._settings),
            is_on=self._settings.get(keys.GDT_IS_ON),
            with_report=self._settings.get(keys.GDT_REPORT),
            parent=self._window,
        )
        dialog.chosen.connect(self._use)
        show = while_there(dialog, dialog.show_test)
        dialog.test_requested.connect(
            lambda connection: self.system.try_out(connection, lambda _done: show(None), show)
        )
        dialog.open()

    def _use(self, connection: Connection, pseudonym: PseudonymFrom, with_report: bool, is_on: bool) -> None:
        self._settings.put(keys.GDT_IS_ON, is_on)
        self._settings.put(keys.GDT_REPORT, with_report)
        self._settings.put(keys.GDT_FOLDER, str(connection.folder))
        self._settings.put(keys.GDT_OWN_ID, connection.own_id)
        self._settings.put(keys.GDT_SYSTEM_ID, connection.system_id)
        self._settings.put(keys.GDT_CHARACTER_SET, connection.character_set.number)
        self._settings.put(keys.GDT_TEST, connection.test)
        self._settings.put(keys.GDT_FINDINGS, connection.findings_field.value)
        self._settings.put(keys.GDT_PSEUDONYM, pseudonym.value)
        before = self.system.connection
        if before is None or (before.folder, before.system_id) != (connection.folder, connection.system_id):
            self._asked.clear()  # another system may use the same numbers for other patients
            self._requests.forget()
        self.system.connect_to(connection if is_on else None)

    def _ask(self, request: Request) -> None:
        """Have the patient of a request opened, whose results then go back."""
        self._requests.take(
            PatientRequest(
                request.patient,
                self.tr("The practice system asks for “{wanted}”."),
                lambda patient_id: self._asked.update({patient_id: request}),
                is_to_show=request.kind is gdt_records.RequestKind.SHOW,
            )
        )
