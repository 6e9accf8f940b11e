"""Joins the CSV tables of a run's shards into the table that one machine would have written."""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import RecordsError
from desktop.core.imaging.frames import order_of
from desktop.core.marking import tr
from desktop.core.records.alert_counts import AlertCounts
from desktop.core.records.cells import MARK, csv_cells, csv_line, text_of, whole_lines
from desktop.core.records.table_files import open_lines, sole_writer
from desktop.core.records.tables import PRIOR, SHARD, SHARD_FILES, TableFormat

_SAME = ("model_sha256", "app_version")
"""The columns that are the same in every row."""

_STRICT = "--strict"
_IS_SHARD = re.compile(r"\d{1,9}/\d{1,9}")
_SAME_IF_ANSWERED = ("working_points",)
_NEEDED = ("file", "status", "label", "abstained", "flag", SHARD, SHARD_FILES)


@dataclass(frozen=True)
class JoinedTable:
    """What was joined: how many rows, how many of them `failed`, and the alerts."""

    rows: int
    failed: int
    alerts: AlertCounts


@dataclass(frozen=True)
class _Line:
    """Where a row stands: the table's number, the place of its line, and its length in bytes."""

    table: int
    offset: int
    size: int


class _Shards:
    """The rows of all tables, checked as they are read."""

    def __init__(self, tables: Sequence[Path]) -> None:
        self._tables = tables
        self.names: list[str] = []
        self.lines: dict[str, _Line] = {}
        """By the text of `file`."""
        self.failed = 0
        self.alerts = AlertCounts()
        self._common: dict[str, str] = {}
        self._count: str | None = None
        self._of_shard: dict[str, Path] = {}
        self._without_rows = 0

    def read(self, number: int) -> None:
        """Read a table and check it against those before it."""
        path = self._tables[number]
        rows = 0
        shard, files = "", 0
        with path.open("rb") as file:
            lines = whole_lines(file)
            offset = self._read_names(path, next(lines, b""))
            for line in lines:
                row = self._row(path, line)
                self._check_common(path, row)
                if shard and row[SHARD] != shard:
                    raise _no_shard(path)
                shard, files = row[SHARD], max(files, int(row[SHARD_FILES]))
                self._add(path, row, _Line(number, offset, len(line)))
                self.failed += row["status"] == "error"
                offset += len(line)
                rows += 1
            if offset != path.stat().st_size:
                raise _incomplete(path, rows, files)
        if not rows:
            self._without_rows += 1
            return
        if rows != files:
            raise _incomplete(path, rows, files)
        self._add_shard(path, shard)

    def check_all_are_there(self) -> None:
        """Refuse tables of which one is missing. A table without rows stands for any shard that no file fell into."""
        if self._count is None:
            return
        missing = [str(index) for index in range(int(self._count)) if str(index) not in self._of_shard]
        if len(missing) > self._without_rows:
            raise RecordsError(
                tr("The table of a shard is missing: {shards} of {count}. Name the tables of all shards."),
                shards=", ".join(missing),
                count=self._count,
            )

    def _read_names(self, path: Path, line: bytes) -> int:
        try:
            names = csv_cells(line.removeprefix(MARK.encode()))
        except (ValueError, csv.Error):
            names = []
        if not {*_NEEDED, *_SAME, *_SAME_IF_ANSWERED} <= set(names):
            raise _no_shard(path)
        if self.names and names != self.names:
            raise RecordsError(
                tr("“{name}” has other columns than “{first}”. Join tables of one model, version and call."),
                name=path.name,
                first=self._tables[0].name,
            )
        self.names = names
        return len(line)

    def _row(self, path: Path, line: bytes) -> dict[str, str]:
        try:
            row = dict(zip(self.names, csv_cells(line), strict=True))
        except (ValueError, csv.Error):
            row = {}
        if not _IS_SHARD.fullmatch(row.get(SHARD, "")) or not row[SHARD_FILES].isdecimal():
            raise RecordsError(
                tr("“{name}” has a line that is no row of a shard. Classify this shard again."), name=path.name
            )
        return row

    def _check_common(self, path: Path, row: dict[str, str]) -> None:
        answered = () if row["status"] == "error" else (*_SAME_IF_ANSWERED, *self._shares())
        common = {name: row[name] for name in (*_SAME, *answered)}
        if row["abstained"] == "true":
            common[_STRICT] = str(row["label"] == "")
        for name, cell in common.items():
            if self._common.setdefault(name, cell) == cell:
                continue
            what = {
                "model_sha256": tr("another model"),
                "app_version": tr("another version of LesionLens"),
                "working_points": tr("other alert limits"),
                _STRICT: tr("another choice of --strict"),
            }.get(name, tr("other shares for the practice"))
            raise RecordsError(
                tr("“{name}” is of {what} than the tables before it. Join tables of one model, version and call."),
                name=path.name,
                what=what,
            )

    def _shares(self) -> Iterator[str]:
        """Yield the columns of the practice's shares, which are the same in every row; figures for them are not."""
        return (name for name in self.names if name.startswith(PRIOR) and not name.startswith(f"{PRIOR}p_"))

    def _add(self, path: Path, row: dict[str, str], line: _Line) -> None:
        text = text_of(row["file"])
        if text in self.lines:
            raise RecordsError(
                tr("“{file}” has a row in “{first}” and in “{second}”. Name the table of each shard once."),
                file=text,
                first=self._tables[self.lines[text].table].name,
                second=path.name,
            )
        self.lines[text] = line
        self.alerts.count(text, row["flag"])

    def _add_shard(self, path: Path, shard: str) -> None:
        index, _, count = shard.partition("/")
        if self._count not in {None, count}:
            raise RecordsError(
                tr("“{name}” is one of {count} shards, the tables before it are of {other}. Join tables of one run."),
                name=path.name,
                count=count,
                other=self._count,
            )
        if index in self._of_shard:
            raise RecordsError(
                tr("“{first}” and “{second}” are both shard {shard}. Name the table of each shard once."),
                first=self._of_shard[index].name,
                second=path.name,
                shard=shard,
            )
        self._count = count
        self._of_shard[index] = path


def join_tables(tables: Sequence[Path], target: Path, table_format: TableFormat = TableFormat.CSV) -> JoinedTable:
    """Write the rows of all shards of a run into one table, sorted by file and without the shards' own columns.

    Args:
        tables: the complete CSV table of each shard.
        target: the file, which is there whole afterwards, and as it was before if this raises.
        table_format: CSV, or CSV for Excel.

    Raises:
        RecordsError: a table cannot be read or is incomplete; a shard is missing or there twice; a file has two rows; or
            tables are of other models, versions, alert limits or shares for the practice.
    """
    _refuse_twice(tables)
    shards = _Shards(tables)
    for number, path in enumerate(tables):
        try:
            shards.read(number)
        except OSError as error:
            raise RecordsError(
                tr("“{name}” cannot be read ({detail})."), name=path.name, detail=error.strerror or error
            ) from error
    shards.check_all_are_there()
    kept = [place for place, name in enumerate(shards.names) if name not in {SHARD, SHARD_FILES}]
    mark = MARK if table_format is TableFormat.EXCEL else ""
    with ExitStack() as stack:
        stack.enter_context(sole_writer(target))
        files = [stack.enter_context(path.open("rb")) for path in tables]
        write = stack.enter_context(open_lines(target))
        write(mark + csv_line(shards.names[place] for place in kept))
        for _, line in sorted(shards.lines.items(), key=lambda item: order_of(item[0])):
            files[line.table].seek(line.offset)
            cells = csv_cells(files[line.table].read(line.size))
            write(csv_line(cells[place] for place in kept))
    return JoinedTable(len(shards.lines), shards.failed, shards.alerts)


def _refuse_twice(tables: Sequence[Path]) -> None:
    """Refuse a table that is named twice: one without rows would stand for two shards."""
    (path, count), *_ = Counter(map(os.path.realpath, tables)).most_common(1)
    if count > 1:
        raise RecordsError(tr("“{name}” is named twice. Name the table of each shard once."), name=Path(path).name)


def _no_shard(path: Path) -> RecordsError:
    return RecordsError(tr("“{name}” is no table of a shard. Make it with --shard."), name=path.name)


def _incomplete(path: Path, rows: int, files: int) -> RecordsError:
    return RecordsError(
        tr("“{name}” is incomplete: it has {rows} of {files} rows. Classify this shard again."),
        name=path.name,
        rows=rows,
        files=files,
    )
