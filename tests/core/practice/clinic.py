"""A clinic that is made up: lesions with what was written about each, so that every figure can be counted by other means."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from desktop.core.inference.judgement import Abstention
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP
from tests.alerts import cancer_alert, melanoma_alert
from tests.core.records.history_contents import an_answer, an_image
from tests.making import contract

FIRST_DAY = dt.date(2024, 1, 8)
TODAY = dt.date(2026, 11, 29)
BENIGN = ("nevus", "seborrheic_keratosis", "dermatofibroma")
CANCERS = ("melanoma", "melanoma_in_situ", "basal_cell_carcinoma")
MELANOMAS = ("melanoma", "melanoma_in_situ")
BY_HISTOLOGY = dt.timedelta(days=9)
CONTRACT = contract(alerts=(melanoma_alert(0.0), cancer_alert(0.0)))


@dataclass(frozen=True)
class Said:
    """A diagnosis with its plan."""

    diagnosis: str
    plan: str


@dataclass(frozen=True)
class MadeUp:
    """A lesion: what was said of it and answered, in the order of time, and what it turned out to be; empty for no histology.

    `alerts`, `malignant` and `withheld` have a value for each image. `later` are the alerts of the image that was taken once
    the histology was known, and whether its answer was withheld.
    """

    lesion_id: int
    patient_id: int
    before: Said | None
    alerts: tuple[tuple[str, ...], ...]
    malignant: tuple[float, ...]
    withheld: tuple[bool, ...]
    changed: Said | None
    histology: str
    later: tuple[tuple[str, ...], bool] | None


class Clinic:
    """Writes lesions; the day goes on from one to the next."""

    def __init__(self, history: History, set_clock: Callable[[dt.datetime], None], seed: int = 19) -> None:
        self._history = history
        self._set_clock = set_clock
        self._random = np.random.default_rng(seed)
        self._patients: list[int] = []
        self._images = 0

    def add(self, count: int, proved: float = 0.5, patients: float = 0.5) -> list[MadeUp]:
        """Add lesions, a share of them with histology; `patients` is how many patients there are for each lesion."""
        with self._history.together():
            return [self._lesion(proved, patients) for _ in range(count)]

    def _lesion(self, proved: float, patients: float) -> MadeUp:
        random, people, assessments = self._random, self._history.people, self._history.assessments
        number = self._images
        day = FIRST_DAY + dt.timedelta(days=number)
        moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
        self._set_clock(moment)
        if not self._patients or random.random() < patients:
            self._patients.append(people.add_patient(f"P-{len(self._patients) + 1:04}", "female", by="MK").id)
        patient = self._patients[int(random.integers(len(self._patients)))]
        visit = people.begin_visit(patient, day, "60-69", by="MK").id
        lesion = people.add_lesion(patient, f"L{number + 1}", "scapula-left", by="MK").id
        is_cancer = random.random() < 0.35
        truth = str(random.choice(CANCERS if is_cancer else BENIGN))
        before = self._said(is_cancer, right=0.75) if random.random() < 0.9 else None
        if before is not None:
            assessments.assess(lesion_id=lesion, visit_id=visit, before_model=True, by="MK", **vars(before))
        alerts, malignant, withheld = [], [], []
        for _ in range(1 + int(random.random() < 0.3)):
            one, probability, is_withheld = self._answer(lesion, visit, truth, is_cancer=is_cancer)
            alerts.append(one)
            malignant.append(probability)
            withheld.append(is_withheld)
        changed = None
        if before is None or random.random() < 0.3:
            changed = self._said(is_cancer, right=0.85)
            self._set_clock(moment + dt.timedelta(minutes=5))
            assessments.assess(lesion_id=lesion, visit_id=visit, before_model=False, by="AB", **vars(changed))
        histology, later = truth if random.random() < proved else "", None
        if histology:
            self._set_clock(moment + BY_HISTOLOGY)
            assessments.add_outcome(
                lesion_id=lesion, kind="histopathology", diagnosis=truth, date=day + BY_HISTOLOGY, by="MK"
            )
            # What is said once the result is known is no assessment.
            after = people.begin_visit(patient, day + BY_HISTOLOGY * 2, "60-69", by="MK").id
            one, _, is_withheld = self._answer(lesion, after, truth, is_cancer=is_cancer)
            later = (one, is_withheld)
            assessments.assess(lesion_id=lesion, visit_id=after, before_model=False, diagnosis=truth, by="MK")
        return MadeUp(
            lesion, patient, before, tuple(alerts), tuple(malignant), tuple(withheld), changed, histology, later
        )

    def _said(self, is_cancer: bool, right: float) -> Said:
        random = self._random
        if random.random() < 0.1:
            return Said("undecided", EXCISION if random.random() < 0.5 else FOLLOW_UP)
        says_cancer = is_cancer if random.random() < right else not is_cancer
        return Said(str(random.choice(CANCERS if says_cancer else BENIGN)), EXCISION if says_cancer else "")

    def _answer(self, lesion: int, visit: int, truth: str, *, is_cancer: bool) -> tuple[tuple[str, ...], float, bool]:
        random, people = self._random, self._history.people
        self._images += 1
        probability = float(random.beta(5, 2) if is_cancer else random.beta(2, 5))
        alerts = tuple(
            alert
            for alert, labels in (("melanoma", MELANOMAS), ("malignant", CANCERS))
            if random.random() < (0.9 if truth in labels else 0.3)
        )
        is_withheld = bool(random.random() < 0.1)
        image = an_image(f"{self._images}.png")
        answer = an_answer(
            flags=alerts,
            malignant_probability=probability,
            abstention=Abstention.QUALITY if is_withheld else None,
        )
        self._history.save(image, answer, CONTRACT, by="MK")
        image_id = people.image_id_of(image.sha256)
        assert image_id is not None
        people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
        return alerts, probability, is_withheld
