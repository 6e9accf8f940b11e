"""The patient's attributes in a DICOM file.

They are offered to the user, who decides. An image whose file names another patient than the open one is not placed with the
open one unasked (`desktop.session.import_item`).
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Literal

from desktop.core.frozen import frozen
from desktop.core.imaging.dicom_dataset import is_dicom, read_dataset, text_of
from desktop.core.patient_context import plausible_birth_year

_SEXES: dict[str, Literal["female", "male", "other"]] = {"F": "female", "M": "male", "O": "other"}
_MONTHS_A_YEAR, _WEEKS_A_YEAR, _DAYS_A_YEAR = 12, 52, 365
_AGE_UNITS = {"Y": 1, "M": _MONTHS_A_YEAR, "W": _WEEKS_A_YEAR, "D": _DAYS_A_YEAR}


@frozen
class DicomPatient:
    """The patient's attributes, empty or None if missing; `age` in whole years when the image was taken.

    Of the birth date only the year is read.
    """

    id: str
    sex: Literal["female", "male", "other", "unknown"]
    age: int | None
    birth_year: int | None = None


def read_patient(data: bytes, name: str) -> DicomPatient | None:
    """Return the patient's attributes of a DICOM file; None for another file, or if there are none.

    Raises:
        ImageError: the file is damaged.
    """
    if not is_dicom(data):
        return None
    dataset = read_dataset(io.BytesIO(data), name, header_only=True)
    found = DicomPatient(
        text_of(dataset, "PatientID"),
        _SEXES.get(text_of(dataset, "PatientSex").upper(), "unknown"),
        _age(text_of(dataset, "PatientAge")),
        _year(text_of(dataset, "PatientBirthDate")),
    )
    return None if found == DicomPatient("", "unknown", None) else found


def _year(text: str) -> int | None:
    """Return the year of a date, `YYYYMMDD`; a year that nobody of today is born in is that of a placeholder."""
    year = int(text[:4]) if len(text) >= 8 and text[:4].isascii() and text[:4].isdecimal() else None
    return plausible_birth_year(year, dt.datetime.now(dt.UTC).year)


def _age(text: str) -> int | None:
    """Return whole years of an age string: three digits and a unit, years, months, weeks or days (PS3.5, 6.2)."""
    number, unit = text[:-1], text[-1:].upper()
    if not number.isdecimal() or unit not in _AGE_UNITS:
        return None
    return int(number) // _AGE_UNITS[unit]
