"""The values of a consultation: patients, visits, lesions, assessments and outcomes.

`initials` and `time` (UTC) say who wrote a value and when.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Literal, Self

from desktop.core.diagnoses import severity
from desktop.core.frozen import frozen
from desktop.core.records.values import Entry, KeptImage

Sex = Literal["female", "male", "other", "unknown"]
SkinType = Literal["", "I", "II", "III", "IV", "V", "VI"]
"""Of Fitzpatrick; empty where it was not recorded."""

YesNo = Literal["", "no", "yes"]
"""Empty where it was not asked."""

NaevusCount = Literal["", "under 50", "50 to 100", "over 100"]

Pin = tuple[float, float]
"""A point of the drawing of the body map: shares of its width from the left and of its height from the top, 0 to 1.

That drawing has the toe nails above the feet; on the screen they are below.
"""

ImageKind = Literal["dermoscopy", "clinical", "other"]
OutcomeKind = Literal["histopathology", "follow-up"]
WithdrawalReason = Literal["wrong lesion", "wrong patient", "wrong finding"]
Ulceration = Literal["absent", "present"]
Margins = Literal["clear", "involved", "not assessable"]

DARK_SKIN: tuple[SkinType, ...] = ("V", "VI")
"""The skin types on which the alerts were not tested."""

NO_PLAN, FOLLOW_UP, EXCISION, REFERRAL = "none", "follow-up", "biopsy or excision", "refer"
"""What an assessment may plan. `FOLLOW_UP` has a date; for `EXCISION` see `OpenBiopsy`."""


@frozen
class RiskFactors:
    """What raises a patient's risk of melanoma, each empty where it was not asked. No model is told it."""

    own_melanoma: YesNo = ""
    family_melanoma: YesNo = ""
    immunosuppressed: YesNo = ""
    naevi: NaevusCount = ""


@frozen
class Patient:
    """A person under the clinic's pseudonym, without name or day of birth. No model is told the skin type."""

    id: int
    pseudonym: str
    sex: Sex
    is_binned: bool = False
    skin_type: SkinType = ""
    risk: RiskFactors = RiskFactors()
    training_use: YesNo = ""
    """Whether the images may be used to train a model."""
    birth_year: int | None = None


@frozen
class Visit:
    """A patient on one day. `age_band` is ten years, such as "60-69", as it was recorded, or empty.

    Where the birth year is known, the age follows from that (`patient_file.age_band_on`).
    """

    id: int
    patient_id: int
    date: dt.date
    age_band: str
    initials: str


@frozen
class Lesion:
    """One place on a patient's skin. `site` is the id of a place of the body map, empty where none was chosen.

    `pin` is the point in it that was set, None where only the place is known.
    """

    id: int
    patient_id: int
    name: str
    site: str
    is_binned: bool = False
    pin: Pin | None = None


@frozen
class Placement:
    """An image's place; one that was never placed is a dermoscopy without lesion and visit."""

    image_id: int
    kind: ImageKind
    lesion_id: int | None
    visit_id: int | None


@frozen
class PlacedImage:
    """An image of a patient with its entries, oldest first, without those in the bin. `saved_at` is when."""

    image_id: int
    image: KeptImage
    kind: ImageKind
    lesion_id: int | None
    visit_id: int | None
    entries: tuple[Entry, ...]
    saved_at: dt.datetime


@frozen
class MovedImage:
    """An image that went from one patient to another; both histories show it.

    The lesions have the names of that time; `to_patient` is None where the image has no patient any more.
    """

    image_id: int
    name: str
    from_patient: Patient
    from_lesion: str
    to_patient: Patient | None
    to_lesion: str
    initials: str
    time: dt.datetime


@frozen
class Assessment:
    """A clinician's assessment of a lesion at a visit, or of an image that has no lesion.

    Of an image that was given a lesion later, it counts for that lesion at the visit of the image: both are set where it is
    read with the lesion (`Assessments.of_lesions`).

    One assessment covers all images of the lesion at that visit; once it is given, all their answers may be seen. The next
    visit asks for a new one.

    `before_model` is True if nothing of the answer had been shown, and None if an import brought the assessment and its file
    did not say. `label` is the label that the clinician mapped
    the diagnosis to, if any. `plan_date` is the day of a planned follow-up. `change` is one of `CHANGES`, empty if it was not
    entered. Without a diagnosis it `is_plan` alone.
    """

    id: int
    lesion_id: int | None
    visit_id: int | None
    image_id: int | None
    before_model: bool | None
    diagnosis: str
    label: str | None
    confidence: str
    plan: str
    plan_date: dt.date | None
    note: str
    change: str
    initials: str
    time: dt.datetime

    @property
    def is_plan(self) -> bool:
        """Whether it says what will be done and not what the lesion is, as the plan of a re-excision; see `newest.IS_VIEW`."""
        return not self.diagnosis


@frozen
class Outcome:
    """The later finding of histopathology or follow-up. `breslow_mm` is the thickness of a melanoma in millimetres.

    `ulceration` and `margins` are None, and `laboratory_number` is empty, where they were not given. `taken` is the day of the
    biopsy, by `taken_by`, which `is_of_reexcision` or not, `told` that on which the patient was told, by `told_by`; None where
    that was not recorded. Each histopathology of a lesion is of a specimen of its own, unless it is `corrected_by` another
    one, by its id, and no longer counts.
    """

    id: int
    lesion_id: int | None
    image_id: int | None
    kind: OutcomeKind
    diagnosis: str
    label: str | None
    breslow_mm: float | None
    date: dt.date
    note: str
    initials: str
    time: dt.datetime
    ulceration: Ulceration | None = None
    margins: Margins | None = None
    laboratory_number: str = ""
    taken: dt.date | None = None
    taken_by: str = ""
    told: dt.date | None = None
    told_by: str = ""
    corrected_by: int | None = None
    is_of_reexcision: bool = False

    def correction(self, outcomes: Iterable[Self]) -> Self | None:
        """Return which of the `outcomes` of the same lesion corrects this one.

        A histopathology is corrected by one that was entered as its correction, a follow-up by the newest later one.
        """
        if self.kind == "histopathology":
            return next((one for one in outcomes if one.id == self.corrected_by), None)
        later = [one for one in outcomes if one.kind == self.kind and one.id > self.id]
        return max(later, key=lambda one: one.id, default=None)

    def withdrawn_with(self, outcomes: Iterable[Self]) -> list[Self]:
        """Return which of the `outcomes` of the same lesion would count again without this one, the newest first.

        What a histopathology corrects is withdrawn already.
        """
        if self.kind == "histopathology":
            return []
        earlier = [one for one in outcomes if one.kind == self.kind and one.id < self.id]
        return sorted(earlier, key=lambda one: one.id, reverse=True)


def counting(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the outcomes of a lesion that no other one of them corrects, in their order."""
    found = list(outcomes)
    return [one for one in found if one.correction(found) is None]


def leading(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Return the outcome of a lesion that counts: the worst histopathology, else the newest follow-up.

    Of equally severe findings the one of the greatest Breslow thickness is the worst, else the newest.
    """
    return max(counting(outcomes), key=_weight, default=None)


def worst_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the outcomes of a lesion that count, first that which says what the lesion is (`leading`)."""
    return sorted(counting(outcomes), key=_weight, reverse=True)


def _weight(outcome: Outcome) -> tuple[bool, int, float, int]:
    """Return what is greatest for the outcome that counts; `newest.LEADING_OUTCOME` says the same."""
    if outcome.kind != "histopathology":
        return False, 0, 0.0, outcome.id
    thickness = -1.0 if outcome.breslow_mm is None else outcome.breslow_mm
    return True, severity(outcome.diagnosis, outcome.label), thickness, outcome.id


@frozen
class Withdrawal:
    """An outcome that was withdrawn with a reason: it stays in the record and counts nowhere."""

    outcome: Outcome
    reason: WithdrawalReason
    initials: str
    time: dt.datetime


@frozen
class DuePlan:
    """A plan whose day has come.

    The lesion is None if it is for an image alone, which `name` then names, and the patient if that image has none.
    """

    lesion: Lesion | None
    patient: Patient | None
    name: str
    plan: str
    date: dt.date
    assessment: Assessment


@frozen
class OpenBiopsy:
    """A biopsy or excision that was planned, and whose histopathology has not been entered; as for `DuePlan`.

    Histology is open once it is recorded as `taken`, on that day; until then (None) nothing is at the laboratory. It
    `is_reexcision` if it was planned after a malignant histopathology, or one with involved margins that is not known to be
    benign. `own_diagnosis` and `own_label` are those of the assessment that planned it; of a plan alone those of the newest
    assessment with a diagnosis, empty and None if there is none.
    """

    lesion: Lesion | None
    patient: Patient | None
    name: str
    assessment: Assessment
    taken: dt.date | None
    is_reexcision: bool
    own_diagnosis: str
    own_label: str | None
