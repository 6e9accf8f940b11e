"""Measures how far the areas of one lesion differ between two photographs of it, by the outlines of the shipped model.

Each pair is one lesion of a folder with a `manifest.csv`: two images of HAM10000, or one of HAM10000 and one of MILK10k. Their
scales are not known: the scale is that which registration finds, so its error is part of the difference, and so is any true
change. Only lesions that were held out from training are used, see docs/measured.
"""

import argparse
import csv
import gzip
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measuring import machine
from desktop.core.imaging.preprocessing import seen_box
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.lesion_size import LesionSize, measure
from desktop.core.inference.outline import trace
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.registration import registering
from desktop.core.registration.registering import RegistrationError
from desktop.core.statistics.bootstrap import Weights, bootstrapped

_HELD_OUT = Path(__file__).parents[1] / "docs" / "measured" / "efficientnet-lite0" / "answers.csv.gz"
_WITHIN = 0.9
"""The share of pairs whose areas differ by no more than the reported difference."""


@dataclass(frozen=True)
class Pair:
    """Two images of one lesion."""

    first: Path
    second: Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder with a manifest.csv")
    parser.add_argument("--most", type=int, help="most pairs of each kind (default: all)")
    options = parser.parse_args(arguments)
    classifier = Classifier(SHIPPED_MODEL)
    print(machine(["numpy", "pillow", "onnxruntime"]), flush=True)
    print("\n| | pairs | no size | not aligned | compared | median | nine of ten (95 %) |\n| --- | " + "---: | " * 6)
    for name, pairs in _pairs(options.data).items():
        _print(name, pairs[: options.most], classifier)
    return 0


def _pairs(folder: Path) -> dict[str, list[Pair]]:
    with gzip.open(_HELD_OUT, "rt", encoding="utf-8", newline="") as file:
        held_out = {row["lesion"] for row in csv.DictReader(file)}
    lesions: dict[str, dict[str, list[Path]]] = {}
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["lesion_id"] in held_out and row["geometry"] == "full frame":
                found = lesions.setdefault(row["lesion_id"], {})
                found.setdefault(row["source"], []).append(folder / row["path"])
    one, other = "HAM10000", "MILK10k"
    of_both = [found for _, found in sorted(lesions.items()) if one in found]
    return {
        f"{one} twice": [Pair(*found[one][:2]) for found in of_both if len(found[one]) > 1],
        f"{one} and {other}": [Pair(found[one][0], found[other][0]) for found in of_both if other in found],
    }


def _print(name: str, pairs: Sequence[Pair], classifier: Classifier) -> None:
    sizes = [(_size(pair.first, classifier), _size(pair.second, classifier)) for pair in pairs]
    measured = [
        (pair, first, second)
        for pair, (first, second) in zip(pairs, sizes, strict=True)
        if first is not None and second is not None
    ]
    apart = [_apart(*one) for one in measured]
    known = np.array([value for value in apart if value is not None])

    def figures(weights: Weights) -> dict[str, float]:
        drawn = np.repeat(known, weights.astype(int))
        return {"median": float(np.median(drawn)), "most": float(np.quantile(drawn, _WITHIN))}

    estimates = bootstrapped(figures, np.arange(len(known)))
    median, most = estimates["median"], estimates["most"]
    print(
        f"| {name} | {len(pairs)} | {len(pairs) - len(measured)} | {len(measured) - len(known)} | {len(known)} |"
        f" {median.value:.1%} | {most.value:.0%} ({most.low:.0%} to {most.high:.0%}) |",
        flush=True,
    )


def _size(path: Path, classifier: Classifier) -> LesionSize | None:
    """Return the size of a lesion in pixels, None where the app measures none."""
    test = classifier.contract.outline
    if test is None:
        raise ValueError("the shipped model draws no outlines")
    (drawn,) = classifier.outline(classifier.prepare(path.read_bytes(), path.name)[None])
    with Image.open(path) as image:
        seen = seen_box(*image.size, classifier.contract.fit)
    return measure(trace(drawn), seen, test).size


def _apart(pair: Pair, first: LesionSize, second: LesionSize) -> float | None:
    """Return how much larger the larger area is, as a share of the smaller one; None if the images cannot be aligned."""
    try:
        found = registering.register(*(_opened(path) for path in (pair.first, pair.second)))
    except RegistrationError:
        return None
    ratio = second.area / (first.area * found.transform.scale**2)
    return float(np.exp(abs(np.log(ratio)))) - 1


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


if __name__ == "__main__":
    sys.exit(main())
