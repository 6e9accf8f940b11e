"""Resumes an interrupted run's table: reads it up to the last complete row, appends to it and sorts it.

A table begun by an earlier version keeps its columns; columns added since then are left out of it. Rows of a demonstration
model are not added to a table that cannot mark them.
"""

import csv
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import RecordsError
from desktop.core.imaging.frames import order_of
from desktop.core.inference.alerts import WorkingPoints
from desktop.core.marking import tr
from desktop.core.records.alert_counts import AlertCounts
from desktop.core.records.cells import MARK, csv_cell, csv_cells, text_of, whole_lines
from desktop.core.records.tables import NOT_FOR_PATIENTS, SHARE_OF_MELANOMAS, points_cell, share_cells
from desktop.core.urls import path_text
from desktop.core.whole_files import whole_file

_NEEDED = frozenset({"file", "status", "model_sha256"})
"""The columns that identify rows."""


@dataclass(frozen=True)
class UnfinishedTable:
    """The complete rows of an unfinished CSV table: their `files`, as the cells name them, and how many `failed`."""

    size: int
    """Bytes up to the end of the last complete row; the rest is incomplete."""
    files: Counter[str]
    failed: int
    columns: int
    """How many columns the rows have, the first of those that a table has today."""
    alerts: AlertCounts

    def has(self, path: Path) -> bool:
        """Tell whether a file has a row."""
        return csv_cell(path_text(path)) in self.files

    def remaining(self, paths: Iterable[Path]) -> list[Path]:
        """Return the files that have no row yet, in their order.

        Raises:
            RecordsError: no row is of any of these files: another folder, or the same one under another name.
        """
        rows = self.files.copy()
        remaining = []
        for path in paths:
            cell = csv_cell(path_text(path))
            if rows[cell]:
                rows[cell] -= 1
            else:
                remaining.append(path)
        if self.files and rows == self.files:
            raise RecordsError(
                tr(
                    "The interrupted run is of other files. Name them as they were named then, or begin without --resume."
                )
            )
        return remaining


def read_begun(
    path: Path,
    columns: Sequence[str],
    model_sha256: str,
    working_points: WorkingPoints | None = None,
    defaults: WorkingPoints | None = None,
    *,
    is_for_patients: bool = True,
    prior: Mapping[str, float] | None = None,
    is_strict: bool = False,
) -> UnfinishedTable | None:
    """Read an unfinished CSV table; return None if there is none, or its first line is incomplete.

    Args:
        path: the table.
        columns: the names of the columns that it would have today.
        model_sha256: the model that goes on with it.
        working_points: those at which that model raises its alerts.
        defaults: its defaults, at which the rows of a table without this column were answered.
        is_for_patients: False for a demonstration model.
        prior: the share of each label for which figures stand beside the model's own, None without such figures.
        is_strict: whether a withheld answer names no label.

    Raises:
        RecordsError: it cannot be read, or its rows come from another model, other working points or another prior, name
            labels of withheld answers where these would not, have columns that are not the first of these, or would leave a
            demonstration model unmarked.
    """
    shares = share_cells(prior)
    wanted, default = points_cell(working_points or {}), points_cell(defaults or {})
    try:
        with path.open("rb") as file:
            lines = whole_lines(file)
            first = next(lines, None)
            if first is None:
                return None
            found = _names_in(first)
            if _labels_of(found) != _labels_of(columns):
                raise _other_model(path)
            if (SHARE_OF_MELANOMAS in found) != bool(shares):
                raise _other_prior(path)
            if found != list(columns[: len(found)]) or not _NEEDED.issubset(found):
                raise _other_version(path)
            if not is_for_patients and NOT_FOR_PATIENTS.name not in found:
                raise _other_version(path)
            size, failed, files, alerts = len(first), 0, Counter[str](), AlertCounts()
            for line in lines:
                row = _row(line, found)
                if row is None:  # the disk lost what was written last: all from here on is done again
                    break
                if row["model_sha256"] != model_sha256:
                    raise _other_model(path)
                if row["status"] != "error":
                    _check_answer(path, row, {**shares, "working_points": wanted}, default, is_strict=is_strict)
                size += len(line)
                failed += row["status"] == "error"
                files[row["file"]] += 1
                alerts.count(text_of(row["file"]), row.get("flag", ""))
            return UnfinishedTable(size, files, failed, len(found), alerts)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordsError(
            tr("“{name}” cannot be read ({detail}). Begin without --resume."),
            name=path.name,
            detail=error.strerror or error,
        ) from error


def put_in_order(path: Path) -> None:
    """Sort the rows of a whole CSV table by their files, where they are not: files may have come meanwhile."""
    rows: list[tuple[str, int, int]] = []
    with path.open("rb") as file:
        offset = 0
        for line in whole_lines(file):
            rows.append((text_of(csv_cells(line)[0]), offset, len(line)))
            offset += len(line)
    header, *rest = rows
    in_order = sorted(rest, key=lambda row: order_of(row[0]))
    if in_order == rest:
        return
    with whole_file(path) as ordered:
        shutil.copymode(path, ordered)
        with path.open("rb") as file, ordered.open("wb") as target:
            for _, begin, size in (header, *in_order):
                file.seek(begin)
                target.write(file.read(size))


def _row(line: bytes, columns: Sequence[str]) -> dict[str, str] | None:
    try:
        return dict(zip(columns, csv_cells(line), strict=True))
    except (ValueError, csv.Error):
        return None


def _names_in(line: bytes) -> list[str]:
    """Return the names of a table's columns, none where its first line is not that of a table."""
    try:
        return csv_cells(line.removeprefix(MARK.encode()))
    except (ValueError, csv.Error):
        return []


def _labels_of(columns: Sequence[str]) -> list[str]:
    return [name for name in columns if name.startswith("p_")]


def _other_version(path: Path) -> RecordsError:
    return RecordsError(
        tr("“{name}” was begun by another version of LesionLens, with other columns. Begin anew without --resume."),
        name=path.name,
    )


def _other_working_points(path: Path) -> RecordsError:
    return RecordsError(
        tr(
            "“{name}” was begun with other alert limits. Give those with --melanoma-alert and --skin-cancer-alert, or begin "
            "anew without --resume."
        ),
        name=path.name,
    )


def _other_prior(path: Path) -> RecordsError:
    return RecordsError(
        tr(
            "“{name}” was begun with other shares for the practice, or with none. Give the same --melanoma-share and "
            "--other-share as then, or start again without --resume."
        ),
        name=path.name,
    )


def _check_answer(path: Path, row: dict[str, str], wanted: Mapping[str, str], default: str, *, is_strict: bool) -> None:
    """Refuse a row whose answer was made with other options; `default` is for a table without working points."""
    if row.get("working_points", default) != wanted["working_points"]:
        raise _other_working_points(path)
    if any(row.get(name, default) != cell for name, cell in wanted.items()):
        raise _other_prior(path)
    if row.get("abstained") == "true" and (row.get("label") == "") != is_strict:
        raise _other_strictness(path)


def _other_strictness(path: Path) -> RecordsError:
    return RecordsError(
        tr(
            "“{name}” was begun with --strict, or without it. Give the same options as then, or begin without --resume."
        ),
        name=path.name,
    )


def _other_model(path: Path) -> RecordsError:
    return RecordsError(
        tr("“{name}” was begun with another model. Give that one with --model, or begin anew without --resume."),
        name=path.name,
    )
