"""Converts a Keras model to an ONNX graph whose input is uint8 pixels. The only module that imports TensorFlow."""

import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import keras
import onnx
import tensorflow as tf
import tf2onnx

from desktop.core.errors import ExportError
from desktop.core.inference.contract import ACTIVATION, EMBEDDING, IMAGE, NOVELTY, OUTLINE, PROBABILITIES, Contract

logger = logging.getLogger(__name__)

OPSET = 18
"""The newest opset that tf2onnx 1.17 supports; it refuses 19 and later."""

MAPS = "class_activation_maps"
"""Our name for the layer of the activation maps: backbones of keras.applications have layers called `activation`."""

LOGITS = "logits"
"""The name of the layer before temperature scaling, as in training."""

_CODE = ("Lambda", "__lambda__")
"""Names under which a Keras file keeps program code."""

MODEL_VERSION = 1
"""If it is not set, it reads back as 2^63 - 1."""


def load_network(path: Path) -> keras.Model:
    """Load a trained network without its optimizer, and without running any code in the file.

    Raises:
        ExportError: the file does not exist, or is not a Keras model that can be loaded in this way.
    """
    if keras.backend.backend() != "tensorflow":
        raise ExportError("The conversion needs TensorFlow's back end. Set KERAS_BACKEND=tensorflow and try again.")
    if not path.is_file():
        raise ExportError("There is no model “{path}”. Give a .keras or .h5 file.", path=path)
    try:
        code = next((part for part in _parts(_saved_config(path)) if part.get("class_name") in _CODE), None)
        network = None if code else keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        logger.info("Keras refused %s: %s", path, error)
        raise ExportError(
            "“{path}” is not a Keras model that can be loaded safely ({kind}). Give a .keras or .h5 file that holds a whole "
            "model, its layers and its weights.",
            path=path,
            kind=type(error).__name__,
        ) from error
    if network is None:
        raise ExportError(
            "“{path}” cannot be loaded safely: it holds a Lambda layer, which is program code. Build the network without it, "
            "and save it again.",
            path=path,
        )
    return network


def _saved_config(path: Path) -> Any:
    """Return the configuration of a file's layers: config.json in a .keras file, an attribute in an HDF5 file."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("config.json"))
    with h5py.File(path) as file:
        return json.loads(file.attrs["model_config"])


def _parts(config: Any) -> Iterator[dict[str, Any]]:
    """Yield every object within a configuration."""
    if isinstance(config, dict):
        yield config
        for value in config.values():
            yield from _parts(value)
    elif isinstance(config, list):
        for value in config:
            yield from _parts(value)


def with_named_outputs(network: keras.Model, contract: Contract) -> keras.Model:
    """Return the network with outputs named as in the contract.

    These are `probabilities`; `embedding`, `novelty` and `outline` if there are layers of these names; and `activation`, the
    class activation maps, if the embedding is the mean of feature maps and the logits are linear in it.

    Raises:
        ExportError: the network's input or output does not fit the contract.
    """
    expected = (None, contract.input_size, contract.input_size, 3), (None, len(contract.labels))
    names = {layer.name for layer in network.layers}
    answer = network.get_layer(PROBABILITIES).output if PROBABILITIES in names else network.outputs[0]
    found = tuple(network.input_shape), tuple(answer.shape)
    if found != expected:
        raise ExportError(
            "The network turns {found_input} into {found_output}, the contract says {input} and {output}. Give the "
            "contract.json that was trained with it.",
            found_input=found[0],
            found_output=found[1],
            input=expected[0],
            output=expected[1],
        )
    outputs = {PROBABILITIES: answer}
    for name in (NOVELTY, OUTLINE):
        if name in names:
            outputs[name] = network.get_layer(name).output
    if EMBEDDING in names:
        outputs[EMBEDDING] = network.get_layer(EMBEDDING).output
        maps = _activation(network)
        if maps is not None:
            outputs[ACTIVATION] = maps
    return keras.Model(network.input, outputs)


def head_of(network: keras.Model) -> keras.layers.Dense:
    """Return the layer that computes the logits: `logits` if there is temperature scaling, otherwise `probabilities`."""
    names = {layer.name for layer in network.layers}
    return network.get_layer(LOGITS if LOGITS in names else PROBABILITIES)


def _activation(network: keras.Model) -> keras.KerasTensor | None:
    """Return (f W + b) / (h w) of the feature maps f [h, w, channels]: maps that sum to the logits before temperature scaling.

    None if the network has no such maps: Zhou et al. 2016 require a mean over them, followed by one linear layer.
    """
    pooling = network.get_layer(EMBEDDING)
    head = head_of(network)
    if not isinstance(pooling, keras.layers.GlobalAveragePooling2D) or not isinstance(head, keras.layers.Dense):
        return None
    droppings = [layer for layer in network.layers if isinstance(layer, keras.layers.Dropout)]
    is_linear = head.input is pooling.output or any(
        layer.input is pooling.output and layer.output is head.input for layer in droppings
    )
    if not is_linear:
        return None
    features = pooling.input
    _, height, width, channels = features.shape
    kernel, bias = head.get_weights()
    maps = keras.layers.Conv2D(head.units, 1, name=MAPS)
    output = maps(features)
    places = height * width
    maps.set_weights([kernel.reshape(1, 1, channels, head.units) / places, bias / places])
    return output


def convert(network: keras.Model, size: int) -> onnx.ModelProto:
    """Return the graph of a network with named outputs: uint8 `image` [batch, size, size, 3] in, cast inside.

    Raises:
        ExportError: the network contains operations that ONNX cannot express.
    """

    @tf.function(input_signature=[tf.TensorSpec((None, size, size, 3), tf.uint8, name=IMAGE)])  # type: ignore[untyped-decorator] # TensorFlow ships no types
    def answer(image: tf.Tensor) -> dict[str, tf.Tensor]:
        outputs: dict[str, tf.Tensor] = network(tf.cast(image, tf.float32), training=False)
        return outputs

    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    model: onnx.ModelProto
    model, _ = tf2onnx.convert.from_function(answer, input_signature=answer.input_signature, opset=OPSET)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].Clear()
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    model.model_version = MODEL_VERSION
    inputs = [value.name for value in model.graph.input]
    if inputs != [IMAGE]:
        # Constants of some networks become inputs (EfficientNetV2's own normalisation), which the checker accepts.
        raise ExportError("The graph asks for {inputs} and not for the image alone.", inputs=", ".join(inputs))
    return model
