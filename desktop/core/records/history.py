"""The history of saved predictions: searchable, sortable, never overwritten."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.records.adjustments import Adjustments
from desktop.core.records.assessments import Assessments
from desktop.core.records.audit import AuditLog
from desktop.core.records.care_steps import CareSteps
from desktop.core.records.database import Database, as_list
from desktop.core.records.disclosures import Disclosures
from desktop.core.records.entries import (
    ENTRIES,
    IS_BINNED,
    Authorship,
    read_entry,
    write_binning,
    write_entry,
    write_model,
    write_place,
)
from desktop.core.records.erasing import Erasures
from desktop.core.records.filtering import count_ids, find_ids, label_names, read_facts
from desktop.core.records.people_store import People
from desktop.core.records.remains import sweep
from desktop.core.records.scales import ImageScales
from desktop.core.records.seal import Head
from desktop.core.records.shares import Partition
from desktop.core.records.values import Entry, EntryFilter, KeptImage, ModelFacts, SavedEntry, StoredAnswer
from desktop.core.records.working_points import ChosenWorkingPoints
from desktop.core.records.worklists import Worklists
from desktop.core.text_matching import folded

if TYPE_CHECKING:
    from desktop.core.inference import contract_reading
    from desktop.core.inference.contract import Contract
    from desktop.core.records import (
        alignments,
        captures,
        embeddings,
        exchanged,
        influences,
        look_alikes,
        model_decisions,
        outcome_export,
        outlines,
        photograph_pins,
        practice_count,
        practice_reading,
        runs,
        safety_net,
        training_exports,
        tried_answers,
    )
    from desktop.core.records.outcome_export import ProvedImages
    from desktop.core.records.practice_count import PracticeCount
    from desktop.core.records.practice_reading import RawRows
    from desktop.core.records.tried_answers import Answerer
else:
    # The first answer of a start waits for the history, and for no part that it does not need.
    contract_reading = Late("desktop.core.inference.contract_reading")
    alignments = Late("desktop.core.records.alignments")
    captures = Late("desktop.core.records.captures")
    embeddings = Late("desktop.core.records.embeddings")
    exchanged = Late("desktop.core.records.exchanged")
    influences = Late("desktop.core.records.influences")
    look_alikes = Late("desktop.core.records.look_alikes")
    model_decisions = Late("desktop.core.records.model_decisions")
    outcome_export = Late("desktop.core.records.outcome_export")
    outlines = Late("desktop.core.records.outlines")
    photograph_pins = Late("desktop.core.records.photograph_pins")
    practice_count = Late("desktop.core.records.practice_count")
    practice_reading = Late("desktop.core.records.practice_reading")
    runs = Late("desktop.core.records.runs")
    safety_net = Late("desktop.core.records.safety_net")
    training_exports = Late("desktop.core.records.training_exports")
    tried_answers = Late("desktop.core.records.tried_answers")


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class History:
    """The history of one data folder: its entries, and a part for everything else.

    The parts are `runs` (batches), `people` (patients and their images), `assessments` (with the outcomes), `disclosures`
    (answers seen), `worklists` (what is due), `safety_net` (what was left undone), `care_steps` (what was done about it),
    `influences` (on how a lesion looks), `photograph_pins` (of lesions), `scales`, `captures` and `outlines` (of images),
    `alignments` (of two images), `embeddings` (how images look to a model), `look_alikes` (of an image), `adjustments`
    (figures for patient and practice), `working_points` (of the alerts), `tried_answers` (of a model that is tried),
    `model_decisions` (what became of it), `audit` (who did or saw what), `erasures`, `training_exports` (to train a model) and
    `exchanged` (rows of other histories).

    Use it only from the thread that opened it.

    Every method may raise a RecordsError: the file is locked or damaged, or the disk is full. Each write is one
    transaction: durable when the method returns, rolled back if it raises; see `together`.
    """

    def __init__(self, database: Database, folder: Path, now: Callable[[], datetime]) -> None:
        """Use `History.open`."""
        self._database = database
        self._folder = folder
        self._now = now
        self.people = People(database, folder, now)
        self.assessments = Assessments(database, now)
        self.disclosures = Disclosures(database, now)
        self.worklists = Worklists(database)
        self.scales = ImageScales(database, now)
        self.adjustments = Adjustments(database, now)
        self.working_points = ChosenWorkingPoints(database, now)
        self.audit = AuditLog(database, now)
        self.care_steps = CareSteps(database, self.audit, now)
        self.erasures = Erasures(database, folder, now)

    @cached_property
    def runs(self) -> runs.Runs:
        """The batches."""
        return runs.Runs(self._database, self._folder, self._now)

    @cached_property
    def safety_net(self) -> safety_net.SafetyNet:
        """What was left undone."""
        return safety_net.SafetyNet(self._database, self.worklists)

    @cached_property
    def influences(self) -> influences.Influences:
        """What may change how a lesion looks."""
        return influences.Influences(self._database, self._now)

    @cached_property
    def photograph_pins(self) -> photograph_pins.PhotographPins:
        """The pins of lesions on clinical photographs."""
        return photograph_pins.PhotographPins(self._database, self._now)

    @cached_property
    def alignments(self) -> alignments.Alignments:
        """How two images are aligned."""
        return alignments.Alignments(self._database, self._now)

    @cached_property
    def captures(self) -> captures.ImageCaptures:
        """How images were taken."""
        return captures.ImageCaptures(self._database, self._now)

    @cached_property
    def outlines(self) -> outlines.ImageOutlines:
        """The outlines by hand in images."""
        return outlines.ImageOutlines(self._database, self._now)

    @cached_property
    def embeddings(self) -> embeddings.Embeddings:
        """How images look to a model."""
        return embeddings.Embeddings(self._database, self._folder, self._now)

    @cached_property
    def look_alikes(self) -> look_alikes.LookAlikes:
        """The images that look most like one."""
        return look_alikes.LookAlikes(self._database, self._folder, self.embeddings, self.assessments, self.disclosures)

    @cached_property
    def training_exports(self) -> training_exports.TrainingExports:
        """What is exported to train a model."""
        return training_exports.TrainingExports(self._database, self._folder, self._now)

    @cached_property
    def tried_answers(self) -> tried_answers.TriedAnswers:
        """What another model would have said."""
        return tried_answers.TriedAnswers(self._database, self._folder, self._now)

    @cached_property
    def model_decisions(self) -> model_decisions.ModelDecisions:
        """What was decided about models that were tried."""
        return model_decisions.ModelDecisions(self._database, self._now)

    @cached_property
    def exchanged(self) -> exchanged.ExchangedRows:
        """Rows of other histories."""
        return exchanged.ExchangedRows(self._database, self._folder, self._now)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        now: Callable[[], datetime] = utc_now,
        partitions: Sequence[Partition] | None = None,
        patience: float = 5.0,
        key: Key | None = None,
    ) -> Self:
        """Open the history of a data folder; create it if there is none.

        Args:
            folder: the data folder.
            now: the clock; its times are timezone-aware.
            partitions: the mounted file systems; None asks the system.
            patience: seconds to wait for another program that is writing.
            key: the history's key, if it is encrypted.

        Raises:
            RecordsError: the file is locked, read-only, damaged, foreign, newer, or on a network share. It was not changed.
        """
        folder = folder.absolute()
        return cls(Database.open(folder, partitions, patience, key), folder, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def sweep(self) -> bool:
        """Delete what a killed program left behind; call it at the start, before anything is saved.

        Returns:
            Whether no other program uses the data folder.
        """
        return sweep(self._database)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Run the writes of the block as one transaction: durable when it ends, rolled back if it raises."""
        with self._database.writing():
            yield

    def save(
        self, image: KeptImage, answer: StoredAnswer, contract: Contract, *, by: str, region: str = ""
    ) -> SavedEntry:
        """Save a model's answer to an image.

        A known answer is not saved twice, unless it was given at other working points; if it was in the bin, it is restored.

        Args:
            image: the image, in the image store or linked.
            answer: the model's answer.
            contract: the model's contract.
            by: the initials of whoever opened it.
            region: the part of the image, `left,top,right,bottom`; empty for the whole.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            write_model(connection, answer.model_sha256, contract, written)
            return write_entry(connection, self._folder, image, answer, region=region, written=written)

    def origin(self) -> str:
        """Return the random id by which a backup is known to be of this history."""
        return self._database.origin()

    def mark_restored(self, replaced: Head | None) -> None:
        """Append to the seal that this history was restored; `replaced` is the head of the one before, if it can be read."""
        self._database.mark_restored(replaced)

    def seal_head(self) -> Head:
        """Return the end of the seal's chain, as it stands in backups and reports."""
        return self._database.seal_head()

    def entries(self, wanted: EntryFilter | None = None, *, limit: int | None = None, offset: int = 0) -> list[Entry]:
        """Return the entries that match a filter, in its order: at most `limit`, after skipping `offset`."""
        return self._read_entries(find_ids(self._database, wanted or EntryFilter(), limit=limit, offset=offset))

    def page(self, wanted: EntryFilter, *, limit: int, offset: int = 0) -> tuple[list[Entry], int]:
        """Return the result of `entries` and the count without the limit, both of one state of the history."""
        ids = find_ids(self._database, wanted)
        return self._read_entries(ids[offset : offset + limit]), len(ids)

    def count(self, wanted: EntryFilter | None = None) -> int:
        """Return how many entries match a filter."""
        return count_ids(self._database, wanted or EntryFilter())

    def entry(self, entry_id: int) -> Entry:
        """Return one entry, in the bin or not.

        Raises:
            KeyError: there is none.
        """
        for row in self._database.read(f"{ENTRIES} WHERE prediction.id = ?", (entry_id,)):
            return read_entry(row, self._folder)
        raise KeyError(entry_id)

    def entries_of(self, image_id: int) -> list[Entry]:
        """Return the entries of an image that are not in the bin and whose answer can be read, oldest first."""
        query = f"{ENTRIES} WHERE prediction.image = ? AND {IS_BINNED} = 0 ORDER BY prediction.id"
        entries = [read_entry(row, self._folder) for row in self._database.read(query, (image_id,))]
        return [entry for entry in entries if not entry.answer.is_damaged]

    def beside(self, entry: Entry) -> list[Entry | None]:
        """Return the newest answer to each whole dermatoscope image of an entry's lesion and visit, itself among them.

        None stands for an image without one. The list is empty where the entry has no lesion or no visit.
        """
        query = (
            "SELECT image FROM image_detail AS place WHERE lesion = ? AND visit = ? AND kind = 'dermoscopy'"
            " AND id = (SELECT max(id) FROM image_detail WHERE image = place.image) ORDER BY image"
        )
        found: list[Entry | None] = []
        for image_id in self._database.read_ids(query, (entry.lesion_id, entry.visit_id)):
            of_image = [one for one in self.entries_of(image_id) if not one.region]
            found.append(of_image[-1] if of_image else None)
        return found

    def labels(self, *, is_blind: bool = False) -> dict[str, str]:
        """Return id and name of each label that is the most probable one of an entry, sorted by name.

        With `is_blind`, return all labels of all known models, as the leading ones would reveal something concealed.
        """
        names = dict(label_names(self._database.read))
        if not is_blind:
            tops = {row["top"] for row in self._database.read("SELECT DISTINCT top FROM prediction")}
            names = {label: name for label, name in names.items() if label in tops}
        return dict(sorted(names.items(), key=lambda item: folded(item[1])))

    def models(self) -> dict[str, ModelFacts]:
        """Return the facts about each model, by its SHA-256; one whose contract is damaged is for no patients."""
        rows = self._database.read("SELECT sha256, contract FROM model")
        return {row["sha256"]: read_facts(row["contract"]) for row in rows}

    def contract_of(self, model_sha256: str) -> Contract:
        """Return the contract of a model whose predictions are in the history.

        Raises:
            KeyError: the history does not know that model.
        """
        for row in self._database.read("SELECT contract FROM model WHERE sha256 = ?", (model_sha256,)):
            return contract_reading.parse_contract(row["contract"])
        raise KeyError(model_sha256)

    def count_practice(self, since: datetime, until: datetime) -> PracticeCount:
        """Count the lesions that were classified in a period, and the melanomas among them; see `practice_count`."""
        return practice_count.count_practice(self._database, since, until)

    def practice_rows(self, answerers: Sequence[Answerer] = ()) -> RawRows:
        """Return what own figures are counted from, to be assembled on another thread; see `practice_reading.read_raw`."""
        return practice_reading.read_raw(self._database, answerers)

    def practice_images(self, hashes: Iterable[str]) -> list[KeptImage]:
        """Return the images of the history with one of these SHA-256."""
        return practice_reading.read_images(self._database, self._folder, hashes)

    def proved_images(self, labels: Sequence[str]) -> ProvedImages:
        """Find the images whose lesions histology proved to have one of these labels; see `outcome_export`."""
        return outcome_export.proved_images(self._database, self._folder, labels)

    def bin(self, entry_ids: Iterable[int], *, by: str) -> list[int]:
        """Put entries into the bin; return those that were not in it, for undo."""
        return self._set_binned(entry_ids, binned=True, by=by)

    def restore(self, entry_ids: Iterable[int], *, by: str) -> list[int]:
        """Take entries out of the bin; return those that were in it, for undo."""
        return self._set_binned(entry_ids, binned=False, by=by)

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
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            query = "SELECT image FROM prediction WHERE id = ?"
            image_id = connection.execute(query, (entry_id,)).fetchone()["image"]
            write_place(connection, self._folder, image_id, path.absolute(), stored=False, written=written)
        return self.entry(entry_id)

    def _read_entries(self, ids: list[int]) -> list[Entry]:
        rows = self._database.read(
            f"{ENTRIES} WHERE prediction.id IN (SELECT value FROM json_each(?))", (as_list(ids),)
        )
        found = {row["id"]: read_entry(row, self._folder) for row in rows}
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def _set_binned(self, entry_ids: Iterable[int], *, binned: bool, by: str) -> list[int]:
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            changed = [
                row["id"]
                for row in connection.execute(
                    f"SELECT id FROM prediction WHERE id IN (SELECT value FROM json_each(?)) AND {IS_BINNED} = ?",
                    (as_list(entry_ids), int(not binned)),
                ).fetchall()
            ]
            for entry_id in changed:
                write_binning(connection, entry_id, binned=binned, written=written)
        return changed
