"""Takes out of an export who patients and clinicians are: names, days, and whatever somebody typed or a device wrote.

What stays are values that were chosen from lists, ages in bands of ten years (also where a birth year is known), measures, and
the pixels. A face, a tattoo or text in the pixels still tells who somebody is, and nobody but a person can see to that.
"""

import datetime as dt
import io
import secrets
from collections.abc import Iterable
from dataclasses import replace

from desktop.core.diagnoses import (
    BY_KEY,
    CHANGES,
    CONFIDENCES,
    OTHER_BENIGN,
    OTHER_MALIGNANT,
    OTHERS,
    PLANS,
    UNCERTAIN_POTENTIAL,
)
from desktop.core.errors import ImageError
from desktop.core.exchange.anatomic_sites import anatomic_site
from desktop.core.exchange.collecting import IMAGES, Collected
from desktop.core.exchange.contents import NO_ID, ImageContents, LesionContents, PatientContents, VisitContents
from desktop.core.exchange.pseudonym_table import IMAGE, PATIENT, Replaced
from desktop.core.imaging.opening import decode_checked
from desktop.core.labels import BY_ID
from desktop.core.marking import tr
from desktop.core.patient_context import band_in_year
from desktop.core.records.entries import Authorship
from desktop.core.records.exchanged_values import ImageRow, InfluenceRow, Measures, PinRow
from desktop.core.records.influences import Span
from desktop.core.records.people import Lesion
from desktop.core.records.statements import Statement, StatementKind, Value

_MOST_DAYS = 364
"""By how many days a patient's days are moved back at most."""

_OTHER = "other"
"""Takes the place of a diagnosis in somebody's own words."""

_DIAGNOSES = frozenset(term.id for term in (*BY_KEY, *OTHERS))
_KNOWN = {
    "diagnosis": _DIAGNOSES,
    "label": frozenset({*BY_ID, OTHER_BENIGN, OTHER_MALIGNANT, UNCERTAIN_POTENTIAL}),
    "confidence": frozenset(term.id for term in CONFIDENCES),
    "plan": frozenset(term.id for term in PLANS),
    "change": frozenset(term.id for term in CHANGES),
}
"""What these columns may keep."""

_TAKEN_OUT = {"note": "", "laboratory_number": None}
_DAYS = frozenset({"plan_date", "date"})


def deidentify(found: Collected) -> list[Replaced]:
    """Replace what was collected by what may be given away; return what became of each patient and image.

    Model answers, steps and withdrawals are left out. Patients, lesions and images get new names, and their order is drawn
    anew. All days of a patient are moved back by the same number, drawn at random for each export, so that the time between
    them stays.
    """
    replaced: list[Replaced] = []
    rows: dict[str, ImageRow] = {}
    patients = found.contents.patients
    secrets.SystemRandom().shuffle(patients)
    found.contents.patients = [
        _patient(one, number, found.rows, rows, replaced) for number, one in enumerate(patients, 1)
    ]
    found.contents.images = [
        _Anew([one.written.time, *(said.written.time for said in one.statements)], replaced).image(
            one, {}, found.rows, rows
        )
        for one in found.contents.images
    ]
    found.rows = rows
    found.answers = []
    return replaced


def pixels_alone(data: bytes, name: str) -> bytes:
    """Return an image as PNG that has its pixels and nothing else.

    Raises:
        ImageError: it cannot be decoded, or is damaged.
    """
    decoded = decode_checked(data, name)
    if decoded.is_damaged:
        raise ImageError(tr("“{name}” is damaged."), name=name)
    file = io.BytesIO()
    decoded.image.save(file, "PNG")
    return file.getvalue()


class _Anew:
    """The days and times of one patient, anew: times keep their day and their order, and nothing else."""

    def __init__(self, times: Iterable[str], replaced: list[Replaced]) -> None:
        self._shift = dt.timedelta(days=1 + secrets.randbelow(_MOST_DAYS))
        self._replaced = replaced
        self._order = {time: number for number, time in enumerate(sorted(set(times)))}

    def note(self, what: str, new: str, old: str, sha256: str = "") -> None:
        self._replaced.append(Replaced(what, new, old, sha256, self._shift.days))

    def day(self, day: str) -> str:
        return self._moved(dt.date.fromisoformat(day)).isoformat() if day else ""

    def _moved(self, day: dt.date) -> dt.date:
        return day - self._shift

    def written(self, written: Authorship) -> Authorship:
        number = self._order.get(written.time, 0)
        return Authorship("", f"{self.day(written.time[:10])}T12:00:00.{number:06}+00:00")

    def image(
        self, one: ImageContents, keys: dict[str, str], known: dict[str, ImageRow], rows: dict[str, ImageRow]
    ) -> ImageContents:
        file = f"{IMAGES}/{len(rows) + 1:05}.png"
        rows[file] = known[one.file]
        self.note(IMAGE, file, one.name, known[one.file].image.sha256)
        return ImageContents(
            file,
            file.rsplit("/", 1)[-1],
            one.kind,
            keys.get(one.lesion_key, ""),
            self.day(one.day),
            _without_devices(one.measures),
            self.written(one.written),
            self.statements(one.statements),
            [PinRow(keys[pin.lesion_key], pin.point, self.written(pin.written)) for pin in one.pins],
        )

    def influences(self, influences: Iterable[InfluenceRow]) -> list[InfluenceRow]:
        return [
            replace(
                one,
                span=Span(self._moved(one.span.since), None if one.span.until is None else self._moved(one.span.until)),
                note="",
                made=self.written(one.made),
                changed=self.written(one.changed),
            )
            for one in influences
            if not one.is_withdrawn
        ]

    def statements(self, statements: Iterable[Statement]) -> list[Statement]:
        some = list(statements)
        withdrawn = {one.of for one in some if one.kind is StatementKind.WITHDRAWAL and one.values["binned"]}
        return [
            Statement(
                one.kind,
                {name: self._value(name, value) for name, value in one.values.items()},
                self.written(one.written),
                self.day(one.day),
            )
            for one in some
            if one.kind in {StatementKind.ASSESSMENT, StatementKind.OUTCOME} and one.key not in withdrawn
        ]

    def _value(self, name: str, value: Value) -> Value:
        if name in _TAKEN_OUT:
            return _TAKEN_OUT[name]
        if name in _DAYS:
            return self.day(str(value)) if value else value
        if value and name in _KNOWN and value not in _KNOWN[name]:
            return _OTHER if name == "diagnosis" else None if name == "label" else ""
        return value


def _without_devices(measures: Measures) -> Measures:
    scale, capture = measures.scale, measures.capture
    return Measures(
        None if scale is None else replace(scale, device=""),
        None if capture is None else replace(capture, device=""),
        measures.outline,
    )


def _patient(
    one: PatientContents,
    number: int,
    known: dict[str, ImageRow],
    rows: dict[str, ImageRow],
    replaced: list[Replaced],
) -> PatientContents:
    said = [statement.written.time for lesion in one.lesions for statement in lesion.statements]
    said += [statement.written.time for image in one.images for statement in image.statements]
    seen = [written.time for part in (one.visits, one.lesions) for written in (item.changed for item in part)]
    seen += [lesion.key.split("|", 1)[0] for lesion in one.lesions]
    seen += [written.time for influence in one.all_influences for written in (influence.made, influence.changed)]
    seen += [written.time for image in one.images for written in (image.written, *(pin.written for pin in image.pins))]
    anew = _Anew([one.made.time, one.changed.time, *said, *seen], replaced)
    pseudonym = f"Patient {number}"
    anew.note(PATIENT, pseudonym, one.patient.pseudonym)
    lesions, keys = [], {}
    for count, lesion in enumerate(one.lesions, 1):
        made = anew.written(Authorship("", lesion.key.split("|", 1)[0]))
        name = f"L{count}"
        keys[lesion.key] = f"{made.time}||{name}"
        site = (
            lesion.lesion.site if anatomic_site(lesion.lesion.site) else ""
        )  # in other words it may be somebody's own
        lesions.append(
            LesionContents(
                Lesion(NO_ID, NO_ID, name, site, pin=lesion.lesion.pin),
                keys[lesion.key],
                anew.written(lesion.changed),
                anew.statements(lesion.statements),
                anew.influences(lesion.influences),
            )
        )
    return PatientContents(
        replace(one.patient, id=NO_ID, pseudonym=pseudonym, birth_year=None),
        anew.written(one.made),
        anew.written(one.changed),
        [
            VisitContents(
                anew.day(visit.day),
                band_in_year(one.patient.birth_year, int(visit.day[:4]), visit.age_band),
                anew.written(visit.changed),
            )
            for visit in one.visits
        ],
        lesions,
        [anew.image(image, keys, known, rows) for image in one.images],
        anew.influences(one.influences),
    )
