"""The reader of PyTorch files: files written here byte by byte, and hostile ones."""

import io
import os
import pickle
import struct
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import DataError
from training.networks.torch_file import read_state

MAGIC = 0x1950A86A20F9469CFC6C


class Global:
    """Pickles as a call of the named function, which need not be importable here."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Writer(pickle._Pickler):
    """Writes storages as PyTorch does, by persistent ids and by names that need no PyTorch."""

    def save_global_by_name(self, wanted: Global) -> None:
        self.write(pickle.GLOBAL + f"{wanted.module}\n{wanted.name}\n".encode())

    def persistent_id(self, thing: object) -> object:
        return thing.pid if isinstance(thing, Storage) else None

    dispatch = {**pickle._Pickler.dispatch, Global: save_global_by_name}  # noqa: RUF012 - as in pickle


class Storage:
    def __init__(self, key: str, count: int, kind: str = "FloatStorage") -> None:
        self.pid = ("storage", Global("torch", kind), key, "cpu", count, None)


class Tensor:
    def __init__(self, storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.parts = (storage, offset, shape, strides, False, OrderedDict())

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return _rebuild, self.parts


def _rebuild(*_: object) -> None:
    """Stand in for PyTorch's function in the pickle."""


Writer.dispatch[type(_rebuild)] = lambda self, _: self.save_global_by_name(Global("torch._utils", "_rebuild_tensor_v2"))


def dumped(*things: object) -> bytes:
    file = io.BytesIO()
    for thing in things:
        Writer(file, 2).dump(thing)
    return file.getvalue()


def written(path: Path, tensors: object, order: list[str], values: np.ndarray) -> Path:
    system = {"protocol_version": 1001, "little_endian": True}
    body = struct.pack("<q", len(values)) + values.tobytes()
    path.write_bytes(dumped(MAGIC, 1001, system, tensors, order) + body)
    return path


VALUES = np.arange(6, dtype="<f4")


def test_tensors_come_with_their_shapes_offsets_and_strides(tmp_path: Path) -> None:
    storage = Storage("7", 6)
    tensors = OrderedDict(
        rows=Tensor(storage, 0, (2, 3), (3, 1)),
        columns=Tensor(storage, 0, (3, 2), (1, 3)),
        one=Tensor(storage, 4, (), ()),
    )
    state = read_state(written(tmp_path / "weights.pth", tensors, ["7"], VALUES))
    assert np.array_equal(state["rows"], [[0, 1, 2], [3, 4, 5]])
    assert np.array_equal(state["columns"], [[0, 3], [1, 4], [2, 5]])
    assert state["one"] == 4


def test_a_file_that_calls_anything_else_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
            return os.mkdir, (str(tmp_path / "was here"),)

    system = {"protocol_version": 1001, "little_endian": True}
    for content in (
        pickle.dumps(Hostile()),
        pickle.dumps(MAGIC) + pickle.dumps(1001) + pickle.dumps([system, Hostile()]),
    ):
        path = tmp_path / "hostile.pth"
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"it asks for posix.mkdir|it asks for nt.mkdir"):
            read_state(path)
    assert not (tmp_path / "was here").exists()


@pytest.mark.parametrize(
    ("tensor", "sentence"),
    [
        (Tensor(Storage("7", 6), 4, (3,), (1,)), "reaches outside its storage"),
        (Tensor(Storage("7", 6), -1, (3,), (1,)), "reaches outside its storage"),
        (Tensor(Storage("7", 9), 0, (3,), (1,)), "holds 6 elements, not 9"),
        (Tensor(Storage("7", 6, "HalfStorage"), 0, (3,), (1,)), "it asks for torch.HalfStorage"),
    ],
)
def test_a_file_with_false_sizes_is_refused(tmp_path: Path, tensor: Tensor, sentence: str) -> None:
    path = written(tmp_path / "weights.pth", OrderedDict(a=tensor), ["7"], VALUES)
    with pytest.raises(DataError, match=sentence):
        read_state(path)


@pytest.mark.parametrize(
    "content", [b"", b"no weights", pickle.dumps(1), dumped(MAGIC, 1001, {"little_endian": False})]
)
def test_a_file_of_another_kind_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(DataError, match="is not a PyTorch file of weights alone"):
        read_state(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    tensors = OrderedDict(a=Tensor(Storage("7", 6), 0, (6,), (1,)))
    path = written(tmp_path / "weights.pth", tensors, ["7"], VALUES)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(DataError, match="is not a PyTorch file"):
        read_state(path)
