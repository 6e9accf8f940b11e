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

from desktop.core.errors import DataError, UsageError
from desktop.core.statistics.proportions import Proportion, balanced_accuracy, proportion
from desktop.core.statistics.ranking import area_under_curve
from training.folds.out_of_fold import Held, OutOfFold
from training.folds.probed import Agreement
from training.images.merging import SEVEN, owners, summed
from training.measuring.agree import agreement
from training.run.config import FOLD
from training.run.run_folder import PreparedImage, RunFolder


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


def finished_folds(folder: Path) -> tuple[RunFolder, ...]:
    """Return the runs of all folds in a folder, in their order.

    Raises:
        DataError: there are none, or one of them is not finished.
    """
    runs = [RunFolder(path) for path in folder.glob("fold-*")]
    count = runs[0].load_record().settings.folds if runs else 0
    ordered = tuple(fold_of(folder, number) for number in range(1, count + 1))
    if not count or not all(is_finished(run) for run in ordered):
        raise DataError("“{folder}” does not hold every fold, finished. Make them with cross first.", folder=folder)
    return ordered


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


def refuse_leak(weights: str) -> None:
    """Refuse weights that every fold would start from: those of one network saw what some fold holds out.

    Raises:
        UsageError: they are neither none, ImageNet's, nor those of a fold each.
    """
    if weights not in {"none", "imagenet"} and FOLD not in weights:
        raise UsageError(
            "The folds would start from a network that saw what they hold out. Give --weights with {fold} in its path, or "
            "imagenet.",
            fold=FOLD,
        )


def have_views(folder: Path, folds: int) -> bool:
    """Tell whether every fold was also measured on eight views of each image."""
    return all(fold_of(folder, number).predictions_of(8).exists() for number in range(1, folds + 1))


def collect(folder: Path, folds: int, views: int = 1) -> OutOfFold:
    """Return the answers of all folds to the images that each held out, the mean over so many views of each.

    Raises:
        DataError: the folds do not hold out every image once: they are not those of one set of data.
    """
    runs = {number: fold_of(folder, number) for number in range(1, folds + 1)}
    labels = [run.load_record().labels for run in runs.values()]
    answers = [answer for number, run in runs.items() for answer in _held_out(run, number, views)]
    trained = {image.path for image in runs[1].load_images() if image.row >= 0 and image.split != "test"}
    held = [answer.path for answer in answers]
    if len(held) != len(trained) or set(held) != trained or len(set(labels)) > 1:
        raise DataError(
            "The runs in “{folder}” do not hold out every image once: they were not made from the same data. Choose "
            "another folder for --out.",
            folder=folder,
        )
    novelties = [answer.novelty for answer in answers if answer.novelty is not None]
    return OutOfFold(
        tuple(label.id for label in labels[0]),
        tuple(answer.image for answer in answers),
        np.concatenate([answer.probabilities[None] for answer in answers]),
        np.array(novelties) if len(novelties) == len(answers) else None,
    )


def by_copy(found: OutOfFold) -> tuple[CopyFigures, ...]:
    """Return the figures of all images and, where there are several, of each kind of copy."""
    copies = np.array([one.copy for one in found.images])
    parts = [("all", found)]
    if len(set(copies)) > 1:
        parts += [(str(copy), found.where(copies == copy)) for copy in np.unique(copies)]
    return tuple(_figures(copy, answers) for copy, answers in parts)


def copies_of(found: OutOfFold) -> Iterator[tuple[str, str, NDArray[np.int64]]]:
    """Yield every two kinds of copy that some pictures have both of, and the two rows of each such picture [n, 2]."""
    pictures: dict[str, dict[str, int]] = defaultdict(dict)
    for place, one in enumerate(found.images):
        if one.copy:
            pictures[one.image][one.copy] = place
    kinds = sorted({copy for copies in pictures.values() for copy in copies})
    for first, second in combinations(kinds, 2):
        both = [(copies[first], copies[second]) for copies in pictures.values() if first in copies and second in copies]
        if both:
            yield first, second, np.array(both, np.int64)


def copy_agreement(found: OutOfFold, probabilities: NDArray[np.float64]) -> tuple[Agreement, ...]:
    """Return how alike the answers to two copies of each picture are, for every two kinds of copy that have some.

    Args:
        found: says which images are copies of which.
        probabilities: the answers to compare, [n, labels].
    """
    return tuple(
        agreement(f"“{first}” against “{second}”", probabilities[rows[:, 0]], probabilities[rows[:, 1]], found.labels)
        for first, second, rows in copies_of(found)
    )


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


@dataclass(frozen=True)
class _Answer:
    path: str
    image: Held
    probabilities: NDArray[np.float64]
    novelty: float | None


def _held_out(run: RunFolder, number: int, views: int) -> Iterator[_Answer]:
    """Yield what a fold's model file answered to the images that it held out, its calibration taken off again."""
    held = {image.path: image for image in run.load_images() if image.split == "validation" and image.row >= 0}
    calibration = run.load_calibration()
    with run.predictions_of(views).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["split"] == "validation":
                shares = np.array([[float(value) for column, value in row.items() if column.startswith("p_")]])
                novelty = float(row["novelty"]) if row.get("novelty") else None
                image = _held(held[row["path"]], number)
                raw = calibration.undo(shares) if calibration else shares
                yield _Answer(row["path"], image, raw[0], novelty)


def _held(image: PreparedImage, fold: int) -> Held:
    return Held(
        image=image.picture or image.path,
        copy=image.copy,
        source=image.source,
        group=image.group,
        age=image.age,
        sex=image.sex,
        site=image.site,
        fold=fold,
        label=image.label,
    )


def _figures(copy: str, found: OutOfFold) -> CopyFigures:
    probabilities, truth, owner = found.probabilities, found.truth, owners(found.labels, SEVEN)
    aucs = [
        area_under_curve(truth == label, probabilities[:, label])
        for label in range(len(found.labels))
        if 0 < (truth == label).sum() < len(truth)
    ]
    return CopyFigures(
        copy,
        proportion(int((probabilities.argmax(axis=1) == truth).sum()), len(truth)),
        balanced_accuracy(probabilities.argmax(axis=1) == truth, truth),
        balanced_accuracy(summed(probabilities, owner).argmax(axis=1) == owner[truth], owner[truth]),
        float(np.mean(aucs)) if aucs else float("nan"),
    )
