"""The columns of the table of an exported folder, what a cell may hold, and which rows there are."""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

import msgspec

from desktop.core.diagnoses import (
    CHANGES,
    CONFIDENCES,
    OTHER_BENIGN,
    OTHER_MALIGNANT,
    PLANS,
    UNCERTAIN_POTENTIAL,
    Term,
)
from desktop.core.labels import KNOWN_LABELS
from desktop.core.patient_context import AGE_BANDS, BIRTH_YEARS
from desktop.core.place_words import recognised
from desktop.core.records.care_steps import STORED
from desktop.core.records.entries import time_text
from desktop.core.records.influences import InfluenceKind
from desktop.core.records.statements import StatementKind

TABLE = "records.csv"
"""The file's name in the folder."""


class RowKind(StrEnum):
    """What a row says, in the column `row`."""

    PATIENT = "patient"
    VISIT = "visit"
    LESION = "lesion"
    IMAGE = "image"
    ASSESSMENT = "assessment"
    OUTCOME = "outcome"
    WITHDRAWAL = "withdrawal"
    STEP = "step"
    INFLUENCE = "influence"
    PIN = "pin"


def _text(cell: str) -> str:
    return cell


def _place(cell: str) -> str:
    """Return the id of the place of the body map that a cell names, or else the cell: nothing of it is lost."""
    return recognised(cell) or cell


def _day(cell: str) -> str:
    cell = cell.strip()
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", cell)
    day = dt.date(int(german[3]), int(german[2]), int(german[1])) if german else dt.date.fromisoformat(cell)
    return day.isoformat()


def time_cell(cell: str) -> str:
    """Return a time as the history stores it; one without an offset is in UTC.

    Raises:
        ValueError: it is none.
    """
    moment = dt.datetime.fromisoformat(cell)
    return time_text(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


def _number(least: float, most: float) -> Callable[[str], str]:
    def check(cell: str) -> str:
        number = float(cell.replace(",", "."))
        if not (math.isfinite(number) and least <= number <= most):
            raise ValueError(cell)
        return repr(number)

    return check


def _birth_year(cell: str) -> str:
    year = int(cell)
    if year not in BIRTH_YEARS:
        raise ValueError(cell)
    return str(year)


def _file(cell: str) -> str:
    path = PurePosixPath(cell.replace("\\", "/"))
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise ValueError(cell)
    return path.as_posix()


def _key(cell: str) -> str:
    time, initials, name = cell.split("|", 2)
    return "|".join((time_cell(time), initials, name))


def _outline(cell: str) -> str:
    points = msgspec.json.decode(cell, type=list[tuple[float, float]])
    if len(points) < 3:
        raise ValueError(cell)
    return msgspec.json.encode(points).decode()


@dataclass(frozen=True)
class Column:
    """A column. A cell is one of its `choices`, if it has any, and what `parse` takes; an empty one is not checked."""

    name: str
    parse: Callable[[str], str] = _text
    choices: tuple[str, ...] = ()

    def check(self, cell: str) -> str:
        """Return a cell in the form in which it is stored.

        Raises:
            ValueError: it is not what the column may hold.
        """
        if self.choices and cell not in self.choices:
            raise ValueError(cell)
        return self.parse(cell)


def _choice(name: str, *choices: str) -> Column:
    return Column(name, choices=choices)


def _terms(name: str, terms: Iterable[Term]) -> Column:
    return _choice(name, *(term.id for term in terms))


def _yes_no(name: str) -> Column:
    return _choice(name, "yes", "no")


_LABELS = (*(label.id for label in KNOWN_LABELS), OTHER_MALIGNANT, UNCERTAIN_POTENTIAL, OTHER_BENIGN)


COLUMNS = (
    _choice("row", *RowKind),
    Column("patient"),
    Column("lesion"),
    Column("site", _place),
    Column("date", _day),
    Column("image", _file),
    Column("assessment"),
    Column("outcome"),
    Column("who"),
    Column("when", time_cell),
    Column("name"),
    _choice("kind", "dermoscopy", "clinical", "other"),
    _choice("label", *_LABELS),
    _terms("confidence", CONFIDENCES),
    _terms("plan", PLANS),
    Column("plan_date", _day),
    _terms("change", CHANGES),
    _yes_no("before_model"),
    _choice("outcome_kind", "histopathology", "follow-up"),
    Column("breslow_mm", _number(0, 1000)),
    _choice("ulceration", "absent", "present"),
    _choice("margins", "clear", "involved", "not assessable"),
    Column("laboratory_number"),
    _yes_no("withdrawn"),
    _choice("reason", "wrong lesion", "wrong patient", "wrong finding"),
    _choice("step", *STORED),
    Column("person"),
    Column("note"),
    Column("of"),
    _choice("sex", "female", "male", "other", "unknown"),
    _choice("skin_type", "I", "II", "III", "IV", "V", "VI"),
    _yes_no("own_melanoma"),
    _yes_no("family_melanoma"),
    _yes_no("immunosuppressed"),
    _choice("naevi", "under 50", "50 to 100", "over 100"),
    _choice("age_band", *AGE_BANDS),
    Column("pin_x", _number(0, 1)),
    Column("pin_y", _number(0, 1)),
    Column("mm_per_pixel", _number(1e-9, 1e3)),
    Column("device"),
    Column("lesion_key", _key),
    Column("changed_who"),
    Column("changed_when", time_cell),
    Column("taken_with"),
    _choice("contact", "contact", "no contact"),
    _choice("light", "polarised", "not polarised"),
    Column("outline", _outline),
    _choice("influence", *InfluenceKind),
    Column("until", _day),
    Column("birth_year", _birth_year),
)
"""The first ten are all that another program need write; `row` is then left out."""

NAMES = tuple(column.name for column in COLUMNS)

NEEDED = {
    RowKind.PATIENT: ("patient", "when"),
    RowKind.VISIT: ("patient", "date", "when"),
    RowKind.LESION: ("patient", "lesion", "lesion_key"),
    RowKind.IMAGE: ("image", "when"),
    RowKind.ASSESSMENT: ("when",),
    RowKind.OUTCOME: ("date", "when", "outcome_kind"),
    RowKind.WITHDRAWAL: ("of", "when", "withdrawn"),
    RowKind.STEP: ("of", "when", "step"),
    RowKind.INFLUENCE: ("patient", "influence", "date", "when", "withdrawn"),
    RowKind.PIN: ("patient", "image", "lesion_key", "when"),
}
"""The cells that a row of each kind must have."""

SAID: dict[StatementKind, tuple[tuple[str, str], ...]] = {
    StatementKind.ASSESSMENT: (
        *(("assessment", "diagnosis"), ("before_model", "before_model"), ("label", "label")),
        *(("confidence", "confidence"), ("plan", "plan"), ("plan_date", "plan_date"), ("note", "note")),
        ("change", "change"),
    ),
    StatementKind.OUTCOME: (
        *(("outcome", "diagnosis"), ("outcome_kind", "kind"), ("label", "label"), ("breslow_mm", "breslow_mm")),
        *(("date", "date"), ("note", "note"), ("ulceration", "ulceration"), ("margins", "margins")),
        ("laboratory_number", "laboratory_number"),
    ),
    StatementKind.WITHDRAWAL: (("withdrawn", "binned"), ("reason", "reason")),
    StatementKind.STEP: (("step", "step"), ("date", "day"), ("person", "person"), ("note", "note")),
}
"""The columns of what was said, with those of the history."""

FLAGS = frozenset({"before_model", "withdrawn"})
"""What the history stores as 0 and 1, and the table writes as no and yes."""

FIGURES = frozenset({"breslow_mm"})

MAY_BE_NULL = frozenset(
    {
        *("before_model", "label", "plan_date", "change", "breslow_mm"),
        *("ulceration", "margins", "laboratory_number", "reason", "day"),
    }
)
"""Columns of the history that are None where a cell is empty; the others are then empty texts."""
