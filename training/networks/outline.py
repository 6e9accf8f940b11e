"""The decoder of the lesion's outline: it turns feature maps of a trained network into a map of the lesion.

The network itself is unchanged, and so are its answers. The decoder goes from the coarsest maps to the finest and adds the
network's own maps at each size (Lin et al. 2017).
"""

from collections.abc import Sequence
from pathlib import Path

import keras

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.contract import OUTLINE, PROBABILITIES
from training.networks.architectures import module_of
from training.run.config import Config

_WIDTH = 32
"""Channels of the decoder at every size."""

_MOMENTUM = 0.9
"""Momentum of the normalisations' running means: with Keras' 0.99 they lag behind in a training of so few steps."""


def maps_of(network: keras.Model, config: Config) -> list[keras.KerasTensor]:
    """Return the feature maps [batch, side, side, channels] for the decoder, the finest first.

    Raises:
        UsageError: the architecture does not define them.
    """
    layers = getattr(module_of(config), "outline_layers", None)
    if layers is None:
        raise UsageError(
            "A network of the architecture “{name}” learns no outlines. Train efficientnet-lite0, 1 or 2.",
            name=config.architecture,
        )
    return [network.get_layer(name).output for name in layers(network)]


def decoder(shapes: Sequence[tuple[int, int, int]]) -> keras.Model:
    """Return an untrained decoder: feature maps in, the finest first, and probabilities of lesion [batch, side, side] out.

    Args:
        shapes: side, side and channels of each map; the output has the side of the finest.
    """
    maps = [keras.Input(shape) for shape in shapes]
    x = _normalised(keras.layers.Conv2D(_WIDTH, 1, use_bias=False)(maps[-1]))
    for finer in reversed(maps[:-1]):
        x = keras.layers.Add()([_doubled(x, finer), _normalised(keras.layers.Conv2D(_WIDTH, 1, use_bias=False)(finer))])
        x = _normalised(keras.layers.Conv2D(_WIDTH, 3, padding="same", use_bias=False)(x))
    x = keras.layers.Conv2D(1, 1, activation="sigmoid")(x)
    return keras.Model(maps, keras.layers.Reshape(x.shape[1:3])(x), name="decoder")


def _doubled(x: keras.KerasTensor, finer: keras.KerasTensor) -> keras.KerasTensor:
    """Return maps of twice the size, or one less if a stride of two halved an odd size."""
    x = keras.layers.UpSampling2D(2, interpolation="bilinear")(x)
    surplus = x.shape[1] - finer.shape[1]
    return keras.layers.Cropping2D(((0, surplus), (0, surplus)))(x) if surplus else x


def _normalised(x: keras.KerasTensor) -> keras.KerasTensor:
    return keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=_MOMENTUM)(x))


def with_outline(network: keras.Model, config: Config, weights: Path) -> keras.Model:
    """Return the network with a further output: the layer `outline` [batch, side, side] of a trained decoder.

    Raises:
        UsageError: the architecture has no maps for it.
        DataError: the file cannot be read, or has the weights of another decoder.
    """
    maps = maps_of(network, config)
    taught = decoder([tuple(one.shape[1:]) for one in maps])
    try:
        taught.load_weights(weights)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            "The outline's weights in “{path}” cannot be used. Teach it again with “lesionlens-train outline”.",
            path=weights,
        ) from error
    answer = taught(maps)
    outline = keras.layers.Reshape(answer.shape[1:], name=OUTLINE)(answer)
    outputs = network.output if isinstance(network.output, dict) else {PROBABILITIES: network.output}
    return keras.Model(network.input, outputs | {OUTLINE: outline}, name=network.name)
