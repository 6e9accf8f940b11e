"""Committed assessments on their way into the history: one may wait for its image to be saved, or fail and be tried again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.core.draft import Draft
    from desktop.core.records import image_status as statuses
    from desktop.core.records.people import Assessment
else:
    statuses = Late("desktop.core.records.image_status")


@frozen
class Committed:
    """An assessment as it was committed: whether before the model's answer, and the open patient's id, None if none was."""

    draft: Draft
    before_model: bool
    patient_id: int | None


class AssessmentWriting(QObject):
    """Knows for each image, by its SHA-256, whether its assessment was committed and is not in the history yet."""

    changed = Signal()
    """An assessment begins to be written or to wait, or does so no longer."""
    written = Signal(str, object)
    """The SHA-256 of an image, and its Assessment, which is in the history now."""
    refused = Signal(str, object)
    """The SHA-256 of an image whose assessment could not be written, and the AppError; see `write_again`."""

    def __init__(self, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._held: dict[str, Committed] = {}
        self._writing: set[str] = set()
        self._refused: dict[str, Committed] = {}

    @property
    def unsaved(self) -> int:
        """How many assessments were committed and are not in the history."""
        return len({*self._held, *self._writing, *self._refused})

    def held(self, sha256: str) -> Draft | None:
        """Return the assessment that waits for its image to be saved, None if there is none."""
        return self._held[sha256].draft if sha256 in self._held else None

    def is_writing(self, sha256: str) -> bool:
        """Return whether the assessment of an image is being written."""
        return sha256 in self._writing

    def write(self, sha256: str, committed: Committed) -> None:
        """Write an assessment; it waits if the history does not know its image yet."""
        self._refused.pop(sha256, None)
        self._writing.add(sha256)
        self._history_service.write(
            lambda history, by: statuses.write_assessment(
                history,
                sha256,
                committed.draft,
                patient_id=committed.patient_id,
                before_model=committed.before_model,
                by=by,
            ),
            partial(self._take, sha256, committed),
            partial(self._refuse, sha256, committed),
        )
        self.changed.emit()

    def write_again(self, sha256: str, draft: Draft) -> None:
        """Write in place of an assessment that was refused what is entered now, unless another was committed since."""
        before = self._refused.pop(sha256, None)
        if before is not None:
            self.write(sha256, Committed(draft, before.before_model, before.patient_id))

    def note_saved(self, sha256: str) -> None:
        """Write what waited for an image, which the history has now."""
        if sha256 in self._held:
            self.write(sha256, self._held.pop(sha256))

    def take_back(self, sha256: str) -> None:
        """Take back the assessment that waits for its image: it was not written yet."""
        if self._held.pop(sha256, None) is not None:
            self.changed.emit()

    def forget(self, hashes: Iterable[str]) -> None:
        """Forget erased images."""
        for sha256 in hashes:
            self._held.pop(sha256, None)
            self._refused.pop(sha256, None)

    def _take(self, sha256: str, committed: Committed, written: Assessment | None) -> None:
        self._writing.discard(sha256)
        if written is None:
            self._held[sha256] = committed
            self.changed.emit()
        else:
            self.written.emit(sha256, written)

    def _refuse(self, sha256: str, committed: Committed, error: AppError) -> None:
        self._writing.discard(sha256)
        self._refused[sha256] = committed
        self.changed.emit()
        self.refused.emit(sha256, error)
