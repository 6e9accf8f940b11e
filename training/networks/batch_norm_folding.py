"""Folds batch normalisations into the preceding convolutions: the same answers, with fewer layers to compute."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EPSILON = 1e-3
"""Of the normalisations of EfficientNet-Lite, as published."""

_CONVOLUTION, _NORMALISATION = "_convolution", "_normalisation"
"""The suffixes of these layers' names."""


def fold_batch_norm(
    kernel: NDArray[Any], normalisation: Sequence[NDArray[Any]], *, is_depthwise: bool
) -> list[NDArray[Any]]:
    """Return kernel and bias equivalent to a convolution without bias followed by its normalisation.

    Args:
        kernel: [height, width, channels in, channels out]; for a depthwise convolution the last is 1.
        normalisation: gamma, beta, mean and variance of the output channels.
        is_depthwise: whether each channel is convolved by itself.
    """
    gamma, beta, mean, variance = (part.astype(np.float64) for part in normalisation)
    factor = gamma / np.sqrt(variance + _EPSILON)
    scaled = kernel * (factor[:, None] if is_depthwise else factor)
    return [scaled.astype(np.float32), (beta - mean * factor).astype(np.float32)]


def without_normalisations(found: Mapping[str, list[NDArray[Any]]]) -> dict[str, list[NDArray[Any]]]:
    """Return the weights of layers by name, each `X_normalisation` folded into its `X_convolution`.

    Weight files of earlier versions, whose networks had normalisations, contain both.
    """
    result = dict(found)
    for layer, arrays in found.items():
        name = layer.removesuffix(_NORMALISATION)
        convolution = f"{name}{_CONVOLUTION}"
        if name != layer and len(found.get(convolution, ())) == 1:
            [kernel] = found[convolution]
            result[convolution] = fold_batch_norm(kernel, arrays, is_depthwise=name.endswith("_depthwise"))
            del result[layer]
    return result
