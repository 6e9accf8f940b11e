"""Runs any model file that satisfies the contract, whatever its labels."""

from __future__ import annotations

import copy
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from desktop.core.errors import ModelError
from desktop.core.frozen import frozen
from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION, Box, ModelInput, checked_input
from desktop.core.imaging.quality import Quality, measure
from desktop.core.inference.alerts import WorkingPoints, working_points
from desktop.core.inference.contract import (
    ACTIVATION,
    EMBEDDING,
    IMAGE,
    METADATA_KEY,
    NOVELTY,
    OUTLINE,
    OUTLINE_WANTED,
    PROBABILITIES,
    Contract,
)
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.inference.external_data import refuse_external_data
from desktop.core.inference.model_file import ModelFile
from desktop.core.inference.model_outputs import ModelOutputs, fault_of, fault_of_outline
from desktop.core.inference.plain_text import one_line
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray
else:
    np, onnxruntime = Late("numpy"), Late("onnxruntime")

logger = logging.getLogger(__name__)


@frozen
class Prediction:
    """All probabilities for one image by one model, in the order of the contract's labels, and its novelty.

    `quality` is that of the model's input; None for an answer that was saved before quality was measured.
    """

    probabilities: tuple[float, ...]
    novelty: float | None
    model_sha256: str
    preprocessing_version: int
    quality: Quality | None = None


class Classifier:
    """A loaded model file with its `contract` and `sha256`; `working_points` are those at which its alerts are raised.

    A run that takes longer than `seconds_a_run` is ended; None is without limit.
    """

    def __init__(
        self,
        file: Path | ModelFile,
        threads: int = 1,
        *,
        seconds_a_run: float | None = None,
        is_tried: bool = False,
    ) -> None:
        """Check and load a model file that may be trusted not to crash or hang; `load_model` takes any.

        Args:
            file: the `.onnx` file, or its content.
            threads: threads that one run may use; 0 leaves the choice to onnxruntime. One is cheapest where several runs
                go on at once, which is allowed from any thread.
            seconds_a_run: how long a run may take before it is ended with an error; None is without limit.
            is_tried: whether these bytes, by their hash, are the shipped model or have passed `try_out`. They are then
                neither searched for external data nor run on trial again, so that the window is ready sooner.

        Raises:
            ModelError: the file cannot be read, is no ONNX model, keeps its weights elsewhere or breaks the contract.
        """
        found = file if isinstance(file, ModelFile) else ModelFile.read(file)
        self.path = found.path
        self.sha256 = found.sha256
        self.seconds_a_run = seconds_a_run
        if not is_tried:
            refuse_external_data(found.content, found.path.name)
        self._session = _session(found.content, found.path.name, threads)
        self.contract: Contract = parse_contract(_description(self._session, found.path.name))
        self.working_points: WorkingPoints = working_points(self.contract.alerts)
        self._check_graph()
        if not is_tried:
            self._try_out()

    def at(self, wanted: WorkingPoints) -> Self:
        """Return the same model with other working points; an alert that does not have the wanted one takes its default."""
        same = copy.copy(self)  # shares the session, which may run on several threads
        same.working_points = working_points(self.contract.alerts, wanted)
        return same

    @property
    def has_embedding(self) -> bool:
        """Whether its answers tell how an image looks to it."""
        return EMBEDDING in self._outputs

    def run(self, images: NDArray[np.uint8]) -> ModelOutputs:
        """Answer a batch of model inputs, uint8 RGB [n, size, size, 3].

        Raises:
            ModelError: the model fails, takes too long, or its answer cannot be used.
        """
        outputs = self._run(images)
        fault = fault_of(outputs, len(images), len(self.contract.labels))
        if fault is not None:
            raise self._unusable(fault)
        return outputs

    def outline(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return where the lesion is in each of a batch of model inputs: probabilities [n, side, side].

        The side is that of `contract.outline`.

        Raises:
            ValueError: the contract has no outline.
            ModelError: the model fails, takes too long, or its answer cannot be used.
        """
        if self.contract.outline is None:
            raise ValueError("this model draws no outlines")
        outline = self._fetch([OUTLINE], {IMAGE: images, OUTLINE_WANTED: np.array(True)})[OUTLINE]
        fault = fault_of_outline(outline, len(images), self.contract.outline.size)
        if fault is not None:
            raise self._unusable(fault)
        return outline

    def _run(self, images: NDArray[np.uint8]) -> ModelOutputs:
        answers = self._fetch(self._outputs, {IMAGE: images})
        return ModelOutputs(
            probabilities=answers[PROBABILITIES],
            embedding=answers.get(EMBEDDING),
            activation=answers.get(ACTIVATION),
            novelty=answers.get(NOVELTY),
        )

    def _fetch(self, names: Sequence[str], inputs: dict[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
        """Run the graph once and return some of its outputs by name."""
        try:
            with _ended_after(self.seconds_a_run) as options:
                figures = self._session.run(names, inputs, options)
        except Exception as error:
            if _is_lack_of_memory(error):
                raise _too_large(self.path.name) from error
            raise ModelError(
                tr("“{name}” failed on an image ({detail}). Choose another model."),
                name=self.path.name,
                detail=one_line(error),
            ) from error
        return dict(zip(names, figures, strict=True))

    def prepare(self, data: bytes, name: str, region: Box | None = None) -> NDArray[np.uint8]:
        """Return the model's input for an image file, or for a square of it, even if the file is damaged."""
        return self.prepare_checked(data, name, region).pixels

    def prepare_checked(self, data: bytes, name: str, region: Box | None = None) -> ModelInput:
        """Return the model's input for an image file, or for a square of it, and whether the file is damaged.

        Raises:
            ImageError: the bytes are no image that can be decoded.
        """
        contract = self.contract
        return checked_input(
            data,
            contract.input_size,
            contract.fit,
            name,
            effective_resolution=contract.effective_resolution,
            region=region,
        )

    def predict(
        self,
        images: NDArray[np.uint8],
        sides: Sequence[int | None] | None = None,
        damaged: Sequence[bool] | None = None,
    ) -> list[Prediction]:
        """Return one prediction for each of a batch of model inputs.

        Args:
            images: uint8 RGB [n, size, size, 3].
            sides: the shorter side of what each was made from, in pixels of its file; None: not known, and not judged.
            damaged: whether the file of each is damaged; None: none is.

        Raises:
            ModelError: the model fails, takes too long, or its answer cannot be used.
        """
        return self.predictions(self.run(images), images, sides, damaged)

    def predictions(
        self,
        outputs: ModelOutputs,
        images: NDArray[np.uint8],
        sides: Sequence[int | None] | None = None,
        damaged: Sequence[bool] | None = None,
    ) -> list[Prediction]:
        """Return the predictions of `predict` from the outputs that `run` gave for these images."""
        novelty = [None] * len(images) if outputs.novelty is None else [float(value) for value in outputs.novelty]
        known: Sequence[int | None] = sides or [None] * len(images)
        measured = [
            replace(measure(image), side=side, is_damaged=is_damaged)
            for image, side, is_damaged in zip(images, known, damaged or [False] * len(images), strict=True)
        ]
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
        self._check_outline()
        if self.contract.preprocessing_version != PREPROCESSING_VERSION:
            raise ModelError(
                tr("“{name}” needs a LesionLens that prepares images otherwise ({found}, here {own}). Use that one."),
                name=self.path.name,
                found=self.contract.preprocessing_version,
                own=PREPROCESSING_VERSION,
            )

    def _check_outline(self) -> None:
        """Check the output `outline`, and that what asks for it is the one input besides the image that may be given."""
        if self.contract.outline is None:
            return
        side = self.contract.outline.size
        outputs = {node.name: node for node in self._session.get_outputs()}
        asking = [(node.name, node.type, node.shape) for node in self._session.get_overridable_initializers()]
        if (
            OUTLINE not in outputs
            or outputs[OUTLINE].type != "tensor(float)"
            or outputs[OUTLINE].shape[1:] != [side, side]
        ):
            raise self._broken(f"it has no output “outline”, float32 [batch, {side}, {side}]")
        if asking != [(OUTLINE_WANTED, "tensor(bool)", [])]:
            raise self._broken("its outline is not asked for by “outline_wanted”, one truth value")

    def _try_out(self) -> None:
        """Run one grey image and a batch of two: a graph that loads may still fail to run."""
        size = self.contract.input_size
        for batch in (1, 2):
            images = np.full((batch, size, size, 3), 128, np.uint8)
            fault = fault_of(self._run(images), batch, len(self.contract.labels))
            if fault is not None:
                raise self._broken(fault)
        if self.contract.outline is not None:
            self.outline(images)

    def _unusable(self, detail: str) -> ModelError:
        return ModelError(
            tr("“{name}” gave an answer that cannot be used: {detail}. Choose another model."),
            name=self.path.name,
            detail=detail,
        )

    def _broken(self, detail: str) -> ModelError:
        return ModelError(
            tr(
                "“{name}” does not keep the contract of LesionLens' models: {detail}. Export it with lesionlens-export."
            ),
            name=self.path.name,
            detail=detail,
        )


def _session(content: bytes, name: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Idle threads would otherwise spin, and take cores from the threads that decode images.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only, which are raised as well
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        if _is_lack_of_memory(error):
            raise _too_large(name) from error
        logger.info("onnxruntime refused a model: %s", one_line(error))
        raise ModelError(
            tr("“{name}” is not an ONNX model that can be run. Choose another file."), name=name
        ) from error


def _description(session: onnxruntime.InferenceSession, name: str) -> str:
    """Return the contract's JSON from the model file."""
    try:
        description = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    except UnicodeDecodeError as error:
        raise ModelError(
            tr("The description in “{name}” is not text that can be read. Export it again with lesionlens-export."),
            name=name,
        ) from error
    if description is None:
        raise ModelError(
            tr("“{name}” is an ONNX model without LesionLens' description. Export it with lesionlens-export."),
            name=name,
        )
    return str(description)


@contextmanager
def _ended_after(seconds: float | None) -> Iterator[onnxruntime.RunOptions | None]:
    """Yield options with which onnxruntime ends a run, between two steps of the graph, after this many seconds."""
    if seconds is None:
        yield None
        return
    options = onnxruntime.RunOptions()
    timer = threading.Timer(seconds, setattr, (options, "terminate", True))
    timer.daemon = True
    timer.start()
    try:
        yield options
    finally:
        timer.cancel()


def _is_lack_of_memory(error: Exception) -> bool:
    """Tell whether onnxruntime ran out of memory, which only its message shows."""
    return isinstance(error, MemoryError) or any(
        words in str(error) for words in ("bad_alloc", "bad allocation", "allocate memory", "bad array new length")
    )


def _too_large(name: str) -> ModelError:
    return ModelError(tr("“{name}” needs more memory than there is. Choose a smaller model."), name=name)
