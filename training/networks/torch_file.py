"""Read the weights in a PyTorch file without PyTorch, and without running any code in the file.

A PyTorch file is a pickle, and a pickle can call anything. This reader allows four harmless calls and refuses all others. It
reads the layout that PyTorch wrote before version 1.6: a magic number, the protocol, the writer's byte order and sizes, the
table of tensors, the order of their storages, and then each storage as its length and its bytes.
"""

import pickle
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_LENGTH = struct.Struct("<q")


def read_state(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a PyTorch file by their names.

    Raises:
        DataError: the file cannot be read, has another layout, or contains anything but tensors.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except (OSError, pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, struct.error) as error:
        raise DataError(
            "“{path}” is not a PyTorch file of weights alone ({detail}). Reinstall the package that contains it.",
            path=path,
            detail=error,
        ) from error


@dataclass(frozen=True)
class _StorageType:
    """The element type of a storage, `torch.FloatStorage` for example."""

    dtype: str


@dataclass(frozen=True)
class _Tensor:
    """A view of a storage that has not been read yet."""

    storage: str
    dtype: str
    count: int
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def of(self, storage: NDArray[Any]) -> NDArray[Any]:
        """Return the tensor, a copy in the order of its axes."""
        last = self.offset + sum((side - 1) * stride for side, stride in zip(self.shape, self.strides, strict=True))
        if min(self.offset, *self.strides, 0) < 0 or last >= self.count:
            raise ValueError("a tensor reaches outside its storage")
        strides = [stride * storage.itemsize for stride in self.strides]
        return np.array(np.lib.stride_tricks.as_strided(storage[self.offset :], self.shape, strides), order="C")


def _tensor(
    storage: tuple[str, str, int], offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _Tensor:
    """Stand in for torch._utils._rebuild_tensor_v2."""
    return _Tensor(*storage, offset, shape, strides)


_ALLOWED: dict[tuple[str, str], Callable[..., object] | _StorageType] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch", "FloatStorage"): _StorageType("<f4"),
    ("torch", "LongStorage"): _StorageType("<i8"),
}


class _TensorsOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return _ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> tuple[str, str, int]:
        kind, element, key, _device, count, view = pid
        if kind != "storage" or view is not None or not isinstance(element, _StorageType):
            raise pickle.UnpicklingError("it holds something other than plain storages")
        return key, element.dtype, count


def _read(file: BinaryIO) -> dict[str, NDArray[Any]]:
    magic, protocol, system = (_TensorsOnly(file).load() for _ in range(3))
    if magic != _MAGIC or protocol != _PROTOCOL or not system["little_endian"]:
        raise ValueError("it has another layout")
    tensors: dict[str, _Tensor] = _TensorsOnly(file).load()
    order: Sequence[str] = _TensorsOnly(file).load()
    sizes = {tensor.storage: (tensor.dtype, tensor.count) for tensor in tensors.values()}
    storages: dict[str, NDArray[Any]] = {}
    for key in order:
        dtype, count = sizes[key]
        (stated,) = _LENGTH.unpack(file.read(_LENGTH.size))
        if stated != count:
            raise ValueError(f"a storage holds {stated} elements, not {count}")
        storages[key] = np.frombuffer(file.read(count * np.dtype(dtype).itemsize), dtype, count)
    return {name: tensor.of(storages[tensor.storage]) for name, tensor in tensors.items()}
