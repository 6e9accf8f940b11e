"""Tables of predictions, CSV or JSON Lines: the command's, the batch's and the history's are one and the same.

The columns and their order are a promise to whoever reads the files; later columns go behind these.
"""

import csv
import errno
import io
import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, Self, TypeAlias

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.inference.batch import FileAnswer
from desktop.core.marking import tr
from desktop.core.records.values import Answer, BatchRow, BatchRun, Entry

_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet may run a cell that begins so (OWASP, "CSV Injection"); an apostrophe before it makes it text."""

_Cell: TypeAlias = str | float | bool | None


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True)
class TableRow:
    """One row: a file with its answer, or with the message that says why it has none."""

    file: str
    message: str
    sha256: str | None
    answer: Answer | None
    model_sha256: str
    app_version: str

    @classmethod
    def of_file(cls, file: FileAnswer, labels: tuple[str, ...], model_sha256: str, app_version: str) -> Self:
        """Make the row of a file that was just classified."""
        answer = None
        if file.prediction is not None and file.judgement is not None:
            answer = Answer.of(file.prediction, file.judgement, labels, app_version)
        return cls(str(file.path), file.message, file.sha256, answer, model_sha256, app_version)

    @classmethod
    def of_batch_row(cls, row: BatchRow, run: BatchRun) -> Self:
        """Make the row of a file of a kept run."""
        return cls(str(row.path), row.message, row.sha256, row.answer, run.model_sha256, run.app_version)

    @classmethod
    def of_entry(cls, entry: Entry) -> Self:
        """Make the row of an entry: a linked image by its path, a stored one by the name that it had."""
        image, answer = entry.image, entry.answer
        file = image.name if image.stored else str(image.path)
        return cls(file, "", image.sha256, answer, answer.model_sha256, answer.app_version)


@dataclass(frozen=True)
class _Column:
    name: str
    value: Callable[[TableRow], _Cell]


def _said(value: Callable[[Answer], _Cell]) -> Callable[[TableRow], _Cell]:
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


def _columns(labels: Sequence[str]) -> tuple[_Column, ...]:
    def probability(label: str, answer: Answer) -> float | None:
        return answer.probabilities.get(label)

    return (*_BEFORE, *(_Column(f"p_{label}", _said(partial(probability, label))) for label in labels), *_AFTER)


class Table(Protocol):
    """A table that is being written."""

    def write(self, row: TableRow) -> None:
        """Add a row."""


class _CsvTable:
    def __init__(self, write_line: Callable[[str], None], labels: Sequence[str]) -> None:
        self._write_line = write_line
        self._columns = _columns(labels)
        self._write_cells([column.name for column in self._columns])

    def write(self, row: TableRow) -> None:
        self._write_cells([_csv_cell(column.value(row)) for column in self._columns])

    def _write_cells(self, cells: list[str]) -> None:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(cells)  # it quotes a cell with a character of its own line end
        self._write_line(line.getvalue().removesuffix("\r\n") + "\n")


class _JsonLinesTable:
    def __init__(self, write_line: Callable[[str], None], labels: Sequence[str]) -> None:
        self._write_line = write_line
        self._columns = _columns(labels)

    def write(self, row: TableRow) -> None:
        cells = {column.name: _json_cell(column.value(row)) for column in self._columns}
        self._write_line(msgspec.json.encode(cells).decode() + "\n")


_TABLES: dict[TableFormat, Callable[[Callable[[str], None], Sequence[str]], Table]] = {
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

    return _TABLES[table_format](write_line, labels)


@contextmanager
def open_table(target: Path, labels: Sequence[str], table_format: TableFormat = TableFormat.CSV) -> Iterator[Table]:
    """Write a table row by row into a file.

    Args:
        target: the file, which is there whole when the block ends, and as it was before if the block raises.
        labels: the label ids that have a column `p_<id>`, in this order.
        table_format: CSV or JSON Lines.

    Raises:
        RecordsError: the file cannot be written, or the disk is full.
    """
    path = Path(os.path.realpath(target))  # what a link leads to is to be written, not the link
    with _explained(target):
        is_special = path.exists() and not path.is_file()  # a device or a pipe is not to be replaced by a file
        if path.is_file():
            path.open("r+b").close()  # read-only, or open in a spreadsheet: found out before the work, not after it
        written = path if is_special else path.with_name(f"{path.name}.partial")
        file = written.open("wb")

    def write_line(line: str) -> None:
        with _explained(target):
            file.write(line.encode())
            file.flush()

    try:
        yield _TABLES[table_format](write_line, labels)
        with _explained(target):
            if not is_special:
                os.fsync(file.fileno())
            file.close()
    except BaseException:
        file.raw.close()  # past the buffer: what a full disk did not take, it would not take now
        if not is_special:
            written.unlink(missing_ok=True)
        raise
    if not is_special:
        _put_in_place(written, path)


def write_table(
    target: Path,
    rows: Sequence[TableRow],
    labels: Sequence[str] | None = None,
    table_format: TableFormat = TableFormat.CSV,
) -> None:
    """Write a whole table into a file, its rows sorted by `file`; see `open_table`.

    Without `labels` there is a column for each label that any row has, which may be labels of several models.
    """
    if labels is None:
        labels = list(dict.fromkeys(label for row in rows if row.answer for label in row.answer.probabilities))
    with open_table(target, labels, table_format) as table:
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


def figure_text(value: float) -> str:
    """Return a figure with at least 8 decimals and 9 significant digits, which bring any float32 back unchanged."""
    decimals = 8 if value == 0 else max(8, 8 - math.floor(math.log10(abs(value))))
    return f"{value:.{decimals}f}"


def _csv_cell(cell: _Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            return figure_text(cell)
        case str():
            return f"'{_text(cell)}" if cell.startswith(_FORMULA_BEGINS) else _text(cell)


def _json_cell(cell: _Cell) -> _Cell:
    return _text(cell) if isinstance(cell, str) else cell


def _text(text: str) -> str:
    r"""Return text that is sure to be UTF-8: bytes of a file name that are none are written as \udc80 to \udcff."""
    return text.encode("utf-8", "backslashreplace").decode()


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
