"""Run a model file that keeps the contract, whoever made it and whatever labels it has."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import ModelError
from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION, Box, model_input
from desktop.core.imaging.quality import Quality, measure
from desktop.core.inference.contract import (
    ACTIVATION,
    EMBEDDING,
    IMAGE,
    METADATA_KEY,
    NOVELTY,
    PROBABILITIES,
    Contract,
    parse_contract,
)
from desktop.core.inference.external_data import refuse_external_data
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray
else:
    np, onnxruntime = Late("numpy"), Late("onnxruntime")

logger = logging.getLogger(__name__)

_MAX_SUM_ERROR = 1e-3
"""How far the probabilities of one image may be from a sum of one; float32 softmax stays under 1e-6."""


@dataclass(frozen=True)
class Outputs:
    """What a model answers to a batch of n images; what the model does not have is None.

    `probabilities` float32 [n, labels], `embedding` [n, d], `activation` [n, h, w, labels], `novelty` [n].
    """

    probabilities: NDArray[np.float32]
    embedding: NDArray[np.float32] | None
    activation: NDArray[np.float32] | None
    novelty: NDArray[np.float32] | None


@dataclass(frozen=True)
class Prediction:
    """All probabilities for one image by one model, in the order of the contract's labels, and its novelty.

    `quality` is that of the model's input; None for an answer that was kept before it was measured.
    """

    probabilities: tuple[float, ...]
    novelty: float | None
    model_sha256: str
    preprocessing_version: int
    quality: Quality | None = None


class Classifier:
    """One model file, loaded: its `contract`, its `sha256` and its answers."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Read, check and load a model file.

        Args:
            path: the `.onnx` file.
            threads: threads that one run may use; 0 leaves the choice to onnxruntime. One is cheapest where several runs
                go on at once, which is allowed from any thread.

        Raises:
            ModelError: the file cannot be read, is no ONNX model, keeps its weights elsewhere or breaks the contract.
        """
        self.path = path
        content = _read(path)
        self.sha256 = hashlib.sha256(content).hexdigest()
        refuse_external_data(content, path.name)
        self._session = _session(content, path.name, threads)
        metadata = self._session.get_modelmeta().custom_metadata_map
        if METADATA_KEY not in metadata:
            raise ModelError(
                tr("“{name}” is an ONNX model without LesionLens' description. Export it with lesionlens-export."),
                name=path.name,
            )
        self.contract: Contract = parse_contract(metadata[METADATA_KEY])
        self._check_graph()
        self._try_out()

    def run(self, images: NDArray[np.uint8]) -> Outputs:
        """Answer a batch of model inputs, uint8 RGB [n, size, size, 3]."""
        answers = dict(zip(self._outputs, self._session.run(self._outputs, {IMAGE: images}), strict=True))
        return Outputs(
            probabilities=answers[PROBABILITIES],
            embedding=answers.get(EMBEDDING),
            activation=answers.get(ACTIVATION),
            novelty=answers.get(NOVELTY),
        )

    def prepare(self, data: bytes, name: str, region: Box | None = None) -> NDArray[np.uint8]:
        """Return what this model sees of an image file, or of a square of it; see `model_input`."""
        contract = self.contract
        return model_input(
            data,
            contract.input_size,
            contract.fit,
            name,
            effective_resolution=contract.effective_resolution,
            region=region,
        )

    def predict(self, images: NDArray[np.uint8], sides: Sequence[int | None] | None = None) -> list[Prediction]:
        """Return one prediction for each of a batch of model inputs.

        Args:
            images: uint8 RGB [n, size, size, 3].
            sides: the shorter side of what each was made from, in pixels of its file; None: not known, and not judged.

        Raises:
            ModelError: the model's figures are no probabilities.
        """
        outputs = self.run(images)
        if not _are_probabilities(outputs.probabilities):
            raise ModelError(
                tr("“{name}” answered with figures that are no probabilities. Choose another model."),
                name=self.path.name,
            )
        novelty = [None] * len(images) if outputs.novelty is None else [float(value) for value in outputs.novelty]
        known: Sequence[int | None] = sides or [None] * len(images)
        measured = [replace(measure(image), side=side) for image, side in zip(images, known, strict=True)]
        return [
            Prediction(tuple(map(float, row)), distance, self.sha256, PREPROCESSING_VERSION, quality)
            for row, distance, quality in zip(outputs.probabilities, novelty, measured, strict=True)
        ]

    def _check_graph(self) -> None:
        size = self.contract.input_size
        inputs = {node.name: node for node in self._session.get_inputs()}
        outputs = {node.name: node for node in self._session.get_outputs()}
        self._outputs = [name for name in (PROBABILITIES, EMBEDDING, ACTIVATION, NOVELTY) if name in outputs]
        if (
            list(inputs) != [IMAGE]
            or inputs[IMAGE].type != "tensor(uint8)"
            or inputs[IMAGE].shape[1:] != [size, size, 3]
        ):
            raise self._broken(f"its input is not “image”, uint8 [batch, {size}, {size}, 3]")
        if PROBABILITIES not in outputs or outputs[PROBABILITIES].type != "tensor(float)":
            raise self._broken("it has no output “probabilities” of float32")
        if self.contract.novelty_threshold is not None and NOVELTY not in outputs:
            raise self._broken("it names a threshold of novelty but has no such output")
        if self.contract.preprocessing_version != PREPROCESSING_VERSION:
            raise ModelError(
                tr("“{name}” was trained with preprocessing {found}; this app has {own}. Use a matching LesionLens."),
                name=self.path.name,
                found=self.contract.preprocessing_version,
                own=PREPROCESSING_VERSION,
            )

    def _try_out(self) -> None:
        """Run one grey image and one batch of two: a graph that loads may still not run."""
        size = self.contract.input_size
        for batch in (1, 2):
            grey = np.full((batch, size, size, 3), 128, np.uint8)
            try:
                outputs = self.run(grey)
            except Exception as error:
                raise self._broken(f"it does not run: {error}") from error
            shape = outputs.probabilities.shape
            if shape != (batch, len(self.contract.labels)):
                raise self._broken(f"it answers with {shape}, not one probability for each label")
            if not _are_probabilities(outputs.probabilities):
                raise self._broken("its probabilities are negative or do not sum to one")
            if outputs.novelty is not None and outputs.novelty.shape != (batch,):
                raise self._broken(f"its novelty is {outputs.novelty.shape}, not one figure for each image")

    def _broken(self, detail: str) -> ModelError:
        return ModelError(
            tr(
                "“{name}” does not keep the contract of LesionLens' models: {detail}. Export it with lesionlens-export."
            ),
            name=self.path.name,
            detail=detail,
        )


def _are_probabilities(figures: NDArray[np.float32]) -> bool:
    """Tell whether no figure is negative and each row sums to one; a NaN does neither."""
    return bool(np.all(figures >= 0) and np.all(np.abs(figures.sum(axis=1) - 1) < _MAX_SUM_ERROR))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            tr("The model “{name}” cannot be read ({detail}). Choose another model file."),
            name=path.name,
            detail=error.strerror or error,
        ) from error


def _session(content: bytes, name: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Idle threads that spin for the next run take the cores from those that decode the images.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only: they are raised as well, and the rest is no user's concern
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        logger.info("onnxruntime refused %s: %s", name, error)
        raise ModelError(
            tr("“{name}” is not an ONNX model that can be run. Choose another file."), name=name
        ) from error
