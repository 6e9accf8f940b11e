"""Tables of predictions as CSV or JSON Lines, the same for the command, the batch and the history.

The columns and their order are a public interface. A new column goes to the end of its group; `not_for_patients` and
`working_points` are always the last two.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import BinaryIO, Protocol, Self

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.inference.adjusted import NOT_ADJUSTED, Adjusted
from desktop.core.inference.alerts import WorkingPoints
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.shards import Shard
from desktop.core.labels import MELANOMA
from desktop.core.marking import tr
from desktop.core.records.cells import MARK, Cell, csv_cell, csv_line, json_cell
from desktop.core.records.damage import NO_TIME
from desktop.core.records.values import Entry, StoredAnswer
from desktop.core.urls import path_text


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    EXCEL = "excel"
    """CSV that begins with a byte order mark."""
    JSON_LINES = "jsonl"


@dataclass(frozen=True)
class TableRow:
    """One row: a file with its answer, or with the reason why it has none.

    `entry` is the entry from which it was made; it gives a time, initials, and perhaps a patient. `is_for_patients` is False
    for an answer of a demonstration model, and None where the model is not known. `adjusted` are its figures for the patient
    and the practice. With `is_strict`, a withheld answer names no label.
    """

    file: str
    message: str
    sha256: str | None
    answer: StoredAnswer | None
    model_sha256: str
    app_version: str
    entry: Entry | None = None
    is_for_patients: bool | None = None
    adjusted: Adjusted = NOT_ADJUSTED
    is_strict: bool = False

    @classmethod
    def of_file(
        cls,
        file: FileAnswer,
        labels: tuple[str, ...],
        model_sha256: str,
        app_version: str,
        *,
        is_for_patients: bool | None = None,
        adjusted: Adjusted = NOT_ADJUSTED,
        is_strict: bool = False,
    ) -> Self:
        """Make the row of a file that was just classified."""
        answer = None
        if file.prediction is not None and file.judgement is not None:
            answer = StoredAnswer.of(file.prediction, file.judgement, labels, app_version)
        return cls(
            path_text(file.path),
            file.message,
            file.sha256,
            answer,
            model_sha256,
            app_version,
            is_for_patients=is_for_patients,
            adjusted=adjusted,
            is_strict=is_strict,
        )

    @classmethod
    def of_entry(cls, entry: Entry, *, is_for_patients: bool | None = None) -> Self:
        """Make the row of an entry: a linked image by its path, a stored one by its original name."""
        image, answer = entry.image, entry.answer
        file = image.name if image.stored else str(image.path)
        model, version = answer.model_sha256, answer.app_version
        return cls(file, "", image.sha256, answer, model, version, entry, is_for_patients, entry.adjusted)


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and what it says of a row."""

    name: str
    value: Callable[[TableRow], Cell]


def _of_answer(value: Callable[[StoredAnswer], Cell]) -> Callable[[TableRow], Cell]:
    """Return a column's value that only a row with an answer has."""
    return lambda row: None if row.answer is None else value(row.answer)


def _of_named_answer(value: Callable[[StoredAnswer], Cell]) -> Callable[[TableRow], Cell]:
    """Return a column's value that an answer which is withheld has only in a table that is not strict."""

    def named(answer: StoredAnswer, row: TableRow) -> Cell:
        return None if row.is_strict and answer.abstention is not None else value(answer)

    return lambda row: None if row.answer is None else named(row.answer, row)


_BEFORE = (
    Column("file", lambda row: row.file),
    Column("status", lambda row: "error" if row.answer is None else "ok"),
    Column("message", lambda row: row.message),
    Column("label", _of_named_answer(lambda answer: answer.top)),
    Column("probability", _of_named_answer(lambda answer: answer.top_probability)),
    Column("malignant_probability", _of_answer(lambda answer: answer.malignant_probability)),
)
_AFTER = (
    Column("abstained", _of_answer(lambda answer: answer.abstention is not None)),
    Column("reason", _of_answer(lambda answer: answer.abstention)),
    Column("flag", _of_answer(lambda answer: ";".join(answer.flags))),
    Column("quality", _of_answer(lambda answer: answer.quality)),
    Column("novelty", _of_answer(lambda answer: answer.novelty)),
    Column("file_sha256", lambda row: row.sha256),
    Column("model_sha256", lambda row: row.model_sha256),
    Column("app_version", lambda row: row.app_version),
)


def _of_entry(value: Callable[[Entry], Cell]) -> Callable[[TableRow], Cell]:
    """Return a column's value that only the row of an entry has."""
    return lambda row: None if row.entry is None else value(row.entry)


OF_ENTRY = (
    Column(
        "time", _of_entry(lambda entry: None if entry.time == NO_TIME else entry.time.isoformat(timespec="seconds"))
    ),
    Column("initials", _of_entry(lambda entry: entry.initials)),
)
"""The columns that a table of entries has besides."""

OF_PATIENT = (
    Column("patient", _of_entry(lambda entry: entry.patient)),
    Column("lesion", _of_entry(lambda entry: entry.lesion)),
    Column("own_view", _of_entry(lambda entry: entry.assessment)),
    Column("outcome", _of_entry(lambda entry: entry.outcome)),
    Column("own_change", _of_entry(lambda entry: entry.change)),
)
"""The columns that name the patient or depend on one, written only on request."""

OF_PART = (Column("region", _of_entry(lambda entry: entry.region)),)
"""The square that was classified, empty for the whole image; only a table of entries has it."""

NOT_FOR_PATIENTS = Column(
    "not_for_patients", lambda row: None if row.is_for_patients is None else not row.is_for_patients
)
"""The mark on every row of a demonstration model."""

_WORKING_POINTS = Column("working_points", _of_answer(lambda answer: points_cell(answer.working_points)))
"""At which working points the alerts were raised or not, the last column of every table."""

GIVEN = (
    Column("context_age", lambda row: row.adjusted.patient.age_band),
    Column("context_sex", lambda row: row.adjusted.patient.sex),
    Column("context_site", lambda row: row.adjusted.patient.site),
)
"""What counted of the patient, for figures with context; in a table of entries it is written only on request."""


def of_context(labels: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of an answer with what is known of the patient: the alerts that only this raised, and the figures."""

    def probability(label: str, row: TableRow) -> float | None:
        return None if row.adjusted.with_context is None else row.adjusted.with_context.get(label)

    return (
        Column("context_flag", lambda row: ";".join(row.adjusted.raised)),
        *(Column(f"context_p_{label}", partial(probability, label)) for label in labels),
    )


PRIOR = "prior_"
"""How the names of the columns of a practice's own prior begin."""

SHARE_OF_MELANOMAS = f"{PRIOR}{MELANOMA}"
"""The first column of figures for a practice's own prior."""


def of_prior(labels: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of the practice's own prior: its share of melanomas, the figures for it, and its other shares."""

    def probability(label: str, row: TableRow) -> float | None:
        return None if row.adjusted.for_prior is None else row.adjusted.for_prior.get(label)

    def share(label: str, row: TableRow) -> float | None:
        return None if row.adjusted.prior is None else row.adjusted.prior.get(label)

    return (
        Column(SHARE_OF_MELANOMAS, partial(share, MELANOMA)),
        *(Column(f"{PRIOR}p_{label}", partial(probability, label)) for label in labels),
        *(Column(f"{PRIOR}{label}", partial(share, label)) for label in labels if label != MELANOMA),
    )


def share_cells(prior: Mapping[str, float] | None) -> dict[str, str]:
    """Return what the rows for a prior have in the columns of its shares, by the name of the column."""
    return {} if prior is None else {f"{PRIOR}{label}": csv_cell(share) for label, share in prior.items()}


SHARD, SHARD_FILES = "shard", "shard_files"


def of_shard(shard: Shard, files: int) -> tuple[Column, ...]:
    """Return the columns of a shard's table, by which it is joined with the others: which shard, and of how many files."""
    return Column(SHARD, lambda _: str(shard)), Column(SHARD_FILES, lambda _: str(files))


def points_cell(working_points: WorkingPoints) -> str:
    """Return working points for a cell: "melanoma=0.95;malignant=0.95"."""
    return ";".join(f"{alert}={aim:g}" for alert, aim in working_points.items())


def columns_of(labels: Sequence[str], more: Sequence[Column] = ()) -> tuple[Column, ...]:
    """Return the columns of a table: those of every table with one for each of these label ids, `more`, and the mark."""

    def probability(label: str, answer: StoredAnswer) -> float | None:
        return answer.probabilities.get(label)

    of_labels = (Column(f"p_{label}", _of_answer(partial(probability, label))) for label in labels)
    return (*_BEFORE, *of_labels, *_AFTER, *more, NOT_FOR_PATIENTS, _WORKING_POINTS)


def column_names(labels: Sequence[str], more: Sequence[Column] = ()) -> list[str]:
    """Return the names of the columns of a table with these label ids and `more`, in order."""
    return [column.name for column in columns_of(labels, more)]


class Table(Protocol):
    """A table that is being written."""

    def write(self, row: TableRow) -> None:
        """Add a row."""


class _CsvTable:
    def __init__(self, write_line: Callable[[str], None], columns: Sequence[Column], mark: str = "") -> None:
        self._write_line = write_line
        self._columns = columns
        self._mark = mark

    def begin(self) -> None:
        self._write_line(self._mark + csv_line(column.name for column in self._columns))

    def write(self, row: TableRow) -> None:
        self._write_line(csv_line(csv_cell(column.value(row)) for column in self._columns))


class _JsonLinesTable:
    def __init__(self, write_line: Callable[[str], None], columns: Sequence[Column]) -> None:
        self._write_line = write_line
        self._columns = columns

    def begin(self) -> None:
        """Each line names its columns itself."""

    def write(self, row: TableRow) -> None:
        cells = {column.name: json_cell(column.value(row)) for column in self._columns}
        self._write_line(msgspec.json.encode(cells).decode() + "\n")


_TABLES: dict[TableFormat, Callable[[Callable[[str], None], Sequence[Column]], _CsvTable | _JsonLinesTable]] = {
    TableFormat.CSV: _CsvTable,
    TableFormat.EXCEL: partial(_CsvTable, mark=MARK),
    TableFormat.JSON_LINES: _JsonLinesTable,
}


def begin_table(
    write_line: Callable[[str], None], columns: Sequence[Column], table_format: TableFormat, *, is_begun: bool = False
) -> Table:
    """Begin a table, or carry on one that `is_begun`; `write_line` takes each line, with its end."""
    table = _TABLES[table_format](write_line, columns)
    if not is_begun:
        table.begin()
    return table


class OutputError(RecordsError):
    """An open stream does not take what is written to it."""


def stream_table(
    stream: BinaryIO, labels: Sequence[str], table_format: TableFormat, *, more: Sequence[Column] = ()
) -> Table:
    """Begin a table on an open stream, with the columns `more` behind those of every table; each row is flushed.

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

    return begin_table(write_line, columns_of(labels, more), table_format)
