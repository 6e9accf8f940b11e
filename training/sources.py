"""One CSV from a pool of public images with one manifest: HAM10000, MILK10k, ISIC 2017 and further ISIC Archive images.

Combining public sets can falsify figures in several ways, which are prevented here:

- no image of isic9's Test folder, no copy of one, and no other image of its lesion is trained on;
- the validation images of ISIC 2017 are test images, never trained on;
- images without one of the nine labels are left out, and so are copies of a picture whose labels disagree;
- images of one lesion, in any set, and copies of one picture are one group, which no split separates.
"""

import csv
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.core.errors import DataError
from desktop.core.judging.training_pictures import TrainingPictures
from desktop.core.labelled_images.audit import audit, open_images
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labelled_images.labelled_csv import COLUMNS
from desktop.core.labelled_images.tables import read_table
from desktop.core.labels import KNOWN_LABELS, label_id
from training.images.conflicts import dropped_images

_NO_LABEL, _OF_ISIC9_TEST = "none of the nine labels", "image or lesion of isic9's Test folder"

_TEST_FOLDER = "isic2017_validation"
"""A folder of the pool: published as validation images, used here as test images."""

_READ = (
    "image_id",
    "path",
    "label",
    "diagnosis",
    "confirmed_by",
    "lesion_id",
    "source",
    "age",
    "sex",
    "site",
    "skin_tone",
    "isic9_test",
)


@dataclass(frozen=True)
class CollectedImage:
    """One image for the CSV, and the name of its group."""

    image: LabelledImage
    group: str


@dataclass(frozen=True)
class CollectedImages:
    """The rows of the CSV, and how many images were left out for which reason."""

    rows: tuple[CollectedImage, ...]
    left_out: dict[str, int]


def collect(manifest: Path) -> CollectedImages:
    """Read a pool's manifest, compare every image with all others, and return the images that can be trained on together.

    Raises:
        DataError: the manifest or an image that it names is not there, or it lacks a column.
    """
    images, aside = _labelled(manifest)
    found = audit(images)
    dropped = dropped_images(found)
    names = {group: images[group].group or images[group].picture for group in set(found.groups)}
    rows = tuple(
        CollectedImage(image, names[found.groups[index]]) for index, image in enumerate(images) if index not in dropped
    )
    return CollectedImages(rows, dict(aside + Counter(dropped.values())))


def training_pictures(manifest: Path, fingerprint: str) -> TrainingPictures:
    """Return what recognises the images of a pool that a model learned from, or that set its limits: all but the test images.

    What `collect` drops for its conflicts is kept here: it may have been learned from by an earlier version.

    Args:
        manifest: the pool's.
        fingerprint: that of the model's training data.

    Raises:
        DataError: the manifest or an image that it names is not there, or it lacks a column.
    """
    images = [image for image in _labelled(manifest)[0] if image.split != "test"]
    return TrainingPictures.of(fingerprint, np.array([one.thumbnail for one in open_images(images) if not one.problem]))


def _labelled(manifest: Path) -> tuple[list[LabelledImage], Counter[str]]:
    """Return the images of a manifest that may be used, and how many are left out for which reason."""
    aside: Counter[str] = Counter()
    images: list[LabelledImage] = []
    if not manifest.is_file():
        raise DataError("“{path}” is not there. Give the pool's manifest.csv.", path=manifest)
    for read in read_table(manifest, _READ, _READ).rows:
        row = read.cells
        if not row["label"]:
            aside[_NO_LABEL] += 1
        elif row["isic9_test"]:
            aside[_OF_ISIC9_TEST] += 1
        else:
            images.append(_image(manifest.parent, row))
    if not images:
        raise DataError("“{manifest}” names no image with one of the nine labels.", manifest=manifest)
    return images, aside


def write_csv(collected: CollectedImages, path: Path) -> None:
    """Write the rows, with paths relative to the CSV's folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in collected.rows:
            image = row.image
            cells = {
                "path": _relative(image.path, path.parent),
                "group": row.group,
                "split": image.split or "",
                "aspect": "",
                "age": "" if image.age is None else image.age,
            }
            writer.writerow([cells.get(column, getattr(image, column, "")) for column in COLUMNS])


def counts_table(collected: CollectedImages) -> str:
    """Return a table for the screen: the images of each label by source, then the number left out by reason."""
    sources = sorted({row.image.source for row in collected.rows})
    counts = Counter((row.image.label, row.image.source) for row in collected.rows)
    width = max(len(label.name) for label in KNOWN_LABELS) + 2
    lines = ["".join([f"{'images':<{width}}", *(f"{source:>23}" for source in sources)])]
    lines += [
        "".join([f"{label.name:<{width}}", *(f"{counts[label.id, source]:>23}" for source in sources)])
        for label in KNOWN_LABELS
    ]
    groups = len({row.group for row in collected.rows})
    lines.append(f"{len(collected.rows)} images in {groups} groups.")
    lines += [f"{count} images left out: {reason}." for reason, count in sorted(collected.left_out.items())]
    return "\n".join(lines)


def _image(pool: Path, row: dict[str, str]) -> LabelledImage:
    path = pool / row["path"]
    if not path.is_file():
        raise DataError("“{path}”, which the manifest names, does not exist.", path=path)
    is_test = row["path"].startswith(f"{_TEST_FOLDER}/")
    return LabelledImage(
        path,
        path.name,
        label_id(row["label"]),
        split="test" if is_test else None,
        group=row["lesion_id"],
        source=f"{row['source']} validation" if is_test else row["source"],
        age=float(row["age"]) if row["age"] else None,
        sex=row["sex"],
        site=row["site"],
        picture=row["image_id"],
        lesion=row["lesion_id"],
        diagnosis=row["diagnosis"],
        confirmed_by=row["confirmed_by"],
        skin_tone=row["skin_tone"],
    )


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive of Windows
        return path.resolve().as_posix()
