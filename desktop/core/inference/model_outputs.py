"""A model's outputs for a batch of images, and the check that they are usable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

_MAX_SUM_ERROR = 1e-3
"""How far the sum of an image's probabilities may be from one; with float32 softmax it is below 1e-6."""


@frozen
class ModelOutputs:
    """A model's outputs for a batch of n images; None for outputs that the model does not have.

    `probabilities` float32 [n, labels], `embedding` [n, d], `activation` [n, h, w, labels], `novelty` [n].
    """

    probabilities: NDArray[np.float32]
    embedding: NDArray[np.float32] | None
    activation: NDArray[np.float32] | None
    novelty: NDArray[np.float32] | None


def fault_of(outputs: ModelOutputs, images: int, labels: int) -> str | None:
    """Return what is wrong with the outputs of a model with `labels` labels for `images` images, or None."""
    probabilities, activation = outputs.probabilities, outputs.activation
    if probabilities.shape != (images, labels):
        return f"it answers with {probabilities.shape}, not one probability for each label"
    if not (np.all(probabilities >= 0) and np.all(np.abs(probabilities.sum(axis=1) - 1) < _MAX_SUM_ERROR)):  # nor NaN
        return "its probabilities are negative or do not sum to one"
    if outputs.novelty is not None and outputs.novelty.shape != (images,):
        return f"its novelty is {outputs.novelty.shape}, not one figure for each image"
    if outputs.embedding is not None and (outputs.embedding.ndim != 2 or len(outputs.embedding) != images):
        return f"its embedding is {outputs.embedding.shape}, not one row for each image"
    if activation is not None and (
        activation.ndim != 4 or activation.shape[::3] != (images, labels) or not activation.size
    ):
        return f"its activation is {activation.shape}, not one map for each image and label"
    for name, figures in (("novelty", outputs.novelty), ("embedding", outputs.embedding), ("activation", activation)):
        if figures is not None and not (figures.dtype.kind == "f" and np.all(np.isfinite(figures))):
            return f"its {name} is not made of finite numbers"
    return None


def fault_of_outline(outline: NDArray[np.float32], images: int, size: int) -> str | None:
    """Return what is wrong with the output `outline` for so many images of a model whose outlines have this size, or None."""
    if outline.shape != (images, size, size):
        return f"its outline is {outline.shape}, not one map of {size} x {size} for each image"
    if not (outline.dtype.kind == "f" and np.all((outline >= 0) & (outline <= 1))):  # nor NaN
        return "its outline is not made of probabilities"
    return None
