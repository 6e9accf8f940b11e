"""The behaviour of a network on changed copies, degraded images and other pictures, and the device in its embedding.

The exported network is asked about held-out images. Its answers are kept in the run, so that figures can be counted again;
the figures are `probe.json`, which is committed beside the answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.quality import Quality, shortfalls
from desktop.core.statistics.proportions import balanced_accuracy
from training.images.label_groups import SEVEN_CLASS_GROUPS, group_owners, group_sums
from training.judging.probe_results import (
    Agreement,
    DegradationResults,
    DegradationStep,
    NevusProofs,
    PictureNovelty,
    ProbeResults,
)
from training.measuring import quality_limits
from training.measuring.copy_agreement import CHANGES, agreement
from training.measuring.nevus_proofs import told_apart
from training.measuring.non_dermoscopy import NonDermoscopyPicture
from training.measuring.probe_answers import MEASURED, TRUTH, WHOLE, write_probe_answers
from training.run.run_folder import RunFolder


def probe(
    run: RunFolder, originals: Sequence[Path], samples: Path, others: Callable[[], Iterable[NonDermoscopyPicture]]
) -> ProbeResults:
    """Ask the network of a run, unless it was asked before, and return the figures of its answers.

    Args:
        run: a finished run.
        originals: folders of larger copies of some of the images, named by the ids of their pictures.
        samples: the folder of the project's drawn samples.
        others: makes the pictures that are not dermoscopy.

    Raises:
        DataError: the run has no model file, or no longer has its arrays.
        ImageError: an image cannot be opened.
    """
    if not run.probed.exists():
        write_probe_answers(run, originals, samples, others)
    with np.load(run.probed, allow_pickle=False) as saved:
        asked = dict(saved)
    record = run.load_record()
    labels = [label.id for label in record.labels]
    far, drawn = (_far(asked, kind) for kind in ("far", "drawn"))
    spoilt = _spoilt(asked, labels, record.settings.input_size)
    return ProbeResults(_agreements(asked, labels), spoilt, far, drawn, _nevus_proofs(asked))


def _agreements(asked: Mapping[str, NDArray[np.float32]], labels: Sequence[str]) -> tuple[Agreement, ...]:
    pairs = sorted(key.removeprefix("small ") for key in asked if key.startswith("small "))
    found = [agreement(name, asked[f"large {name}"], asked[f"small {name}"], labels) for name in pairs]
    return (*found, *(agreement(name, asked["as it is"], asked[f"change {name}"], labels) for name in CHANGES))


def _nevus_proofs(asked: Mapping[str, NDArray[Any]]) -> tuple[NevusProofs, ...]:
    if "nevi embedding" not in asked:
        return ()
    return told_apart(asked["nevi source"], asked["nevi group"], asked["nevi followed"], asked["nevi embedding"])


def _spoilt(asked: Mapping[str, NDArray[np.float32]], labels: Sequence[str], size: int) -> DegradationResults:
    owner = group_owners(labels, SEVEN_CLASS_GROUPS)
    truth = owner[asked[TRUTH].astype(np.int64)]

    def balanced(key: str) -> float:
        return balanced_accuracy(group_sums(asked[key], owner).argmax(axis=1) == truth, truth)

    steps = [
        DegradationStep(
            series,
            amount,
            float(asked[f"measured {series} {amount:g}"]),
            balanced(f"spoilt {series} {amount:g}"),
        )
        for series, kind in quality_limits.SERIES.items()
        for amount in kind.steps
    ]
    whole, images = balanced(WHOLE), len(truth)
    found = [Quality(*row) for row in asked[MEASURED].tolist()]
    start = {
        series: float(size if kind.measured == "side" else np.mean([getattr(one, kind.measured) for one in found]))
        for series, kind in quality_limits.SERIES.items()
    }
    limits = quality_limits.limits_of(whole, steps, start, f"{images} images held out, spoilt step by step")
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
    return DegradationResults(images, whole, tuple(steps), limits, too_poor / images)


def _far(asked: Mapping[str, NDArray[np.generic]], which: str) -> tuple[PictureNovelty, ...]:
    if f"{which} novelty" not in asked:
        return ()
    kinds, names = asked[f"{which} kind"], asked[f"{which} name"]
    return tuple(
        PictureNovelty(str(kind), str(name), (float(f"{value:.4g}"),))
        for kind, name, value in zip(kinds, names, asked[f"{which} novelty"], strict=True)
    )
