"""Blind-first: the model's answer for a lesion is hidden everywhere until the clinician commits an assessment or skips it.

The rule is read from the history alone (`ImageStatus.is_unseen`), so it survives restarts and holds on every page. Answers
shown in this session are tracked separately, because an answer may be on the screen before it is in the history.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.system.settings import BLIND_FIRST, INITIALS, Settings

if TYPE_CHECKING:
    from desktop.core.draft import Draft
    from desktop.core.records import image_status as statuses
    from desktop.core.records import people
    from desktop.core.records.history import History
    from desktop.core.records.image_status import ImageStatus
    from desktop.core.records.people import Assessment
    from desktop.core.records.values import Entry
else:
    people = Late("desktop.core.records.people")
    statuses = Late("desktop.core.records.image_status")


_GATHER = 500
"""Milliseconds for which batch rows that scroll into view are collected, to be recorded in one write."""

_PAUSE = 300
"""Milliseconds between a change and the next reading of what is concealed, which takes 0.1 s with 50,000 entries."""


class Blinding(QObject):
    """Decides what is concealed. An answer is revealed by committing an assessment, or by skipping it, which is recorded.

    Either reveals all images of the lesion at this visit, or the single image if it has no lesion and visit.

    Code that shows something derived from an answer must ask `conceals` (for an image) or `conceals_entry`, and ask again
    on `changed`. `OpenImage` does so for the open image, and does not emit a concealed answer.
    """

    changed = Signal()
    """Other answers are concealed, or the status of the open image is different."""
    committed = Signal(str, object)
    """The SHA-256 of an image, and its Assessment, which is in the history now."""
    failed = Signal(object, object)
    """An AppError, and the callable that tries again (None if there is none)."""

    def __init__(
        self,
        history_service: HistoryService,
        settings: Settings,
        open_patient: OpenPatient,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._settings = settings
        self._open_patient = open_patient
        self._open = ""
        self._is_sample = False
        self._image_status: ImageStatus | None = None
        self._concealed: frozenset[str] | None = None
        self._seen: set[str] = set()
        self._earlier: frozenset[str] = frozenset()
        self._revealed: set[str] = set()
        self._entries: dict[str, int] = {}
        self._recorded: set[str] = set()
        self._rows: set[str] = set()
        self._held: dict[str, tuple[Draft, bool, int | None]] = {}
        self._practice: dict[str, tuple[Assessment, ...]] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._read_concealed)
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(_GATHER)
        self._gathering.timeout.connect(self._record_rows)
        history_service.changed.connect(self._look_again)
        history_service.erased.connect(self._forget)

    @property
    def is_on(self) -> bool:
        """Whether the clinician's assessment comes first."""
        return self._settings.get(BLIND_FIRST)

    @property
    def image_status(self) -> ImageStatus | None:
        """The status of the open image, None until it is known."""
        return self._image_status

    @property
    def is_held(self) -> bool:
        """Whether a committed assessment of the open image waits for the image to be saved."""
        return self._open in self._held

    @property
    def waiting(self) -> int:
        """How many images in the history have a concealed answer."""
        return len((self._concealed or frozenset()) - self._seen) if self.is_on else 0

    def look_at(self, sha256: str, *, is_sample: bool = False) -> None:
        """Set the open image; its answer is concealed until the status of the image is known."""
        self._open, self._is_sample, self._image_status = sha256, is_sample, None
        self._look_again()

    def look_away(self) -> None:
        """Note that no image is open."""
        self._open, self._is_sample, self._image_status = "", False, None
        self.changed.emit()

    def conceals(self, sha256: str) -> bool:
        """Return whether a model's answer for an image must not be shown now."""
        if not self.is_on:
            return False
        if self._waits(sha256):
            return True
        if sha256 in self._seen:
            return False
        if sha256 == self._open:
            return self._image_status is None or self._image_status.is_unseen
        return self._concealed is None or sha256 in self._concealed

    def conceals_entry(self, entry: Entry) -> bool:
        """Return whether an entry's answer must not be shown now."""
        sha256 = entry.image.sha256
        return self.is_on and (self._waits(sha256) or (entry.is_concealed and sha256 not in self._seen))

    @property
    def is_earlier(self) -> bool:
        """Whether the open image is from an earlier visit, and its answer is hidden until the lesion is assessed today."""
        has_own_rule = self._image_status is None or self._image_status.is_unseen
        return self.is_on and self._waits(self._open) and not has_own_rule

    def hold_back_earlier(self, hashes: frozenset[str]) -> None:
        """Conceal the answers for these images of earlier visits: they would bias today's assessment."""
        if hashes != self._earlier:
            self._earlier = hashes
            self.changed.emit()

    def show_earlier(self) -> None:
        """Show the answer for the open image of an earlier visit before today's assessment; this is recorded."""
        sha256 = self._open
        self._revealed.add(sha256)
        self._history_service.write(
            lambda history, by: _record_earlier(history, sha256, by),
            lambda _nothing: None,
            lambda error: self.failed.emit(error, None),
        )
        self.changed.emit()

    def _waits(self, sha256: str) -> bool:
        return sha256 in self._earlier and sha256 not in self._revealed

    def note_shown(self, sha256: str) -> None:
        """Note that an image's answer is on the screen; if no assessment came first, record that once the image is saved."""
        self._seen.add(sha256)
        self._record(sha256)

    def note_row_shown(self, sha256: str) -> None:
        """Note that an image's answer is shown in a row of a batch; this is recorded even if the image is never saved."""
        if sha256 not in self._seen:
            self._rows.add(sha256)
            self._gathering.start()
            self.note_shown(sha256)

    def note_saved(self, sha256: str, entry_id: int) -> None:
        """Set the entry of an open image, and write what waited for it."""
        self._entries[sha256] = entry_id
        if self._concealed is not None and self.conceals(sha256):
            self._concealed |= {sha256}  # until the next reading
        if sha256 in self._held:
            self._write_assessment(sha256, *self._held.pop(sha256))
        self._record(sha256)

    def skip(self) -> None:
        """Show the answer for the open image without an assessment; this is recorded."""
        if self._open:
            self.note_shown(self._open)
            self.changed.emit()

    def commit(self, draft: Draft) -> None:
        """Save the clinician's assessment of the open image; the answer is shown once it is on the disk."""
        if not self._open:
            return
        before_model = self.conceals(self._open)
        if self._is_sample:
            self._practise(self._open, draft, before_model)
        else:
            patient = self._open_patient.patient
            self._write_assessment(self._open, draft, before_model, None if patient is None else patient.id)

    def switch(self, on: bool) -> None:
        """Switch blind-first on or off. Switching it off reveals every concealed answer, which is recorded."""
        if on == self.is_on:
            return
        self._settings.put(BLIND_FIRST, on)
        if not on:
            self._disclose(None, None)
        self._look_again()
        self.changed.emit()

    def disclose(self, entry_ids: Iterable[int]) -> None:
        """Record those of these entries whose answers were seen in the rows of a batch, where no assessment is possible."""
        ids = list(entry_ids)
        if ids:
            self._disclose(ids, frozenset(self._seen))

    def _disclose(self, entry_ids: list[int] | None, hashes: frozenset[str] | None) -> None:
        self._history_service.write(
            lambda history, by: history.disclosures.disclose_unseen(entry_ids, hashes=hashes, by=by),
            lambda _count: None,
            self._tell_again(partial(self._disclose, entry_ids, hashes)),
        )

    def _look_again(self) -> None:
        sha256 = self._open
        if self._is_sample:
            self._take(sha256, self._practised(sha256))
        elif sha256:
            self._history_service.ask(
                lambda history: statuses.read_image_status(history, sha256),
                partial(self._take, sha256),
                self._tell_again(None),
            )
        if self.is_on and self._concealed is None:
            self._read_concealed()
        elif self.is_on:
            self._later.start()

    def _read_concealed(self) -> None:
        self._history_service.ask(
            lambda history: history.disclosures.concealed_hashes(),
            self._take_concealed,
            lambda _error: None,  # the page that cannot be read reports it; what was concealed stays so, at first all
        )

    def _take(self, sha256: str, status: ImageStatus) -> None:
        if sha256 == self._open and status != self._image_status:
            self._image_status = status
            self.changed.emit()

    def _take_concealed(self, hashes: frozenset[str]) -> None:
        if hashes != self._concealed:
            self._concealed = hashes
            self.changed.emit()

    def _record(self, sha256: str) -> None:
        entry_id = self._entries.get(sha256)
        if entry_id is None or sha256 not in self._seen or sha256 in self._recorded:
            return
        if sha256 == self._open and self._image_status is not None and not self._image_status.is_unseen:
            return
        self._recorded.add(sha256)

        def fail(error: AppError) -> None:
            self._recorded.discard(sha256)
            self.failed.emit(error, partial(self._record, sha256))

        self._history_service.write(
            lambda history, by: history.disclosures.disclose_unseen([entry_id], by=by), lambda _count: None, fail
        )

    def _record_rows(self) -> None:
        hashes, self._rows = self._rows, set()

        def fail(error: AppError) -> None:
            self._rows |= hashes
            self.failed.emit(error, self._record_rows)

        self._history_service.write(
            lambda history, by: history.disclosures.note_shown(hashes, by=by),
            lambda _nothing: None,
            fail,
            is_shown=False,
        )

    def _write_assessment(self, sha256: str, draft: Draft, before_model: bool, patient_id: int | None) -> None:
        self._history_service.write(
            lambda history, by: statuses.write_assessment(
                history, sha256, draft, patient_id=patient_id, before_model=before_model, by=by
            ),
            partial(self._take_written, sha256, draft, before_model, patient_id),
            self._tell_again(partial(self._write_assessment, sha256, draft, before_model, patient_id)),
        )

    def _forget(self, hashes: list[str]) -> None:
        """Forget erased images: the ids of their entries may have been reused."""
        for sha256 in hashes:
            self._seen.discard(sha256)
            self._recorded.discard(sha256)
            self._rows.discard(sha256)
            self._entries.pop(sha256, None)
            self._held.pop(sha256, None)

    def _take_written(
        self, sha256: str, draft: Draft, before_model: bool, patient_id: int | None, written: Assessment | None
    ) -> None:
        if written is None:
            self._held[sha256] = (draft, before_model, patient_id)
            self.changed.emit()
            return
        if sha256 == self._open and self._image_status is not None:
            assessments = (*self._image_status.assessments, written)
            self._image_status = dataclasses.replace(self._image_status, is_unseen=False, assessments=assessments)
        self.committed.emit(sha256, written)
        self.changed.emit()

    def _practise(self, sha256: str, draft: Draft, before_model: bool) -> None:
        """Take an assessment of a bundled sample: the window behaves as with any image, but nothing is saved."""
        earlier = self._practice.get(sha256, ())
        assessment = people.Assessment(
            id=-1 - len(earlier),
            lesion_id=None,
            visit_id=None,
            image_id=-1,
            before_model=before_model,
            **dataclasses.asdict(draft),
            initials=self._settings.get(INITIALS),
            time=dt.datetime.now(dt.UTC),
        )
        self._practice[sha256] = (*earlier, assessment)
        self.committed.emit(sha256, assessment)
        self._take(sha256, self._practised(sha256))

    def _practised(self, sha256: str) -> ImageStatus:
        earlier = self._practice.get(sha256, ())
        return statuses.ImageStatus(is_unseen=not earlier and sha256 not in self._seen, assessments=earlier)

    def _tell_again(self, again: object) -> partial[None]:
        return partial(self._fail, again)

    def _fail(self, again: object, error: AppError) -> None:
        self.failed.emit(error, again)


def _record_earlier(history: History, sha256: str, by: str) -> None:
    image_id = history.people.image_id_of(sha256)
    entries = [] if image_id is None else history.entries_of(image_id)
    if entries:
        history.disclosures.disclose(entries[-1].id, "without own view", by=by)
