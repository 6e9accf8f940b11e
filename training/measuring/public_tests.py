"""The answers of a model file to the test images of the public sets, which were never trained on, from their files."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.imaging.opening import EXTENSIONS
from desktop.core.inference.classifier import Classifier
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labels import label_id
from desktop.core.progress import Progress
from training.images.catalogue import read_catalogue
from training.measuring.copy_agreement import outputs_for

FILE = "test.csv"
_SHARE = "p_"
_COLUMNS = ("image", "source", "label", "conflicting", "novel", "model", "taught")

_ISIC9_TEST = "isic9 Test"
_FOUR_BY_THREE = 4 / 3
"""The aspect of isic9's original frames, which were squashed to squares."""

_COPY_MARK = re.compile(r"\s*\(\d+\)$")
"""The suffix that a file manager gives a second copy: `ISIC_0025509(1).jpg`."""


@dataclass(frozen=True)
class PublicTestAnswers:
    """The answers of one model file to test images: `probabilities` [n, labels], as the app shows them.

    `conflicting` marks images whose picture is also in training data under another label; `novel` marks those beyond the
    model's novelty threshold, if it has one. `taught` is the model's number of training images, None in older files.
    """

    labels: tuple[str, ...]
    model_sha256: str
    images: tuple[str, ...]
    sources: tuple[str, ...]
    truth: NDArray[np.int64]
    conflicting: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    novel: NDArray[np.bool_] | None = None
    taught: int | None = None


def answer_tests(model: Path, data: Path | None, isic9: Path | None) -> PublicTestAnswers:
    """Answer the test images of a CSV and of isic9's Test folder, whichever are given.

    Raises:
        DataError: the CSV has no test images, or isic9's folders are not as `docs/training.md` describes them.
        ImageError: an image cannot be opened.
        ModelError: the model file cannot be used, or has other labels.
    """
    classifier = Classifier(model, threads=0)
    labels = classifier.contract.label_ids
    images = [*(_of_csv(data) if data else ()), *(_of_isic9(isic9) if isic9 else ())]
    if strange := {image.label for image in images} - set(labels):
        raise DataError("“{model}” does not know the labels {labels}.", model=model, labels=", ".join(sorted(strange)))
    doubtful = _conflicts_of(isic9) if isic9 else set()
    progress = Progress("Test images", len(images))
    outputs = list(outputs_for(classifier, [(image.path, image.aspect) for image in images], progress))
    progress.finish()
    novelties = [one.novelty for one in outputs if one.novelty is not None]
    limit = classifier.contract.novelty_threshold
    novel = None if limit is None or not novelties else ~(np.concatenate(novelties) <= limit)
    return PublicTestAnswers(
        labels,
        classifier.sha256,
        tuple(image.picture for image in images),
        tuple(image.source for image in images),
        np.array([labels.index(image.label) for image in images], np.int64),
        np.array([image.source == _ISIC9_TEST and image.picture in doubtful for image in images], bool),
        np.concatenate([one.probabilities for one in outputs]).astype(np.float64),
        novel,
        sum(classifier.contract.training_data.label_counts.values()),
    )


def _of_csv(data: Path) -> list[LabelledImage]:
    found = [image for image in read_catalogue(data).images if image.split == "test"]
    if not found:
        raise DataError("“{data}” names no image whose split is test.", data=data)
    return found


def _of_isic9(folder: Path) -> Iterator[LabelledImage]:
    """Yield the images of `Test/<class>/`, without second copies."""
    classes = sorted(path for path in (folder / "Test").glob("*") if path.is_dir())
    if not classes:
        raise DataError("“{folder}” holds no Test/<class> folders of images.", folder=folder)
    for path in (file for one in classes for file in sorted(one.iterdir()) if file.suffix.casefold() in EXTENSIONS):
        if not _COPY_MARK.search(path.stem):
            label = label_id(path.parent.name)
            yield LabelledImage(
                path, path.name, label, "test", source=_ISIC9_TEST, aspect=_FOUR_BY_THREE, picture=path.stem
            )


def _conflicts_of(isic9: Path) -> set[str]:
    """Return the ids of test images that are also in another class's folder, according to `conflicts.csv`."""
    table = isic9 / "conflicts.csv"
    if not table.is_file():
        return set()
    with table.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["image_id"]
            for row in csv.DictReader(file)
            if row["folder"].startswith("Test/") and "also in" in row["note"]
        }


def write(found: PublicTestAnswers, path: Path) -> None:
    """Write one row for each image."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*_COLUMNS, *(f"{_SHARE}{label}" for label in found.labels)))
        for place, image in enumerate(found.images):
            marks = int(found.conflicting[place]), "" if found.novel is None else int(found.novel[place])
            about = (image, found.sources[place], found.labels[found.truth[place]], *marks)
            shares = (f"{share:.4g}" for share in found.probabilities[place])
            writer.writerow((*about, found.model_sha256, "" if found.taught is None else found.taught, *shares))


def read(path: Path) -> PublicTestAnswers | None:
    """Read what `write` wrote; None if there is no such file.

    Raises:
        DataError: the file cannot be read.
    """
    if not path.is_file():
        return None
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return _tested(list(csv.DictReader(file)))
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise DataError("“{path}” cannot be read ({detail}). Test again.", path=path, detail=error) from error


def refuse_other_model(found: PublicTestAnswers, sha256: str, path: Path) -> None:
    """Refuse answers that another model file gave.

    Raises:
        DataError: the answers are those of another file.
    """
    if found.model_sha256 != sha256:
        raise DataError(
            "“{path}” holds the answers of another model file than the card's. Test again: make evaluate DATA=FOLDER.",
            path=path,
        )


def _tested(rows: Sequence[dict[str, str]]) -> PublicTestAnswers:
    labels = tuple(name.removeprefix(_SHARE) for name in rows[0] if name.startswith(_SHARE))
    return PublicTestAnswers(
        labels,
        rows[0]["model"],
        tuple(row["image"] for row in rows),
        tuple(row["source"] for row in rows),
        np.array([labels.index(row["label"]) for row in rows], np.int64),
        np.array([row["conflicting"] == "1" for row in rows], bool),
        np.array([[float(row[f"{_SHARE}{label}"]) for label in labels] for row in rows]),
        np.array([row["novel"] == "1" for row in rows]) if rows[0]["novel"] else None,
        int(rows[0]["taught"]) if rows[0].get("taught") else None,
    )
