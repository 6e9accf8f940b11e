"""The state of a training in memory: its beginning, its resumption, and the beginning of each epoch."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from training.networks import checkpoint, phases
from training.networks.architectures import build
from training.networks.averaging import AverageWeights
from training.networks.checkpoint import PartialEpoch
from training.networks.training_images import TrainingImages
from training.networks.weights import load
from training.run.config import FOLD, Config
from training.run.run_folder import EpochFigures, RunFolder, RunRecord

_DROPOUT = 2
"""The random stream of the dropout seeds; see `batches` for the others."""


@dataclass
class Training:
    """A training: `steps` are done; `parts` are the finished parts of the current epoch."""

    model: keras.Model
    average: AverageWeights | None
    history: list[EpochFigures] = field(default_factory=list)
    steps: int = 0
    parts: list[PartialEpoch] = field(default_factory=list)

    def kept(self) -> AbstractContextManager[None]:
        """Use the weights that will be saved within a `with` block: their running mean, if there is one."""
        return self.average.in_place(self.model) if self.average else nullcontext()

    @property
    def weights(self) -> Sequence[NDArray[np.float32]]:
        """The weights that will be saved."""
        return self.average.values if self.average else self.model.get_weights()

    def save(self, run: RunFolder) -> None:
        """Write the checkpoint."""
        run.replace(
            run.checkpoint,
            lambda path: checkpoint.save(path, self.model, self.average, self.steps, self.parts),
        )


def begun(record: RunRecord, data: TrainingImages) -> Training:
    """Return a training with its initial weights."""
    _refuse_other_images(record)
    config = record.settings
    model = _built(config, len(data.labels), phases.size_of(config, 0))
    load(model, config, data.labels)
    return Training(model, AverageWeights(model, config.averaging) if config.averaging else None)


def resumed(run: RunFolder, config: Config, data: TrainingImages) -> Training:
    """Return a training in the state of its checkpoint, in the phase of its last step."""
    saved = checkpoint.read(run.checkpoint)
    epoch = (saved.steps - 1) // data.steps
    model = _built(config, len(data.labels), phases.size_of(config, epoch))
    phases.begin(model, config, epoch, data.steps, data.labels, data.shares)
    average = AverageWeights(model, config.averaging) if config.averaging else None
    saved.restore(model, average)
    history = run.load_history()[: saved.steps // data.steps]
    return Training(model, average, history, saved.steps, list(saved.parts))


def _refuse_other_images(record: RunRecord) -> None:
    """Refuse to start a fold from one with other training images, since these may include images that it holds out."""
    if FOLD in record.settings.weights:
        earlier = RunFolder(record.settings.weights_file.parent)
        if earlier.load_record().fingerprint != record.fingerprint:
            raise DataError(
                "“{path}” learned from other images than this fold, which it may hold out. Give --weights of folds with "
                "the same --data, --seed and --folds.",
                path=earlier.path,
            )


def _built(config: Config, labels: int, size: int) -> keras.Model:
    """Build the network for an image size. It computes in the precision of the settings; its weights are always float32."""
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(config.precision)
    try:
        return build(replace(config, input_size=size), labels)
    finally:
        keras.config.set_dtype_policy(usual)


def enter(training: Training, config: Config, data: TrainingImages, epoch: int) -> None:
    """Begin an epoch: start its phase, if it opens one, and seed its dropout."""
    if phases.begins(config, epoch):
        earlier, size = training.model, phases.size_of(config, epoch)
        grows = earlier.input_shape[1] != size
        model = _built(config, len(data.labels), size) if grows else earlier
        phases.begin(model, config, epoch, data.steps, data.labels, data.shares)
        if grows:
            phases.grow(earlier, model)
        training.model = model
    for number, state in enumerate(checkpoint.random_states(training.model)):
        # Keras would carry the state over from epoch to epoch; here it depends on seed and epoch alone.
        start = np.random.default_rng((config.seed, epoch, _DROPOUT, number)).integers(2**31)
        state.assign(np.array([start, 0]))
