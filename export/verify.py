"""Verifies that the ONNX file answers as the network does, on noise and at two batch sizes.

The maps of `activation` are verified too: they must sum to the logits that follow from the file's own embedding.
"""

import keras
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from desktop.core.errors import ExportError
from desktop.core.inference.contract import (
    ACTIVATION,
    EMBEDDING,
    IMAGE,
    NOVELTY,
    OUTLINE,
    OUTLINE_WANTED,
    PROBABILITIES,
)
from export.convert import head_of

TOLERANCE = 1e-4
"""Largest allowed difference of a probability; for other outputs, relative to their largest value. Rounding is below 1e-6."""

NOVELTY_TOLERANCE = 2e-3
"""The same for `novelty`: it is the root of a difference of two sums, which for a picture far from all others can be some
40,000 times as large (the ratio of the largest variance of the training images to the smallest after shrinkage)."""

_BATCHES = (1, 7)
"""One, as in the window, and an odd number that would reveal a fixed batch dimension."""

_SUM_TOLERANCE = 1e-3
"""Largest allowed difference of the sum of an image's probabilities from 1."""

_SUM = "sum of activation"

_SEED = 20_261_123


def check(model: onnx.ModelProto) -> None:
    """Check the graph against ONNX's own rules, since tf2onnx does not fail on operations that it cannot express.

    Raises:
        ExportError: the graph breaks the rules.
    """
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError("The graph is not valid ONNX: {detail}", detail=str(error).strip()) from error


def verify(model: onnx.ModelProto, network: keras.Model, size: int) -> dict[str, float]:
    """Run the same noise through both and return the largest difference of each output.

    Args:
        model: the converted graph.
        network: the Keras network with outputs of the same names.
        size: side of the input in pixels.

    Raises:
        ExportError: an output differs by more than allowed, or the sum of the maps from the logits does, or the
            probabilities are invalid.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it warns that the default of an input is no constant, which is its purpose
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    wanted = {OUTLINE_WANTED: np.array(True)} if OUTLINE in names else {}
    noise = np.random.default_rng(_SEED).integers(0, 256, (max(_BATCHES), size, size, 3), np.uint8)
    differences = dict.fromkeys(names, 0.0)
    for batch in _BATCHES:
        images = noise[:batch]
        expected = network(images.astype(np.float32), training=False)
        answers = dict(zip(names, session.run(names, {IMAGE: images} | wanted), strict=True))
        references = {name: keras.ops.convert_to_numpy(expected[name]) for name in names}
        if ACTIVATION in names:
            kernel, bias = head_of(network).get_weights()
            answers[_SUM] = answers[ACTIVATION].sum(axis=(1, 2))
            references[_SUM] = answers[EMBEDDING] @ kernel + bias
        for name, found in answers.items():
            difference = float(np.abs(found - references[name]).max())
            if name != PROBABILITIES:
                difference /= float(np.abs(references[name]).max()) or 1.0
            limit = NOVELTY_TOLERANCE if name == NOVELTY else TOLERANCE
            if not difference <= limit:  # in this form because every comparison with NaN is false
                raise ExportError(
                    "The converted model does not answer as the network does: its {name} differ by {difference:.1e}, "
                    "{limit:.0e} is allowed. No file was written.",
                    name=name,
                    difference=difference,
                    limit=limit,
                )
            differences[name] = max(differences.get(name, 0.0), difference)
        _refuse_others(answers[PROBABILITIES])
    return differences


def refuse_no_probabilities(network: keras.Model, size: int) -> None:
    """Refuse a network whose answers to noise are not probabilities; see `verify`.

    Raises:
        ExportError: the answers are not between 0 and 1, or do not sum to 1.
    """
    noise = np.random.default_rng(_SEED).integers(0, 256, (max(_BATCHES), size, size, 3), np.uint8)
    _refuse_others(keras.ops.convert_to_numpy(network(noise.astype(np.float32), training=False)))


def _refuse_others(probabilities: NDArray[np.float32]) -> None:
    """Refuse answers [n, labels] that are not probabilities, such as those of a network without a final softmax."""
    sums = probabilities.sum(axis=1)
    if not (probabilities.min() >= 0 and np.abs(sums - 1).max() <= _SUM_TOLERANCE):
        raise ExportError(
            "The network's answers are no probabilities: they range from {least:.2g} to {most:.2g} and sum to {sum:.2g} for "
            "an image, not to 1. Let it end with a softmax. No file was written.",
            least=float(probabilities.min()),
            most=float(probabilities.max()),
            sum=float(sums[np.abs(sums - 1).argmax()]),
        )
