"""What the networks of folds do with changed copies, spoilt images and other pictures: all out of fold, pooled over the folds.

Each fold's exported network is asked about images that it held out. What every fold answered is kept in its folder, so that
a stopped probe carries on; the pooled figures are `probe.json`, which is committed beside the answers of the folds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.quality import Quality, shortfalls
from desktop.core.statistics.proportions import balanced_accuracy
from training.folds.probed import Agreement, Far, Probed, Spoilt, Step
from training.images.merging import SEVEN, owners, summed
from training.measuring import spoiling
from training.measuring.agree import CHANGES, agreement
from training.measuring.asking import MEASURED, TRUTH, WHOLE, ask
from training.measuring.pictures import Picture
from training.run.run_folder import RunFolder


def probe(
    runs: Sequence[RunFolder], originals: Sequence[Path], samples: Path, others: Callable[[], Iterable[Picture]]
) -> Probed:
    """Ask the network of each fold, unless it was asked before, and pool what they answered.

    Args:
        runs: the finished folds.
        originals: folders of larger copies of some of the images, named by the ids of their pictures.
        samples: the folder of the project's drawn samples.
        others: makes the pictures that are no dermoscopy.

    Raises:
        DataError: a fold has no model file or no arrays any more.
        ImageError: an image cannot be opened.
    """
    for run in runs:
        if not run.probed.exists():
            ask(run, originals, samples, others)
    asked = []
    for run in runs:
        with np.load(run.probed, allow_pickle=False) as saved:
            asked.append(dict(saved))
    record = runs[0].load_record()
    labels = [label.id for label in record.labels]
    far, drawn = (_far(asked, kind) for kind in ("far", "drawn"))
    spoilt = _spoilt(asked, labels, record.settings.input_size)
    return Probed(_agreements(asked, labels), spoilt, far, drawn)


def _agreements(asked: Sequence[Mapping[str, NDArray[np.float32]]], labels: Sequence[str]) -> tuple[Agreement, ...]:
    def pooled(key: str) -> NDArray[np.float32]:
        return np.concatenate([one[key] for one in asked if key in one])

    pairs = sorted({key.removeprefix("small ") for one in asked for key in one if key.startswith("small ")})
    found = [agreement(name, pooled(f"large {name}"), pooled(f"small {name}"), labels) for name in pairs]
    return (*found, *(agreement(name, pooled("as it is"), pooled(f"change {name}"), labels) for name in CHANGES))


def _spoilt(asked: Sequence[Mapping[str, NDArray[np.float32]]], labels: Sequence[str], size: int) -> Spoilt:
    owner = owners(labels, SEVEN)
    truth = owner[np.concatenate([one[TRUTH] for one in asked]).astype(np.int64)]

    def balanced(key: str) -> float:
        answered = summed(np.concatenate([one[key] for one in asked]), owner).argmax(axis=1)
        return balanced_accuracy(answered == truth, truth)

    def mean(key: str) -> float:
        return float(np.average([one[key] for one in asked], weights=[len(one[TRUTH]) for one in asked]))

    steps = [
        Step(series, amount, mean(f"measured {series} {amount:g}"), balanced(f"spoilt {series} {amount:g}"))
        for series, kind in spoiling.SERIES.items()
        for amount in kind.steps
    ]
    whole, images = balanced(WHOLE), len(truth)
    found = [Quality(*row) for one in asked for row in one[MEASURED].tolist()]
    start = {
        series: float(size if kind.measured == "side" else np.mean([getattr(one, kind.measured) for one in found]))
        for series, kind in spoiling.SERIES.items()
    }
    limits = spoiling.limits(whole, steps, start, f"{images} images out of fold, spoilt step by step")
    too_poor = sum(
        bool(
            shortfalls(
                one,
                sharpness_least=limits.sharpness_least,
                dark_most=limits.exposure_dark_most,
                bright_most=limits.exposure_bright_most,
                glare_most=limits.glare_most,
            )
        )
        for one in found
    )
    return Spoilt(images, whole, tuple(steps), limits, too_poor / images)


def _far(asked: Sequence[Mapping[str, NDArray[np.generic]]], which: str) -> tuple[Far, ...]:
    if not all(f"{which} novelty" in one for one in asked):
        return ()
    novelty = np.stack([one[f"{which} novelty"] for one in asked], axis=1)
    kinds, names = asked[0][f"{which} kind"], asked[0][f"{which} name"]
    return tuple(
        Far(str(kind), str(name), tuple(float(f"{value:.4g}") for value in row))
        for kind, name, row in zip(kinds, names, novelty, strict=True)
    )
