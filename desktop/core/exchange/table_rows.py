"""The rows of the table of a folder, each cell checked; a row of another program becomes several of our own."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import RecordsError
from desktop.core.exchange.columns import COLUMNS, NEEDED, TABLE, Column, RowKind
from desktop.core.marking import tr
from desktop.core.records.cells import text_of
from desktop.core.records.entries import Authorship
from desktop.core.records.made_elsewhere import NOON
from desktop.core.text_matching import identity

_MOST_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Row:
    """A row by the names of its columns, every cell checked; a cell that is not there is empty."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    @property
    def kind(self) -> RowKind:
        """What the row says."""
        return RowKind(self["row"])

    @property
    def written(self) -> Authorship:
        """Who entered it first, and when."""
        return Authorship(self["who"], self["when"])

    @property
    def changed(self) -> Authorship:
        """Who corrected it last, and when."""
        return Authorship(self["changed_who"], self["changed_when"]) if self["changed_when"] else self.written


def _text_of_file(path: Path) -> str:
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


def read_rows(folder: Path) -> Iterator[Row]:
    """Yield the rows of a folder's table, completed from what another program writes.

    Raises:
        RecordsError: there is none, or a row of it cannot be understood; the sentence names its line.
    """
    text = _text_of_file(folder / TABLE)
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {column.name: column for column in COLUMNS}
    rows: list[Row] = []
    try:
        names = [name.strip() for name in next(reader, [])]
        unknown = [name for name in names if name not in columns]
        if unknown or not names or len(set(names)) < len(names):
            raise wrong_line(1, tr("unknown or repeated columns: {names}").format(names=", ".join(unknown or names)))
        for cells in reader:
            line = reader.line_num
            if not any(cells):
                continue
            if len(cells) != len(names):
                raise wrong_line(
                    line, tr("{found} cells in place of {wanted}").format(found=len(cells), wanted=len(names))
                )
            checked = {}
            for name, cell in zip(names, cells, strict=True):
                try:
                    if "\0" in cell:
                        raise ValueError(cell)  # noqa: TRY301 - one sentence for whatever a cell cannot hold
                    checked[name] = columns[name].check(text_of(cell)) if cell.strip() else ""
                except (ValueError, OverflowError) as error:
                    raise wrong_line(line, wrong_cell(cell, columns[name])) from error
            rows.append(Row(line, checked))
    except csv.Error as error:
        raise wrong_line(reader.line_num, str(error)) from error
    if "row" in names:
        yield from map(_complete, rows)
    else:
        yield from _of_another_program(rows)


def _complete(row: Row) -> Row:
    """Return a row of our own that has what its kind needs."""
    if not row["row"]:
        raise wrong_line(row.line, tr("nothing in row"))
    lacking = [name for name in NEEDED[row.kind] if not row[name]]
    if row.kind is RowKind.ASSESSMENT and row["lesion_key"] and not row["date"]:
        lacking.append("date")
    if lacking:
        raise wrong_line(row.line, tr("nothing in {names}").format(names=", ".join(lacking)))
    return row


def _of_another_program(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield what rows of the simple form say, each fact as a row of its own."""
    dated = []
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        if not row["patient"] or not row["date"] or ((row["assessment"] or row["outcome"]) and not row["lesion"]):
            raise wrong_line(row.line, tr("patient and date are needed, and lesion for an assessment or outcome"))
        one = Row(row.line, {**row.cells, "when": row["when"] or row["date"] + NOON})
        dated.append(one)
        at, key = _lesion_at(one), "|".join((one["when"], one["who"], one["lesion"]))
        first[at] = min(key, first.get(at, key))
    for row in dated:
        own = {**row.cells, "note": "", "lesion_key": first[_lesion_at(row)] if row["lesion"] else ""}
        kinds = [RowKind.PATIENT, RowKind.VISIT, *([RowKind.LESION] if row["lesion"] else [])]
        yield from (Row(row.line, {**own, "row": kind}) for kind in kinds)
        if row["image"]:
            yield Row(row.line, {**own, "row": RowKind.IMAGE})
        if row["assessment"]:
            yield Row(row.line, {**own, "row": RowKind.ASSESSMENT, "note": row["note"]})
        if row["outcome"]:
            kind = row["outcome_kind"] or "histopathology"
            yield Row(row.line, {**own, "row": RowKind.OUTCOME, "note": row["note"], "outcome_kind": kind})


def _lesion_at(row: Row) -> tuple[str, str]:
    return identity(row["patient"]), identity(row["lesion"])


def wrong_line(line: int, detail: str) -> RecordsError:
    """Return the error that a line of the table cannot be understood."""
    return RecordsError(
        tr("Line {line} of “{name}” cannot be read: {detail}. Nothing was imported."),
        line=line,
        name=TABLE,
        detail=detail,
    )


def wrong_cell(cell: str, column: Column) -> str:
    """Return what does not fit a column, and what would if there are few choices."""
    found = tr("“{cell}” in {name}").format(cell=cell[:80], name=column.name)
    if not column.choices:
        return found
    return tr("{found} is not one of: {choices}").format(found=found, choices=", ".join(column.choices))
