"""Blind-first: the model's answer for a lesion is hidden everywhere until the clinician commits an assessment or skips it.

The rule is read from the history alone (`ImageStatus.is_unseen`), so it survives restarts and holds on every page. Answers
shown in this session are tracked separately, because an answer may be on the screen before it is in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.assessment_writing import AssessmentWriting, Committed
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.session.sample_assessments import SampleAssessments
from desktop.session.shown_answers import ShownAnswers
from desktop.system.settings import BLIND_FIRST, INITIALS, Settings

if TYPE_CHECKING:
    from desktop.core.draft import Draft
    from desktop.core.records import image_status as statuses
    from desktop.core.records import plans
    from desktop.core.records.history import History
    from desktop.core.records.image_status import ImageStatus
    from desktop.core.records.people import Assessment
    from desktop.core.records.values import Entry
else:
    statuses = Late("desktop.core.records.image_status")
    plans = Late("desktop.core.records.plans")

_PAUSE = 300
"""Milliseconds between a change and the next reading of what is concealed, which takes 0.1 s with 50,000 entries."""


class Blinding(QObject):
    """Decides what is concealed. An answer is revealed by committing an assessment, or by skipping it, which is recorded.

    Either reveals all images of the lesion at this visit, or the single image if it has no lesion and visit. Showing the answer
    for an image of an earlier visit before today's assessment (`show_earlier`) does the same for that visit.

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
        self._samples = SampleAssessments()
        self._shown = ShownAnswers(history_service, self._is_assessed, self)
        self._shown.failed.connect(self.failed)
        self.writing = AssessmentWriting(history_service, self)
        """The assessments that were committed and are not in the history yet."""
        self.writing.changed.connect(self.changed)
        self.writing.written.connect(self._take_written)
        self._earlier: frozenset[str] = frozenset()
        """Images of earlier visits of the open patient, whose answers wait for today's assessment."""
        self._unanswered: frozenset[str] = frozenset()
        """Images of earlier visits of the same lesions without an answer: one that is asked for now waits as well."""
        self._earlier_of_others: frozenset[str] = frozenset()
        """The same of all patients with a visit today, so that it is one rule whoever is open."""
        self._revealed: set[str] = set()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._read_concealed)
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
    def held(self) -> Draft | None:
        """The committed assessment of the open image that waits for the image to be saved, None if there is none."""
        return self.writing.held(self._open)

    @property
    def is_writing(self) -> bool:
        """Whether a committed assessment of the open image is being written."""
        return self.writing.is_writing(self._open)

    @property
    def is_committed(self) -> bool:
        """Whether a committed assessment of the open image is not in the history yet."""
        return self.is_writing or self.held is not None

    @property
    def waiting(self) -> int:
        """How many images in the history have a concealed answer."""
        return len((self._concealed or frozenset()) - self._shown.hashes) if self.is_on else 0

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
        if sha256 in self._shown.hashes:
            return False
        if sha256 == self._open:
            return self._image_status is None or self._image_status.is_unseen
        return self._concealed is None or sha256 in self._concealed

    def conceals_entry(self, entry: Entry) -> bool:
        """Return whether an entry's answer must not be shown now."""
        sha256 = entry.image.sha256
        return self.is_on and (self._waits(sha256) or (entry.is_concealed and sha256 not in self._shown.hashes))

    def concealed_reader(self) -> Callable[[History], frozenset[str]]:
        """Return what reads, on the history's thread, the SHA-256 of all images that `conceals` holds of now."""
        if not self.is_on:
            return lambda _history: frozenset()
        today, patient = self._open_patient.date, self._open_patient.patient
        patient_id = None if patient is None else patient.id
        shown, revealed = frozenset(self._shown.hashes), frozenset(self._revealed)

        def read(history: History) -> frozenset[str]:
            waiting = history.disclosures.awaiting(today, patient_id) - revealed
            return waiting | (history.disclosures.concealed_hashes() - shown)

        return read

    @property
    def is_earlier(self) -> bool:
        """Whether the open image is from an earlier visit, and its lesion is still to be assessed today.

        Its answer is hidden until then; so is one that it does not have yet, once it is asked for.
        """
        has_own_rule = self._image_status is None or self._image_status.is_unseen
        is_unanswered = self._open in self._unanswered and self._open not in self._revealed
        return self.is_on and (self._waits(self._open) or is_unanswered) and not has_own_rule

    @property
    def earlier(self) -> frozenset[str]:
        """The SHA-256 of the images of earlier visits whose answers wait for today's assessment; none while it is off."""
        return frozenset(filter(self._waits, self._earlier | self._earlier_of_others)) if self.is_on else frozenset()

    def hold_back_earlier(self, hashes: frozenset[str], unanswered: frozenset[str]) -> None:
        """Conceal the answers for these images of earlier visits, which would bias today's assessment of their lesions.

        `unanswered` are those of the same lesions and visits that have no answer.
        """
        if (hashes, unanswered) != (self._earlier, self._unanswered):
            self._earlier, self._unanswered = hashes, unanswered
            self.changed.emit()

    def show_earlier(self) -> None:
        """Show the answer for the open image of an earlier visit before today's assessment; this is recorded.

        Like an answer of today it shows with those for all images of its lesion and visit, whoever is open.
        """
        self._show_earlier(self._open)

    def _show_earlier(self, sha256: str) -> None:
        self._history_service.ask(
            lambda history: history.disclosures.together_with(sha256),
            self._reveal,
            self._tell_again(partial(self._show_earlier, sha256)),
        )

    def _reveal(self, hashes: frozenset[str]) -> None:
        self._revealed |= hashes
        self._shown.record_earlier(hashes)
        self.changed.emit()

    def _waits(self, sha256: str) -> bool:
        is_own = self._open_patient.image_of(sha256) is not None  # read again sooner than those of others
        earlier = self._earlier if is_own else self._earlier_of_others
        return sha256 in earlier and sha256 not in self._revealed

    def note_shown(self, sha256: str) -> None:
        """Note that an image's answer is on the screen, see `ShownAnswers.note`."""
        self._shown.note(sha256)

    def note_row_shown(self, sha256: str) -> None:
        """Note that an image's answer is shown in a row of a batch, see `ShownAnswers.note_row`."""
        self._shown.note_row(sha256)

    def note_saved(self, sha256: str, entry_id: int) -> None:
        """Set the entry of an open image, and write what waited for it."""
        if self._concealed is not None and self.conceals(sha256):
            self._concealed |= {sha256}  # until the next reading
        self.writing.note_saved(sha256)
        self._shown.note_saved(sha256, entry_id)

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
            made = self._samples.add(
                self._open, draft, before_model=before_model, initials=self._settings.get(INITIALS)
            )
            self.committed.emit(self._open, made)
            self._take(self._open, self._status_of_sample(self._open))
        else:
            patient = self._open_patient.patient
            patient_id = None if patient is None else patient.id
            self.writing.write(self._open, Committed(draft, before_model, patient_id))

    def take_back(self) -> None:
        """Take back the committed assessment of the open image that waits for the image to be saved."""
        self.writing.take_back(self._open)

    def switch(self, on: bool) -> None:
        """Switch blind-first on or off. Switching it off reveals every concealed answer, which is recorded."""
        if on == self.is_on:
            return
        self._settings.put(BLIND_FIRST, on)
        if not on:
            self._shown.record_all()
        self._look_again()
        self.changed.emit()

    def disclose(self, entry_ids: Iterable[int]) -> None:
        """Record those of these entries that were seen in the rows of a batch, see `ShownAnswers.record_entries`."""
        self._shown.record_entries(entry_ids)

    def _is_assessed(self, sha256: str) -> bool:
        status = self._image_status
        return sha256 == self._open and status is not None and not status.is_unseen

    def _look_again(self) -> None:
        sha256 = self._open
        if self._is_sample:
            self._take(sha256, self._status_of_sample(sha256))
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
        today = self._open_patient.date
        self._history_service.ask(
            lambda history: (history.disclosures.concealed_hashes(), history.disclosures.awaiting(today)),
            self._take_concealed,
            lambda _error: None,  # the page that cannot be read reports it; what was concealed stays so, at first all
        )

    def _take(self, sha256: str, status: ImageStatus) -> None:
        if sha256 == self._open and status != self._image_status:
            self._image_status = status
            self.changed.emit()

    def _take_concealed(self, read: tuple[frozenset[str], frozenset[str]]) -> None:
        if read != (self._concealed, self._earlier_of_others):
            self._concealed, self._earlier_of_others = read
            self.changed.emit()

    def _forget(self, hashes: list[str]) -> None:
        """Forget erased images."""
        self._shown.forget(hashes)
        self.writing.forget(hashes)

    def _take_written(self, sha256: str, written: Assessment) -> None:
        if sha256 == self._open and self._image_status is not None:
            self._image_status = self._image_status.with_written(written)
        self.committed.emit(sha256, written)
        self.changed.emit()

    def _status_of_sample(self, sha256: str) -> ImageStatus:
        earlier = self._samples.of(sha256)
        is_unseen = not earlier and sha256 not in self._shown.hashes
        newest = next((one.id for one in reversed(earlier) if one.plan), None)
        return statuses.ImageStatus(is_unseen=is_unseen, assessments=earlier, plans=plans.Plans(newest))

    def _tell_again(self, again: object) -> partial[None]:
        return partial(self._fail, again)

    def _fail(self, again: object, error: AppError) -> None:
        self.failed.emit(error, again)
