"""What the app knows about the nine lesion classes. A model's contract lists its own labels and their order."""

import re
from collections.abc import Collection
from enum import StrEnum

from desktop.core.frozen import frozen
from desktop.core.marking import tr


class Malignancy(StrEnum):
    """The clinical kind of a label, in the order in which the window shows the kinds."""

    MALIGNANT = "malignant"
    PRECURSOR = "precursor"
    BENIGN = "benign"
    UNKNOWN = "unknown"


@frozen
class KnownLabel:
    """A lesion class that the app can describe."""

    id: str
    name: str
    malignancy: Malignancy
    description: str


MELANOMA = "melanoma"


def leading_alert(alerts: Collection[str]) -> str:
    """Return the alert with which an answer leads, by its id: that for melanoma, if it is one of several."""
    return MELANOMA if MELANOMA in alerts else min(alerts)


KNOWN_LABELS = (
    KnownLabel(
        MELANOMA,
        tr("Melanoma"),
        Malignancy.MALIGNANT,
        tr("Malignant tumour of melanocytes, invasive or in situ."),
    ),
    KnownLabel(
        "squamous_cell_carcinoma",
        tr("Squamous cell carcinoma"),
        Malignancy.MALIGNANT,
        tr("Malignant tumour of keratinocytes, Bowen's disease included."),
    ),
    KnownLabel(
        "basal_cell_carcinoma",
        tr("Basal cell carcinoma"),
        Malignancy.MALIGNANT,
        tr("Locally invasive tumour of basal keratinocytes; it rarely metastasises."),
    ),
    KnownLabel(
        "actinic_keratosis",
        tr("Actinic keratosis"),
        Malignancy.PRECURSOR,
        tr("Sun-induced keratinocyte dysplasia; a precursor of squamous cell carcinoma."),
    ),
    KnownLabel(
        "nevus",
        tr("Nevus"),
        Malignancy.BENIGN,
        tr("Benign proliferation of melanocytes."),
    ),
    KnownLabel(
        "pigmented_benign_keratosis",
        tr("Pigmented benign keratosis"),
        Malignancy.BENIGN,
        tr("Seborrheic keratosis, solar lentigo and lichen-planus-like keratosis, as the archive groups them."),
    ),
    KnownLabel(
        "seborrheic_keratosis",
        tr("Seborrheic keratosis"),
        Malignancy.BENIGN,
        tr("Benign tumour of keratinocytes."),
    ),
    KnownLabel(
        "dermatofibroma",
        tr("Dermatofibroma"),
        Malignancy.BENIGN,
        tr("Benign fibrous nodule of the dermis."),
    ),
    KnownLabel(
        "vascular_lesion",
        tr("Vascular lesion"),
        Malignancy.BENIGN,
        tr("Angioma, angiokeratoma, pyogenic granuloma or haemorrhage."),
    ),
)
"""The nine classes in the order in which the window shows them, the most serious first."""

BY_ID = {label.id: label for label in KNOWN_LABELS}

_WORST_FIRST = (Malignancy.MALIGNANT, Malignancy.PRECURSOR, Malignancy.UNKNOWN, Malignancy.BENIGN)
"""Unknown counts as worse than benign here, though it is shown last."""


def badness(label: str, malignancy: Malignancy) -> tuple[int, int]:
    """Return a value that is greater for the worse of two labels: by malignancy, then as `KNOWN_LABELS` lists them."""
    known = list(BY_ID)
    return -_WORST_FIRST.index(malignancy), -(known.index(label) if label in BY_ID else len(known))


def label_id(name: str) -> str:
    """Return the id that a class name stands for, whatever its case, spaces, hyphens or underscores.

    >>> label_id("Basal-cell  carcinoma")
    'basal_cell_carcinoma'
    """
    return re.sub(r"[\s_\-]+", "_", name.strip()).strip("_").casefold()
