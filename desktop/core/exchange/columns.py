"""The columns of the table of an exported folder, what a cell may hold, and which rows there are."""

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

import msgspec

from desktop.core.patient_context import AGE_BANDS
from desktop.core.records.care_steps import Step
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


def _choice(*choices: str) -> Callable[[str], str]:
    def check(cell: str) -> str:
        if cell not in choices:
            raise ValueError(cell)
        return cell

    return check


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


_YES_NO = _choice("yes", "no")


@dataclass(frozen=True)
class Column:
    """A column. `check` returns a cell in the form in which it is stored, or raises ValueError; empty cells are not checked."""

    name: str
    check: Callable[[str], str] = _text


COLUMNS = (
    Column("row", _choice(*RowKind)),
    Column("patient"),
    Column("lesion"),
    Column("site"),
    Column("date", _day),
    Column("image", _file),
    Column("assessment"),
    Column("outcome"),
    Column("who"),
    Column("when", time_cell),
    Column("name"),
    Column("kind", _choice("dermoscopy", "clinical", "other")),
    Column("label"),
    Column("confidence"),
    Column("plan"),
    Column("plan_date", _day),
    Column("change", _choice("changed", "unchanged", "cannot tell")),
    Column("before_model", _YES_NO),
    Column("outcome_kind", _choice("histopathology", "follow-up")),
    Column("breslow_mm", _number(0, 1000)),
    Column("ulceration", _choice("absent", "present")),
    Column("margins", _choice("clear", "involved", "not assessable")),
    Column("laboratory_number"),
    Column("withdrawn", _YES_NO),
    Column("reason", _choice("wrong lesion", "wrong patient", "wrong finding")),
    Column("step", _choice(*Step)),
    Column("person"),
    Column("note"),
    Column("of"),
    Column("sex", _choice("female", "male", "other", "unknown")),
    Column("skin_type", _choice("I", "II", "III", "IV", "V", "VI")),
    Column("own_melanoma", _YES_NO),
    Column("family_melanoma", _YES_NO),
    Column("immunosuppressed", _YES_NO),
    Column("naevi", _choice("under 50", "50 to 100", "over 100")),
    Column("age_band", _choice(*AGE_BANDS)),
    Column("pin_x", _number(0, 1)),
    Column("pin_y", _number(0, 1)),
    Column("mm_per_pixel", _number(1e-9, 1e3)),
    Column("device"),
    Column("lesion_key", _key),
    Column("changed_who"),
    Column("changed_when", time_cell),
    Column("taken_with"),
    Column("contact", _choice("contact", "no contact")),
    Column("light", _choice("polarised", "not polarised")),
    Column("outline", _outline),
    Column("influence", _choice(*InfluenceKind)),
    Column("until", _day),
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
    {"label", "plan_date", "change", "breslow_mm", "ulceration", "margins", "laboratory_number", "reason", "day"}
)
"""Columns of the history in which an empty cell is NULL."""
