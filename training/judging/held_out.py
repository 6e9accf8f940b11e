"""The answers of one network to the images held out of its training: a small table from which every figure is computed.

The table is committed beside the figures. It holds ids, probabilities and metadata of each image, but no image. The
probabilities are uncalibrated, so that a calibration can be fitted on some of them and tested on others.
"""

import csv
import dataclasses
import gzip
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.labels import BY_ID, Malignancy, badness
from desktop.core.own_labels import malignancy
from training.run.run_folder import PreparedImage

FILE = "answers.csv.gz"
"""The table's file name in a run."""

LEFT_OUT = "left_out.csv.gz"
"""The same table for the images that the training left out (`--without`)."""

FOLDS = 10
"""Number of folds for cross-fitting: what is fitted on nine of them is tested on the tenth."""

BIOPSIED, FOLLOWED = "histopathology", "follow_up"
"""Values of `confirmed_by`: how the diagnosis was proved."""

_SHARE = "p_"


@dataclass(frozen=True)
class HeldOutImage:
    """One held-out image with its metadata; unknown values are empty.

    `diagnosis` is in the source's own words. Images of one `group` show the same lesion or the same picture. `age` is in
    years, `skin_tone` from 0 (darkest) to 5 (lightest).
    """

    image: str
    lesion: str
    group: int
    source: str
    diagnosis: str
    confirmed_by: str
    label: str
    age: str
    sex: str
    site: str
    skin_tone: str

    @classmethod
    def of(cls, image: PreparedImage) -> Self:
        """Return an image of a run as a held-out image."""
        return cls(
            image=image.picture or image.path,
            lesion=image.lesion,
            group=image.group,
            source=image.source,
            diagnosis=image.diagnosis,
            confirmed_by=image.confirmed_by,
            label=image.label,
            age=image.age,
            sex=image.sex,
            site=image.site,
            skin_tone=image.skin_tone,
        )


@dataclass(frozen=True)
class HeldOutAnswers:
    """The answers to all held-out images: `probabilities` float64 [n, labels] before calibration, and `novelty` [n].

    `novelty` is None if the network has no such output. `own` is the malignancy of labels that the app does not know, by id.
    `inseparable` numbers for each image what no fold may separate, where that is more than its group: a patient, say.
    """

    labels: tuple[str, ...]
    images: tuple[HeldOutImage, ...]
    probabilities: NDArray[np.float64]
    novelty: NDArray[np.float64] | None = None
    own: Mapping[str, Malignancy] = field(default_factory=dict)
    inseparable: tuple[int, ...] | None = None

    @cached_property
    def truth(self) -> NDArray[np.int64]:
        """The index in `labels` of each image's label."""
        places = {label: place for place, label in enumerate(self.labels)}
        return np.array([places[one.label] for one in self.images], np.int64)

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """The group of each image, numbered from 0."""
        return np.unique([one.group for one in self.images], return_inverse=True)[1].astype(np.int64)

    @cached_property
    def malignant(self) -> tuple[str, ...]:
        """The labels that are malignant, in the order of `labels`."""
        return tuple(label for label in self.labels if malignancy(label, self.own) is Malignancy.MALIGNANT)

    @cached_property
    def folds(self) -> NDArray[np.int64]:
        """The cross-fitting fold of each image, numbered from 1; no group is split, nor what is `inseparable`.

        Groups are sorted by their worst label, then by a hash of their first image's name, and dealt to the folds in turn.
        So every fold has its share of each label, and the same images always give the same folds.
        """
        first: dict[int, str] = {}
        worst: dict[int, int] = {}
        order = sorted(BY_ID, key=lambda label: badness(label, BY_ID[label].malignancy))
        together = self.inseparable or [one.group for one in self.images]
        for one, group in zip(self.images, together, strict=True):
            rank = order.index(one.label) if one.label in BY_ID else -1
            first[group] = min(one.image, first.get(group, one.image))
            worst[group] = max(rank, worst.get(group, rank))
        dealt = sorted(first, key=lambda group: (worst[group], hashlib.sha256(first[group].encode()).hexdigest()))
        part = {group: place % FOLDS + 1 for place, group in enumerate(dealt)}
        return np.array([part[group] for group in together], np.int64)

    def having(self, **wanted: str) -> NDArray[np.bool_]:
        """Return which images have these values, for example `confirmed_by="histopathology"`."""
        return np.array([all(getattr(one, name) == value for name, value in wanted.items()) for one in self.images])

    def subset(self, chosen: NDArray[np.bool_]) -> "HeldOutAnswers":
        """Return the answers to the chosen images, given as a mask [n]."""
        images = tuple(one for one, is_chosen in zip(self.images, chosen, strict=True) if is_chosen)
        novelty = None if self.novelty is None else self.novelty[chosen]
        whole = self.inseparable
        kept = None if whole is None else tuple(one for one, is_kept in zip(whole, chosen, strict=True) if is_kept)
        return HeldOutAnswers(self.labels, images, self.probabilities[chosen], novelty, self.own, kept)


_COLUMNS = tuple(field.name for field in dataclasses.fields(HeldOutImage))


def write(found: HeldOutAnswers, path: Path) -> None:
    """Write the table as gzipped CSV; the same answers give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*_COLUMNS, "novelty", *(f"{_SHARE}{label}" for label in found.labels)))
    novelties = [""] * len(found.images) if found.novelty is None else [f"{value:.5g}" for value in found.novelty]
    for one, novelty, shares in zip(found.images, novelties, found.probabilities, strict=True):
        writer.writerow((*dataclasses.astuple(one), novelty, *(f"{share:.6g}" for share in shares)))
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def read(path: Path) -> HeldOutAnswers:
    """Read what `write` wrote.

    Raises:
        DataError: the table does not exist or cannot be read.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
        labels = tuple(name.removeprefix(_SHARE) for name in rows[0] if name.startswith(_SHARE))
        images = tuple(
            HeldOutImage(**{name: int(row[name]) if name == "group" else row[name] for name in _COLUMNS})  # type: ignore[arg-type]
            for row in rows
        )
        shares = np.array([[float(row[f"{_SHARE}{label}"]) for label in labels] for row in rows])
        novelty = np.array([float(row["novelty"]) for row in rows]) if rows[0]["novelty"] else None
    except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
        raise DataError(
            "“{path}” cannot be read as the answers to held-out images ({detail}). Make it with lesionlens-train finish.",
            path=path,
            detail=error,
        ) from error
    return HeldOutAnswers(labels, images, shares / shares.sum(axis=1, keepdims=True), novelty)
