"""Reads the table of a folder that LesionLens exported, or that another program wrote with the first columns alone."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.core.exchange.columns import FIGURES, FLAGS, MAY_BE_NULL, SAID, RowKind
from desktop.core.exchange.contents import (
    NO_ID,
    Contents,
    ImageContents,
    LesionContents,
    PatientContents,
    VisitContents,
)
from desktop.core.exchange.table_rows import Row, read_rows, wrong_line
from desktop.core.imaging.capture import Capture, contact_of, light_of
from desktop.core.imaging.scale import Scale
from desktop.core.marking import tr
from desktop.core.records.exchanged_values import InfluenceRow, Measures, PinRow
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import Lesion, Patient, Pin, RiskFactors
from desktop.core.records.statements import Statement, StatementKind, Value
from desktop.core.text_matching import identity

_RISKS = ("own_melanoma", "family_melanoma", "immunosuppressed", "naevi")
_OF_PATIENT = ("sex", "skin_type", *_RISKS, "birth_year")


def read_table(folder: Path) -> Contents:
    """Read the table of a folder.

    Raises:
        RecordsError: there is none, or a row of it cannot be understood; the sentence names its line.
    """
    return read_contents(read_rows(folder))


def read_contents(some: Iterable[Row]) -> Contents:
    """Put rows together, each cell of which was checked.

    Raises:
        RecordsError: two contradict each other, or one refers to what is not there; the sentence names its line.
    """
    rows = list(some)
    contents = _Reading()
    for kind in RowKind:  # whatever the order of the rows, what others refer to comes first
        for row in rows:
            if row.kind is kind:
                contents.add(row)
    return contents.result


class _Reading:
    """Puts the rows of a table together."""

    def __init__(self) -> None:
        self.result = Contents()
        self._patients: dict[str, PatientContents] = {}
        self._lesions: dict[tuple[str, str], LesionContents] = {}
        self._images: dict[str, ImageContents] = {}
        self._cells: dict[tuple[str, ...], dict[str, str]] = {}

    def add(self, row: Row) -> None:
        match row.kind:
            case RowKind.PATIENT:
                self._add_patient(row)
            case RowKind.VISIT:
                self._add_visit(row)
            case RowKind.LESION:
                self._add_lesion(row)
            case RowKind.IMAGE:
                self._add_image(row)
            case RowKind.INFLUENCE:
                self._add_influence(row)
            case RowKind.PIN:
                self._add_pin(row)
            case _:
                self._add_statement(row)

    def _add_patient(self, row: Row) -> None:
        at = identity(row["patient"])
        cells: dict[str, Any] = self._known(("patient", at), row, _OF_PATIENT)
        risk = RiskFactors(*(cells[name] for name in _RISKS))
        pseudonym = " ".join(row["patient"].split())
        patient = Patient(
            *(NO_ID, pseudonym, cells["sex"] or "unknown", False, cells["skin_type"], risk),
            birth_year=int(cells["birth_year"]) if cells["birth_year"] else None,
        )
        known = self._patients.get(at)
        if known is None:
            self._patients[at] = PatientContents(patient, row.written, row.changed)
            self.result.patients.append(self._patients[at])
        else:
            known.patient = replace(patient, pseudonym=known.patient.pseudonym)
            known.made = min(known.made, row.written, key=lambda one: one.time)
            known.changed = max(known.changed, row.changed, key=lambda one: one.time)

    def _known(self, at: tuple[str, ...], row: Row, names: Sequence[str]) -> dict[str, str]:
        """Return what the rows so far say of the same thing; where one says nothing another may.

        Raises:
            RecordsError: two contradict each other.
        """
        known = self._cells.setdefault(at, dict.fromkeys(names, ""))
        for name in names:
            if known[name] and row[name] and known[name] != row[name]:
                raise wrong_line(row.line, tr("another line has another {name}").format(name=name))
            known[name] = known[name] or row[name]
        return known

    def _patient_of(self, row: Row) -> PatientContents:
        try:
            return self._patients[identity(row["patient"])]
        except KeyError:
            raise wrong_line(row.line, tr("no row for the patient")) from None

    def _add_visit(self, row: Row) -> None:
        patient = self._patient_of(row)
        cells = self._known(("visit", identity(row["patient"]), row["date"]), row, ("age_band",))
        known = next((visit for visit in patient.visits if visit.day == row["date"]), None)
        if known is None:
            patient.visits.append(VisitContents(row["date"], row["age_band"], row.written))
        else:
            known.age_band = cells["age_band"]

    def _add_lesion(self, row: Row) -> None:
        patient = self._patient_of(row)
        at = (identity(row["patient"]), row["lesion_key"])
        cells = self._known(("lesion", *at), row, ("site", "pin_x", "pin_y"))
        pin = _point(cells)
        known = self._lesions.get(at)
        if known is None:
            lesion = Lesion(NO_ID, NO_ID, row["lesion"], row["site"], pin=pin)
            self._lesions[at] = LesionContents(lesion, row["lesion_key"], row.changed)
            patient.lesions.append(self._lesions[at])
        else:
            known.lesion = replace(known.lesion, site=cells["site"], pin=pin)

    def _add_image(self, row: Row) -> None:
        if row["image"] in self._images:
            raise wrong_line(row.line, tr("the image is in another line"))
        given: dict[str, Any] = row.cells
        scale = Scale(float(row["mm_per_pixel"]), row["device"]) if row["mm_per_pixel"] else None
        taken = row["taken_with"], contact_of(row["contact"]), light_of(row["light"])
        measures = Measures(scale, Capture(*taken) if any(taken) else None, row["outline"] or None)
        name = row["name"] or row["image"].rsplit("/", 1)[-1]
        image = ImageContents(
            row["image"], name, given.get("kind") or "dermoscopy", row["lesion_key"], row["date"], measures, row.written
        )
        if row["lesion_key"]:
            self._lesion_of(row)
        owner = self._patient_of(row) if row["patient"] else self.result
        self._images[row["image"]] = image
        owner.images.append(image)

    def _lesion_of(self, row: Row) -> LesionContents:
        try:
            return self._lesions[identity(row["patient"]), row["lesion_key"]]
        except KeyError:
            raise wrong_line(row.line, tr("no row for the lesion")) from None

    def _add_influence(self, row: Row) -> None:
        is_of_patient = row["influence"] == InfluenceKind.PREGNANCY
        if is_of_patient == bool(row["lesion_key"]):
            raise wrong_line(row.line, tr("a lesion for a pregnancy, or none for a treatment"))
        until = dt.date.fromisoformat(row["until"]) if row["until"] else None
        span = Span(dt.date.fromisoformat(row["date"]), until)
        if until is not None and until < span.since:
            raise wrong_line(row.line, tr("until is before date"))
        owner = self._patient_of(row) if is_of_patient else self._lesion_of(row)
        found = InfluenceRow(row["influence"], span, row["note"], row["withdrawn"] == "yes", row.written, row.changed)
        if found.key in {one.key for one in owner.influences}:
            raise wrong_line(row.line, tr("it is in another line"))
        owner.influences.append(found)

    def _add_pin(self, row: Row) -> None:
        image = self._images.get(row["image"])
        if image is None:
            raise wrong_line(row.line, tr("no row for the image"))
        self._lesion_of(row)
        if row["lesion_key"] in {pin.lesion_key for pin in image.pins}:
            raise wrong_line(row.line, tr("it is in another line"))
        image.pins.append(PinRow(row["lesion_key"], _point(row.cells), row.written))

    def _add_statement(self, row: Row) -> None:
        kind = StatementKind(row.kind)
        if row["lesion_key"]:
            statements: list[Statement] = self._lesion_of(row).statements
        elif row["image"] in self._images and not self._images[row["image"]].lesion_key:
            statements = self._images[row["image"]].statements
        else:
            raise wrong_line(row.line, tr("no row for the image"))
        values = {column: _value(name, column, row[name]) for name, column in SAID[kind]}
        day = row["date"] if kind is StatementKind.ASSESSMENT and row["lesion_key"] else ""
        statement = Statement(kind, values, row.written, day, row["of"])
        if statement.of and statement.of not in {one.key for one in statements}:
            raise wrong_line(row.line, tr("no row for what it is of"))
        if statement.key not in {one.key for one in statements}:
            statements.append(statement)


def _point(cells: Mapping[str, str]) -> Pin | None:
    x, y = cells.get("pin_x"), cells.get("pin_y")
    return (float(x), float(y)) if x and y else None


def _value(name: str, column: str, cell: str) -> Value:
    if not cell:
        return None if column in MAY_BE_NULL else ""
    if name in FLAGS:
        return int(cell == "yes")
    return float(cell) if name in FIGURES else cell
