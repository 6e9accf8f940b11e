"""Sends a visit to an archive, off the GUI thread, and records what the archive took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, cast

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.exchange import dicom_visit
    from desktop.core.exchange.dicom_objects import DicomObject
    from desktop.core.exchange.dicom_peer import Peer
    from desktop.core.exchange.dicom_visit import DicomVisit, ListedObject
    from desktop.core.records import audit_acts
    from desktop.core.records.history import History
    from desktop.core.records.people import Patient
    from desktop.network import sending
    from desktop.network.sending import Sent
else:
    dicom_visit = Late("desktop.core.exchange.dicom_visit")
    audit_acts = Late("desktop.core.records.audit_acts")
    sending = Late("desktop.network.sending")

_OBJECTS, _ARCHIVE = "objects", "archive"
"""The names in the log's details of the UIDs that an archive took, with spaces between them, and of its AE title."""


@frozen
class FoundVisit:
    """A visit that can be sent. `taken` says of what the archive took already when that was, by UID."""

    patient: Patient
    visit: DicomVisit
    taken: dict[str, dt.datetime]

    @property
    def new(self) -> list[ListedObject]:
        """What the archive did not take yet."""
        return [one for one in self.visit.objects if one.uid not in self.taken]


@frozen
class VisitSent:
    """What became of the wanted objects of a visit.

    `received` are the UIDs of those that the archive took, `changed` how many of these with a warning. `problems` are objects
    that it refused, and images that could not be read. `error` ended it early, as did the user if it `is_stopped`.
    """

    received: frozenset[str] = frozenset()
    changed: int = 0
    problems: tuple[AppError | str, ...] = field(default=())
    error: AppError | None = None
    is_stopped: bool = False


def find_visit(
    history_service: HistoryService,
    patient: Patient,
    day: dt.date,
    peer: Peer,
    done: Callable[[FoundVisit], None],
    failed: Callable[[AppError], None],
    *,
    with_answers: bool,
) -> None:
    """Find what can be sent of a visit, and what of it the archive took already."""

    def read(history: History) -> FoundVisit:
        found = dicom_visit.DicomVisit(history, patient.pseudonym, day, with_answers=with_answers)
        return FoundVisit(patient, found, _taken(history, patient.id, peer))

    history_service.ask(read, done, failed)


def _taken(history: History, patient_id: int, peer: Peer) -> dict[str, dt.datetime]:
    wanted = audit_acts.AuditFilter(actions=frozenset({audit_acts.Action.VISIT_RECEIVED}), patient=f"#{patient_id}")
    found: dict[str, dt.datetime] = {}
    for act in history.audit.page(wanted).acts:  # the newest first
        if act.detail.get(_ARCHIVE) == peer.title:
            for uid in str(act.detail.get(_OBJECTS, "")).split():
                found.setdefault(uid, act.time)
    return found


class VisitSending:
    """Makes and sends a visit part by part: what needs the history's key is on another lane than the network."""

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        audit: AuditTrail,
        peer: Peer,
        found: FoundVisit,
        wanted: frozenset[str],
        ended: Callable[[VisitSent], None],
        progress: Callable[[object], None],
    ) -> None:
        """Prepare to send the objects with these UIDs; `progress` gets (objects done, objects in all)."""
        self._tasks = tasks
        self._history_service = history_service
        self._audit = audit
        self._peer = peer
        self._found = found
        self._parts = dicom_visit.VisitParts(found.visit, wanted)
        self._total = len(wanted)
        self._ended = ended
        self._progress = progress
        self._task: Task | None = None
        self._is_stopped = False
        self._done = 0
        self._received: set[str] = set()
        self._changed = 0
        self._refused: list[AppError] = []

    def begin(self) -> None:
        """Send; `ended` is called once."""
        read = self._history_service.read_image
        self._task = self._tasks.run(Lane.IMAGES, lambda _task: self._parts.next(read), self._send, self._end)

    def cancel(self) -> None:
        """Stop: what is under way counts as not received."""
        self._is_stopped = True
        if self._task is not None:
            self._task.cancel()

    def _send(self, objects: list[DicomObject]) -> None:
        if not objects or self._is_stopped:
            self._end(None)
            return
        self._task = self._tasks.run(
            Lane.NETWORK,
            lambda task: sending.send(self._peer, objects, task.cancelled, task.report),
            lambda sent: self._take(sent, len(objects)),
            self._end,
            lambda done: self._progress((self._done + cast("int", done), self._total)),
        )

    def _take(self, sent: Sent, count: int) -> None:
        self._done += count
        self._received |= {*sent.received}
        self._changed += sent.changed
        self._refused += sent.refused
        if sent.received:
            self._audit.note(
                audit_acts.Action.VISIT_RECEIVED,
                {
                    _ARCHIVE: self._peer.title,
                    "address": f"{self._peer.host}:{self._peer.port}",
                    _OBJECTS: " ".join(sent.received),
                },
                patient_id=self._found.patient.id,
            )
        if sent.error is not None or self._is_stopped:
            self._end(sent.error)
        else:
            self.begin()

    def _end(self, error: AppError | None) -> None:
        self._ended(
            VisitSent(
                frozenset(self._received),
                self._changed,
                (*self._refused, *self._parts.unreadable),
                None if self._is_stopped else error,
                self._is_stopped,
            )
        )
