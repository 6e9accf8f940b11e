"""The history: every prediction that was kept, found again in any order, and nothing of it ever overwritten."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.inference.contract import Contract, parse_contract
from desktop.core.marking import tr
from desktop.core.records.database import Database
from desktop.core.records.entries import (
    ENTRIES,
    IS_BINNED,
    Written,
    read_entry,
    time_text,
    write_binning,
    write_entry,
    write_model,
    write_place,
)
from desktop.core.records.people_store import People
from desktop.core.records.runs import Runs
from desktop.core.records.shares import Partition
from desktop.core.records.values import Answer, Entry, EntryFilter, Kept, KeptImage, searched
from desktop.core.records.views import Views

Disclosure = Literal["without own view", "despite abstention"]


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class History:
    """The history of one data folder, with its batch `runs`, its `people`, and `views`: what people say.

    Used from the thread that opened it and from no other.

    Every method may raise a RecordsError: the file is locked, damaged, or the disk is full. Each write is one
    transaction, safe on the disk when the method returns, and not there at all if it raises.
    """

    def __init__(self, database: Database, folder: Path, now: Callable[[], datetime]) -> None:
        """Use `History.open`."""
        self._database = database
        self._folder = folder
        self._now = now
        self.runs = Runs(database, folder, now)
        self.people = People(database, folder, now)
        self.views = Views(database, now)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        now: Callable[[], datetime] = utc_now,
        partitions: Sequence[Partition] | None = None,
        patience: float = 5.0,
    ) -> Self:
        """Open the history of a data folder; make it where there is none.

        Args:
            folder: the data folder.
            now: the clock; its times know their zone.
            partitions: the mounted file systems; None asks the system.
            patience: seconds to wait for another program that is writing.

        Raises:
            RecordsError: the file is locked, read-only, damaged, foreign, newer, or on a network share. It was not changed.
        """
        folder = folder.absolute()
        return cls(Database.open(folder, partitions, patience), folder, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def keep(self, image: KeptImage, answer: Answer, contract: Contract, *, by: str, region: str = "") -> Kept:
        """Keep what a model said of an image.

        What is known already is not kept twice; if it was in the bin it comes back.

        Args:
            image: the image, in the image store or linked.
            answer: what the model said.
            contract: the model's contract.
            by: the initials of who opened it.
            region: the part of the image, `left,top,right,bottom`; empty for the whole.
        """
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            write_model(connection, answer.model_sha256, contract, written)
            return write_entry(connection, self._folder, image, answer, region=region, written=written)

    def entries(self, wanted: EntryFilter | None = None, *, limit: int | None = None, offset: int = 0) -> list[Entry]:
        """Return the entries that a filter lets through, newest first; at most `limit`, after leaving out `offset`."""
        where, values = self._conditions(wanted or EntryFilter())
        rows = self._database.read(
            f"{ENTRIES} WHERE {where} ORDER BY prediction.id DESC LIMIT ? OFFSET ?",
            (*values, -1 if limit is None else limit, offset),
        )
        return [read_entry(row, self._folder) for row in rows]

    def count(self, wanted: EntryFilter | None = None) -> int:
        """Return how many entries a filter lets through."""
        where, values = self._conditions(wanted or EntryFilter())
        query = f"SELECT count(*) FROM prediction JOIN image ON image.id = prediction.image WHERE {where}"
        return int(self._database.read(query, values)[0][0])

    def entry(self, entry_id: int) -> Entry:
        """Return one entry, in the bin or not.

        Raises:
            KeyError: there is none.
        """
        for row in self._database.read(f"{ENTRIES} WHERE prediction.id = ?", (entry_id,)):
            return read_entry(row, self._folder)
        raise KeyError(entry_id)

    def labels(self) -> dict[str, str]:
        """Return id and name of each label that is the most probable one of some entry, sorted by name."""
        tops = {row["top"] for row in self._database.read("SELECT DISTINCT top FROM prediction")}
        names = {label: name for label, name in self._label_names() if label in tops}
        return dict(sorted(names.items(), key=lambda item: searched(item[1])))

    def contract_of(self, model_sha256: str) -> Contract:
        """Return the contract of a model whose predictions are kept.

        Raises:
            KeyError: the history does not know that model.
        """
        for row in self._database.read("SELECT contract FROM model WHERE sha256 = ?", (model_sha256,)):
            return parse_contract(row["contract"])
        raise KeyError(model_sha256)

    def bin(self, entry_ids: Iterable[int], *, by: str) -> list[int]:
        """Put entries into the bin; return those that were not in it, for the undo."""
        return self._set_binned(entry_ids, binned=True, by=by)

    def restore(self, entry_ids: Iterable[int], *, by: str) -> list[int]:
        """Take entries out of the bin; return those that were in it, for the undo."""
        return self._set_binned(entry_ids, binned=False, by=by)

    def disclose(self, entry_id: int, reason: Disclosure, *, by: str) -> None:
        """Record that an answer was looked at before the clinician's own view, or although the model abstained."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO disclosure (prediction, lesion, visit, reason, initials, time)"
                " SELECT prediction.id, image_detail.lesion, image_detail.visit, ?, ?, ? FROM prediction"
                " LEFT JOIN image_detail ON image_detail.id ="
                " (SELECT max(id) FROM image_detail WHERE image = prediction.image) WHERE prediction.id = ?",
                (reason, *written.values, entry_id),
            )

    def locate(self, entry_id: int, path: Path, *, by: str) -> Entry:
        """Link an entry's image anew, after the linked file was moved.

        Raises:
            RecordsError: the file cannot be read, or is not the very same image.
        """
        image = self.entry(entry_id).image
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise RecordsError(
                tr("“{name}” cannot be read ({detail})."), name=path.name, detail=error.strerror or error
            ) from error
        if found != image.sha256:
            raise RecordsError(
                tr("“{name}” is not the image of this entry: its content differs. Choose the original file."),
                name=path.name,
            )
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            query = "SELECT image FROM prediction WHERE id = ?"
            image_id = connection.execute(query, (entry_id,)).fetchone()["image"]
            write_place(connection, self._folder, image_id, path.absolute(), stored=False, written=written)
        return self.entry(entry_id)

    def _set_binned(self, entry_ids: Iterable[int], *, binned: bool, by: str) -> list[int]:
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            changed = [
                row["id"]
                for row in connection.execute(
                    f"SELECT id FROM prediction WHERE id IN (SELECT value FROM json_each(?)) AND {IS_BINNED} = ?",
                    (msgspec.json.encode(list(entry_ids)).decode(), int(not binned)),
                ).fetchall()
            ]
            for entry_id in changed:
                write_binning(connection, entry_id, binned=binned, written=written)
        return changed

    def _conditions(self, wanted: EntryFilter) -> tuple[str, list[Any]]:
        """Return the WHERE of a filter and its values, over the tables `prediction` and `image`."""
        conditions = [f"{IS_BINNED} = ?"]
        values: list[Any] = [int(wanted.binned)]
        if wanted.label is not None:
            conditions.append("prediction.top = ?")
            values.append(wanted.label)
        if wanted.since is not None:
            conditions.append("prediction.time >= ?")
            values.append(time_text(wanted.since))
        if wanted.until is not None:
            conditions.append("prediction.time < ?")
            values.append(time_text(wanted.until))
        words = searched(wanted.text).split()
        names = self._label_names() if words else []
        for word in words:
            labels = {label for label, name in names if word in searched(label) or word in searched(name)}
            conditions.append("(instr(image.searched_name, ?) OR prediction.top IN (SELECT value FROM json_each(?)))")
            values += [word, msgspec.json.encode(sorted(labels)).decode()]
        return " AND ".join(conditions), values

    def _label_names(self) -> list[tuple[str, str]]:
        """Return id and name of every label of every model that is known."""
        # Straight from the JSON: contracts that a later version no longer reads as a whole still name their labels.
        query = "SELECT value ->> 'id' AS id, value ->> 'name' AS name FROM model, json_each(contract, '$.labels')"
        return [(row["id"], row["name"]) for row in self._database.read(query)]
