"""Novelty: how unlike the training images a picture is, as a distance in the network's embedding, inside the exported graph.

It is the Mahalanobis distance (Lee et al. 2018) from the mean of the training embeddings, with their covariance shrunk towards
a multiple of the identity. All labels share one mean: with a mean for each label, or with the residual outside the principal
subspace (Wang et al. 2022), a trial network separated dermoscopy from other pictures hardly better (docs/experiments.md).
"""

from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.core.inference.contract import EMBEDDING, NOVELTY, PROBABILITIES
from training.networks.degradation import degraded
from training.run.config import Config

SHRINKAGE = 0.01
"""Weight of the identity in the covariance: keeps distances finite, and float32 exact enough, where embeddings never vary."""

_AXES = 256
"""Principal axes with their own variance; all further axes of a longer embedding share one, which is nearly all shrinkage.
The whole kernel of EfficientNet-Lite would take 6.6 MB."""

_MOST = 6000
"""Number of training images, evenly spread, for the fit: five for each dimension of the largest embedding."""

_DEGRADED = 3
"""Every third image is also taken degraded, like another copy of it: other copies are not novel."""

_STREAM = 5
"""The random stream of the degradation; see `batches` for the others."""

_BATCH = 64


@dataclass(frozen=True)
class Whitening:
    """Turns embeddings [n, d] into distances.

    With y = (x - `mean`) / `deviation`, the distance is `scale` times |y `kernel`| if the kernel `is_whole` [d, d]. Otherwise
    it is `scale` times the root of |y|^2 - |y `kernel`|^2: `deviation` is that of the axes of little variance, and `kernel`
    [d, k] subtracts the excess of the k axes of larger variance. With `scale` the median distance of the training images is 1.
    """

    mean: NDArray[np.float32]
    deviation: float
    kernel: NDArray[np.float32]
    scale: float
    is_whole: bool


def fit_whitening(model: keras.Model, pixels: NDArray[np.uint8], config: Config) -> Whitening:
    """Fit the distance on the training images of a network.

    Args:
        model: the network, with a layer called `embedding`.
        pixels: the training images as model inputs, uint8 [n, size, size, 3].
        config: the degradation of copies, and the seed.
    """
    embedding = keras.Model(model.input, model.get_layer(EMBEDDING).output)
    random = np.random.default_rng((config.seed, _STREAM))
    found = []
    chosen = range(0, len(pixels), -(-len(pixels) // _MOST))
    for start in range(0, len(chosen), _BATCH):
        images = [pixels[row] for row in chosen[start : start + _BATCH]]
        images += [np.asarray(degraded(Image.fromarray(image), random, config)) for image in images[::_DEGRADED]]
        found.append(embedding.predict_on_batch(np.stack(images).astype(np.float32)))
    return whitening_of(np.concatenate(found).astype(np.float64))


def whitening_of(embeddings: NDArray[np.float64]) -> Whitening:
    """Return the whitening of embeddings [n, d], n at least 2."""
    mean = embeddings.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(embeddings, rowvar=False))
    variances = np.maximum(variances, 0)
    shrunk = (1 - SHRINKAGE) * variances + SHRINKAGE * (float(variances.mean()) or 1.0)
    first = len(shrunk) - _AXES  # they are sorted, the least first
    least = float(shrunk[:first].mean()) if first > 0 else 1.0
    kernel = axes[:, first:] * np.sqrt(1 - least / shrunk[first:]) if first > 0 else axes / np.sqrt(shrunk)
    unscaled = Whitening(mean.astype(np.float32), least**0.5, kernel.astype(np.float32), 1.0, is_whole=first <= 0)
    return replace(unscaled, scale=1 / (float(np.median(distances(embeddings, unscaled))) or 1.0))


def distances(embeddings: NDArray[np.floating], whitened: Whitening) -> NDArray[np.float64]:
    """Return the novelty [n] of embeddings [n, d]."""
    centred = (embeddings - whitened.mean) / whitened.deviation
    along = ((centred @ whitened.kernel) ** 2).sum(axis=1)
    squares = along if whitened.is_whole else (centred**2).sum(axis=1) - along
    lengths: NDArray[np.float64] = np.sqrt(np.maximum(squares, 0)).astype(float)
    return lengths * whitened.scale


def with_novelty_output(model: keras.Model, whitened: Whitening) -> keras.Model:
    """Return the network with a second output: `novelty` [batch] beside `probabilities`."""
    # An untrained batch normalisation: the weights of Keras' Normalization layer would become inputs of the graph.
    centring = keras.layers.BatchNormalization(center=False, scale=False, epsilon=0, name="centring", trainable=False)
    centred = centring(model.get_layer(EMBEDDING).output)
    centring.set_weights([whitened.mean, np.full(len(whitened.mean), whitened.deviation**2)])
    layer = keras.layers.Dense(whitened.kernel.shape[1], use_bias=False, name="whitening", trainable=False)
    along = keras.ops.sum(keras.ops.square(layer(centred)), axis=-1)
    layer.set_weights([whitened.kernel])
    squares = along if whitened.is_whole else keras.ops.sum(keras.ops.square(centred), axis=-1) - along
    distance = keras.ops.sqrt(keras.ops.maximum(squares, 0.0))
    novelty = keras.layers.Rescaling(whitened.scale, name=NOVELTY)(distance)
    return keras.Model(model.input, {PROBABILITIES: model.output, NOVELTY: novelty}, name=model.name)
