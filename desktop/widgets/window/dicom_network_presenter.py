"""The settings of the DICOM network, and the worklist from which patients are opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session import dicom_network
from desktop.session.audit_trail import AuditTrail
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Task, Tasks
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.while_there import while_there
from desktop.widgets.window.patient_requests import PatientRequest, PatientRequests, pseudonym_from

if TYPE_CHECKING:
    from desktop.core.exchange.dicom_peer import Peer
    from desktop.core.exchange.worklist_items import Worklist, WorklistItem
    from desktop.core.records import audit_acts
    from desktop.widgets.window import dicom_network_dialog, dicom_worklist_dialog
    from desktop.widgets.window.dicom_network_dialog import DicomNetworkChoice
    from desktop.widgets.window.dicom_worklist_dialog import DicomWorklistDialog
else:
    audit_acts = Late("desktop.core.records.audit_acts")
    dicom_network_dialog = Late("desktop.widgets.window.dicom_network_dialog")
    dicom_worklist_dialog = Late("desktop.widgets.window.dicom_worklist_dialog")


class DicomNetworkPresenter(QObject):
    """Connects to nobody before the user asks for it, and to nobody while the network is off."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        requests: PatientRequests,
        audit: AuditTrail,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._settings = settings
        self._requests = requests
        self._audit = audit
        self._messages = messages
        self._window = window
        self._asking: Task | None = None

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"dicom network": self.show_settings, "dicom worklist": self.show_worklist}

    def peer(self, of: Callable[[Settings], Peer]) -> Peer | None:
        """Return the archive or the worklist if it is in use; else show the settings, and return None."""
        if not self._is_installed():
            return None
        peer = of(self._settings)
        if self._settings.get(keys.DICOM_IS_ON) and peer.host:
            return peer
        self.show_settings()
        return None

    def show_settings(self) -> None:
        """Ask how other programs are reached."""
        if not self._is_installed():
            return
        now = dicom_network_dialog.DicomNetworkChoice(
            self._settings.get(keys.DICOM_IS_ON),
            dicom_network.archive_of(self._settings),
            dicom_network.worklist_of(self._settings),
            pseudonym_from(self._settings),
            self._settings.get(keys.DICOM_ANSWERS),
        )
        dialog = dicom_network_dialog.DicomNetworkDialog(now, self._window)

        def try_out(peer: Peer, show: Callable[[AppError | None], None]) -> None:
            tell = while_there(dialog, show)
            dicom_network.try_out(self._tasks, peer, lambda _done: tell(None), tell)

        dialog.test_requested.connect(try_out)
        dialog.chosen.connect(self._use)
        dialog.open()

    def show_worklist(self) -> None:
        """Show today's entries of the worklist."""
        peer = self.peer(dicom_network.worklist_of)
        if peer is None:
            return
        dialog = dicom_worklist_dialog.DicomWorklistDialog(
            peer.own_title, own_entries=self._settings.get(keys.DICOM_OWN_ENTRIES), parent=self._window
        )
        dialog.asked.connect(partial(self._ask, dialog, peer))
        dialog.chosen.connect(self._take)
        dialog.finished.connect(lambda _result: self._stop_asking())
        dialog.open()
        dialog.ask()

    def _is_installed(self) -> bool:
        if dicom_network.is_installed():
            return True
        text = self.tr(
            "This installation of LesionLens cannot reach DICOM programs: the extra “network” is not installed."
        )
        self._messages().say(text, error=False)
        return False

    def _use(self, choice: DicomNetworkChoice) -> None:
        put = self._settings.put
        put(keys.DICOM_IS_ON, choice.is_on)
        put(keys.DICOM_OWN_TITLE, choice.archive.own_title)
        put(keys.DICOM_ARCHIVE_TITLE, choice.archive.title)
        put(keys.DICOM_ARCHIVE_HOST, choice.archive.host)
        put(keys.DICOM_ARCHIVE_PORT, choice.archive.port)
        put(keys.DICOM_WORKLIST_TITLE, choice.worklist.title)
        put(keys.DICOM_WORKLIST_HOST, choice.worklist.host)
        put(keys.DICOM_WORKLIST_PORT, choice.worklist.port)
        put(keys.DICOM_TLS, choice.archive.uses_tls)
        put(keys.DICOM_AUTHORITY, "" if choice.archive.authority is None else str(choice.archive.authority))
        put(keys.DICOM_ANSWERS, choice.with_answers)
        put(keys.GDT_PSEUDONYM, choice.pseudonym.value)

    def _ask(self, dialog: DicomWorklistDialog, peer: Peer, day: dt.date, own_entries: bool) -> None:
        self._stop_asking()
        self._settings.put(keys.DICOM_OWN_ENTRIES, own_entries)

        def show(answered: Worklist) -> None:
            dialog.show_answer(answered)
            self._audit.note(
                audit_acts.Action.WORKLIST_VIEWED,
                {"archive": peer.title, "address": f"{peer.host}:{peer.port}", "entries": len(answered.items)},
            )

        station = peer.own_title if own_entries else ""
        self._asking = dicom_network.ask_worklist(self._tasks, peer, day, station, show, dialog.show_error)

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.abandon()
            self._asking = None

    def _take(self, item: WorklistItem) -> None:
        asks = self.tr("The worklist names “{wanted}”.")
        self._requests.take(PatientRequest(item.patient, asks, lambda _patient_id: None))
