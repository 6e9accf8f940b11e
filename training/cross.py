"""Cross-validation: one run for each fold, and the answers that every image got from a network that never saw its lesion.

Each fold is a run of its own in `fold-N`, made by the same command that anyone could give for it, so a stopped one carries
on where it was and a finished one is not made again.
"""

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from desktop.core.errors import DataError
from training.agree import Agreement, agreement
from training.figures import Proportion, proportion
from training.merging import SEVEN, owners, summed
from training.run_folder import PreparedImage, RunFolder

COLUMNS = ("path", "picture", "copy", "source", "group", "age", "sex", "site", "fold", "label", "answer")


@dataclass(frozen=True)
class Answer:
    """What an image got from the network of the one fold that held it out; probabilities in the labels' order."""

    image: PreparedImage
    fold: int
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class OutOfFold:
    """The answers of all folds to all images."""

    labels: tuple[str, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class CopyFigures:
    """What was measured on one kind of copy, or on all: shares of nine labels and, where they are known, of seven."""

    copy: str
    accuracy: Proportion
    balanced_accuracy: float
    balanced_accuracy_of_seven: float
    mean_auc: float


def fold_of(folder: Path, number: int) -> RunFolder:
    """Return the run of a fold, numbered from 1."""
    return RunFolder(folder / f"fold-{number}")


def is_finished(run: RunFolder) -> bool:
    """Tell whether a run came to its report, the last file that it writes."""
    return run.report_md.exists()


def make_fold(folder: Path, number: int, given: Mapping[str, Any]) -> None:
    """Make the run of one fold, or carry it on, in a process of its own; do nothing where it is finished.

    Raises:
        DataError: the run failed; it has said why.
    """
    run = fold_of(folder, number)
    if is_finished(run):
        return
    print(f"Fold {number}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "training", "run", "--out", str(run.path), "--resume", "--fold", str(number)]
    for name, value in given.items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            command.append(f"--{option}" if value else f"--no-{option}")
        else:
            command += [f"--{option}", str(value)]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        raise DataError("Fold {number} failed for the reason above. The same command carries on.", number=number)


def collect(folder: Path, folds: int) -> OutOfFold:
    """Return the answers of all folds to the images that each held out.

    Raises:
        DataError: the folds do not hold out every image once: they are not those of one set of data.
    """
    answers = [answer for number in range(1, folds + 1) for answer in _held_out(fold_of(folder, number), number)]
    records = [fold_of(folder, number).load_record() for number in range(1, folds + 1)]
    trained = {
        image.path
        for image in fold_of(folder, 1).load_images()
        if image.row >= 0 and image.split in {"train", "validation"}
    }
    held = [answer.image.path for answer in answers]
    if len(held) != len(trained) or set(held) != trained or len({record.labels for record in records}) > 1:
        raise DataError(
            "The runs in “{folder}” do not hold out every image once: they were not made from the same data. Choose "
            "another folder for --out.",
            folder=folder,
        )
    return OutOfFold(tuple(label.id for label in records[0].labels), tuple(answers))


def write_answers(found: OutOfFold, path: Path) -> None:
    """Write one row for each image: what it is, which fold held it out, and its probabilities."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*COLUMNS, *(f"p_{label}" for label in found.labels)))
        for one in found.answers:
            image = one.image
            about = (image.path, image.picture, image.copy, image.source, image.group, image.age, image.sex, image.site)
            answer = found.labels[int(np.argmax(one.probabilities))]
            shares = (f"{value:.8f}" for value in one.probabilities)
            writer.writerow((*about, one.fold, image.label, answer, *shares))


def by_copy(found: OutOfFold) -> tuple[CopyFigures, ...]:
    """Return the figures of all images and, where there are several, of each kind of copy."""
    copies = sorted({one.image.copy for one in found.answers})
    parts = [("all", found.answers)]
    if len(copies) > 1:
        parts += [(copy, tuple(one for one in found.answers if one.image.copy == copy)) for copy in copies]
    return tuple(_figures(copy, answers, found.labels) for copy, answers in parts)


def copy_agreement(found: OutOfFold) -> tuple[Agreement, ...]:
    """Return how alike the answers to two copies of each picture are, for every two kinds of copy that have some."""
    pictures: dict[str, dict[str, tuple[float, ...]]] = defaultdict(dict)
    for one in found.answers:
        if one.image.picture:
            pictures[one.image.picture][one.image.copy] = one.probabilities
    kinds = sorted({copy for copies in pictures.values() for copy in copies})
    agreements = []
    for first, second in combinations(kinds, 2):
        both = [copies for copies in pictures.values() if first in copies and second in copies]
        if both:
            answers = [np.array([copies[kind] for copies in both], np.float32) for kind in (first, second)]
            agreements.append(agreement(f"“{first}” against “{second}”", answers[0], answers[1], found.labels))
    return tuple(agreements)


def as_table(figures: Sequence[CopyFigures]) -> str:
    """Return the figures as a table for the screen."""
    width = max(len(one.copy) for one in figures) + 2
    lines = [f"{'copy':<{width}}{'accuracy':>36}{'balanced':>10}{'of seven':>10}{'mean AUC':>10}"]
    for one in figures:
        share = one.accuracy
        told = f"{share.k} / {share.n} = {100 * share.value:.1f} % ({100 * share.low:.1f} – {100 * share.high:.1f})"
        balanced = (f"{100 * value:.1f} %" for value in (one.balanced_accuracy, one.balanced_accuracy_of_seven))
        lines.append(
            f"{one.copy:<{width}}{told:>36}{''.join(f'{value:>10}' for value in balanced)}{one.mean_auc:>10.3f}"
        )
    return "\n".join(lines)


def _held_out(run: RunFolder, number: int) -> Iterator[Answer]:
    held = {image.path: image for image in run.load_images() if image.split == "validation" and image.row >= 0}
    with run.predictions_of(views=1).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["split"] == "validation":
                shares = tuple(float(value) for column, value in row.items() if column.startswith("p_"))
                yield Answer(held[row["path"]], number, shares)


def _figures(copy: str, answers: Sequence[Answer], labels: Sequence[str]) -> CopyFigures:
    probabilities = np.array([one.probabilities for one in answers], np.float32)
    truth = np.array([labels.index(one.image.label) for one in answers])
    owner = owners(labels, SEVEN)
    aucs = [
        roc_auc_score(truth == label, probabilities[:, label])
        for label in range(len(labels))
        if 0 < (truth == label).sum() < len(truth)
    ]
    return CopyFigures(
        copy,
        proportion(int((probabilities.argmax(axis=1) == truth).sum()), len(truth)),
        _balanced(probabilities, truth),
        _balanced(summed(probabilities, owner), owner[truth]),
        float(np.mean(aucs)) if aucs else float("nan"),
    )


def _balanced(probabilities: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    right = probabilities.argmax(axis=1) == truth
    return float(np.mean([right[truth == label].mean() for label in np.unique(truth)]))
