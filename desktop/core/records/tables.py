"""Tables of predictions, CSV or JSON Lines: the command's, the batch's and the history's are one and the same.

The columns and their order are a promise to whoever reads the files; later columns go behind these.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from io import BufferedWriter
from pathlib import Path
from typing import BinaryIO, Protocol, Self, cast

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.inference.batch import FileAnswer
from desktop.core.marking import tr
from desktop.core.paths import reachable
from desktop.core.records.cells import Cell, csv_cell, csv_line, json_cell
from desktop.core.records.resuming import Begun, put_in_order
from desktop.core.records.values import Answer, Entry


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True)
class TableRow:
    """One row: a file with its answer, or with the message that says why it has none.

    `entry` is the entry that it was made of: then there is a time, initials, and a patient perhaps.
    """

    file: str
    message: str
    sha256: str | None
    answer: Answer | None
    model_sha256: str
    app_version: str
    entry: Entry | None = None

    @classmethod
    def of_file(cls, file: FileAnswer, labels: tuple[str, ...], model_sha256: str, app_version: str) -> Self:
        """Make the row of a file that was just classified."""
        answer = None
        if file.prediction is not None and file.judgement is not None:
            answer = Answer.of(file.prediction, file.judgement, labels, app_version)
        return cls(str(file.path), file.message, file.sha256, answer, model_sha256, app_version)

    @classmethod
    def of_entry(cls, entry: Entry) -> Self:
        """Make the row of an entry: a linked image by its path, a stored one by the name that it had."""
        image, answer = entry.image, entry.answer
        file = image.name if image.stored else str(image.path)
        return cls(file, "", image.sha256, answer, answer.model_sha256, answer.app_version, entry)


@dataclass(frozen=True)
class _Column:
    name: str
    value: Callable[[TableRow], Cell]


def _said(value: Callable[[Answer], Cell]) -> Callable[[TableRow], Cell]:
    """Return a column's value that only a row with an answer has."""
    return lambda row: None if row.answer is None else value(row.answer)


_BEFORE = (
    _Column("file", lambda row: row.file),
    _Column("status", lambda row: "error" if row.answer is None else "ok"),
    _Column("message", lambda row: row.message),
    _Column("label", _said(lambda answer: answer.top)),
    _Column("probability", _said(lambda answer: answer.top_probability)),
    _Column("malignant_probability", _said(lambda answer: answer.malignant_probability)),
)
_AFTER = (
    _Column("abstained", _said(lambda answer: answer.abstention is not None)),
    _Column("reason", _said(lambda answer: answer.abstention)),
    _Column("flag", _said(lambda answer: ";".join(answer.flags))),
    _Column("quality", _said(lambda answer: answer.quality)),
    _Column("novelty", _said(lambda answer: answer.novelty)),
    _Column("file_sha256", lambda row: row.sha256),
    _Column("model_sha256", lambda row: row.model_sha256),
    _Column("app_version", lambda row: row.app_version),
)


def _kept(value: Callable[[Entry], Cell]) -> Callable[[TableRow], Cell]:
    """Return a column's value that only the row of an entry has."""
    return lambda row: None if row.entry is None else value(row.entry)


_OF_ENTRY = (
    _Column("time", _kept(lambda entry: entry.time.isoformat(timespec="seconds"))),
    _Column("initials", _kept(lambda entry: entry.initials)),
)
_OF_PATIENT = (
    _Column("patient", _kept(lambda entry: entry.patient)),
    _Column("lesion", _kept(lambda entry: entry.lesion)),
    _Column("own_view", _kept(lambda entry: entry.own_view)),
    _Column("outcome", _kept(lambda entry: entry.outcome)),
)


def _columns(labels: Sequence[str], more: Sequence[_Column] = ()) -> tuple[_Column, ...]:
    def probability(label: str, answer: Answer) -> float | None:
        return answer.probabilities.get(label)

    return (*_BEFORE, *(_Column(f"p_{label}", _said(partial(probability, label))) for label in labels), *_AFTER, *more)


def column_names(labels: Sequence[str]) -> list[str]:
    """Return the names of the columns of a table with these label ids."""
    return [column.name for column in _columns(labels)]


class Table(Protocol):
    """A table that is being written."""

    def write(self, row: TableRow) -> None:
        """Add a row."""


class _CsvTable:
    def __init__(self, write_line: Callable[[str], None], columns: Sequence[_Column]) -> None:
        self._write_line = write_line
        self._columns = columns

    def begin(self) -> None:
        self._write_line(csv_line(column.name for column in self._columns))

    def write(self, row: TableRow) -> None:
        self._write_line(csv_line(csv_cell(column.value(row)) for column in self._columns))


class _JsonLinesTable:
    def __init__(self, write_line: Callable[[str], None], columns: Sequence[_Column]) -> None:
        self._write_line = write_line
        self._columns = columns

    def begin(self) -> None:
        """Each line names its columns itself."""

    def write(self, row: TableRow) -> None:
        cells = {column.name: json_cell(column.value(row)) for column in self._columns}
        self._write_line(msgspec.json.encode(cells).decode() + "\n")


_TABLES: dict[TableFormat, Callable[[Callable[[str], None], Sequence[_Column]], _CsvTable | _JsonLinesTable]] = {
    TableFormat.CSV: _CsvTable,
    TableFormat.JSON_LINES: _JsonLinesTable,
}


class OutputError(RecordsError):
    """An open stream does not take what is written to it."""


def stream_table(stream: BinaryIO, labels: Sequence[str], table_format: TableFormat) -> Table:
    """Begin a table on an open stream; each row is flushed.

    Raises:
        BrokenPipeError: whoever reads the stream has stopped.
        OutputError: the stream cannot be written for another reason.
    """

    def write_line(line: str) -> None:
        try:
            stream.write(line.encode())
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(
                tr("The output cannot be written ({detail}). Name a file with --csv."), detail=error.strerror or error
            ) from error

    table = _TABLES[table_format](write_line, _columns(labels))
    table.begin()
    return table


def unfinished(target: Path) -> Path:
    """Return where `open_table` writes a table until it is whole: beside its target."""
    path = _real(target)
    return path.with_name(f"{path.name}.partial")


@contextmanager
def open_table(
    target: Path,
    labels: Sequence[str],
    table_format: TableFormat = TableFormat.CSV,
    *,
    begun: Begun | None = None,
    can_resume: bool = False,
    more: Sequence[_Column] = (),
) -> Iterator[Table]:
    """Write a table row by row into a file.

    Args:
        target: the file, which is there whole when the block ends, and as it was before if the block raises.
        labels: the label ids that have a column `p_<id>`, in this order.
        table_format: CSV or JSON Lines.
        begun: the CSV rows that an interrupted run has left in `unfinished(target)`: they stay, and all rows are sorted
            by their files in the end.
        can_resume: leave what was written in `unfinished(target)` if the block raises.
        more: columns behind those of every table.

    Raises:
        RecordsError: the file cannot be written, or the disk is full.
    """
    path = _real(target)  # what a link leads to is to be written, not the link
    with _explained(target):
        is_special = path.exists() and not path.is_file()  # a device or a pipe is not to be replaced by a file
        if path.is_file():
            path.open("r+b").close()  # read-only, or open in a spreadsheet: found out before the work, not after it
        written = path if is_special else unfinished(target)
        file = _open(written, begun)
    try:
        yield _table(file, target, _columns(labels, more), table_format, begun)
        with _explained(target):
            if not is_special:
                os.fsync(file.fileno())
            file.close()
            if begun is not None:
                put_in_order(written)
    except BaseException:
        file.raw.close()  # past the buffer: what a full disk did not take, it would not take now
        if not is_special and not can_resume:
            written.unlink(missing_ok=True)
        raise
    if not is_special:
        _put_in_place(written, path)


@contextmanager
def open_log(target: Path, labels: Sequence[str], *, begun: Begun | None = None) -> Iterator[Table]:
    """Write a CSV table row by row into its place: each row can be read as soon as it is written, and stays.

    Args:
        target: the file.
        labels: the label ids that have a column `p_<id>`, in this order.
        begun: the rows that the file has already, which stay; None is for a new file.

    Raises:
        RecordsError: the file cannot be written, the disk is full, or there is something in it and `begun` is None.
    """
    path = _real(target)
    with _explained(target):
        if begun is None and path.is_file() and path.stat().st_size:
            raise RecordsError(
                tr("“{name}” is there already. Add to it with --resume, or name another file."), name=target.name
            )
        file = _open(path, begun)
    try:
        yield _table(file, target, _columns(labels), TableFormat.CSV, begun)
    finally:
        with _explained(target):
            file.close()


def _open(path: Path, begun: Begun | None) -> BufferedWriter:
    if begun is None:
        return path.open("wb")
    file = cast("BufferedWriter", path.open("r+b"))
    file.truncate(begun.size)
    file.seek(begun.size)
    return file


def _table(
    file: BufferedWriter, target: Path, columns: Sequence[_Column], table_format: TableFormat, begun: Begun | None
) -> Table:
    def write_line(line: str) -> None:
        with _explained(target):
            file.write(line.encode())
            file.flush()

    table = _TABLES[table_format](write_line, columns)
    if begun is None:
        table.begin()
    return table


def write_table(
    target: Path,
    rows: Sequence[TableRow],
    labels: Sequence[str] | None = None,
    table_format: TableFormat = TableFormat.CSV,
    *,
    include_patient: bool = False,
) -> None:
    """Write a whole table into a file, its rows sorted by `file`; see `open_table`.

    Without `labels` there is a column for each label that any row has, which may be labels of several models. Where rows
    are of entries there is their `time` (UTC) and `initials`; with `include_patient` also `patient`, `lesion`, `own_view`
    and `outcome`.
    """
    if labels is None:
        labels = list(dict.fromkeys(label for row in rows if row.answer for label in row.answer.probabilities))
    more = (*(_OF_ENTRY if any(row.entry for row in rows) else ()), *(_OF_PATIENT if include_patient else ()))
    with open_table(target, labels, table_format, more=more) as table:
        for row in sorted(rows, key=lambda row: row.file):
            table.write(row)


def _put_in_place(written: Path, path: Path) -> None:
    try:
        written.replace(path)
    except OSError as error:  # Windows, while a spreadsheet has the file open
        raise RecordsError(
            tr("“{name}” cannot be replaced ({detail}). The whole table is in “{written}”."),
            name=path.name,
            detail=error.strerror or error,
            written=written,
        ) from error


def _real(target: Path) -> Path:
    return reachable(Path(os.path.realpath(target)))


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise RecordsError(
                tr("The disk is full: “{name}” was not written. Free some space, then try again."), name=target.name
            ) from error
        raise RecordsError(
            tr("“{name}” cannot be written ({detail}). Choose another place."),
            name=target.name,
            detail=error.strerror or error,
        ) from error
