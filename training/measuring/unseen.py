"""The answers of a network to the source or label that its training left out (`--without`).

Every interval is 95 % by bootstrap over groups.
"""

import csv
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.statistics.bootstrap import Estimate, Weights, bootstrapped
from desktop.core.statistics.ranking import Ranked
from training.formatting import format_estimate, markdown_table
from training.images.exclusions import LABEL, SOURCE, parse_exclusion
from training.run.run_folder import RunFolder

FILE = "unseen.json"
_AREA = "AUC"


@dataclass(frozen=True)
class UnseenFigures:
    """The figures of `images` left-out images, against `held_out` images of the sources and labels that were trained on.

    `melanoma` is the AUC of melanoma against nevus, by the probability of melanoma, among the images of a left-out source;
    `melanoma_held_out` is the same among the held-out images. `novelty` is the AUC of novelty for left-out against held-out
    images. `called` counts the other labels that images of a left-out label were given. Figures that do not apply are None or
    empty.
    """

    kind: str
    value: str
    images: int
    held_out: int
    melanoma: Estimate | None
    melanoma_held_out: Estimate | None
    novelty: Estimate | None
    called: dict[str, int]


def measure_unseen(run: RunFolder) -> UnseenFigures:
    """Count what the answers of a finished run say of what it was trained without.

    Raises:
        DataError: the run is not finished, or left nothing out.
    """
    record = run.load_record()
    if not record.settings.without or not run.predictions_of(1).exists():
        raise DataError(
            "“{path}” is no finished run that was made --without a source or a label. Make one first.", path=run.path
        )
    kind, value = parse_exclusion(record.settings.without)
    labels = [label.id for label in record.labels]
    groups_of = {image.path: image.group for image in run.load_images()}
    with run.predictions_of(1).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] != "train"]
    is_out = np.array([row["split"] == "test" for row in rows])
    truth = np.array([row["label"] for row in rows])
    groups = np.array([groups_of[row["path"]] for row in rows], np.int64)
    shares = np.array([[float(row[f"p_{label}"]) for label in labels] for row in rows])
    novelty = np.array([float(row["novelty"]) for row in rows]) if all(row["novelty"] for row in rows) else None
    of_melanoma: dict[bool, Estimate | None] = {True: None, False: None}
    if kind == SOURCE and "melanoma" in labels:
        for out in of_melanoma:
            here = (is_out == out) & np.isin(truth, ["melanoma", "nevus"])
            scores = shares[here, labels.index("melanoma")]
            of_melanoma[out] = _area(scores, truth[here] == "melanoma", groups[here])
    called: Counter[str] = Counter()
    if kind == LABEL:
        others = [place for place, label in enumerate(labels) if label != value]
        called.update(labels[others[place]] for place in shares[is_out][:, others].argmax(axis=1).tolist())
    return UnseenFigures(
        kind,
        value,
        int(is_out.sum()),
        int((~is_out).sum()),
        of_melanoma[True],
        of_melanoma[False],
        None if novelty is None else _area(novelty, is_out, groups),
        dict(called.most_common()),
    )


def as_table(found: UnseenFigures) -> str:
    """Return the figures as a table for the screen."""
    rows = [
        ["images left out", str(found.images)],
        ["images held out of the rest", str(found.held_out)],
        ["novelty, left out against held out, AUC", format_estimate(found.novelty, is_share=False)],
    ]
    if found.kind == SOURCE:
        rows += [
            ["melanoma against nevus, left out, AUC", format_estimate(found.melanoma, is_share=False)],
            [
                "melanoma against nevus, held out of the rest, AUC",
                format_estimate(found.melanoma_held_out, is_share=False),
            ],
        ]
    rows += [[f"called {label}", f"{count} of {found.images}"] for label, count in found.called.items()]
    return markdown_table([f"without {found.kind} {found.value}", ""], rows)


def _area(scores: NDArray[np.float64], positive: NDArray[np.bool_], groups: NDArray[np.int64]) -> Estimate | None:
    if not positive.any() or positive.all():
        return None
    ranked = Ranked(scores, positive)

    def area(weights: Weights) -> dict[str, float]:
        return {_AREA: ranked(weights)[0]}

    return bootstrapped(area, groups)[_AREA]
