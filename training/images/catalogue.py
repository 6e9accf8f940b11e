"""The catalogue of images and their labels, read from class folders or from a CSV."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.contract import Label
from desktop.core.labelled_images.class_folders import read_folders
from desktop.core.labelled_images.labelled import FoundImages, LabelledImage
from desktop.core.labelled_images.labelled_csv import read_csv
from desktop.core.labels import BY_ID, Malignancy
from desktop.core.own_labels import add_malignancy, label_of, malignancies

_FORMS = "DIR/Train/<class>/ with DIR/Test/<class>/, DIR/<class>/, or a CSV with the columns path and label"


@dataclass(frozen=True)
class Catalogue:
    """The labelled images of one data folder or CSV, sorted by name; `labels` are in the order of the model's outputs.

    `remarks` are sentences on what was skipped and on what cannot be learned.
    """

    labels: tuple[Label, ...]
    images: tuple[LabelledImage, ...]
    remarks: tuple[str, ...] = ()


def read_catalogue(data: Path, *, labels_from_folders: bool = False, malignancy: str = "") -> Catalogue:
    """Read the images and labels of `data`, a folder or a CSV; no image is opened yet.

    Args:
        data: `Train/<class>/*` with `Test/<class>/*`, `<class>/*`, or a CSV.
        labels_from_folders: accept class names that the app does not know as labels of unknown malignancy.
        malignancy: of such labels, in the syntax of `own_labels.malignancies`. A class name whose malignancy is given here or
            in the CSV is accepted without `labels_from_folders`.

    Raises:
        UsageError: the malignancy cannot be read, contradicts another, or belongs to a label without images.
        DataError: there is nothing to train on, or the data cannot be read; the sentence says why.
    """
    if data.is_dir():
        found = read_folders(data)
    elif data.is_file():
        found = read_csv(data)
    else:
        raise DataError("“{data}” is neither a folder nor a CSV file. Give {forms}.", data=data, forms=_FORMS)
    names = found.names
    if not found.images:
        raise DataError("“{data}” holds no images with a label. Expected is {forms}.", data=data, forms=_FORMS)
    own = _own(found, malignancy)
    unknown = sorted(name for label, name in names.items() if label not in BY_ID and label not in own)
    if unknown and not labels_from_folders:
        raise DataError(
            "{names} not among the labels that LesionLens knows. Rename, or give --malignancy or --labels-from-folders to "
            "train on labels of your own.",
            names=_listed(unknown),
        )
    if len(names) < 2:
        raise DataError(
            "All images of “{data}” carry the one label “{name}”; a model needs at least two. Add another class.",
            data=data,
            name=next(iter(names.values())),
        )
    labels = tuple(label_of(names[label], own) for label in sorted(names))
    images = tuple(sorted(found.images, key=lambda image: image.name))
    return Catalogue(labels, images, (*map(str, found.remarks), *_never_taught(labels, images)))


def _own(found: FoundImages, malignancy: str) -> dict[str, Malignancy]:
    """Return the malignancy of labels, by their ids, as the data and the command give it."""
    own = dict(found.malignancies)
    for label, given in malignancies(malignancy).items():
        if label not in found.names:
            raise UsageError("--malignancy speaks of “{label}”, which no image carries.", label=label)
        add_malignancy(own, found.names[label], given)
    return own


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names[:3]]
    if len(names) > len(quoted):
        quoted.append(f"{len(names) - len(quoted)} more")
    if len(quoted) == 1:
        return f"The class name {quoted[0]} is"
    return f"The class names {', '.join(quoted[:-1])} and {quoted[-1]} are"


def _never_taught(labels: Sequence[Label], images: Sequence[LabelledImage]) -> list[str]:
    """Return a remark on each label that has images to test on but none to train on."""
    taught = {image.label for image in images if image.split in {None, "train"}}
    counts = Counter(image.label for image in images)
    return [
        f"“{label.name}” has {counts[label.id]} images to measure on and none to learn from: the model will never name it."
        for label in labels
        if label.id not in taught
    ]
