"""Reads the table of a folder that LesionLens exported, or that another program wrote with the first columns alone."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.core.errors import RecordsError
from desktop.core.exchange.columns import COLUMNS, FIGURES, FLAGS, MAY_BE_NULL, NEEDED, SAID, TABLE, RowKind
from desktop.core.exchange.contents import (
    NO_ID,
    Contents,
    ImageContents,
    LesionContents,
    PatientContents,
    VisitContents,
)
from desktop.core.imaging.capture import Capture, contact_of, light_of
from desktop.core.imaging.scale import Scale
from desktop.core.marking import tr
from desktop.core.records.cells import text_of
from desktop.core.records.entries import Authorship
from desktop.core.records.exchanged import Measures
from desktop.core.records.people import Lesion, Patient, RiskFactors
from desktop.core.records.statements import Statement, StatementKind, Value
from desktop.core.text_matching import identity

_MOST_BYTES = 1_000_000_000
_RISKS = ("own_melanoma", "family_melanoma", "immunosuppressed", "naevi")
_OF_PATIENT = ("sex", "skin_type", *_RISKS)
_NOON = "T12:00:00.000000+00:00"
"""The time of what a table without times says of a day: the same at each import, so that nothing is added twice."""


@dataclass(frozen=True)
class _Row:
    """A row by the names of its columns, every cell checked; a cell that is not there is empty."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    @property
    def kind(self) -> RowKind:
        return RowKind(self["row"])

    @property
    def written(self) -> Authorship:
        return Authorship(self["who"], self["when"])

    @property
    def changed(self) -> Authorship:
        return Authorship(self["changed_who"], self["changed_when"]) if self["changed_when"] else self.written


def read_table(folder: Path) -> Contents:
    """Read the table of a folder.

    Raises:
        RecordsError: there is none, or a row of it cannot be understood; the sentence names its line.
    """
    rows = list(_rows(_text(folder / TABLE)))
    contents = _Reading()
    for kind in RowKind:  # whatever the order of the rows, what others refer to comes first
        for row in rows:
            if row.kind is kind:
                contents.add(row)
    return contents.result


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RecordsError(tr("“{name}” is too large for a table of records."), name=path.name)
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise RecordsError(
            tr("“{file}” cannot be read ({detail}). Choose the folder that has it."),
            file=path,
            detail=error.strerror or error,
        ) from error
    except UnicodeDecodeError as error:
        raise RecordsError(tr("“{name}” is not UTF-8. Save it as “CSV UTF-8”."), name=path.name) from error


def _rows(text: str) -> Iterator[_Row]:
    delimiter = ";" if text.split("\n", 1)[0].count(";") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    checks = {column.name: column.check for column in COLUMNS}
    rows: list[_Row] = []
    try:
        names = [name.strip() for name in next(reader, [])]
        unknown = [name for name in names if name not in checks]
        if unknown or not names or len(set(names)) < len(names):
            raise _wrong(1, tr("unknown or repeated columns: {names}").format(names=", ".join(unknown or names)))
        for cells in reader:
            line = reader.line_num
            if not any(cells):
                continue
            if len(cells) != len(names):
                raise _wrong(line, tr("{found} cells in place of {wanted}").format(found=len(cells), wanted=len(names)))
            checked = {}
            for name, cell in zip(names, cells, strict=True):
                try:
                    if "\0" in cell:
                        raise ValueError(cell)  # noqa: TRY301 - one sentence for whatever a cell cannot hold
                    checked[name] = checks[name](text_of(cell)) if cell.strip() else ""
                except (ValueError, OverflowError) as error:
                    raise _wrong(line, tr("“{cell}” in {name}").format(cell=cell[:80], name=name)) from error
            rows.append(_Row(line, checked))
    except csv.Error as error:
        raise _wrong(reader.line_num, str(error)) from error
    if "row" in names:
        yield from map(_complete, rows)
    else:
        yield from _of_another_program(rows)


def _complete(row: _Row) -> _Row:
    """Return a row of our own that has what its kind needs."""
    if not row["row"]:
        raise _wrong(row.line, tr("nothing in row"))
    lacking = [name for name in NEEDED[row.kind] if not row[name]]
    if row.kind is RowKind.ASSESSMENT and row["lesion_key"] and not row["date"]:
        lacking.append("date")
    if lacking:
        raise _wrong(row.line, tr("nothing in {names}").format(names=", ".join(lacking)))
    return row


def _of_another_program(rows: Sequence[_Row]) -> Iterator[_Row]:
    """Yield what rows of the simple form say, each fact as a row of its own."""
    dated = []
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        if not row["patient"] or not row["date"] or ((row["assessment"] or row["outcome"]) and not row["lesion"]):
            raise _wrong(row.line, tr("patient and date are needed, and lesion for an assessment or outcome"))
        one = _Row(row.line, {**row.cells, "when": row["when"] or row["date"] + _NOON})
        dated.append(one)
        at, key = _lesion_at(one), "|".join((one["when"], one["who"], one["lesion"]))
        first[at] = min(key, first.get(at, key))
    for row in dated:
        own = {**row.cells, "note": "", "lesion_key": first[_lesion_at(row)] if row["lesion"] else ""}
        kinds = [RowKind.PATIENT, RowKind.VISIT, *([RowKind.LESION] if row["lesion"] else [])]
        yield from (_Row(row.line, {**own, "row": kind}) for kind in kinds)
        if row["image"]:
            yield _Row(row.line, {**own, "row": RowKind.IMAGE})
        if row["assessment"]:
            yield _Row(row.line, {**own, "row": RowKind.ASSESSMENT, "note": row["note"]})
        if row["outcome"]:
            kind = row["outcome_kind"] or "histopathology"
            yield _Row(row.line, {**own, "row": RowKind.OUTCOME, "note": row["note"], "outcome_kind": kind})


def _lesion_at(row: _Row) -> tuple[str, str]:
    return identity(row["patient"]), identity(row["lesion"])


def _wrong(line: int, detail: str) -> RecordsError:
    return RecordsError(
        tr("Line {line} of “{name}” cannot be read: {detail}. Nothing was imported."),
        line=line,
        name=TABLE,
        detail=detail,
    )


class _Reading:
    """Puts the rows of a table together."""

    def __init__(self) -> None:
        self.result = Contents()
        self._patients: dict[str, PatientContents] = {}
        self._lesions: dict[tuple[str, str], LesionContents] = {}
        self._images: dict[str, ImageContents] = {}
        self._cells: dict[tuple[str, ...], dict[str, str]] = {}

    def add(self, row: _Row) -> None:
        match row.kind:
            case RowKind.PATIENT:
                self._add_patient(row)
            case RowKind.VISIT:
                self._add_visit(row)
            case RowKind.LESION:
                self._add_lesion(row)
            case RowKind.IMAGE:
                self._add_image(row)
            case _:
                self._add_statement(row)

    def _add_patient(self, row: _Row) -> None:
        at = identity(row["patient"])
        cells: dict[str, Any] = self._known(("patient", at), row, _OF_PATIENT)
        risk = RiskFactors(*(cells[name] for name in _RISKS))
        pseudonym = " ".join(row["patient"].split())
        patient = Patient(NO_ID, pseudonym, cells["sex"] or "unknown", False, cells["skin_type"], risk)
        known = self._patients.get(at)
        if known is None:
            self._patients[at] = PatientContents(patient, row.written, row.changed)
            self.result.patients.append(self._patients[at])
        else:
            known.patient = replace(patient, pseudonym=known.patient.pseudonym)
            known.made = min(known.made, row.written, key=lambda one: one.time)
            known.changed = max(known.changed, row.changed, key=lambda one: one.time)

    def _known(self, at: tuple[str, ...], row: _Row, names: Sequence[str]) -> dict[str, str]:
        """Return what the rows so far say of the same thing; where one says nothing another may.

        Raises:
            RecordsError: two contradict each other.
        """
        known = self._cells.setdefault(at, dict.fromkeys(names, ""))
        for name in names:
            if known[name] and row[name] and known[name] != row[name]:
                raise _wrong(row.line, tr("another line has another {name}").format(name=name))
            known[name] = known[name] or row[name]
        return known

    def _patient_of(self, row: _Row) -> PatientContents:
        try:
            return self._patients[identity(row["patient"])]
        except KeyError:
            raise _wrong(row.line, tr("no row for the patient")) from None

    def _add_visit(self, row: _Row) -> None:
        patient = self._patient_of(row)
        cells = self._known(("visit", identity(row["patient"]), row["date"]), row, ("age_band",))
        known = next((visit for visit in patient.visits if visit.day == row["date"]), None)
        if known is None:
            patient.visits.append(VisitContents(row["date"], row["age_band"], row.written))
        else:
            known.age_band = cells["age_band"]

    def _add_lesion(self, row: _Row) -> None:
        patient = self._patient_of(row)
        at = (identity(row["patient"]), row["lesion_key"])
        cells = self._known(("lesion", *at), row, ("site", "pin_x", "pin_y"))
        pin = (float(cells["pin_x"]), float(cells["pin_y"])) if cells["pin_x"] and cells["pin_y"] else None
        known = self._lesions.get(at)
        if known is None:
            lesion = Lesion(NO_ID, NO_ID, row["lesion"], row["site"], pin=pin)
            self._lesions[at] = LesionContents(lesion, row["lesion_key"], row.changed)
            patient.lesions.append(self._lesions[at])
        else:
            known.lesion = replace(known.lesion, site=cells["site"], pin=pin)

    def _add_image(self, row: _Row) -> None:
        if row["image"] in self._images:
            raise _wrong(row.line, tr("the image is in another line"))
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

    def _lesion_of(self, row: _Row) -> LesionContents:
        try:
            return self._lesions[identity(row["patient"]), row["lesion_key"]]
        except KeyError:
            raise _wrong(row.line, tr("no row for the lesion")) from None

    def _add_statement(self, row: _Row) -> None:
        kind = StatementKind(row.kind)
        if row["lesion_key"]:
            statements: list[Statement] = self._lesion_of(row).statements
        elif row["image"] in self._images and not self._images[row["image"]].lesion_key:
            statements = self._images[row["image"]].statements
        else:
            raise _wrong(row.line, tr("no row for the image"))
        values = {column: _value(name, column, row[name]) for name, column in SAID[kind]}
        day = row["date"] if kind is StatementKind.ASSESSMENT and row["lesion_key"] else ""
        statement = Statement(kind, values, row.written, day, row["of"])
        if statement.of and statement.of not in {one.key for one in statements}:
            raise _wrong(row.line, tr("no row for what it is of"))
        if statement.key not in {one.key for one in statements}:
            statements.append(statement)


def _value(name: str, column: str, cell: str) -> Value:
    if name in FLAGS:
        return int(cell == "yes")
    if not cell:
        return None if column in MAY_BE_NULL else ""
    return float(cell) if name in FIGURES else cell
