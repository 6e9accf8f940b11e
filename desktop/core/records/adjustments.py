"""The figures for a patient and a practice that stood beside a model's answer; each time they change, a new row."""

import datetime as dt
from collections.abc import Callable

import msgspec

from desktop.core.inference.adjusted import Adjusted
from desktop.core.records.adjustment_rows import ADJUSTMENT_COLUMNS, JOIN_ADJUSTMENT, read_adjusted
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship
from desktop.core.records.newest import JOIN_DETAIL, patient_of

_SAVED = f"""
    SELECT {ADJUSTMENT_COLUMNS}, {patient_of("place")} AS patient FROM prediction {JOIN_ADJUSTMENT}
    JOIN image ON image.id = prediction.image {JOIN_DETAIL} WHERE prediction.id = ?"""  # noqa: S608 - constants of ours


class Adjustments:
    """The part of `History` for adjusted figures, with the same thread, errors and transactions."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.adjustments`."""
        self._database = database
        self._now = now

    def note(self, entry_id: int, adjusted: Adjusted, *, patient_id: int | None, by: str) -> bool:
        """Save what is adjusted about an entry's answer, unless the same is saved already; return whether it was written.

        Nothing is written where the image is not, or no longer, the patient's for whom these figures are (None: nobody's).
        """
        rows = self._database.read(_SAVED, (entry_id,))
        if not rows or rows[0]["patient"] != patient_id or read_adjusted(rows[0]) == adjusted:
            return False
        patient = adjusted.patient
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO adjustment (prediction, age_band, sex, site, with_context, raised, prior, for_prior,"
                " initials, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(entry_id, patient.age_band, patient.sex, patient.site, _text(adjusted.with_context)),
                    msgspec.json.encode(adjusted.raised).decode(),
                    *(_text(adjusted.prior), _text(adjusted.for_prior), *written.values),
                ),
            )
        return True


def _text(shares: dict[str, float] | None) -> str | None:
    return None if shares is None else msgspec.json.encode(shares).decode()
