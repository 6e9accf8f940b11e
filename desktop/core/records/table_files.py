"""Writes a table's file row by row, completely or not at all, and by one run at a time."""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BufferedWriter
from pathlib import Path
from typing import cast

from desktop.core.errors import RecordsError
from desktop.core.imaging.frames import order_of
from desktop.core.marking import tr
from desktop.core.paths import reachable
from desktop.core.records.lock_file import held
from desktop.core.records.resuming import UnfinishedTable, put_in_order
from desktop.core.records.tables import (
    GIVEN,
    OF_ENTRY,
    OF_PART,
    OF_PATIENT,
    Column,
    Table,
    TableFormat,
    TableRow,
    begin_table,
    columns_of,
    of_context,
    of_prior,
)


@contextmanager
def sole_writer(target: Path) -> Iterator[None]:
    """Lock a table's file against other runs while the block runs; enter it before reading the file.

    `write_table` does so itself; users of `open_table` and `open_log` must.

    Raises:
        RecordsError: another run is writing the table, or it cannot be written here.
    """
    path = _real(target)
    if path.exists() and not path.is_file():  # a device or a pipe takes what several write
        yield
        return
    with ExitStack() as stack, _explained(target):
        try:
            stack.enter_context(held(path.with_name(f"{path.name}.lock")))
        except BlockingIOError as error:
            raise RecordsError(
                tr("“{name}” is being written by another run. Wait until that is done, or choose another name."),
                name=target.name,
            ) from error
        lock = stack.pop_all()
    with lock:
        yield


def unfinished(target: Path) -> Path:
    """Return the path to which `open_table` writes until the table is complete: beside its target."""
    path = _real(target)
    return path.with_name(f"{path.name}.partial")


@contextmanager
def open_table(
    target: Path,
    labels: Sequence[str],
    table_format: TableFormat = TableFormat.CSV,
    *,
    begun: UnfinishedTable | None = None,
    can_resume: bool = False,
    is_sorted: bool = True,
    more: Sequence[Column] = (),
) -> Iterator[Table]:
    """Write a table row by row into a file.

    Args:
        target: the file, which is there whole when the block ends, and as it was before if the block raises.
        labels: the label ids that have a column `p_<id>`, in this order.
        table_format: CSV or JSON Lines.
        begun: the CSV rows that an interrupted run has left in `unfinished(target)`: they stay, with their columns and with
            or without a byte order mark as they were begun, and all rows are sorted by their files in the end.
        can_resume: leave what was written in `unfinished(target)` if the block raises.
        is_sorted: whether the rows come sorted by their files; otherwise CSV rows are sorted in
            the end, which a pipe or device does not allow.
        more: columns that not every table has.

    Raises:
        RecordsError: the file cannot be written, or the disk is full.
    """
    with _whole_file(target, begun=begun, can_resume=can_resume, is_sorted=is_sorted) as file:
        yield _table(file, target, columns_of(labels, more), table_format, begun)


@contextmanager
def open_lines(target: Path) -> Iterator[Callable[[str], None]]:
    """Write a file line by line, which is there whole when the block ends; the block gets a function that takes each line.

    Raises:
        RecordsError: the file cannot be written, or the disk is full.
    """
    with _whole_file(target) as file:
        yield _line_writer(file, target)


@contextmanager
def _whole_file(
    target: Path, *, begun: UnfinishedTable | None = None, can_resume: bool = False, is_sorted: bool = True
) -> Iterator[BufferedWriter]:
    path = _real(target)  # what a link leads to is to be written, not the link
    with _explained(target):
        is_special = path.exists() and not path.is_file()  # a device or a pipe is not to be replaced by a file
        if path.is_file():
            path.open("r+b").close()  # read-only, or open in a spreadsheet: found out before the work, not after it
        written = path if is_special else unfinished(target)
        file = _open(written, begun)
    with ExitStack() as unless_whole:
        if not is_special and not can_resume:
            unless_whole.callback(written.unlink, missing_ok=True)
        unless_whole.callback(file.raw.close)  # past the buffer: what a full disk did not take, it would not take now
        yield file
        with _explained(target):
            if not is_special:
                os.fsync(file.fileno())
            file.close()
            if begun is not None or not (is_sorted or is_special):
                put_in_order(written)
        unless_whole.pop_all()
    if not is_special:
        _put_in_place(written, path)


@contextmanager
def open_log(
    target: Path,
    labels: Sequence[str],
    table_format: TableFormat = TableFormat.CSV,
    *,
    begun: UnfinishedTable | None = None,
    more: Sequence[Column] = (),
) -> Iterator[Table]:
    """Write a CSV table row by row into its place: each row can be read as soon as it is written, and stays.

    Args:
        target: the file.
        labels: the label ids that have a column `p_<id>`, in this order.
        table_format: CSV, or CSV for Excel.
        begun: the rows that the file has already, which stay; None is for a new file.
        more: columns behind those of every table.

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
        yield _table(file, target, columns_of(labels, more), table_format, begun)
    finally:
        with _explained(target):
            file.close()


def _open(path: Path, begun: UnfinishedTable | None) -> BufferedWriter:
    if begun is None:
        return path.open("wb")
    file = cast("BufferedWriter", path.open("r+b"))
    file.truncate(begun.size)
    file.seek(begun.size)
    return file


def _table(
    file: BufferedWriter,
    target: Path,
    columns: Sequence[Column],
    table_format: TableFormat,
    begun: UnfinishedTable | None,
) -> Table:
    write_line = _line_writer(file, target)
    if begun is not None:
        return begin_table(write_line, columns[: begun.columns], table_format, is_begun=True)
    return begin_table(write_line, columns, table_format)


def _line_writer(file: BufferedWriter, target: Path) -> Callable[[str], None]:
    def write_line(line: str) -> None:
        with _explained(target):
            file.write(line.encode())
            file.flush()

    return write_line


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
    are of entries there is their `time` (UTC) and `initials`; with `include_patient` also `patient`, `lesion`, `own_view`,
    `outcome` and `own_change`; behind these the `region`, without which two answers for one image could not be told apart.
    Figures with context, and for a practice's own prior, stand behind these where any row has them. The last column of every
    table is `not_for_patients`.
    """
    if labels is None:
        labels = list(dict.fromkeys(label for row in rows if row.answer for label in row.answer.probabilities))
    of_entries = any(row.entry for row in rows)
    more = (
        *(OF_ENTRY if of_entries else ()),
        *(OF_PATIENT if include_patient else ()),
        *(OF_PART if of_entries else ()),
        *(GIVEN if include_patient and any(row.adjusted.with_context for row in rows) else ()),
        *(of_context(labels) if any(row.adjusted.with_context for row in rows) else ()),
        *(of_prior(labels) if any(row.adjusted.for_prior for row in rows) else ()),
    )
    with sole_writer(target), open_table(target, labels, table_format, more=more) as table:
        for row in sorted(rows, key=lambda row: order_of(row.file)):
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
