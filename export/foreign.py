"""Networks trained elsewhere: their contract comes from the command line; their pixel range is guessed and reported."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import keras

from desktop.core.errors import ExportError
from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION, Fit
from desktop.core.inference.contract import (
    CONTRACT_VERSION,
    LEAST_SIDE,
    MOST_SIDE,
    Architecture,
    Contract,
    Label,
    Layer,
    TrainingData,
)
from desktop.core.inference.contract_reading import parse_contract

PIXELS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"0..255": (1.0, 0.0), "0..1": (1 / 255, 0.0), "signed": (1 / 127.5, -1.0)}
)
"""Scale and offset from pixels 0..255 to the range that a network was trained on."""

_NOT_STATED = "not stated"

_UNKNOWN_ORIGIN = (
    "It was trained outside of LesionLens: what it learned from is not known, and no figure, alert limit or certainty was "
    "measured on it here."
)
_UNKNOWN_PIXELS = "Its images are taken as pixels {pixels}, {fit}. If it was trained on others, its answers are wrong."
_FITS: Mapping[Fit, str] = MappingProxyType(
    {"stretch": "squashed to a square", "crop": "cut to the central square of the shorter side"}
)


@dataclass(frozen=True)
class Description:
    """A network from elsewhere: its labels in the order of its outputs, and how its images were prepared.

    `pixels` is a key of `PIXELS`, or empty to find out whether the network scales pixels itself.
    """

    labels: tuple[Label, ...]
    name: str
    licence: str = _NOT_STATED
    pixels: str = ""
    fit: Fit = "stretch"


def adopted(network: keras.Model, description: Description) -> tuple[keras.Model, Contract]:
    """Return a network that takes pixels 0..255 and answers as `network` does, and its contract for demonstration.

    Raises:
        ExportError: the network does not turn one square colour image into one probability for each label.
        ModelError: the labels do not make a valid contract.
    """
    size = _input_size(network)
    _check_output(network, description.labels)
    pixels = description.pixels or ("0..255" if _scales(network) else "0..1")
    scale, offset = PIXELS[pixels]
    image = keras.Input((size, size, 3), name="image")
    answer = network(keras.layers.Rescaling(scale, offset, name="pixels")(image))
    contract = Contract(
        version=CONTRACT_VERSION,
        name=description.name,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        intended_use="demonstration",
        licence=description.licence,
        labels=description.labels,
        input_size=size,
        fit=description.fit,
        preprocessing_version=PREPROCESSING_VERSION,
        architecture=Architecture(network.name, network.count_params(), _layers(network)),
        training_data=TrainingData((), description.licence, _NOT_STATED, {}),
        limits=(_UNKNOWN_ORIGIN, _UNKNOWN_PIXELS.format(pixels=pixels, fit=_FITS[description.fit])),
    )
    return keras.Model(image, answer), parse_contract(contract.to_json())


def told(contract: Contract) -> str:
    """Return the assumptions about a foreign network that the user has to check."""
    labels = ", ".join(label.name for label in contract.labels)
    return f"Labels in the order of the outputs: {labels}. {contract.limits[-1]} See --pixels and --fit."


def _input_size(network: keras.Model) -> int:
    shape = network.input_shape
    size = shape[1] if isinstance(shape, tuple) and len(shape) == 4 else None
    if size is None or shape != (None, size, size, 3) or not LEAST_SIDE <= size <= MOST_SIDE:
        raise ExportError(
            "The network takes {found}; LesionLens shows a network one square colour image, (None, side, side, 3), of {least} "
            "to {most} pixels. Build it for such an input.",
            found=shape,
            least=LEAST_SIDE,
            most=MOST_SIDE,
        )
    return int(size)


def _check_output(network: keras.Model, labels: Sequence[Label]) -> None:
    wanted, found = (None, len(labels)), network.output_shape
    if found != wanted:
        raise ExportError(
            "The network answers with {found}, and {count} labels were given. Name with --labels one label for each output, "
            "in their order.",
            found=found,
            count=len(labels),
        )


def _scales(network: keras.Model) -> bool:
    """Tell whether a network scales pixels itself, directly or in the network that it starts with."""
    scaling = keras.layers.Rescaling, keras.layers.Normalization
    return any(
        isinstance(layer, scaling) or (isinstance(layer, keras.Model) and _scales(layer)) for layer in network.layers
    )


def _layers(network: keras.Model) -> tuple[Layer, ...]:
    return tuple(
        Layer(layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in network.layers
    )
