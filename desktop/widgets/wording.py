"""How figures, errors and labels are put into words, the same everywhere in the window."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop.core.errors import AppError
from desktop.core.inference.contract import Contract
from desktop.core.labels import BY_ID, Malignancy
from desktop.core.marking import tr

KINDS = {
    Malignancy.MALIGNANT: tr("Malignant"),
    Malignancy.PRECURSOR: tr("Precursor"),
    Malignancy.BENIGN: tr("Benign"),
    Malignancy.UNKNOWN: tr("Malignancy not known"),
}
"""The headings of the result, in the order in which they stand."""


def translated(text: str) -> str:
    """Translate a text that the core has marked."""
    return QCoreApplication.translate("", text)


def sentence(error: AppError) -> str:
    """Return the sentence of an error in the user's language."""
    return translated(error.template).format(**error.fields)


def percent(probability: float) -> str:
    """Return a probability as whole per cents; never 0 % and never 100 %, which no model can know."""
    if probability < 0.01:
        return "< 1 %"
    if probability > 0.99:
        return "> 99 %"
    return f"{probability * 100:.0f} %"


def label_name(contract: Contract, label_id: str) -> str:
    """Return the name of a label: the app's own where it knows the label, else the model's."""
    if label_id in BY_ID:
        return translated(BY_ID[label_id].name)
    return next((label.name for label in contract.labels if label.id == label_id), label_id)


def local_time(moment: datetime) -> str:
    """Return a time in the user's time zone and format, to the minute."""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)
