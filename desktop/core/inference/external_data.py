"""Searches a model file, before it is loaded, for weights stored in other files.

The runtime does not ship the onnx package, so the file is parsed as plain protobuf.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from desktop.core.errors import ModelError
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from google.protobuf import empty_pb2, message, unknown_fields
else:
    empty_pb2, message = Late("google.protobuf.empty_pb2"), Late("google.protobuf.message")
    unknown_fields = Late("google.protobuf.unknown_fields")

# Field numbers of onnx.proto: ModelProto.graph; GraphProto.node, .initializer, .sparse_initializer; NodeProto.attribute;
# AttributeProto.t, .g, .tensors, .graphs, .sparse_tensor, .sparse_tensors; SparseTensorProto.values, .indices;
# TensorProto.external_data and .data_location.
_CHILDREN = {
    "model": {7: "graph", 25: "function"},
    "function": {7: "node"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
_MAX_DEPTH = 60
"""Messages inside of one another; a branch within a branch takes three. Models that people train have ten. The runtime's own
parser ends at 100, and Python's stack at some hundreds: a file of 14 kB went that deep and ended the process."""

_EXTERNAL_DATA = 13
_DATA_LOCATION = 14


def refuse_external_data(content: bytes, name: str) -> None:
    """Refuse weights in other files: the model's hash would not cover them, and a path could point anywhere.

    Args:
        content: the bytes of the model file.
        name: the file's name, for the sentence of an error.

    Raises:
        ModelError: the file is no ONNX model, keeps weights elsewhere, or nests its parts deeper than `_MAX_DEPTH`.
    """
    try:
        external = any(_is_external(tensor) for tensor in _tensors(content, "model", name))
    except message.DecodeError as error:
        raise ModelError(
            tr("“{name}” is not an ONNX model that can be run. Choose another file."), name=name
        ) from error
    if external:
        raise ModelError(
            tr("“{name}” keeps a part of itself in another file, which is not opened. Export it as one file."),
            name=name,
        )


def _fields(content: bytes) -> Iterator[Any]:
    fields = unknown_fields.UnknownFieldSet(empty_pb2.Empty.FromString(content))
    return (fields[index] for index in range(len(fields)))


def _tensors(content: bytes, kind: str, name: str, depth: int = 0) -> Iterator[bytes]:
    if depth > _MAX_DEPTH:
        raise ModelError(
            tr("“{name}” nests its parts too deep to be a model that can be run. Choose another file."), name=name
        )
    children = _CHILDREN[kind]
    for field in _fields(content):
        child = children.get(field.field_number)
        if child is None or not isinstance(field.data, bytes):
            continue
        if child == "tensor":
            yield field.data
        else:
            yield from _tensors(field.data, child, name, depth + 1)


def _is_external(tensor: bytes) -> bool:
    return any(
        field.field_number == _EXTERNAL_DATA or (field.field_number == _DATA_LOCATION and field.data == 1)
        for field in _fields(tensor)
    )
