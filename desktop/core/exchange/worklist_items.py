"""What a DICOM worklist answers: a patient, and what is to be done (PS3.4, annex K)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from desktop.core.exchange.asked_patient import AskedPatient
from desktop.core.imaging.dicom_dataset import UNREADABLE, text_of, value_of
from desktop.core.imaging.pydicom import Dataset
from desktop.core.records.people import Sex

_SEXES: dict[str, Sex] = {"F": "female", "M": "male", "O": "other"}

_LONGEST = 200
"""Characters of a text that are shown: an AE may answer anything."""


@dataclass(frozen=True)
class WorklistItem:
    """An entry of a worklist. `time` is `HH:MM`; all but the patient's number may be empty."""

    patient: AskedPatient
    day: dt.date | None
    time: str
    procedure: str


@dataclass
class Worklist:
    """The entries in the order of time; how many could not be read, and whether there are more than were read."""

    items: list[WorklistItem] = field(default_factory=list)
    unreadable: int = 0
    has_more: bool = False


def wanted(day: dt.date, station: str) -> Any:
    """Return the query for the entries of a day; `station` is the AE title for which they are planned, empty for any."""
    query = Dataset()
    query.SpecificCharacterSet = "ISO_IR 192"  # UTF-8
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "RequestedProcedureDescription"):
        setattr(query, keyword, "")
    step = Dataset()
    step.Modality = ""
    step.ScheduledStationAETitle = station
    step.ScheduledProcedureStepStartDate = f"{day:%Y%m%d}"
    step.ScheduledProcedureStepStartTime = ""
    step.ScheduledProcedureStepDescription = ""
    query.ScheduledProcedureStepSequence = [step]
    return query


def read_item(answer: Any) -> WorklistItem | None:
    """Read an answer to that query; None if it names no patient by a number, or cannot be read.

    What is missing, or of no meaning, is empty.
    """
    number = _text(answer, "PatientID")
    if not number:
        return None
    last_name, first_name = _name(answer)
    step = _step(answer)
    patient = AskedPatient(
        number,
        last_name,
        first_name,
        _day(_text(answer, "PatientBirthDate")),
        _SEXES.get(_text(answer, "PatientSex").upper(), "unknown"),
    )
    procedure = _text(step, "ScheduledProcedureStepDescription") or _text(answer, "RequestedProcedureDescription")
    return WorklistItem(
        patient,
        _day(_text(step, "ScheduledProcedureStepStartDate")),
        _time(_text(step, "ScheduledProcedureStepStartTime")),
        procedure,
    )


def _step(answer: Any) -> Any:
    steps = value_of(answer, "ScheduledProcedureStepSequence")
    try:
        return steps[0]
    except UNREADABLE:
        return Dataset()


def _name(answer: Any) -> tuple[str, str]:
    """Return family and given name: the first two components of the first group, which is in letters (PS3.5, 6.2.1)."""
    family, given, *_rest = [*_text(answer, "PatientName").partition("=")[0].split("^"), "", ""]
    return family.strip(), given.strip()


def _text(dataset: Any, keyword: str) -> str:
    """Return a text in one line of printable characters."""
    found = "".join(one if one.isprintable() else " " for one in text_of(dataset, keyword))
    return " ".join(found.split())[:_LONGEST]


def _day(text: str) -> dt.date | None:
    digits = text.replace(".", "").replace("-", "")  # as before 1993, and as some programs write
    try:
        return dt.datetime.strptime(digits, "%Y%m%d").date() if len(digits) == 8 else None  # noqa: DTZ007 - a day alone
    except ValueError:
        return None


def _time(text: str) -> str:
    digits = text.replace(":", "")
    hour, minute = digits[:2], digits[2:4]
    if not (len(digits) >= 4 and digits[:4].isascii() and digits[:4].isdecimal()):
        return ""
    return f"{hour}:{minute}" if int(hour) < 24 and int(minute) < 60 else ""
