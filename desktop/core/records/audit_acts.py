"""The values of the audit log: the acts that are logged, what is asked for, and what is returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.records import made_elsewhere

if TYPE_CHECKING:
    from desktop.core.records.influences import Span
    from desktop.core.records.people import Assessment, Lesion, Outcome

Detail = str | int | float | bool | None

HELD_LESIONS = "held lesions"
"""The name in a detail of the ids of several lesions, with spaces between them."""


class Action(StrEnum):
    """The acts that are logged. The values are stored: one that was released is never changed."""

    HISTORY_OPENED = "history opened"
    PATIENT_OPENED = "patient opened"
    ANSWER_VIEWED = "answer viewed"
    HISTORY_VIEWED = "history viewed"
    SIMILAR_VIEWED = "similar pictures viewed"
    BATCH_VIEWED = "batch viewed"
    FIGURES_VIEWED = "own figures viewed"
    FLIPS_VIEWED = "changes under another model viewed"
    SEEN_FIRST = "answer seen before own diagnosis"
    SHOWN_ANYWAY = "withheld answer shown"
    TABLE_EXPORTED = "table exported"
    OUTCOMES_EXPORTED = "outcomes exported"
    TRAINING_EXPORTED = "exported for training"
    JUDGEMENT_SAVED = "model judgement saved"
    HISTORY_EXPORTED = "history exported"
    HISTORY_IMPORTED = made_elsewhere.IMPORT
    RESULT_SENT = "result sent"
    VISIT_SENT = "visit sent"
    VISIT_RECEIVED = "visit received by an archive"
    WORKLIST_VIEWED = "worklist viewed"
    PICTURE_EXPORTED = "picture exported"
    COPIED = "copied to clipboard"
    REPORT_SAVED = "report saved"
    REPORT_PRINTED = "report printed"
    BACKED_UP = "backup written"
    RESTORED = "backup restored"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNLOCK_REFUSED = "unlocking refused"
    ENCRYPTED = "history encrypted"
    DECRYPTED = "history decrypted"
    PASSPHRASE_CHANGED = "passphrase changed"  # noqa: S105 - no password
    PATIENT_ERASED = "patient erased"
    MODEL_CHANGED = "model changed"
    MODEL_DECIDED = "model decided"
    LIMIT_CHANGED = "alert limit changed"
    PRIOR_CHANGED = "prior changed"
    BLIND_FIRST_CHANGED = "blind-first changed"
    IDLE_LOCK_CHANGED = "idle lock changed"
    LOG_VIEWED = "audit log viewed"
    LOG_EXPORTED = "audit log exported"
    ASSESSED = "assessment entered"
    PLANNED = "plan entered"
    """A plan alone, without a diagnosis."""
    OUTCOME_ENTERED = "outcome entered"
    OUTCOME_CORRECTED = "outcome corrected"
    OUTCOME_WITHDRAWN = "outcome withdrawn"
    OUTCOME_PUT_BACK = "outcome put back"
    STEP_RECORDED = "step recorded"
    STEP_TAKEN_BACK = "step taken back"
    INFLUENCE_ENTERED = "influence entered"
    INFLUENCE_CORRECTED = "influence corrected"
    INFLUENCE_WITHDRAWN = "influence withdrawn"
    TRAINING_USE_SET = "use for training set"
    FAILED = "failed"
    """An act that was logged before it was tried, and failed; `detail` has its action (`act`) and row (`row`)."""


@frozen
class RecordedStep:
    """A step on a lesion's way, by `person`; `day` is None where one was taken back."""

    day: date | None
    note: str
    person: str = ""


@frozen
class RecordedInfluence:
    """An influence on how a lesion looks, as it was entered; see `influences`."""

    kind: str
    span: Span
    note: str


@frozen
class Act:
    """One row of the log.

    `patient` is the pseudonym, `image` the name, `lesion` the lesion and `content` what was entered, all looked up now; None if
    there is none now. An id without a name belongs to something that was erased. `before` is what `content` corrects, or the
    step that was taken back; None where it is the first of its kind. `lesions` are those of an act on several, by their ids.
    `finding` is the histopathology that a step is about, None of other acts. `is_reexcision` is whether an excision that the
    assessment, or that of the step, plans is one again, see `people.OpenBiopsy`; `was_reexcision` the same of the assessment
    that it corrects.
    """

    time: datetime
    initials: str
    action: str
    patient_id: int | None
    patient: str | None
    image_id: int | None
    image: str | None
    detail: Mapping[str, Detail]
    lesion_id: int | None = None
    lesion: Lesion | None = None
    content: Assessment | Outcome | RecordedStep | RecordedInfluence | None = None
    before: Assessment | Outcome | RecordedStep | RecordedInfluence | None = None
    lesions: Mapping[int, Lesion | None] = field(default_factory=dict)
    finding: Outcome | None = None
    is_reexcision: bool = False
    was_reexcision: bool = False


@frozen
class AuditFilter:
    """What is wanted of the log; a field of None restricts nothing.

    `since` and `until` bound the time, `until` excluded. `patient` is a part of a pseudonym, or `#` and a patient's id, by
    which one who was erased can still be found.
    """

    since: datetime | None = None
    until: datetime | None = None
    initials: str | None = None
    actions: frozenset[Action] | None = None
    patient: str = ""


@frozen
class AuditPage:
    """Some of the acts that match a filter, newest first, and the number of all that match."""

    acts: list[Act]
    total: int
