"""Figures, errors and labels in words, the same everywhere in the window."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from desktop.core.errors import AppError
from desktop.core.labels import BY_ID, Malignancy
from desktop.core.marking import tr

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract, Label

KINDS = {
    Malignancy.MALIGNANT: tr("Malignant"),
    Malignancy.PRECURSOR: tr("Precursor"),
    Malignancy.BENIGN: tr("Benign"),
    Malignancy.UNKNOWN: tr("Malignancy not known"),
}
"""The headings of the result, in order."""

DISCLAIMER = tr("Not a certified medical device. For research and teaching; your own examination decides.")

PROBABILITY_ALONE, MALIGNANT_ALONE = tr("Image alone"), tr("Malignant sum, image alone")
"""The headings of columns with figures of the image alone, in every table; see `alone_text`."""

_MALIGNANCY = tr("Malignancy")

_DAMAGED = tr("damaged")
_DAMAGED_YEAR = 1970
"""The year of `NO_TIME` and `NO_DAY` in `desktop.core.records.damage`, which mean a time that cannot be read."""


def translated(text: str) -> str:
    """Translate a text that the core has marked for translation."""
    return QCoreApplication.translate("", text)


def sentence(error: AppError) -> str:
    """Return the sentence of an error in the user's language; days in it are written as everywhere in the window."""
    fields = {name: local_day(value) if type(value) is date else value for name, value in error.fields.items()}
    return translated(error.template).format(**fields)


def percent(probability: float) -> str:
    """Return a probability as a whole percentage, but never 0 % or 100 %, which no model can know."""
    if probability < 0.01:
        return "<\u00a01\u00a0%"  # at the end of a line the sign would be overlooked
    if probability > 0.99:
        return ">\u00a099\u00a0%"
    return f"{probability * 100:.0f} %"


def alone_text(*, is_region: bool) -> str:
    """Return whose a figure is that the model makes of an image, or of a region of it, and of nothing else.

    Nothing else is what is known of the patient, the practice's own share of melanomas, and the lesion's other images.
    """
    return _tr("region alone") if is_region else _tr("image alone")


def mean_text(images: int) -> str:
    """Return whose a figure is that is the mean over so many images of a lesion at one visit."""
    return _tr("mean of {count} images").format(count=images)


def region_name(width: int, height: int) -> str:
    """Return the name of a region of an image by its size in pixels."""
    return _tr("region of {width} × {height} pixels").format(width=width, height=height)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Figures", text)


def count(number: int) -> str:
    """Return a count with separated thousands."""
    return f"{number:,}".replace(",", "\u202f")


def numbered(number: int, one: str, several: str, **fields: str) -> str:
    """Return the text for one thing, or that for several with their `{count}`; either with its other fields."""
    return (one if number == 1 else several).format(count=count(number), **fields)


def shown_after() -> str:
    """Return when blind-first shows hidden answers; `Disclosures.awaiting` says which wait for today's diagnosis."""
    return _tr(
        "Answers appear once you have given your diagnosis. For the open patient and patients seen today, that is today's."
    )


def label_name(contract: Contract, label_id: str) -> str:
    """Return the name of a label: the app's own if it knows the label, else the model's."""
    return label_name_of(label_id, next((label.name for label in contract.labels if label.id == label_id), label_id))


def leading_name(contract: Contract, leading: tuple[str, ...]) -> str:
    """Return the name of what an answer names: a label, or the group of its labels."""
    group = next((one.name for one in contract.groups if len(leading) > 1 and set(one.labels) == set(leading)), None)
    return label_name(contract, leading[0]) if group is None else translated(group)


def label_name_of(label_id: str, otherwise: str) -> str:
    """Return the app's own name of a label if it has one, else the given name."""
    return translated(BY_ID[label_id].name) if label_id in BY_ID else otherwise


def flag_name(flag_id: str) -> str:
    """Return the name of a flag that a saved answer gives only by id."""
    if flag_id == "malignant":
        return translated(_MALIGNANCY)
    return label_name_of(flag_id, flag_id.replace("_", " "))


def in_order(labels: Iterable[Label]) -> list[Label]:
    """Return labels in display order: malignant, precursor, benign, unknown; within each, in the app's order."""
    kinds, known = list(KINDS), list(BY_ID)
    return sorted(
        labels,
        key=lambda label: (kinds.index(label.malignancy), known.index(label.id) if label.id in BY_ID else len(known)),
    )


def local_time(moment: datetime) -> str:
    """Return a time in the user's time zone, to the minute, with the month in letters: 3/11 and 11/3 must not be confused."""
    if moment.year == _DAMAGED_YEAR:
        return translated(_DAMAGED)
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, "d MMM yyyy hh:mm")


def local_day(day: date) -> str:
    """Return a date with the month in letters."""
    if day.year == _DAMAGED_YEAR:
        return translated(_DAMAGED)
    return QLocale().toString(QDate(day.year, day.month, day.day), "d MMM yyyy")
