"""Images and small model files for the tests."""

import dataclasses
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw

from desktop.core.inference.contract import METADATA_KEY, Architecture, Contract, Label, Layer, TrainingData
from desktop.core.inference.outline import OutlineTest
from desktop.core.labels import KNOWN_LABELS

SIZE = 32
NINE = tuple(
    Label(label.id, label.name, label.malignancy) for label in sorted(KNOWN_LABELS, key=lambda label: label.id)
)


def lesion(seed: int = 0, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """Draw a dark spot on noisy skin; another seed gives another picture."""
    random = np.random.default_rng(seed)
    skin = random.integers((205, 160, 135), (235, 190, 165))
    noise = random.normal(0, 4, (size[1], size[0], 1))
    image = Image.fromarray(np.clip(skin + noise, 0, 255).astype(np.uint8))
    x, y = (int(random.integers(side // 3, 2 * side // 3)) for side in size)
    radius = int(random.integers(min(size) // 8, min(size) // 4))
    colour = tuple(int(value) for value in random.integers((50, 25, 15), (130, 90, 80)))
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius // 2), fill=colour)
    return image


def torn(data: bytes) -> bytes:
    """Return the bytes of an image file that has lost a stretch of its pixels."""
    begin = len(data) * 2 // 3
    return data[:begin] + data[begin + len(data) // 8 :]


def write_lesion(path: Path, seed: int = 0, size: tuple[int, int] = (160, 120)) -> Path:
    """Draw a lesion into a file of the format that the path's extension names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lesion(seed, size).save(path)
    return path


def contract(**changes: object) -> Contract:
    """Return a complete contract of nine labels for a model of `SIZE` pixels, with `changes` to its fields."""
    whole = Contract(
        version=1,
        name="Test model",
        date="2026-11-23",
        intended_use="demonstration",
        licence="Apache-2.0",
        labels=NINE,
        input_size=SIZE,
        fit="stretch",
        preprocessing_version=1,
        architecture=Architecture("mean colour", 36, (Layer("probabilities", "Dense", (9,), 36),)),
        training_data=TrainingData(("drawn",), "Apache-2.0", "0" * 64, {label.id: 1 for label in NINE}),
    )
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


def outline_figures(size: int = 8, smallest_share: float = 0.01) -> OutlineTest:
    """Return what a contract says of outlines that are traced in maps of this size."""
    return OutlineTest(
        size=size,
        measured_on="drawn images",
        sources="drawn",
        lesions=40,
        images=50,
        dice=0.93,
        dice_low=0.92,
        dice_high=0.94,
        area_error=0.07,
        area_error_low=0.06,
        area_error_high=0.08,
        area_error_most=0.3,
        cut_off_share=0.2,
        cut_off=5,
        smallest_share=smallest_share,
        too_small=1,
    )


def with_outline(model: onnx.ModelProto, size: int = 8) -> onnx.ModelProto:
    """Add an output `outline` that calls dark places lesion, computed if `outline_wanted` is true."""
    side = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value
    blocks = np.array([0, size, side // size, size, side // size, 3], np.int64)
    shape = ["batch", size, size]
    constants = {"fields": blocks, "inner": np.array([2, 4, 5], np.int64), "steep": np.array(-40, np.float32)}
    constants["middle"] = np.array(0.5, np.float32)
    then = helper.make_graph(
        [
            helper.make_node("Reshape", ["scaled", "fields"], ["of_fields"]),
            helper.make_node("ReduceMean", ["of_fields", "inner"], ["light"], keepdims=0),
            helper.make_node("Sub", ["light", "middle"], ["lighter"]),
            helper.make_node("Mul", ["lighter", "steep"], ["darker"]),
            helper.make_node("Sigmoid", ["darker"], ["traced"]),
        ],
        "traced",
        [],
        [helper.make_tensor_value_info("traced", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    empty = helper.make_tensor("empty", TensorProto.FLOAT, [0, size, size], [])
    otherwise = helper.make_graph(
        [helper.make_node("Constant", [], ["none"], value=empty)],
        "none",
        [],
        [helper.make_tensor_value_info("none", TensorProto.FLOAT, [0, size, size])],
    )
    node = helper.make_node("If", ["outline_wanted"], ["outline"], then_branch=then, else_branch=otherwise)
    model.graph.node.append(node)
    model.graph.input.append(helper.make_tensor_value_info("outline_wanted", TensorProto.BOOL, []))
    model.graph.initializer.append(helper.make_tensor("outline_wanted", TensorProto.BOOL, [], [False]))
    model.graph.output.append(helper.make_tensor_value_info("outline", TensorProto.FLOAT, shape))
    onnx.checker.check_model(model, full_check=True)
    return model


def model_proto(
    description: Contract | None = None, novelty: float | None = None, seed: int = 0, cells: int = 0
) -> onnx.ModelProto:
    """Build a real model that answers with a softmax over the mean colour.

    `novelty` is a constant output if given; `cells` is the number of cells on a side of its class activation maps, if any.
    """
    description = description or contract()
    labels, size = len(description.labels), description.input_size
    weights: NDArray[np.float32] = np.random.default_rng(seed).normal(0, 4, (3, labels)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["image"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["pixels", "white"], ["scaled"]),
        helper.make_node("ReduceMean", ["scaled", "axes"], ["embedding"], keepdims=0),
        helper.make_node("MatMul", ["embedding", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
    ]
    outputs = [
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", labels]),
        helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 3]),
    ]
    constants = {
        "white": np.array(255, np.float32),
        "axes": np.array([1, 2], np.int64),
        "weights": weights,
    }
    if novelty is not None:
        constants |= {
            "last": np.array([1], np.int64),
            "zero": np.array(0, np.float32),
            "far": np.array(novelty, np.float32),
        }
        nodes += [
            helper.make_node("ReduceSum", ["embedding", "last"], ["total"], keepdims=0),
            helper.make_node("Mul", ["total", "zero"], ["nothing"]),
            helper.make_node("Add", ["nothing", "far"], ["novelty"]),
        ]
        outputs.append(helper.make_tensor_value_info("novelty", TensorProto.FLOAT, ["batch"]))
    if cells:
        constants |= {
            "blocks": np.array([0, cells, size // cells, cells, size // cells, 3], np.int64),
            "within": np.array([2, 4], np.int64),
            "places": np.array(cells**2, np.float32),
        }
        nodes += [
            helper.make_node("Reshape", ["scaled", "blocks"], ["split"]),
            helper.make_node("ReduceMean", ["split", "within"], ["features"], keepdims=0),
            helper.make_node("MatMul", ["features", "weights"], ["products"]),
            helper.make_node("Div", ["products", "places"], ["activation"]),
        ]
        shape = ["batch", cells, cells, labels]
        outputs.append(helper.make_tensor_value_info("activation", TensorProto.FLOAT, shape))
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", size, size, 3])],
        outputs,
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    helper.set_model_props(model, {METADATA_KEY: description.to_json()})
    onnx.checker.check_model(model, full_check=True)
    return model


def write_model(
    path: Path, description: Contract | None = None, novelty: float | None = None, seed: int = 0, cells: int = 0
) -> Path:
    """Write such a model into a file; another seed answers differently."""
    path.write_bytes(model_proto(description, novelty, seed, cells).SerializeToString())
    return path
