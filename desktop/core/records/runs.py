"""Batch runs: the result of each file of a folder, saved as it comes, and sent to the history row by row on request."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from desktop.core.inference.alerts import working_points as chosen_points
from desktop.core.marking import tr
from desktop.core.records.damage import read_points, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import (
    ANSWER_COLUMNS,
    IS_BINNED,
    Authorship,
    answer_values,
    points_text,
    read_answer,
    write_entry,
    write_model,
)
from desktop.core.records.values import BatchRow, KeptImage, SavedEntry, StoredAnswer, StoredRun, shown

if TYPE_CHECKING:
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.batch import FileAnswer
    from desktop.core.inference.contract import Contract

_DAMAGED = tr("Damaged: what was answered cannot be read. Classify the image again.")

_RUNS = """
    SELECT batch_run.*, model.name AS model_name, batch_end.state, batch_end.time AS ended,
           (SELECT count(*) FROM batch_row WHERE run = batch_run.id AND message = '') AS ok,
           (SELECT count(*) FROM batch_row WHERE run = batch_run.id AND message <> '') AS failed
    FROM batch_run JOIN model ON model.sha256 = batch_run.model
    LEFT JOIN batch_end ON batch_end.id = (SELECT max(id) FROM batch_end WHERE run = batch_run.id)"""

_ROWS = f"""
    SELECT batch_row.*, batch_run.model, batch_run.preprocessing, batch_run.app_version, batch_run.working_points,
        prediction.id AS entry_id
    FROM batch_row JOIN batch_run ON batch_run.id = batch_row.run
    LEFT JOIN image ON image.sha256 = batch_row.sha256
    LEFT JOIN prediction ON prediction.image = image.id AND prediction.region = ''
        AND prediction.model = batch_run.model AND prediction.preprocessing = batch_run.preprocessing
        AND prediction.working_points = batch_run.working_points
        AND {IS_BINNED} = 0
    WHERE batch_row.run = ?"""


class Runs:
    """The batch runs of a history; a part of `History`, with the same thread, errors and transactions."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], datetime]) -> None:
        """Use `History.runs`."""
        self._database = database
        self._folder = folder
        self._now = now

    def start(
        self,
        folder: Path,
        files: int,
        contract: Contract,
        *,
        model_sha256: str,
        preprocessing_version: int,
        app_version: str,
        by: str,
        working_points: WorkingPoints | None = None,
    ) -> int:
        """Begin a run over a folder in which `files` images were found; return its id.

        Without `working_points` the model raises its alerts at their defaults.
        """
        points = points_text(chosen_points(contract.alerts, working_points))
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            write_model(connection, model_sha256, contract, written)
            row = connection.execute(
                "INSERT INTO batch_run (folder, files, model, preprocessing, app_version, working_points, initials, time)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    *(os.fsencode(folder.absolute()), files, model_sha256, preprocessing_version, app_version, points),
                    *written.values,
                ),
            ).fetchone()
        return int(row["id"])

    def add(self, run_id: int, answers: Sequence[FileAnswer], contract: Contract, *, by: str) -> list[BatchRow]:
        """Save the results of some files; return their rows. A file that the run already has is not added again.

        Args:
            run_id: the run.
            answers: the files, classified.
            contract: the contract of the run's model.
            by: the initials of whoever runs it.
        """
        written = Authorship.by(by, self._now)
        row_ids = []
        with self._database.writing() as connection:
            run = connection.execute("SELECT app_version FROM batch_run WHERE id = ?", (run_id,)).fetchone()
            for answer in answers:
                cells = answer_values(_answer(answer, contract, run["app_version"]))
                added = connection.execute(
                    "INSERT INTO batch_row"
                    f" (run, path, message, sha256, format, width, height, byte_size, {ANSWER_COLUMNS}, initials, time)"
                    f" VALUES ({', '.join('?' * 19)}) ON CONFLICT DO NOTHING RETURNING id",
                    (*_file_values(run_id, answer), *cells, *written.values),
                ).fetchone()
                if added:
                    row_ids.append(added["id"])
        query = f"{_ROWS} AND batch_row.id IN (SELECT value FROM json_each(?)) ORDER BY batch_row.id"
        return [_read_row(row) for row in self._database.read(query, (run_id, as_list(row_ids)))]

    def finish(self, run_id: int, state: Literal["finished", "cancelled"], *, by: str) -> None:
        """End a run."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO batch_end (run, state, initials, time) VALUES (?, ?, ?, ?)",
                (run_id, state, *written.values),
            )

    def all(self) -> list[StoredRun]:
        """Return every run, newest first."""
        return [_read_run(row) for row in self._database.read(f"{_RUNS} ORDER BY batch_run.id DESC")]

    def rows(self, run_id: int) -> list[BatchRow]:
        """Return the results of a run, in the order in which they were added."""
        return [_read_row(row) for row in self._database.read(f"{_ROWS} ORDER BY batch_row.id", (run_id,))]

    def send_to_history(self, run_id: int, row_ids: Iterable[int], *, by: str) -> list[SavedEntry]:
        """Make history entries of a run's rows, with links to their images; rows without an answer are left out."""
        written = Authorship.by(by, self._now)
        query = f"{_ROWS} AND batch_row.message = '' AND batch_row.id IN (SELECT value FROM json_each(?))"
        rows = self._database.read(f"{query} ORDER BY batch_row.id", (run_id, as_list(row_ids)))
        answers = [(row, answer) for row in rows if not (answer := read_answer(row)).is_damaged]
        with self._database.writing() as connection:
            return [
                write_entry(connection, self._folder, _linked_image(row), answer, region="", written=written)
                for row, answer in answers
            ]


def _answer(answer: FileAnswer, contract: Contract, app_version: str) -> StoredAnswer | None:
    if answer.prediction is None or answer.judgement is None:
        return None
    return StoredAnswer.of(answer.prediction, answer.judgement, contract.label_ids, app_version)


def _file_values(run_id: int, answer: FileAnswer) -> tuple[Any, ...]:
    header = answer.header
    picture = (None, None, None) if header is None else (header.format, header.width, header.height)
    return run_id, os.fsencode(answer.path.absolute()), shown(answer.message), answer.sha256, *picture, answer.byte_size


def _path(kept: bytes) -> Path:
    return Path(os.fsdecode(kept))


def _read_run(row: sqlite3.Row) -> StoredRun:
    return StoredRun(
        id=row["id"],
        time=read_time(row["time"]),
        initials=row["initials"],
        folder=_path(row["folder"]),
        files=row["files"],
        model_sha256=row["model"],
        model_name=row["model_name"],
        app_version=row["app_version"],
        working_points=read_points(row["working_points"]),
        state=row["state"] or "open",
        ended=None if row["ended"] is None else read_time(row["ended"]),
        ok=row["ok"],
        failed=row["failed"],
    )


def _read_row(row: sqlite3.Row) -> BatchRow:
    answer = None if row["message"] else read_answer(row)
    is_damaged = answer is not None and answer.is_damaged
    return BatchRow(
        id=row["id"],
        path=_path(row["path"]),
        message=_DAMAGED if is_damaged else row["message"],
        sha256=row["sha256"],
        answer=None if is_damaged else answer,
        entry_id=row["entry_id"],
    )


def _linked_image(row: sqlite3.Row) -> KeptImage:
    path = _path(row["path"])
    return KeptImage(
        sha256=row["sha256"],
        name=shown(path.name),
        format=row["format"],
        width=row["width"],
        height=row["height"],
        byte_size=row["byte_size"],
        path=path,
        stored=False,
    )
