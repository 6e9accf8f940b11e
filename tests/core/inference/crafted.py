"""Model files that are malicious or faulty; each is small, and written here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from desktop.core.inference.contract import METADATA_KEY, Label
from desktop.core.labels import Malignancy
from tests.making import contract, model_proto

NO_MODEL = "is not an ONNX model that can be run"
CRASHED = "is not used: it ended the process in which it was tried out"
TOO_SLOW = "is not used: it was not ready within"
TOO_MUCH = r"(takes more than \d+ MB of memory|needs more memory than there is)"
FOREVER = 2**40


@dataclass(frozen=True)
class Crafted:
    """A model file's bytes, and the sentence that must refuse it (a regular expression)."""

    make: Callable[[], bytes]
    said: str


def field(number: int, payload: bytes) -> bytes:
    """Write one field of a protobuf message."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def varint(value: int) -> bytes:
    """Write an integer as protobuf does."""
    digits = bytearray()
    while True:
        value, low = value >> 7, value & 127
        digits.append(low | (128 if value else 0))
        if not value:
            return bytes(digits)


def nested(depth: int) -> bytes:
    """Nest graphs in attributes of their nodes."""
    inner = b""
    for _ in range(depth):
        inner = field(1, field(5, field(6, inner)))
    return field(7, inner)


def with_description(description: str | bytes) -> bytes:
    """Give the small model another description, which need not be valid text."""
    model = model_proto()
    del model.metadata_props[:]
    value = description if isinstance(description, bytes) else description.encode("utf-8", "surrogatepass")
    return model.SerializeToString() + field(14, field(1, METADATA_KEY.encode()) + field(2, value))


def described(change: Callable[[dict[str, object]], None]) -> Callable[[], bytes]:
    """Change the small model's contract."""

    def make() -> bytes:
        description = json.loads(contract().to_json())
        change(description)
        return with_description(json.dumps(description))

    return make


def named(name: str) -> Callable[[], bytes]:
    """Give the first label another name."""

    def change(description: dict[str, object]) -> None:
        description["labels"][0]["name"] = name  # type: ignore[index]

    return described(change)


def graph(
    change: Callable[[onnx.ModelProto], None], novelty: float | None = None, cells: int = 0
) -> Callable[[], bytes]:
    """Change the small model's graph."""

    def make() -> bytes:
        model = model_proto(novelty=novelty, cells=cells)
        change(model)
        return bytes(model.SerializeToString())

    return make


def constant(model: onnx.ModelProto, name: str, value: object, kind: type[np.generic] = np.float32) -> None:
    """Add a constant."""
    model.graph.initializer.append(numpy_helper.from_array(np.array(value, kind), name))


def add_to_logits(model: onnx.ModelProto, nodes: Sequence[onnx.NodeProto], name: str) -> None:
    """Add these nodes, and add their output `name` to the logits, so that it cannot be optimised away."""
    softmax = model.graph.node.pop()
    softmax.input[0] = "moved"
    model.graph.node.extend([*nodes, helper.make_node("Add", ["logits", name], ["moved"]), softmax])


def replace_output(model: onnx.ModelProto, name: str, nodes: Sequence[onnx.NodeProto], kind: int, rank: int) -> None:
    """Replace the node that computes `name` by these nodes."""
    kept = [node for node in model.graph.node if name not in node.output]
    del model.graph.node[:]
    model.graph.node.extend([*kept, *nodes])
    outputs = [output for output in model.graph.output if output.name != name]
    del model.graph.output[:]
    shape = [f"{name}_{axis}" for axis in range(rank)]
    model.graph.output.extend([*outputs, helper.make_tensor_value_info(name, kind, shape)])


def loop(body: Sequence[onnx.NodeProto], trips: str, start: str) -> onnx.NodeProto:
    """Make a loop that passes `v_in` on as `v_out`; its result is called `looped`."""
    inner = helper.make_graph(
        [helper.make_node("Identity", ["go_in"], ["go_out"]), *body],
        "body",
        [
            helper.make_tensor_value_info("trip", TensorProto.INT64, []),
            helper.make_tensor_value_info("go_in", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v_in", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("go_out", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v_out", TensorProto.FLOAT, None),
        ],
    )
    return helper.make_node("Loop", [trips, "yes", start], ["looped"], body=inner)


def endless_loop(model: onnx.ModelProto) -> None:
    constant(model, "yes", value=True, kind=np.bool_)
    constant(model, "trips", FOREVER, np.int64)
    constant(model, "start", 0)
    add_to_logits(model, [loop([helper.make_node("Identity", ["v_in"], ["v_out"])], "trips", "start")], "looped")


def endless_on_white(model: onnx.ModelProto) -> None:
    """Loop forever only if a pixel is white; grey images pass."""
    constant(model, "yes", value=True, kind=np.bool_)
    constant(model, "trips", FOREVER, np.int64)
    constant(model, "start", 0)
    constant(model, "nearly", 0.9)
    nodes = [
        helper.make_node("ReduceMax", ["scaled"], ["brightest"], keepdims=0),
        helper.make_node("Greater", ["brightest", "nearly"], ["is_white"]),
        helper.make_node("Cast", ["is_white"], ["white_trips"], to=TensorProto.INT64),
        helper.make_node("Mul", ["white_trips", "trips"], ["how_often"]),
        loop([helper.make_node("Identity", ["v_in"], ["v_out"])], "how_often", "start"),
    ]
    add_to_logits(model, nodes, "looped")


def slow_to_load(model: onnx.ModelProto) -> None:
    """Multiply constants, which onnxruntime computes while loading: minutes of work in 100 kB."""
    constant(model, "shape", [1500, 1500], np.int64)
    constant(model, "axis", [0, 1], np.int64)
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["m0"], value=numpy_helper.from_array(np.zeros(1, np.float32)))
    ]
    nodes += [helper.make_node("MatMul", [f"m{step}", f"m{step}"], [f"m{step + 1}"]) for step in range(3000)]
    nodes.append(helper.make_node("ReduceMax", ["m3000", "axis"], ["most"], keepdims=0))
    add_to_logits(model, nodes, "most")


def filled(bytes_each: int, count: int) -> Callable[[onnx.ModelProto], None]:
    """Fill memory with arrays that depend on the image and are all needed at the end."""

    def change(model: onnx.ModelProto) -> None:
        constant(model, "shape", [bytes_each // 4], np.int64)
        constant(model, "axis", [0], np.int64)
        constant(model, "both", [0, 1], np.int64)
        nodes = [helper.make_node("ReduceMax", ["embedding", "both"], ["seed"], keepdims=0)]
        for number in range(count):
            constant(model, f"step{number}", number)
            nodes += [
                helper.make_node("Add", ["seed", f"step{number}"], [f"seed{number}"]),
                helper.make_node("Expand", [f"seed{number}", "shape"], [f"wide{number}"]),
            ]
        nodes.append(helper.make_node("Sum", [f"wide{number}" for number in range(count)], ["wide"]))
        nodes.append(helper.make_node("ReduceMin", ["wide", "axis"], ["least"], keepdims=0))
        add_to_logits(model, nodes, "least")

    return change


def doubling(model: onnx.ModelProto) -> None:
    """Double an array in a loop."""
    constant(model, "yes", value=True, kind=np.bool_)
    constant(model, "trips", 60, np.int64)
    constant(model, "start", np.zeros(1000))
    constant(model, "axis", [0], np.int64)
    twice = helper.make_node("Concat", ["v_in", "v_in"], ["v_out"], axis=0)
    nodes = [loop([twice], "trips", "start"), helper.make_node("ReduceMax", ["looped", "axis"], ["most"], keepdims=0)]
    add_to_logits(model, nodes, "most")


def one_huge_array(elements: Sequence[int]) -> Callable[[onnx.ModelProto], None]:
    def change(model: onnx.ModelProto) -> None:
        constant(model, "shape", list(elements), np.int64)
        constant(model, "axes2", list(range(len(elements))), np.int64)
        constant(model, "both", [0, 1], np.int64)
        nodes = [
            helper.make_node("ReduceMax", ["embedding", "both"], ["seed"], keepdims=0),
            helper.make_node("Expand", ["seed", "shape"], ["wide"]),
            helper.make_node("ReduceMin", ["wide", "axes2"], ["least"], keepdims=0),
        ]
        add_to_logits(model, nodes, "least")

    return change


def calls_itself(model: onnx.ModelProto) -> None:
    opsets = [helper.make_opsetid("own", 1), helper.make_opsetid("", 18)]
    call = helper.make_node("F", ["x"], ["y"], domain="own")
    model.functions.append(helper.make_function("own", "F", ["x"], ["y"], [call], opsets))
    model.opset_import.append(helper.make_opsetid("own", 1))
    add_to_logits(model, [helper.make_node("F", ["logits"], ["called"], domain="own")], "called")


def calls_in_a_row(model: onnx.ModelProto) -> None:
    opsets = [helper.make_opsetid("own", 1), helper.make_opsetid("", 18)]
    for number in range(2000):
        call = helper.make_node(f"F{number + 1}", ["x"], ["y"], domain="own")
        model.functions.append(helper.make_function("own", f"F{number}", ["x"], ["y"], [call], opsets))
    model.opset_import.append(helper.make_opsetid("own", 1))
    add_to_logits(model, [helper.make_node("F0", ["logits"], ["called"], domain="own")], "called")


def nested_types(model: onnx.ModelProto) -> None:
    inner = onnx.TypeProto()
    inner.tensor_type.elem_type = TensorProto.FLOAT
    for _ in range(90):
        outer = onnx.TypeProto()
        outer.sequence_type.elem_type.CopyFrom(inner)
        inner = outer
    value = model.graph.value_info.add()
    value.name = "never"
    value.type.CopyFrom(inner)


def hidden_file(model: onnx.ModelProto) -> None:
    tensor = TensorProto(name="hidden", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    model.graph.node.append(helper.make_node("Constant", [], ["hidden"], value=tensor))


def hidden_file_in_a_function(model: onnx.ModelProto) -> None:
    hidden_file(model)
    node = model.graph.node.pop()
    opsets = [helper.make_opsetid("own", 1), helper.make_opsetid("", 18)]
    node.output[0] = "y"
    model.functions.append(helper.make_function("own", "F", [], ["y"], [node], opsets))


def tensor_of(dims: Sequence[int]) -> Callable[[onnx.ModelProto], None]:
    """Make a constant that states these dimensions but has no data."""

    def change(model: onnx.ModelProto) -> None:
        tensor = model.graph.initializer.add()
        tensor.name, tensor.data_type = "liar", TensorProto.FLOAT
        tensor.dims.extend(dims)
        tensor.raw_data = b"\0\0\0\0"
        constant(model, "all", list(range(len(dims))), np.int64)
        add_to_logits(model, [helper.make_node("ReduceMax", ["liar", "all"], ["most"], keepdims=0)], "most")

    return change


def weights(value: float) -> Callable[[onnx.ModelProto], None]:
    """Set the first label's logit for a white image."""

    def change(model: onnx.ModelProto) -> None:
        for tensor in model.graph.initializer:
            if tensor.name == "weights":
                array: NDArray[np.float32] = np.zeros(tuple(tensor.dims), np.float32)
                array[:, 0] = value
                tensor.CopyFrom(numpy_helper.from_array(array, "weights"))

    return change


def far(value: float) -> Callable[[onnx.ModelProto], None]:
    """Set the constant novelty."""

    def change(model: onnx.ModelProto) -> None:
        for tensor in model.graph.initializer:
            if tensor.name == "far":
                tensor.CopyFrom(numpy_helper.from_array(np.array(value, np.float32), "far"))

    return change


def activation_times(value: float) -> Callable[[onnx.ModelProto], None]:
    def change(model: onnx.ModelProto) -> None:
        constant(model, "factor", value)
        nodes = [helper.make_node("Mul", ["products", "factor"], ["activation"])]
        replace_output(model, "activation", nodes, TensorProto.FLOAT, 4)

    return change


def activation_flat(model: onnx.ModelProto) -> None:
    nodes = [helper.make_node("Flatten", ["products"], ["activation"])]
    replace_output(model, "activation", nodes, TensorProto.FLOAT, 2)


def activation_of_three(model: onnx.ModelProto) -> None:
    nodes = [helper.make_node("Identity", ["features"], ["activation"])]
    replace_output(model, "activation", nodes, TensorProto.FLOAT, 4)


def activation_empty(model: onnx.ModelProto) -> None:
    for name, value in (("begin", [0]), ("end", [0]), ("along", [1])):
        constant(model, name, value, np.int64)
    nodes = [helper.make_node("Slice", ["products", "begin", "end", "along"], ["activation"])]
    replace_output(model, "activation", nodes, TensorProto.FLOAT, 4)


def embedding_flat(model: onnx.ModelProto) -> None:
    constant(model, "one_axis", [-1], np.int64)
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            if name == "embedding":
                node.input[index] = "mean_colour"
        if "embedding" in node.output:
            node.output[0] = "mean_colour"
    nodes = [helper.make_node("Reshape", ["mean_colour", "one_axis"], ["embedding"])]
    replace_output(model, "embedding", nodes, TensorProto.FLOAT, 1)


def novelty_of_words(model: onnx.ModelProto) -> None:
    nodes = [helper.make_node("Cast", ["total"], ["novelty"], to=TensorProto.STRING)]
    replace_output(model, "novelty", nodes, TensorProto.STRING, 1)


def fails_on_white(model: onnx.ModelProto) -> None:
    """Look up the brightest value in a table that is too short for white."""
    constant(model, "table", np.zeros(255))
    constant(model, "flat", [-1], np.int64)
    nodes = [
        helper.make_node("Cast", ["image"], ["levels"], to=TensorProto.INT64),
        helper.make_node("ReduceMax", ["levels"], ["level"], keepdims=0),
        helper.make_node("Gather", ["table", "level"], ["found"]),
    ]
    add_to_logits(model, nodes, "found")


def fails_on_four(model: onnx.ModelProto) -> None:
    """Answer one or two images and no more."""
    constant(model, "table", np.zeros(3))
    constant(model, "first", [0], np.int64)
    nodes = [
        helper.make_node("Shape", ["logits"], ["sizes"]),
        helper.make_node("Gather", ["sizes", "first"], ["count"]),
        helper.make_node("Gather", ["table", "count"], ["found"]),
    ]
    add_to_logits(model, nodes, "found")


def one_answer_for_all(model: onnx.ModelProto) -> None:
    constant(model, "rows", [0], np.int64)
    softmax = model.graph.node.pop()
    softmax.output[0] = "all"
    model.graph.node.append(softmax)
    nodes = [helper.make_node("Gather", ["all", "rows"], ["probabilities"])]
    replace_output(model, "probabilities", nodes, TensorProto.FLOAT, 2)


def many_labels(description: dict[str, object]) -> None:
    description["labels"] = [
        {"id": f"label_{number}", "name": f"Label {number}", "malignancy": "unknown"} for number in range(10_000)
    ]


def same_labels(description: dict[str, object]) -> None:
    description["labels"] = [{"id": "a", "name": "A", "malignancy": "benign"}] * 2


def own_name(name: str) -> Callable[[dict[str, object]], None]:
    return lambda description: description.__setitem__("name", name)


def ten_thousand() -> bytes:
    """A real model with 10,000 labels that otherwise satisfies the contract."""
    labels = tuple(Label(f"own_{index}", f"Own {index}", Malignancy.UNKNOWN) for index in range(10_000))
    return bytes(model_proto(contract(labels=labels)).SerializeToString())


UNREADABLE_TEXT = "A text of the model's is too long, or holds characters that cannot be read"
CONTRACT = "does not keep the contract of LesionLens' models: "

CRAFTED = {
    # Files that are no model, or one in form alone.
    "empty": Crafted(lambda: b"", NO_MODEL),
    "a letter": Crafted(lambda: b"Dear colleague,", NO_MODEL),
    "a picture": Crafted(lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), NO_MODEL),
    "cut off": Crafted(lambda: bytes(model_proto().SerializeToString()[:900]), NO_MODEL),
    "a length without end": Crafted(lambda: b"\x3a" + varint(2**60), NO_MODEL),
    "a million small fields": Crafted(lambda: b"\x08\x08" * 1_000_000, "(is not an ONNX model|without LesionLens)"),
    "groups in groups": Crafted(lambda: b"\x0b" * 9000 + b"\x0c" * 9000, NO_MODEL),
    "groups without end": Crafted(lambda: b"\x3b" * 50_000, NO_MODEL),
    "graphs in graphs, 14 kB": Crafted(lambda: nested(1500), "nests its parts too deep"),
    "graphs in graphs, 18 kB": Crafted(lambda: nested(1900), "nests its parts too deep"),
    "graphs in graphs, 100 kB": Crafted(lambda: nested(8_000), "nests its parts too deep"),
    "types in types": Crafted(graph(nested_types), NO_MODEL),
    "a function that calls itself": Crafted(graph(calls_itself), NO_MODEL),
    "functions that call functions": Crafted(graph(calls_in_a_row), NO_MODEL),
    "weights in another file": Crafted(graph(hidden_file), "keeps a part of itself in another file"),
    "weights in another file, in a function": Crafted(
        graph(hidden_file_in_a_function), "keeps a part of itself in another file"
    ),
    "a constant of 2 to the 62": Crafted(graph(tensor_of([2**31, 2**31])), NO_MODEL),
    "a constant of less than nothing": Crafted(graph(tensor_of([-4])), NO_MODEL),
    # Time.
    "a loop for ever": Crafted(graph(endless_loop), TOO_SLOW),
    "a loop for ever on white images": Crafted(graph(endless_on_white), TOO_SLOW),
    "minutes to load": Crafted(
        graph(slow_to_load), f"({TOO_SLOW}|{TOO_MUCH})"
    ),  # a fast machine fills its memory first
    # Memory.
    "400 GB in one piece": Crafted(graph(one_huge_array([100_000_000_000])), TOO_MUCH),
    "more than there are addresses": Crafted(graph(one_huge_array([2**31, 2**31])), f"({TOO_MUCH}|failed on an image)"),
    "8 GB in pieces": Crafted(graph(filled(100_000_000, 80)), TOO_MUCH),
    "an array that doubles": Crafted(graph(doubling), TOO_MUCH),
    # Answers that cannot be used.
    "probabilities that are NaN": Crafted(graph(weights(float("nan"))), CONTRACT + "its probabilities"),
    "probabilities that are NaN on white": Crafted(graph(weights(1.5e38)), "an answer that cannot be used: its prob"),
    "novelty that is NaN": Crafted(graph(far(float("nan")), novelty=1.0), CONTRACT + "its novelty is not made of"),
    "novelty without end": Crafted(graph(far(float("inf")), novelty=1.0), CONTRACT + "its novelty is not made of"),
    "novelty in words": Crafted(graph(novelty_of_words, novelty=1.0), CONTRACT + "its novelty is not made of"),
    "activation that is NaN": Crafted(
        graph(activation_times(float("nan")), cells=4), CONTRACT + "its activation is not made of"
    ),
    "activation in a row": Crafted(graph(activation_flat, cells=4), CONTRACT + "its activation is"),
    "activation of three labels": Crafted(graph(activation_of_three, cells=4), CONTRACT + "its activation is"),
    "activation of no cell": Crafted(graph(activation_empty, cells=4), CONTRACT + "its activation is"),
    "embedding in a row": Crafted(graph(embedding_flat), CONTRACT + "its embedding is"),
    "one answer for a batch": Crafted(graph(one_answer_for_all), CONTRACT + "it answers with"),
    "a run that fails on white": Crafted(graph(fails_on_white), r"failed on an image \("),
    "a run that fails on four images": Crafted(graph(fails_on_four), r"failed on an image \("),
    # What it says of itself.
    "10,000 labels": Crafted(ten_thousand, "has 10000 labels; at most 500 can be shown"),
    "10,000 labels, of nine": Crafted(described(many_labels), "has 10000 labels; at most 500 can be shown"),
    "two labels alike": Crafted(described(same_labels), "not all different"),
    "a label with a line break": Crafted(named("Nevus\nMelanoma excluded"), UNREADABLE_TEXT),
    "a label with an escape sequence": Crafted(named("Nevus\x1b[2J"), UNREADABLE_TEXT),
    "a label with a zero byte": Crafted(named("Nevus\0"), UNREADABLE_TEXT),
    "a label that turns the direction": Crafted(named("\u202eamonalem"), UNREADABLE_TEXT),
    "a label of 10,000 letters": Crafted(named("N" * 10_000), UNREADABLE_TEXT),
    "a model's name of 10,000 letters": Crafted(described(own_name("N" * 10_000)), UNREADABLE_TEXT),
    "half a character": Crafted(lambda: with_description(b'{"name": "\\ud800"}'), "description cannot be read"),
    "a description that is no text": Crafted(lambda: with_description(b"\xff\xfe{}"), "description in .* is not text"),
    "a description of 5 MB": Crafted(lambda: with_description(" " * 5_000_000), "longer than 4 MB"),
    "a description of 100,000 brackets": Crafted(
        lambda: with_description('{"more": ' + "[" * 100_000), "description cannot be read"
    ),
}
