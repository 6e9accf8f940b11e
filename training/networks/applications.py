"""Backbones of keras.applications with our own head. Keras downloads their ImageNet weights, which needs a network connection.

The normalisation that each was trained with is one layer of ours: the conversion to ONNX turns EfficientNetV2's own into extra
inputs of the graph. ConvNeXt is not included: on TensorFlow Keras compiles its grouped convolutions separately, and the
conversion cannot see into them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
from numpy.typing import NDArray

from desktop.core.errors import DataError, UsageError
from training.run.config import Config

_SMALLEST_INPUT = 32
"""The smallest input that keras.applications accepts."""

_DROPOUT = 0.2

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's channels, for pixels 0..1."""


@dataclass(frozen=True)
class _Backbone:
    """One backbone: its constructor, and the scale and offset of its pixels."""

    make: Callable[..., keras.Model]
    scale: float | Sequence[float]
    offset: float | Sequence[float]


_BY_CHANNEL = (
    [1 / (255 * deviation) for deviation in _DEVIATION],
    [-mean / deviation for mean, deviation in zip(_MEAN, _DEVIATION, strict=True)],
)
_TO_ONE = (1 / 127.5, -1.0)
_BACKBONES = {
    "efficientnet-v2-b0": _Backbone(keras.applications.EfficientNetV2B0, *_BY_CHANNEL),
    "efficientnet-v2-b1": _Backbone(keras.applications.EfficientNetV2B1, *_BY_CHANNEL),
    "efficientnet-v2-b2": _Backbone(keras.applications.EfficientNetV2B2, *_BY_CHANNEL),
    "efficientnet-v2-b3": _Backbone(keras.applications.EfficientNetV2B3, *_BY_CHANNEL),
    "mobilenet-v3-small": _Backbone(keras.applications.MobileNetV3Small, *_TO_ONE),
    "mobilenet-v3-large": _Backbone(keras.applications.MobileNetV3Large, *_TO_ONE),
}


def build(config: Config, labels: int) -> keras.Model:
    """Return the network, with float pixels 0..255 [n, size, size, 3] in and probabilities [n, labels] out.

    Raises:
        UsageError: the input is smaller than keras.applications accepts.
    """
    size = config.input_size
    if size < _SMALLEST_INPUT:
        raise UsageError("{name} needs --input-size {least} or more.", name=config.architecture, least=_SMALLEST_INPUT)
    image = keras.Input((size, size, 3), name="image")
    maps = _backbone(config, image, weights=None).output
    x = keras.layers.Activation("linear", name="features")(maps)
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    x = keras.layers.Dropout(_DROPOUT, name="dropout")(x)
    probabilities = keras.layers.Dense(labels, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(image, probabilities, name=config.architecture.replace("-", "_"))


def imagenet(config: Config) -> dict[str, list[NDArray[Any]]]:
    """Return the ImageNet weights of each layer of the backbone by its name.

    Raises:
        DataError: Keras could not download them.
    """
    image = keras.Input((config.input_size, config.input_size, 3), name="image")
    try:
        backbone = _backbone(config, image, weights="imagenet")
    except Exception as error:  # Keras raises a bare Exception where a download fails
        raise DataError(
            "Keras could not download the ImageNet weights of {name} ({detail}). Connect to the internet, or give --weights "
            "none; those of efficientnet-lite0, 1 and 2 need no connection.",
            name=config.architecture,
            detail=error,
        ) from error
    return {layer.name: layer.get_weights() for layer in backbone.layers}


def _backbone(config: Config, image: keras.KerasTensor, weights: str | None) -> keras.Model:
    backbone = _BACKBONES[config.architecture]
    scaled = keras.layers.Rescaling(backbone.scale, backbone.offset, name="scaling")(image)
    return backbone.make(include_top=False, weights=weights, input_tensor=scaled, include_preprocessing=False)
