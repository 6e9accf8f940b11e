"""The initial weights of a training: none, ImageNet's, those of the shipped model, or those of an earlier run."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras
from numpy.typing import NDArray

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.paths import RESOURCES, SHIPPED_MODEL
from training.networks.architectures import build, find, module_of
from training.networks.batch_norm_folding import without_normalisations
from training.run.config import Config
from training.run.run_folder import RunFolder

SHIPPED = RESOURCES / "classifier.weights.h5"
"""The weights of the shipped model, in a format that runs no code when loaded."""

_NO_FILE = ("none", "imagenet")

_TWO_LABELS = 2
"""A head for a network that is only tried."""

_HEAD = "probabilities"
"""The one layer that depends on the labels: its weights are used if the labels are the same."""


def origin(config: Config) -> Contract | None:
    """Return the contract of the model whose weights training starts from, None where that is none or not known.

    Raises:
        ModelError: it cannot be read.
    """
    if config.weights == "shipped":
        return Classifier(SHIPPED_MODEL).contract
    if config.weights in _NO_FILE:
        return None
    beside = RunFolder(config.weights_file.parent).contract
    return parse_contract(beside.read_bytes()) if beside.is_file() else None


def load(model: keras.Model, config: Config, labels: Sequence[str]) -> None:
    """Give the network the weights that `config.weights` names: `none`, `imagenet`, `shipped`, or a `.weights.h5` file.

    In a file name, `{fold}` stands for the number of the fold: each fold starts from the one trained on the same images.
    The last layer's weights are used only if they belong to the same labels, given by their ids.

    Raises:
        UsageError: there are no ImageNet weights for this architecture.
        DataError: the weights cannot be read, or belong to another network.
        ModelError: the contract beside the weights, which names their labels, cannot be read.
    """
    if config.weights == "none":
        return
    if config.weights == "imagenet":
        if not find(config.architecture).has_imagenet:
            raise UsageError("There are no ImageNet weights of {name}. Give --weights none.", name=config.architecture)
        _assign(model, {**module_of(config).imagenet(config), _HEAD: []}, "ImageNet")
        return
    path = SHIPPED if config.weights == "shipped" else config.weights_file
    found = without_normalisations(_read(path))
    earlier = origin(config)
    if earlier is None or earlier.label_ids != tuple(labels):
        found[_HEAD] = []
    _assign(model, found, str(path))


def refuse_wrong_start(config: Config) -> None:
    """Build the network at each of its input sizes and load its first weights, to refuse at once what cannot work.

    Raises:
        UsageError, DataError, ModelError: as `build` and `load`.
    """
    own = config.input_size or find(config.architecture).input_size
    for size in (own, config.small_size) if config.small_epochs else (own,):
        load(build(replace(config, input_size=size), _TWO_LABELS), config, ())


def load_file(model: keras.Model, path: Path) -> None:
    """Give the network the weights of a `.weights.h5` file, with or without separate normalisations.

    Raises:
        DataError: the weights cannot be read, or belong to another network.
    """
    _assign(model, without_normalisations(_read(path)), str(path))


def _assign(model: keras.Model, found: dict[str, list[NDArray[Any]]], name: str) -> None:
    taken = []
    for layer in model.layers:
        own = [tuple(variable.shape) for variable in layer.weights if "seed" not in variable.name]
        given = found.get(layer.name, [])
        if [array.shape for array in given] == own:
            taken.append((layer, given))
        elif layer.name != _HEAD:
            raise DataError(
                "“{name}” holds the weights of another network: its “{layer}” does not fit. Give the file of a run "
                "with the same --architecture (the shipped model's is in its card), or --weights none.",
                name=name,
                layer=layer.name,
            )
    for layer, given in taken:
        if given:
            layer.set_weights(given)


def _read(path: Path) -> dict[str, list[NDArray[Any]]]:
    """Read a file of Keras' `save_weights`, layer by layer; it contains numbers only, no code."""
    try:
        with h5py.File(path) as file:
            layers = [layer["vars"] for layer in file["layers"].values()]
            return {str(one.attrs["name"]): [one[str(place)][()] for place in range(len(one))] for one in layers}
    except (OSError, KeyError, AttributeError) as error:
        raise DataError(
            "“{path}” cannot be read as weights ({detail}). Give --weights none, imagenet, shipped, or the "
            "model.weights.h5 of a run.",
            path=path,
            detail=error,
        ) from error
