"""How unlike the training images a picture is: a distance in the network's own embedding, inside the exported graph.

The Mahalanobis distance (Lee et al. 2018) from the mean of the training embeddings, in their covariance, shrunk towards a
multiple of the identity. One mean serves for all labels: with one for each, or by the residual outside the principal
subspace alone (Wang et al. 2022), a trial network told dermoscopy from other pictures no better (docs/experiments.md).
"""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.core.inference.contract import EMBEDDING, NOVELTY, PROBABILITIES
from training.config import Config
from training.degradation import degraded

SHRINKAGE = 0.01
"""What the covariance takes of the identity: keeps the distance finite, and float32 exact, where embeddings never vary."""

_MOST = 6000
"""Training images whose embeddings are taken, evenly spread: five for each dimension of the largest embedding."""

_DEGRADED = 3
"""Of so many of these one is taken again as another copy of it would look: other copies are nothing new."""

_STREAM = 5
"""Of random numbers, beside those of `dataset`, `fit` and `sampling`."""

_BATCH = 64


@dataclass(frozen=True)
class Whitening:
    """Turns embeddings into vectors whose length is their distance: `kernel` [d, d], `bias` [d], `scale` of the length.

    After `scale` the median distance of the training images is 1.
    """

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]
    scale: float


def fitted(model: keras.Model, pixels: NDArray[np.uint8], config: Config) -> Whitening:
    """Fit the distance on the training images of a network.

    Args:
        model: the network, with a layer called `embedding`.
        pixels: the training images as model inputs, uint8 [n, size, size, 3].
        config: says how copies of an image differ, and the seed.
    """
    embedding = keras.Model(model.input, model.get_layer(EMBEDDING).output)
    random = np.random.default_rng((config.seed, _STREAM))
    found = []
    chosen = range(0, len(pixels), -(-len(pixels) // _MOST))
    for start in range(0, len(chosen), _BATCH):
        images = [pixels[row] for row in chosen[start : start + _BATCH]]
        images += [np.asarray(degraded(Image.fromarray(image), random, config)) for image in images[::_DEGRADED]]
        found.append(embedding.predict_on_batch(np.stack(images).astype(np.float32)))
    return whitening(np.concatenate(found).astype(np.float64))


def whitening(embeddings: NDArray[np.float64]) -> Whitening:
    """Return what makes a distance of embeddings [n, d], n at least 2, alike to these."""
    mean = embeddings.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(embeddings, rowvar=False))
    variances = np.maximum(variances, 0)
    level = float(variances.mean()) or 1.0
    kernel = axes / np.sqrt((1 - SHRINKAGE) * variances + SHRINKAGE * level)
    distances = np.linalg.norm((embeddings - mean) @ kernel, axis=1)
    scale = 1 / (float(np.median(distances)) or 1.0)
    return Whitening(kernel.astype(np.float32), (-mean @ kernel).astype(np.float32), scale)


def distances(embeddings: NDArray[np.floating], whitened: Whitening) -> NDArray[np.float64]:
    """Return the novelty [n] of embeddings [n, d]."""
    lengths: NDArray[np.float64] = np.linalg.norm(embeddings @ whitened.kernel + whitened.bias, axis=1).astype(float)
    return lengths * whitened.scale


def attached(model: keras.Model, whitened: Whitening) -> keras.Model:
    """Return the network with a second output: `novelty` [batch] beside `probabilities`."""
    layer = keras.layers.Dense(len(whitened.bias), name="whitening", trainable=False)
    vectors = layer(model.get_layer(EMBEDDING).output)
    layer.set_weights([whitened.kernel, whitened.bias])
    distance = keras.ops.sqrt(keras.ops.sum(keras.ops.square(vectors), axis=-1))
    novelty = keras.layers.Rescaling(whitened.scale, name=NOVELTY)(distance)
    return keras.Model(model.input, {PROBABILITIES: model.output, NOVELTY: novelty}, name=model.name)
