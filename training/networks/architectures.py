"""The networks that can be trained: a table of their inputs, and a module for each with `build(config, labels)`.

The modules import Keras, which takes seconds; this table does not, so that reading and auditing data never wait for it.
"""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.core.errors import UsageError
from desktop.core.imaging.preprocessing import Fit

if TYPE_CHECKING:
    import keras

    from training.run.config import Config


@dataclass(frozen=True)
class ArchitectureEntry:
    """A network that `--architecture` can name: its module, and the input that it was designed for."""

    name: str
    module: str
    input_size: int
    fit: Fit
    has_imagenet: bool = True
    grows: bool = True
    """Whether its weights fit images of any size."""


_LITE, _APPLICATIONS = "training.networks.efficientnet_lite", "training.networks.applications"
ARCHITECTURES = (
    ArchitectureEntry("paper-cnn", "training.networks.paper_cnn", 128, "stretch", has_imagenet=False, grows=False),
    ArchitectureEntry("efficientnet-lite0", _LITE, 224, "crop"),
    ArchitectureEntry("efficientnet-lite1", _LITE, 240, "crop"),
    ArchitectureEntry("efficientnet-lite2", _LITE, 260, "crop"),
    ArchitectureEntry("efficientnet-v2-b0", _APPLICATIONS, 224, "crop"),
    ArchitectureEntry("efficientnet-v2-b1", _APPLICATIONS, 240, "crop"),
    ArchitectureEntry("efficientnet-v2-b2", _APPLICATIONS, 260, "crop"),
    ArchitectureEntry("efficientnet-v2-b3", _APPLICATIONS, 300, "crop"),
    ArchitectureEntry("mobilenet-v3-small", _APPLICATIONS, 224, "crop"),
    ArchitectureEntry("mobilenet-v3-large", _APPLICATIONS, 224, "crop"),
)
BY_NAME = {architecture.name: architecture for architecture in ARCHITECTURES}


def find(name: str) -> ArchitectureEntry:
    """Return the architecture called `name`.

    Raises:
        UsageError: there is no such architecture.
    """
    if name not in BY_NAME:
        raise UsageError("There is no architecture “{name}”. Choose {names}.", name=name, names=", ".join(BY_NAME))
    return BY_NAME[name]


def module_of(config: "Config") -> Any:
    """Return the module of the network of `config`: it has `build` and, if there are ImageNet weights, `imagenet`."""
    return importlib.import_module(find(config.architecture).module)


def build(config: "Config", labels: int) -> "keras.Model":
    """Return the untrained network of `config` with `labels` outputs."""
    model: keras.Model = module_of(config).build(config, labels)
    return model
