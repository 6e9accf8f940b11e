"""What every image got from a network that never saw its lesion: one small table, from which every figure follows.

The table is committed beside the figures. It holds ids, probabilities and what the data say of each image, and no image.
The probabilities are those before any temperature, so that whoever reads them can fit one on some folds and try it on others.
"""

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError

FILE = "out_of_fold.csv.gz"
"""How the table of a folder of folds is called."""

VIEWS_FILE = "out_of_fold-8-views.csv.gz"
"""The same, each answer the mean over eight views of its image."""

_COLUMNS = ("image", "copy", "source", "group", "age", "sex", "site", "fold", "label", "novelty")
_SHARE = "p_"


@dataclass(frozen=True)
class Held:
    """One image that a fold held out: the id of its picture (or its path, where the data name no pictures), and the rest.

    Images of one `group` show the same lesion or the same picture. `age` is in years, empty where it is not known.
    """

    image: str
    copy: str
    source: str
    group: int
    age: str
    sex: str
    site: str
    fold: int
    label: str


@dataclass(frozen=True)
class OutOfFold:
    """The answers of all folds to all images: `probabilities` float64 [n, labels] before the temperature, `novelty` [n].

    `novelty` is in the unit of each fold's own network, which is the same for all: shares of the distance at which its
    training images lie. None where the networks have none.
    """

    labels: tuple[str, ...]
    images: tuple[Held, ...]
    probabilities: NDArray[np.float64]
    novelty: NDArray[np.float64] | None = None

    @cached_property
    def truth(self) -> NDArray[np.int64]:
        """The place of each image's label among `labels`."""
        places = {label: place for place, label in enumerate(self.labels)}
        return np.array([places[one.label] for one in self.images], np.int64)

    @cached_property
    def folds(self) -> NDArray[np.int64]:
        """The fold that held out each image, numbered from 1."""
        return np.array([one.fold for one in self.images], np.int64)

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """The group of each image, numbered from 0."""
        return np.unique([one.group for one in self.images], return_inverse=True)[1].astype(np.int64)

    def where(self, chosen: NDArray[np.bool_]) -> "OutOfFold":
        """Return the images that are chosen, a truth value for each."""
        images = tuple(one for one, is_chosen in zip(self.images, chosen, strict=True) if is_chosen)
        novelty = None if self.novelty is None else self.novelty[chosen]
        return OutOfFold(self.labels, images, self.probabilities[chosen], novelty)


def write(found: OutOfFold, path: Path) -> None:
    """Write the table, gzipped CSV; the same answers give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*_COLUMNS, *(f"{_SHARE}{label}" for label in found.labels)))
    novelties: Sequence[str] = [""] * len(found.images)
    if found.novelty is not None:
        novelties = [f"{value:.4g}" for value in found.novelty]
    for one, novelty, shares in zip(found.images, novelties, found.probabilities, strict=True):
        about = (one.image, one.copy, one.source, one.group, one.age, one.sex, one.site, one.fold, one.label, novelty)
        writer.writerow((*about, *(f"{share:.4g}" for share in shares)))
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def read(path: Path) -> OutOfFold:
    """Read what `write` wrote.

    Raises:
        DataError: there is no such table, or it cannot be read.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
        labels = tuple(name.removeprefix(_SHARE) for name in rows[0] if name.startswith(_SHARE))
        images = tuple(
            Held(
                row["image"],
                row["copy"],
                row["source"],
                int(row["group"]),
                row["age"],
                row["sex"],
                row["site"],
                int(row["fold"]),
                row["label"],
            )
            for row in rows
        )
        shares = np.array([[float(row[f"{_SHARE}{label}"]) for label in labels] for row in rows])
        novelty = np.array([float(row["novelty"]) for row in rows]) if rows[0]["novelty"] else None
    except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
        raise DataError(
            "“{path}” cannot be read as the answers of folds ({detail}). Make it with lesionlens-train cross.",
            path=path,
            detail=error,
        ) from error
    return OutOfFold(labels, images, shares / shares.sum(axis=1, keepdims=True), novelty)
