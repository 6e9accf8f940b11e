"""Gives a model file another temperature: its graph is extended behind the probabilities, nothing else in it changes."""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from desktop.core.errors import ExportError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import PROBABILITIES, Contract
from desktop.core.inference.model_file import ModelFile
from desktop.core.statistics.calibration import logits_of, softmax
from export.seal import attach, save

_SMALLEST = 1e-12
"""The least probability whose logarithm is taken, as in `logits_of`."""

_TOLERANCE = 1e-5
"""Largest difference of a probability from what the temperature makes of the earlier one."""

_BATCH = 5
_SEED = 20_261_128


def rewrite(path: Path, contract: Contract, temperature: float, output: Path) -> None:
    """Write the model file `path` with another contract, and with its probabilities' logarithms divided by a temperature.

    The new file is asked about noise before it is written: its probabilities are those that the temperature makes of the
    earlier ones.

    Raises:
        ExportError: the file cannot be written, or does not answer so.
        ModelError: the file cannot be read.
    """
    earlier = ModelFile.read(path)
    model = onnx.load_from_string(earlier.content)
    _divide(model, temperature)
    attach(model, contract)
    onnx.checker.check_model(model, full_check=True)
    _verify(earlier, model.SerializeToString(), output, temperature)
    save(model, output)


def _divide(model: onnx.ModelProto, temperature: float) -> None:
    graph = model.graph
    taken = {name for node in graph.node for name in (*node.input, *node.output)}
    number = next(number for number in range(len(taken) + 1) if f"recalibration_{number}/given" not in taken)
    given, floor, divisor, raised, logarithms, divided = (
        f"recalibration_{number}/{name}"
        for name in ("given", "floor", "temperature", "raised", "logarithms", "divided")
    )
    for node in graph.node:
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                if name == PROBABILITIES:
                    names[place] = given
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array(_SMALLEST, np.float32), floor),
            numpy_helper.from_array(np.array(temperature, np.float32), divisor),
        ]
    )
    graph.node.extend(
        [
            helper.make_node("Max", [given, floor], [raised]),
            helper.make_node("Log", [raised], [logarithms]),
            helper.make_node("Div", [logarithms, divisor], [divided]),
            helper.make_node("Softmax", [divided], [PROBABILITIES], axis=1),
        ]
    )


def _verify(earlier: ModelFile, content: bytes, output: Path, temperature: float) -> None:
    before, after = Classifier(earlier), Classifier(ModelFile(output, content, ""))
    size = before.contract.input_size
    noise = np.random.default_rng(_SEED).integers(0, 256, (_BATCH, size, size, 3), np.uint8)
    expected = softmax(logits_of(before.run(noise).probabilities) / temperature)
    difference = float(np.abs(after.run(noise).probabilities - expected).max())
    if not difference <= _TOLERANCE:  # so written because every comparison with a difference of NaN is false
        raise ExportError(
            "The recalibrated model does not answer as the temperature says: its probabilities differ by {difference:.1e}. No "
            "file was written.",
            difference=difference,
        )
