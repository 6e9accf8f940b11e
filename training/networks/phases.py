"""The two phases of a training: the last layer alone while the rest is frozen, then all layers; and their steps."""

from collections.abc import Sequence
from typing import Any

import keras

from training.networks.losses import AdjustedCrossentropy
from training.run.config import Config

_HEAD = "probabilities"
_LOWEST = 0.01
"""Of the learning rate what the cosine ends at: below, the last epochs would change nothing."""


def begins(config: Config, epoch: int) -> bool:
    """Tell whether a phase begins with this epoch, the first being 0."""
    return epoch in {0, config.frozen_epochs}


def begin(model: keras.Model, config: Config, epoch: int, steps: int, shares: Sequence[float]) -> None:
    """Free or freeze the layers for the phase of this epoch, and give them an optimizer of their own.

    Args:
        model: the network.
        config: says how.
        epoch: the first of the phase, from 0.
        steps: of an epoch.
        shares: of each label among the images that an epoch shows.
    """
    is_frozen = epoch < config.frozen_epochs
    first = round(config.frozen_share * len(model.layers))
    for place, layer in enumerate(model.layers):
        is_kept = place < first or (config.frozen_normalisation and isinstance(layer, keras.layers.BatchNormalization))
        layer.trainable = not is_kept and (not is_frozen or layer.name == _HEAD)
    model.compile(
        optimizer=_optimizer(config, is_frozen, steps),
        loss=_loss(config, shares),
        metrics=["accuracy"],
    )
    carry_on(model, config)


def _loss(config: Config, shares: Sequence[float]) -> Any:
    if config.adjustment:
        return AdjustedCrossentropy(shares, config.adjustment)
    return "categorical_crossentropy" if config.mixes_labels else "sparse_categorical_crossentropy"


def carry_on(model: keras.Model, config: Config) -> None:
    """Set what a checkpoint does not keep of its optimizer: kernels alone decay, not normalisations and biases."""
    if config.weight_decay:
        model.optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])


def finished(model: keras.Model, config: Config, steps: int) -> int:
    """Return how many epochs a checkpoint has seen: the steps that its optimizer counted, and the phase before."""
    is_thawed = any(layer.trainable_weights for layer in model.layers if layer.name != _HEAD)
    return int(model.optimizer.iterations) // steps + (config.frozen_epochs if is_thawed else 0)


def _optimizer(config: Config, is_frozen: bool, steps: int) -> keras.optimizers.Optimizer:
    rate: Any = config.frozen_learning_rate if is_frozen else config.learning_rate
    if config.schedule == "cosine" and not is_frozen:
        rising = round(config.warmup * steps)
        falling = max(1, (config.epochs - config.frozen_epochs) * steps - rising)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0 if rising else config.learning_rate,
            falling,
            alpha=_LOWEST,
            warmup_target=config.learning_rate if rising else None,
            warmup_steps=rising,
        )
    if not config.weight_decay:
        return keras.optimizers.Adam(rate)
    return keras.optimizers.AdamW(rate, weight_decay=config.weight_decay)
