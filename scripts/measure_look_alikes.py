"""Measure how often similar images share a diagnosis: `python scripts/measure_look_alikes.py RUN`, after each new model.

RUN is the folder of the training, whose images held out are used: those of lesions that histology proved, one of each. The
limit within which the app calls images similar is set on them and written to resources/look_alikes.json, the table to
docs/look-alikes.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference import similarity
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.near_limits import NearLimit
from desktop.core.labels import BY_ID, KNOWN_LABELS, Malignancy
from desktop.core.paths import NEAR_LIMITS, SHIPPED_MODEL
from desktop.core.statistics.proportions import proportion
from training.run.run_folder import PreparedImage, RunFolder

PAIRS_WITHIN = 0.01
"""Share of all pairs of different lesions that are nearer than the limit. It fits one sentence: nearer than 99 of 100 pairs."""

FEWEST = 20
"""Fewest lesions of a diagnosis for a row of its own."""

PAGE = Path(__file__).parent.parent / "docs" / "look-alikes.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->"

_BATCH = 32
_SAME = {"pigmented_benign_keratosis": "keratosis", "seborrheic_keratosis": "keratosis"}
_KERATOSIS = "Keratosis (pigmented benign or seborrheic)"


def main() -> None:
    """Measure, write the limit and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    arguments = parser.parse_args()
    classifier = Classifier(arguments.model)
    run = RunFolder(arguments.run)
    images = proved(run.load_images())
    vectors = vectors_of(classifier, run.load_array("validation"), images)
    far = 1 - vectors @ vectors.T
    pairs = far[np.triu_indices(len(images), 1)]
    measured = NearLimit(
        classifier.sha256,
        similarity.METHOD,
        round(float(np.quantile(pairs, PAIRS_WITHIN)), 4),
        PAIRS_WITHIN,
        "images held out of training, of lesions that histology proved, one of each",
        len(images),
    )
    NEAR_LIMITS.write_text(json.dumps([dataclasses.asdict(measured)], indent=2) + "\n", encoding="utf-8")
    diagnoses = np.array([_SAME.get(image.label, image.label) for image in images])
    table = "\n".join(rows(far, diagnoses, measured))
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def proved(images: tuple[PreparedImage, ...]) -> list[PreparedImage]:
    """Return the first image held out of each lesion that histology proved."""
    chosen: dict[int, PreparedImage] = {}
    for image in sorted(images, key=lambda one: one.row):
        if image.split == "validation" and image.row >= 0 and image.confirmed_by == "histopathology":
            chosen.setdefault(image.group, image)
    return list(chosen.values())


def vectors_of(classifier: Classifier, array: NDArray[np.uint8], images: list[PreparedImage]) -> NDArray[np.float32]:
    """Return the vectors of images as the app keeps them [n, d]."""
    found = []
    for start in range(0, len(images), _BATCH):
        here = np.stack([array[image.row] for image in images[start : start + _BATCH]])
        embedding = classifier.run(here).embedding
        if embedding is None:
            raise SystemExit("This model has no embedding.")
        found.append(similarity.reduced(embedding))
    return np.concatenate(found)


def rows(far: NDArray[np.float32], diagnoses: NDArray[np.str_], measured: NearLimit) -> Iterator[str]:
    """Yield the lines of the page: the limit, and how often the nearest image within it has the same diagnosis."""
    others = far + 10 * np.eye(len(far), dtype=np.float32)
    nearest = others.argmin(axis=1)
    is_near = others.min(axis=1) <= measured.limit
    is_same = diagnoses[nearest] == diagnoses
    pairs = np.triu_indices(len(far), 1)
    same_pairs = (diagnoses[:, None] == diagnoses[None, :])[pairs]
    within = same_pairs[far[pairs] <= measured.limit]
    yield f"Model `{measured.model_sha256[:16]}…`, {measured.lesions:,} lesions, limit {measured.limit:.4f}."
    yield ""
    yield f"Of all {len(same_pairs):,} pairs of different lesions {100 * same_pairs.mean():.0f} % share the diagnosis,"
    yield f"of the {len(within):,} pairs within the limit {100 * within.mean():.0f} %."
    yield ""
    heads = ("diagnosis", "lesions", "with an image within the limit", "of these: the nearest has the same diagnosis")
    yield f"| {' | '.join(heads)} | is malignant |"
    yield "| --- | --- | --- | --- | --- |"
    malignant = np.isin(diagnoses, [one.id for one in KNOWN_LABELS if one.malignancy is Malignancy.MALIGNANT])
    for diagnosis in [None, *sorted(set(diagnoses.tolist()))]:
        of_it = np.ones(len(far), bool) if diagnosis is None else diagnoses == diagnosis
        if of_it.sum() < FEWEST:
            continue
        here = of_it & is_near
        same, bad = int((here & is_same).sum()), int((here & malignant[nearest]).sum())
        parts = (share(int(here.sum()), int(of_it.sum())), share(same, int(here.sum())), share(bad, int(here.sum())))
        yield f"| {name_of(diagnosis)} | {of_it.sum():,} | {' | '.join(parts)} |"


def name_of(diagnosis: str | None) -> str:
    """Return the name of a row."""
    if diagnosis is None:
        return "**all**"
    return BY_ID[diagnosis].name if diagnosis in BY_ID else _KERATOSIS


def share(part: int, whole: int) -> str:
    """Return a count of another, with Wilson's interval."""
    if not whole:
        return "–"
    found = proportion(part, whole)
    return f"{part} / {whole} = {100 * part / whole:.0f} % ({100 * found.low:.0f} – {100 * found.high:.0f})"


if __name__ == "__main__":
    main()
