"""Sends a visit of the open patient to an archive, with progress, and tells what became of it."""

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
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.progress_dialog import ProgressDialog
from desktop.widgets.common.while_there import while_there
from desktop.widgets.common.wording import local_day, numbered, sentence

if TYPE_CHECKING:
    from desktop.core.exchange import dicom_objects
    from desktop.core.exchange.dicom_peer import Peer
    from desktop.core.records import audit_acts
    from desktop.core.records.people import Patient
    from desktop.session import visit_sending
    from desktop.session.visit_sending import FoundVisit, VisitSending, VisitSent
    from desktop.widgets.window import send_visit_dialog
    from desktop.widgets.window.dicom_network_presenter import DicomNetworkPresenter
    from desktop.widgets.window.send_visit_dialog import SendVisitDialog
else:
    dicom_objects = Late("desktop.core.exchange.dicom_objects")
    audit_acts = Late("desktop.core.records.audit_acts")
    visit_sending = Late("desktop.session.visit_sending")
    send_visit_dialog = Late("desktop.widgets.window.send_visit_dialog")


_MOST_PROBLEMS = 3
"""Refused objects and unreadable images that one message names: an archive refuses all of a kind alike."""


class VisitSendingPresenter(QObject):
    """Sends nothing twice unless the user wants it: the audit log knows what an archive took."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        history_service: HistoryService,
        open_patient: OpenPatient,
        audit: AuditTrail,
        network: DicomNetworkPresenter,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._settings = settings
        self._history_service = history_service
        self._open_patient = open_patient
        self._audit = audit
        self._network = network
        self._messages = messages
        self._window = window

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the action of the menu entry, by id."""
        return {"send visit": self.show}

    def show(self) -> None:
        """Ask which visit of the open patient to send."""
        file = self._open_patient.patient_file
        if file is None:
            self._messages().say(self.tr("Open the patient whose visit is to be sent."), error=False)
            return
        days = sorted({visit.date for visit in file.visits}, reverse=True)
        if not days:
            self._messages().say(self.tr("This patient has no visit to send."), error=False)
            return
        peer = self._network.peer(dicom_network.archive_of)
        if peer is None:
            return
        dialog = send_visit_dialog.SendVisitDialog(file.patient.pseudonym, peer.name, days, self._window)
        dialog.day_chosen.connect(partial(self._find, dialog, file.patient, peer))
        dialog.send_requested.connect(partial(self._send, peer))
        dialog.open()
        dialog.ask()

    def _find(self, dialog: SendVisitDialog, patient: Patient, peer: Peer, day: dt.date) -> None:
        visit_sending.find_visit(
            self._history_service,
            patient,
            day,
            peer,
            while_there(dialog, dialog.show_visit),
            while_there(dialog, dialog.show_error),
            with_answers=self._settings.get(keys.DICOM_ANSWERS),
        )

    def _send(self, peer: Peer, found: FoundVisit, wanted: frozenset[str]) -> None:
        """Send the objects with these UIDs, once that is in the audit log."""
        progress = ProgressDialog(self.tr("The visit is being sent…"), self._messages(), self._window)
        is_told = False

        def begin(fail: Callable[[AppError | None], None]) -> None:
            def end(sent: VisitSent) -> None:
                nonlocal is_told
                is_told = True
                progress.end(partial(self._tell, peer, found, wanted))(sent)
                if sent.is_stopped or sent.error is not None:
                    fail(sent.error)

            def start(tell: Callable[[object], None]) -> VisitSending:
                sending = visit_sending.VisitSending(
                    self._tasks, self._history_service, self._audit, peer, found, wanted, end, tell
                )
                sending.begin()
                return sending

            progress.follow(start)

        def fail(error: AppError) -> None:
            if not is_told:  # it could not be logged, and was not begun
                progress.fail(error)

        images = sum(one.kind is dicom_objects.ObjectKind.IMAGE for one in found.visit.objects if one.uid in wanted)
        self._audit.attempt(
            audit_acts.Action.VISIT_SENT,
            {
                "archive": peer.title,
                "address": f"{peer.host}:{peer.port}",
                "images": images,
                "documents": len(wanted) - images,
            },
            begin,
            fail,
            patient_id=found.patient.id,
        )

    def _tell(self, peer: Peer, found: FoundVisit, wanted: frozenset[str], sent: VisitSent) -> None:
        """Tell what the archive took, what it did not take and why, and offer to try again."""
        missing = wanted - sent.received

        def what(uids: frozenset[str]) -> str:
            return send_visit_dialog.what_text([one for one in found.visit.objects if one.uid in uids])

        whose = self.tr("{patient}, visit of {day}:")  # another patient may be open when the message is read
        texts = [whose.format(patient=found.patient.pseudonym, day=local_day(found.visit.day))]
        texts += [sentence(sent.error)] if sent.error is not None else []
        if sent.is_stopped:
            texts.append(self.tr("Stopped."))
        if sent.received:
            texts.append(self.tr("{archive} took {what}.").format(archive=peer.title, what=what(sent.received)))
        if sent.changed:
            texts.append(
                numbered(
                    sent.changed,
                    self.tr("It warned about 1: it may have changed or dropped details."),
                    self.tr("It warned about {count}: it may have changed or dropped details."),
                )
            )
        if missing:
            texts.append(self.tr("Not sent: {what}.").format(what=what(missing)))
        told = [sentence(one) if isinstance(one, AppError) else one for one in sent.problems]
        texts += [*dict.fromkeys(told)][:_MOST_PROBLEMS]
        again = (self.tr("Try again"), partial(self._try_again, peer, found, missing))
        self._messages().say(
            " ".join(texts), error=bool(missing), action=again if missing else None, is_lasting=bool(missing)
        )

    def _try_again(self, peer: Peer, found: FoundVisit, missing: frozenset[str]) -> None:
        """Send what is missing, as the history has it now."""

        def send(newer: FoundVisit) -> None:
            wanted = missing & {one.uid for one in newer.visit.objects}
            if wanted:
                self._send(peer, newer, wanted)

        visit_sending.find_visit(
            self._history_service,
            found.patient,
            found.visit.day,
            peer,
            send,
            self._messages().tell,
            with_answers=self._settings.get(keys.DICOM_ANSWERS),
        )
