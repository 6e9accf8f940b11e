"""What a practice system asks for by GDT, and the result that goes back."""

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from desktop.core.exchange.asked_patient import AskedPatient
from desktop.core.exchange.gdt_lines import CharacterSet, Field, GdtError, read_lines, sole, write_lines
from desktop.core.marking import tr
from desktop.core.records.people import Sex

VERSION = "02.10"
WIDTH = 60
"""Characters in a line of a finding, which practice systems show whole."""

_LONG_AGO = 1300
"""A birth date's year is later. What is read as one of a month and a day is at most 1231."""

_SEXES: dict[str, Sex] = {
    "1": "male",
    "M": "male",
    "2": "female",
    "W": "female",
    "F": "female",
    "X": "other",
    "D": "other",
}
_NUMBERS: dict[Sex, str] = {"male": "1", "female": "2"}


class RequestKind(Enum):
    """What a practice system asks for, by the content of field 8000."""

    PATIENT = "6301"
    """Here are a patient's details."""
    EXAMINATION = "6302"
    """Examine this patient."""
    SHOW = "6311"
    """Show what there is of this patient."""


class FindingsField(Enum):
    """The field that takes the findings: practice systems differ."""

    FINDING = "6220"
    TEXT = "6228"


@dataclass(frozen=True)
class Request:
    """A request. `test` is the kind of examination (8402), `sender` the practice system (8316); both may be empty."""

    kind: RequestKind
    patient: AskedPatient
    test: str = ""
    sender: str = ""
    receiver: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to a result."""

    name: str
    file_format: str
    description: str
    path: str


@dataclass(frozen=True)
class Result:
    """The result of an examination: `findings` are what a clinician committed, never what a model said."""

    patient: AskedPatient
    moment: dt.datetime
    test: str
    findings: tuple[str, ...]
    comments: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def read_request(data: bytes, name: str, *, receiver: str = "") -> Request:
    """Read a request.

    Args:
        data: the file.
        name: its name, for errors.
        receiver: who we are; a file for another receiver is refused. Empty accepts every file.

    Raises:
        GdtError: it cannot be read, is no request, is for another receiver, or names no patient or two.
    """
    fields = read_lines(data, name)
    kind = sole(fields, "8000", name)
    try:
        wanted = RequestKind(kind)
    except ValueError:
        raise GdtError(
            tr("“{name}” is no request that LesionLens knows (8000 is {kind})."), name=name, kind=kind[:20]
        ) from None
    to = sole(fields, "8315", name)
    if receiver and to and to.casefold() != receiver.casefold():
        raise GdtError(tr("“{name}” is for another receiver: {receiver}."), name=name, receiver=to[:20])
    number = sole(fields, "3000", name)
    if not number:
        raise GdtError(tr("“{name}” names no patient: field 3000 is missing or empty."), name=name)
    patient = AskedPatient(
        number,
        sole(fields, "3101", name),
        sole(fields, "3102", name),
        _birth_date(sole(fields, "3103", name), name),
        _SEXES.get(sole(fields, "3110", name).upper(), "unknown"),
    )
    if not all(text.isprintable() for text in (number, patient.last_name, patient.first_name)):
        raise GdtError(tr("“{name}” has control characters in the patient's number or name."), name=name)
    return Request(wanted, patient, sole(fields, "8402", name), sole(fields, "8316", name), to)


def _birth_date(text: str, name: str) -> dt.date | None:
    """Read a day as DDMMYYYY, or as YYYYMMDD, which some systems write: a year after 1300 is never both."""
    if not text.strip("0"):
        return None
    if len(text) == 8 and text.isascii() and text.isdecimal():
        for year, month, day in ((text[4:], text[2:4], text[:2]), (text[:4], text[4:6], text[6:])):
            try:
                found = dt.date(int(year), int(month), int(day))
            except ValueError:
                continue
            if found.year > _LONG_AGO:
                return found
    raise GdtError(tr("“{name}” has a birth date that does not exist: {text}."), name=name, text=text[:20])


def write_request(request: Request, character_set: CharacterSet) -> bytes:
    """Return a request as a practice system writes it."""
    fields: list[Field] = [
        ("8000", request.kind.value),
        ("8315", request.receiver),
        ("8316", request.sender),
        ("9206", character_set.number),
        ("9218", VERSION),
        *_of_patient(request.patient),
        ("8402", request.test),
    ]
    return write_lines(_filled(fields), character_set)


def write_result(
    result: Result,
    *,
    receiver: str,
    sender: str,
    character_set: CharacterSet,
    findings_field: FindingsField = FindingsField.FINDING,
) -> bytes:
    """Return a result as a file of kind 6310.

    Raises:
        ValueError: there is no finding: a result without one is never written.
        GdtError: a field is too long.
    """
    if not any(line.strip() for line in result.findings):
        raise ValueError("a result needs a finding")
    fields: list[Field] = [
        ("8000", "6310"),
        ("8315", receiver),
        ("8316", sender),
        ("9206", character_set.number),
        ("9218", VERSION),
        *_of_patient(result.patient),
        ("6200", f"{result.moment:%d%m%Y}"),
        ("6201", f"{result.moment:%H%M%S}"),
        ("8402", result.test),
        *((findings_field.value, line) for line in wrapped(result.findings)),
        *(("6227", line) for line in wrapped(result.comments)),
    ]
    for one in result.attachments:
        fields += [("6302", one.name), ("6303", one.file_format), ("6304", one.description), ("6305", one.path)]
    return write_lines(_filled(fields), character_set)


def wrapped(lines: Sequence[str]) -> list[str]:
    """Return lines of at most `WIDTH` characters; a word that is longer is broken."""
    return [part for line in lines for part in textwrap.wrap(line, WIDTH, break_on_hyphens=False)]


def _of_patient(patient: AskedPatient) -> list[Field]:
    birth_date = "" if patient.birth_date is None else f"{patient.birth_date:%d%m%Y}"
    return [
        ("3000", patient.number),
        ("3101", patient.last_name),
        ("3102", patient.first_name),
        ("3103", birth_date),
        ("3110", _NUMBERS.get(patient.sex, "")),
    ]


def _filled(fields: Sequence[Field]) -> list[Field]:
    return [(number, content) for number, content in fields if content]
