"""The phases of training: first the last layer alone or small images, then all layers at full size; with their optimizers."""

from collections.abc import Sequence
from typing import Any

import keras

from desktop.core.labels import MELANOMA
from training.images.label_groups import group_owners, groups_of
from training.networks.losses import AdjustedCrossentropy
from training.run.config import Config

_HEAD = "probabilities"
PAIR = (MELANOMA, "nevus")
"""The central question of dermoscopy, and the two labels that are hardest to distinguish."""

_LOWEST = 0.01
"""The share of the learning rate at which the cosine ends; with less, the last epochs would change nothing."""


def begins(config: Config, epoch: int) -> bool:
    """Tell whether a phase begins with this epoch, the first being 0."""
    return epoch in {0, config.frozen_epochs, config.small_epochs}


def size_of(config: Config, epoch: int) -> int:
    """Return the side of the images that an epoch shows, in pixels."""
    return config.small_size if epoch < config.small_epochs else config.full_size


def begin(
    model: keras.Model, config: Config, epoch: int, steps: int, labels: Sequence[str], shares: Sequence[float]
) -> None:
    """Freeze or unfreeze layers for the phase of this epoch, and compile the network with a new optimizer.

    Args:
        model: the network.
        config: the settings.
        epoch: the first epoch of the phase, from 0.
        steps: the number of steps in an epoch.
        labels: the label ids in the order of the outputs.
        shares: the share of each label among the images that an epoch shows.
    """
    is_frozen = epoch < config.frozen_epochs
    first = round(config.frozen_share * len(model.layers))
    for place, layer in enumerate(model.layers):
        is_kept = place < first or (config.frozen_normalisation and isinstance(layer, keras.layers.BatchNormalization))
        layer.trainable = not is_kept and (not is_frozen or layer.name == _HEAD)
    model.compile(
        optimizer=_optimizer(config, is_frozen, steps),
        loss=_loss(config, labels, shares),
        metrics=["accuracy"],
    )
    if config.weight_decay:  # only kernels decay, not normalisations and biases
        model.optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])


def grow(small: keras.Model, model: keras.Model) -> None:
    """Give a compiled network for larger images the weights and the optimizer state of the one for small images."""
    model.set_weights(small.get_weights())
    model.optimizer.build(model.trainable_variables)
    for own, earlier in zip(model.optimizer.variables, small.optimizer.variables, strict=True):
        own.assign(earlier)


def _loss(config: Config, labels: Sequence[str], shares: Sequence[float]) -> Any:
    pair = tuple(labels.index(label) for label in PAIR) if set(PAIR) <= set(labels) else ()
    owner = group_owners(labels, [group.labels for group in groups_of(labels)])
    if config.adjustment or config.keratoses_apart < 1 or config.melanoma_or_nevus:
        return AdjustedCrossentropy(
            shares,
            config.adjustment,
            owners=owner.tolist(),
            apart=config.keratoses_apart,
            pair=pair,
            pair_weight=config.melanoma_or_nevus if pair else 0.0,
        )
    return "categorical_crossentropy" if config.mixes_labels else "sparse_categorical_crossentropy"


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
