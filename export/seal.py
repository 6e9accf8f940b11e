"""Writes a contract into a model file, completely or not at all."""

import contextlib
import dataclasses
from collections.abc import Sequence
from pathlib import Path

import onnx

from desktop.core.errors import ExportError
from desktop.core.inference.contract import METADATA_KEY, Contract, Figure, Flag
from desktop.core.inference.contract_reading import parse_contract


def attach(model: onnx.ModelProto, contract: Contract) -> None:
    """Put the contract into the metadata of `model`, replacing an existing one."""
    others = {entry.key: entry.value for entry in model.metadata_props if entry.key != METADATA_KEY}
    onnx.helper.set_model_props(model, others | {METADATA_KEY: contract.to_json()})


def save(model: onnx.ModelProto, path: Path) -> None:
    """Write the model beside `path`, then move it into place in one step.

    Raises:
        ExportError: the file cannot be written.
    """
    part = path.with_name(f"part-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(model.SerializeToString(deterministic=True))
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise ExportError(
            "“{path}” cannot be written ({detail}). Choose another place.", path=path, detail=error.strerror
        ) from error


def seal(path: Path, figures: Sequence[Figure], flags: Sequence[Flag]) -> None:
    """Write the measured figures into a model file's contract; the graph does not change.

    Args:
        path: the model file.
        figures: the figures.
        flags: the flags of the contract, with their results on images that did not set them.

    Raises:
        ExportError: the file cannot be written.
        ModelError: the file has no readable contract.
    """
    model = onnx.load(path)
    text = next((entry.value for entry in model.metadata_props if entry.key == METADATA_KEY), "")
    attach(model, dataclasses.replace(parse_contract(text), figures=tuple(figures), flags=tuple(flags)))
    save(model, path)
