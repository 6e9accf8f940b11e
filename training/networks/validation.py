"""The figures of a network in training on images that it does not learn from, in one pass over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.statistics.ranking import area_under_curve
from training.networks.batches import PlainBatches


@dataclass(frozen=True)
class Validation:
    """The figures of some images: `areas` are AUCs by name, None where an AUC has no image on one side.

    `probabilities` are the answers, float32 [n, labels].
    """

    loss: float
    accuracy: float
    areas: dict[str, float | None]
    probabilities: NDArray[np.float32]


def validate(model: keras.Model, images: PlainBatches, sums: Mapping[str, Sequence[int]]) -> Validation:
    """Answer images with a compiled network.

    Args:
        model: the network; its own loss is told.
        images: the images with their targets.
        sums: by name, the labels whose summed probability an AUC is of: their indices.
    """
    probabilities = model.predict(images, verbose=0)
    # Unlike `evaluate`, a prediction leaves the answers to count further figures from.
    losses = keras.losses.get(model.loss)(images.labels, probabilities)
    truth = (images.labels if images.labels.ndim == 1 else images.labels.argmax(axis=1)).astype(np.int64)
    return Validation(
        float(keras.ops.convert_to_numpy(keras.ops.mean(losses))),
        float((probabilities.argmax(axis=1) == truth).mean()),
        {name: _area(probabilities, truth, members) for name, members in sums.items()},
        probabilities,
    )


def _area(probabilities: NDArray[np.float32], truth: NDArray[np.int64], members: Sequence[int]) -> float | None:
    positive = np.isin(truth, members)
    if not 0 < positive.sum() < len(positive):
        return None
    return area_under_curve(positive, probabilities[:, list(members)].sum(axis=1))
