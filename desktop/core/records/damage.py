"""Reads damaged rows: the readable parts are shown, the rest is marked as damaged, and no other row is affected.

A disk or another program may damage a value in ways that SQLite cannot notice: an invalid time, text that is not UTF-8,
truncated JSON.
"""

import datetime as dt
import sqlite3

import msgspec

from desktop.core.frozen import frozen
from desktop.core.inference.judgement import Abstention
from desktop.core.records.connecting import use_rows

NO_TIME = dt.datetime(1970, 1, 2, 12, tzinfo=dt.UTC)
"""Stands for an unreadable time; no stored time is as old."""
NO_DAY = NO_TIME.date()
"""Likewise for a day."""

_DAYS = frozenset({"date", "day", "plan_date", "since", "until"})


_MARK = "\ufdd0"
"""Ends a text that is not UTF-8: a noncharacter, which no text contains."""


def read_text(value: bytes) -> str:
    r"""Read text as far as it is UTF-8, each other byte as `\xff`; a connection's `text_factory`."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("utf-8", "backslashreplace") + _MARK


def read_time(text: str) -> dt.datetime:
    """Read a time; return `NO_TIME` if it is invalid."""
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return NO_TIME
    return NO_TIME if time.tzinfo is None else time


def read_day(text: str) -> dt.date:
    """Read a day; return `NO_DAY` if it is invalid."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return NO_DAY


def is_damaged(row: sqlite3.Row) -> bool:
    """Tell whether a text, a time or a day in a row of any table cannot be read."""
    values = dict(zip(row.keys(), row, strict=True))
    return (
        any(isinstance(value, str) and value.endswith(_MARK) for value in values.values())
        or ("time" in values and read_time(values["time"]) is NO_TIME)
        or any(values.get(name) is not None and read_day(values[name]) is NO_DAY for name in _DAYS)
    )


@frozen
class AnswerParts:
    """What of a stored answer may be damaged."""

    probabilities: dict[str, float]
    flags: tuple[str, ...]
    abstention: Abstention | None
    working_points: dict[str, float]


def read_answer_parts(row: sqlite3.Row) -> AnswerParts | None:
    """Read what of an answer may be damaged; None where it cannot be read.

    In a row of `batch_row` there are no working points: those of the run hold for all its rows.
    """
    points = row["working_points"] if "working_points" in row.keys() else "{}"  # noqa: SIM118 - a Row has no such test
    try:
        probabilities = msgspec.json.decode(row["probabilities"], type=dict[str, float])
        flags = msgspec.json.decode(row["flags"], type=tuple[str, ...])
        abstention = None if row["abstention"] is None else Abstention(row["abstention"])
        working_points = msgspec.json.decode(points, type=dict[str, float])
    except ValueError:
        return None
    return AnswerParts(probabilities, flags, abstention, working_points) if probabilities else None


def read_points(text: str) -> dict[str, float]:
    """Read working points, none where they cannot be read."""
    try:
        return msgspec.json.decode(text, type=dict[str, float])
    except ValueError:
        return {}


def count_damaged(connection: sqlite3.Connection) -> int:
    """Return how many rows of a history cannot be read whole."""
    use_rows(connection)
    connection.text_factory = read_text
    tables = [row["name"] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    rows = (row for table in tables for row in connection.execute(f"SELECT * FROM {table}"))  # noqa: S608 - our tables
    return sum(is_damaged(row) or _is_answer_damaged(row) for row in rows)


def _is_answer_damaged(row: sqlite3.Row) -> bool:
    return "probabilities" in row.keys() and row["probabilities"] is not None and read_answer_parts(row) is None  # noqa: SIM118
