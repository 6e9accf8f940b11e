"""Reads what is adjusted about the answers of entries."""

import sqlite3

import msgspec

from desktop.core.inference.adjusted import NOT_ADJUSTED, Adjusted
from desktop.core.patient_context import PatientContext

_COLUMNS = ("age_band", "sex", "site", "with_context", "raised", "prior", "for_prior")

ADJUSTMENT_COLUMNS = ", ".join(f"adjustment.{name} AS adjusted_{name}" for name in _COLUMNS)
"""The columns of an entry's newest adjustment, behind `JOIN_ADJUSTMENT`."""

JOIN_ADJUSTMENT = """
    LEFT JOIN adjustment ON adjustment.id = (SELECT max(id) FROM adjustment WHERE prediction = prediction.id)"""

RAISED_BY_CONTEXT = """
    SELECT prediction FROM adjustment AS newest WHERE {condition}
    AND id = (SELECT max(id) FROM adjustment WHERE prediction = newest.prediction)"""
"""The entries whose context raised alerts that satisfy a condition on `raised`."""


def read_adjusted(row: sqlite3.Row) -> Adjusted:
    """Read what is adjusted about an entry; nothing is where it cannot be read."""
    if row["adjusted_raised"] is None:
        return NOT_ADJUSTED
    try:
        return Adjusted(
            PatientContext(row["adjusted_age_band"], row["adjusted_sex"], row["adjusted_site"]),
            _shares(row["adjusted_with_context"]),
            msgspec.json.decode(row["adjusted_raised"], type=tuple[str, ...]),
            _shares(row["adjusted_prior"]),
            _shares(row["adjusted_for_prior"]),
        )
    except ValueError:
        return NOT_ADJUSTED


def _shares(text: str | None) -> dict[str, float] | None:
    return None if text is None else msgspec.json.decode(text, type=dict[str, float])
