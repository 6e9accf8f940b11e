"""Batch normalisations folded into the convolutions before them: the same answers, with fewer layers to compute."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EPSILON = 1e-3
"""Of the normalisations of EfficientNet-Lite, as published."""

_CONVOLUTION, _NORMALISATION = "_convolution", "_normalisation"
"""How the names of these layers end."""


def fold_batch_norm(
    kernel: NDArray[Any], normalisation: Sequence[NDArray[Any]], *, is_depthwise: bool
) -> list[NDArray[Any]]:
    """Return kernel and bias of a convolution without bias that answer as it and its normalisation do.

    Args:
        kernel: [height, width, channels in, channels out]; of a depthwise convolution the last is 1.
        normalisation: gamma, beta, mean and variance of the channels that come out.
        is_depthwise: whether each channel is convolved by itself.
    """
    gamma, beta, mean, variance = (part.astype(np.float64) for part in normalisation)
    factor = gamma / np.sqrt(variance + _EPSILON)
    scaled = kernel * (factor[:, None] if is_depthwise else factor)
    return [scaled.astype(np.float32), (beta - mean * factor).astype(np.float32)]


def without_normalisations(found: Mapping[str, list[NDArray[Any]]]) -> dict[str, list[NDArray[Any]]]:
    """Return the weights of layers by name, each `X_normalisation` folded into the `X_convolution` before it.

    Files of weights from before the networks were built without normalisations hold both.
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
