"""Answers that blind-first conceals, and answers that were seen without an assessment or although the model abstained."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Literal

from desktop.core.records.awaiting import answers_awaiting, unanswered_of_awaiting
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import Authorship
from desktop.core.records.newest import IN_BIN, IS_CARRIED, JOIN_DETAIL, PLACED, UNSEEN

Reason = Literal["without own view", "despite abstention"]


class Disclosures:
    """The part of `History` for disclosures, with the same thread, errors and transactions."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.disclosures`."""
        self._database = database
        self._now = now

    def disclose(self, entry_id: int, reason: Reason, *, by: str) -> None:
        """Record that an answer was seen before the clinician's assessment, or although the model abstained."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO disclosure (prediction, lesion, visit, reason, initials, time)"
                " SELECT prediction.id, place.lesion, place.visit, ?, ?, ?"
                f" FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL} WHERE prediction.id = ?",
                (reason, *written.values, entry_id),
            )

    def is_concealed(self, image_id: int) -> bool:
        """Tell whether blind-first, while it is on, conceals the answers to an image.

        It does until its lesion and visit (or the image itself, if it lacks either) have an assessment, or a disclosure
        without one. `Entry.is_concealed` tells the same of an entry.
        """
        return bool(self._database.read(f"SELECT 1 FROM {PLACED} WHERE image.id = ? AND {UNSEEN}", (image_id,)))

    def are_carried(self, image_id: int) -> bool:
        """Tell whether an image has disclosures without an assessment, and all were carried along as it was moved."""
        rows = self._database.read(
            f"SELECT min({IS_CARRIED}) AS are_carried FROM disclosure WHERE reason = 'without own view'"
            " AND prediction IN (SELECT id FROM prediction WHERE image = ?)",
            (image_id,),
        )
        return bool(rows[0]["are_carried"])

    def concealed_hashes(self) -> frozenset[str]:
        """Return the SHA-256 of each image with an entry in the history that blind-first conceals while it is on."""
        rows = self._database.read(
            f"SELECT image.sha256 FROM {PLACED} WHERE {UNSEEN}"
            f" AND image.id IN (SELECT image FROM prediction WHERE id NOT IN ({IN_BIN}))"
        )
        return frozenset(row["sha256"] for row in rows)

    def awaiting(self, today: dt.date, patient_id: int | None = None) -> frozenset[str]:
        """Return the images of earlier visits whose answers wait for today's assessment; see `answers_awaiting`."""
        return answers_awaiting(self._database, today, patient_id)

    def unanswered_of_awaiting(self, today: dt.date, patient_id: int) -> frozenset[str]:
        """Return the images of earlier visits that have no answer, whose lesions wait for today's assessment."""
        return unanswered_of_awaiting(self._database, today, patient_id)

    def together_with(self, sha256: str) -> frozenset[str]:
        """Return the SHA-256 of the images that are one answer with this one: those of its lesion and visit, and itself."""
        rows = self._database.read(
            f"SELECT other.sha256 FROM {PLACED}"
            " JOIN image_detail AS beside ON beside.lesion = place.lesion AND beside.visit IS place.visit"
            "     AND beside.id = (SELECT max(id) FROM image_detail WHERE image = beside.image)"
            " JOIN image AS other ON other.id = beside.image WHERE image.sha256 = ?",
            (sha256,),
        )
        return frozenset(row["sha256"] for row in rows) | {sha256}

    def disclose_unseen(self, entry_ids: Iterable[int] | None, *, hashes: Iterable[str] | None = None, by: str) -> int:
        """Record that all concealed ones among the entries were seen without an assessment; return how many.

        Args:
            entry_ids: the entries; None for every one.
            hashes: only those of images with one of these SHA-256; None for all of them.
            by: the initials of whoever saw them.
        """
        written = Authorship.by(by, self._now)
        conditions, values = [UNSEEN], [*written.values]
        for column, wanted in (("prediction.id", entry_ids), ("image.sha256", hashes)):
            if wanted is not None:
                conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
                values.append(as_list(wanted))
        with self._database.writing() as connection:
            return connection.execute(
                "INSERT INTO disclosure (prediction, lesion, visit, reason, initials, time)"
                " SELECT prediction.id, place.lesion, place.visit, 'without own view', ?, ?"
                f" FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}"
                f" WHERE {' AND '.join(conditions)}",
                values,
            ).rowcount

    def note_shown(self, hashes: Iterable[str], *, by: str) -> None:
        """Record that a batch showed answers to the images with these SHA-256; a batch asks for no assessment."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO batch_shown (sha256, initials, time) SELECT value, ?, ? FROM json_each(?) WHERE true"
                " ON CONFLICT DO NOTHING",
                (*written.values, as_list(hashes)),
            )

    def was_shown(self, sha256: str) -> bool:
        """Tell whether a batch showed an answer to an image, whether or not the image is in the history."""
        return bool(self._database.read("SELECT 1 FROM batch_shown WHERE sha256 = ?", (sha256,)))
