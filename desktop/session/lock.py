"""The lock of an encrypted history: while it is locked, the program has no key, and the passphrase brings it back.

Locking waits for what was begun with the key, closes the history, and forgets the key. What needs it after that waits on its
lane until the lock is opened, so that no work under way fails; a folder that is being classified goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, PassphraseError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    import hmac

    from desktop.core.encryption.keys import Key
    from desktop.core.encryption.passphrase import Passphrase
    from desktop.core.records import audit_acts, key_file, refused_tries
else:
    hmac = Late("hmac")
    audit_acts = Late("desktop.core.records.audit_acts")
    key_file = Late("desktop.core.records.key_file")
    refused_tries = Late("desktop.core.records.refused_tries")

KEYED = frozenset({Lane.RECORDS, Lane.IMAGES, Lane.THUMBNAILS, Lane.TRIAL, Lane.BACKUP})
"""The lanes whose work may need the history's key."""

_PROOF = b"LesionLens lock 1"


class Lock(QObject):
    """Locks the session, and opens it again."""

    changed = Signal()
    """`is_locked` is another."""
    key_forgotten = Signal()
    """What was under way when the lock closed has ended, and the key is forgotten."""
    refused = Signal(object)
    """The AppError with which opening failed."""

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        drafts: AssessmentDrafts,
        audit: AuditTrail,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._drafts = drafts
        self._audit = audit
        self._proof = b""
        self.is_locked = False
        self.has_key = history_service.key is not None
        """Whether the key is in memory."""

    @property
    def can_lock(self) -> bool:
        """Whether there is a key to forget: the history is encrypted, and not being replaced by another."""
        return self.has_key and not self.is_locked and not self._history_service.is_being_replaced

    @property
    def has_waiting_writes(self) -> bool:
        """Whether something that came after the lock closed is to be written once it is open."""
        return self.is_locked and self._history_service.has_waiting_writes

    def lock(self, idle_minutes: int = 0) -> None:
        """Lock at once what is shown, and forget the key once all that was begun with it has ended.

        Args:
            idle_minutes: after how long without input, for the audit log; 0 if the user wanted it.
        """
        key = self._history_service.key
        if key is None or not self.can_lock:
            return
        self._proof = bytes(key.derived(_PROOF).secret)  # which opens nothing
        self.is_locked = True
        self.changed.emit()
        self._audit.note(audit_acts.Action.LOCKED, {"idle minutes": idle_minutes})
        self._drafts.save()
        self._history_service.close()
        self._tasks.hold(KEYED, self._forget_key)

    def _forget_key(self) -> None:
        self.has_key = False
        self._history_service.use_key(None)
        self._drafts.lock()
        self.key_forgotten.emit()

    def unlock(self, passphrase: Passphrase) -> None:
        """Open the lock if the passphrase is right; `changed` or `refused` tells. Takes a second or more."""

        def work(_task: Task) -> Key:
            key = key_file.unlock_history(self._history_service.folder, passphrase)
            # The key file may have been exchanged meanwhile for one whose passphrase somebody else knows.
            if not hmac.compare_digest(key.derived(_PROOF).secret, self._proof):
                raise PassphraseError(
                    tr("The passphrase belongs to another history than the one that was locked. Quit, and start again.")
                )
            return key

        self._tasks.run(Lane.LOCK, work, self._open, self._refuse)

    def _open(self, key: Key) -> None:
        self._history_service.use_key(key)
        self._drafts.use_key(key)
        self._proof = b""
        self.is_locked, self.has_key = False, True
        self._tasks.release()
        self._audit.take_refused()
        self._audit.note(audit_acts.Action.UNLOCKED)
        self._drafts.save()
        self.changed.emit()

    def _refuse(self, error: AppError) -> None:
        if isinstance(error, PassphraseError):
            refused_tries.note_refused(self._history_service.folder, "lock")
        self.refused.emit(error)
