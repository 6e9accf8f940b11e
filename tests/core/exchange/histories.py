"""Histories for the tests of the exchange, and what they hold, without ids."""

import datetime as dt
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from desktop.core.imaging.capture import Capture
from desktop.core.imaging.scale import Scale
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import EXCISION, FOLLOW_UP, PlacedImage, RiskFactors, Sex
from desktop.core.records.photograph_pins import PhotographPin
from desktop.core.records.values import KeptImage
from tests.core.records.history_contents import MODEL, an_answer
from tests.making import contract

DAY = dt.date(2026, 3, 2)
RESEARCH = contract(name="Research model", intended_use="research")


class Clock:
    """A clock that advances by a second at each call."""

    def __init__(self, begin: dt.datetime) -> None:
        self.now = begin

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


def at(hour: int, day: dt.date = DAY) -> Clock:
    """Return a clock that begins at an hour of a day."""
    return Clock(dt.datetime.combine(day, dt.time(hour), dt.UTC))


def png(number: int) -> bytes:
    """Return a small image; another number gives another one."""
    buffer = io.BytesIO()
    Image.new("RGB", (24, 16), (number % 256, number // 256 % 256, 90)).save(buffer, "PNG")
    return buffer.getvalue()


class Practice:
    """A history with its image store, and short verbs to fill it; a model answers every image."""

    def __init__(self, folder: Path, clock: Clock, by: str, first_image: int = 0) -> None:
        self.clock = clock
        self.history = History.open(folder, now=clock)
        self.store = ImageStore(folder)
        self.by = by
        self._image = first_image

    def patient(self, pseudonym: str, sex: Sex = "unknown") -> int:
        return self.history.people.add_patient(pseudonym, sex, by=self.by).id

    def image(self, *, lesion: int | None = None, visit: int | None = None, model: str = MODEL) -> int:
        """Save an image with an answer; return its id."""
        image = self._stored()
        self.history.save(image, an_answer(model=model), RESEARCH, by=self.by)
        image_id = self.history.people.image_id_of(image.sha256)
        assert image_id is not None
        if lesion is not None or visit is not None:
            self.history.people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by=self.by)
        return image_id

    def photograph(self, visit: int) -> int:
        """Save a clinical photograph without a lesion; return its id."""
        return self.history.people.save_clinical(self._stored(), lesion_id=None, visit_id=visit, by=self.by)

    def _stored(self) -> KeptImage:
        self._image += 1
        data = png(self._image)
        path = self.store.add(data, "PNG")
        return KeptImage(path.stem, f"IMG_{self._image}.png", "PNG", 24, 16, len(data), path, stored=True)

    def visit(self, patient: int, day: dt.date = DAY) -> int:
        return self.history.people.begin_visit(patient, day, "60-69", by=self.by).id

    def seen(self, lesion: int, visit: int, diagnosis: str, plan: str = "", **more: Any) -> int:
        """Save an assessment; return its id."""
        return self.history.assessments.assess(
            lesion_id=lesion, visit_id=visit, before_model=True, diagnosis=diagnosis, plan=plan, by=self.by, **more
        ).id


def fill(practice: Practice, entries: int = 12, *, prefix: str = "P-") -> None:
    """Fill a history with so many entries, three to a patient, and everything that can be said."""
    history = practice.history
    for number in range(0, entries, 3):
        patient = practice.patient(f"{prefix}{number // 3:03}", ("female", "male", "other")[number % 3])
        history.people.correct_patient(
            *(patient, f"{prefix}{number // 3:03}", "female"),
            by="AB",
            skin_type="II",
            risk=RiskFactors(naevi="over 100"),
            birth_year=1960,
        )
        visit = practice.visit(patient)
        back = history.people.add_lesion(patient, "L1", "back", pin=(0.25, 0.75), by=practice.by).id
        scalp = history.people.add_lesion(patient, "L2", "scalp", by=practice.by).id
        history.people.correct_lesion(scalp, name="L2 left", site="scalp", by="AB")
        image = practice.image(lesion=back, visit=visit)
        history.scales.give(image, Scale(0.0125, "HEINE"), by=practice.by)
        practice.image(lesion=scalp, visit=visit)
        pictured = history.entries_of(image)[0].image.sha256
        history.captures.give(pictured, Capture("HEINE DELTA 30", "contact", "polarised"), by=practice.by)
        history.outlines.give(pictured, [(1, 2), (10.5, 2), (6, 12)], by=practice.by)
        history.influences.add(InfluenceKind.CRYOTHERAPY, back, Span(DAY, DAY), "10 s; twice", by=practice.by)
        pregnancy = history.influences.add(InfluenceKind.PREGNANCY, back, Span(DAY - dt.timedelta(90)), by=practice.by)
        history.influences.correct(pregnancy.id, Span(pregnancy.span.since, DAY), "", by="AB")
        wrongly = history.influences.add(InfluenceKind.TOPICAL, scalp, Span(DAY), by=practice.by)
        history.influences.correct(wrongly.id, wrongly.span, "", withdrawn=True, by="AB")
        overview = practice.photograph(visit)
        history.photograph_pins.put(overview, back, (0.125, 0.5), by=practice.by)
        history.photograph_pins.put(overview, scalp, (0.5, 0.5), by=practice.by)
        history.photograph_pins.put(overview, scalp, None, by="AB")
        loose = practice.image()
        history.assessments.assess(image_id=loose, before_model=False, diagnosis="nevus", note="=1+1", by=practice.by)
        plan = practice.seen(back, visit, "melanoma", EXCISION, label="melanoma", confidence="high", note='a; "b"\nc')
        practice.seen(scalp, visit, "nevus", FOLLOW_UP, plan_date=DAY + dt.timedelta(90), change="unchanged")
        history.care_steps.record(CareStep(Step.TAKEN, plan, DAY, "OP", "punch"), by=practice.by)
        wrong = history.assessments.add_outcome(
            lesion_id=back, kind="histopathology", diagnosis="nevus", date=DAY + dt.timedelta(7), by=practice.by
        )
        history.assessments.set_outcome_binned(wrong.id, binned=True, by="AB", reason="wrong patient")
        alerted = history.entries()[-1].id
        history.care_steps.record(CareStep(Step.ALERT_CLOSED, alerted, DAY, "MK", "seen by AB"), by=practice.by)
        history.care_steps.record(CareStep(Step.ASSESSMENT_CLOSED, alerted, DAY, "AB", "blurred"), by=practice.by)
        outcome = history.assessments.add_outcome(
            lesion_id=back,
            kind="histopathology",
            diagnosis="melanoma",
            label="melanoma",
            breslow_mm=0.8,
            ulceration="absent",
            margins="clear",
            laboratory_number="H 12/26",
            date=DAY + dt.timedelta(8),
            by=practice.by,
        )
        history.care_steps.record(CareStep(Step.TOLD, outcome.id, DAY + dt.timedelta(9), "MK", ""), by=practice.by)
        closed = CareStep(Step.REEXCISION_CLOSED, outcome.id, DAY + dt.timedelta(9), "MK", "referred")
        history.care_steps.record(closed, by=practice.by)


def described(history: History) -> dict[str, Any]:
    """Return what a history holds, as its readers show it, without ids, in an order of their own."""
    people = history.people
    found: dict[str, Any] = {}
    for row in history.exchanged.patients():
        patient = row.patient
        lesions = {lesion.id: lesion for lesion in people.lesions(patient.id)}
        visits = {visit.id: visit for visit in people.visits(patient.id)}
        found[patient.pseudonym] = {
            "patient": (patient.sex, patient.skin_type, patient.risk, patient.is_binned, patient.birth_year),
            "visits": sorted((visit.date, visit.age_band) for visit in visits.values()),
            "images": sorted(
                (
                    *(one.image.sha256, one.image.name, one.kind, one.saved_at),
                    "" if one.lesion_id is None else lesions[one.lesion_id].name,
                    "" if one.visit_id is None else str(visits[one.visit_id].date),
                    str(history.scales.of(one.image.sha256)),
                    str((history.captures.of(one.image.sha256), history.outlines.of(one.image.sha256))),
                    str(sorted((entry.time, entry.initials, entry.answer.top) for entry in one.entries)),
                    history.disclosures.is_concealed(one.image_id),
                    str([(step.step, step.day, step.person, step.note) for step in closed(history, one)]),
                    str([(lesions[pin.lesion_id].name, pin.point) for pin in pins_on(history, one, lesions)]),
                )
                for one in people.images(patient.id)
            ),
            "lesions": {
                lesion.name: (
                    lesion.site,
                    lesion.pin,
                    influences_on(history, lesion.id),
                    *_said(history, lesion_id=lesion.id, visits=visits),
                )
                for lesion in lesions.values()
            },
        }
    found["unassigned"] = sorted(
        (one.image.sha256, one.written, str(_said(history, image_id=one.image_id, visits={})))
        for one in history.exchanged.images().get(None, [])
    )
    found["due"] = sorted((plan.name, plan.date, plan.plan) for plan in history.worklists.due(dt.date(2030, 1, 1)))
    found["open"] = sorted(
        (str(one.patient and one.patient.pseudonym), str(one.lesion and one.lesion.name), one.assessment.time)
        for one in history.worklists.open_biopsies()
    )
    return found


def pins_on(history: History, image: PlacedImage, lesion_ids: Iterable[int]) -> list[PhotographPin]:
    """Return the pins on an image."""
    return history.photograph_pins.of([image.image_id], lesion_ids)


def influences_on(history: History, lesion_id: int) -> list[tuple[Any, ...]]:
    """Return the influences on a lesion, without ids."""
    found = history.influences.of(lesion_id)
    return [(one.kind, one.lesion_id is None, one.span, one.note, one.initials, one.time) for one in found]


def closed(history: History, image: PlacedImage) -> list[CareStep]:
    """Return how the alerts of an image, and the image, were closed."""
    ids = [entry.id for entry in image.entries]
    return [
        step
        for kind in (Step.ALERT_CLOSED, Step.ASSESSMENT_CLOSED)
        for step in history.care_steps.of(kind, ids).values()
    ]


def _said(
    history: History, *, visits: Any, lesion_id: int | None = None, image_id: int | None = None
) -> tuple[Any, ...]:
    subject = {"lesion_id": lesion_id, "image_id": image_id}

    def plain(value: Any) -> Any:
        named = vars(value) | {"id": 0, "lesion_id": 0, "image_id": 0, "visit_id": 0}
        return tuple(named.items())

    lesions, images = ([] if one is None else [one] for one in (lesion_id, image_id))
    assessments = history.assessments.of(lesions, images)
    outcomes = history.assessments.outcomes(**subject)
    withdrawn = history.assessments.withdrawn(lesions, images)
    taken = history.care_steps.of(Step.TAKEN, [one.id for one in assessments])
    told = history.care_steps.of(Step.TOLD, [one.id for one in outcomes])
    not_planned = history.care_steps.of(Step.REEXCISION_CLOSED, [one.id for one in outcomes])
    return (
        [(plain(one), one.visit_id and visits[one.visit_id].date) for one in assessments],
        [plain(one) for one in outcomes],
        [(plain(one.outcome), one.reason, one.initials, one.time) for one in withdrawn],
        [(step.day, step.person, step.note) for step in (*taken.values(), *told.values(), *not_planned.values())],
    )
