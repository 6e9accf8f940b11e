"""The networks that can be trained: a table of their inputs, and one module for each with `build(config, labels)`.

The modules import Keras, which takes seconds; the table does not, so that preparing data never waits for it.
"""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.errors import UsageError
from desktop.core.imaging.preprocessing import Fit

if TYPE_CHECKING:
    import keras

    from training.config import Config


@dataclass(frozen=True)
class Architecture:
    """One network that `--architecture` names: where its code is, and the input that it was designed for."""

    name: str
    module: str
    input_size: int
    fit: Fit


ARCHITECTURES = (Architecture("paper-cnn", "training.architectures.paper_cnn", 128, "stretch"),)
BY_NAME = {architecture.name: architecture for architecture in ARCHITECTURES}


def find(name: str) -> Architecture:
    """Return the architecture called `name`.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in BY_NAME:
        raise UsageError("There is no architecture “{name}”. Choose {names}.", name=name, names=", ".join(BY_NAME))
    return BY_NAME[name]


def build(config: "Config", labels: int) -> "keras.Model":
    """Return the untrained network of `config` for so many labels."""
    model: keras.Model = importlib.import_module(find(config.architecture).module).build(config, labels)
    return model
