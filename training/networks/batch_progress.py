"""The progress of an epoch, batch by batch; it ends a training that has diverged."""

import math

import keras

from desktop.core.ctrl_c import CtrlC
from desktop.core.errors import DataError
from desktop.core.progress import Progress


class DivergedError(DataError):
    """The loss is no longer a number."""


class BatchProgress(keras.callbacks.Callback):  # type: ignore[misc] # keras ships no types
    """Reports the batches of one epoch to the progress, and ends it where Ctrl-C was pressed."""

    def __init__(self, progress: Progress, epoch: str, ctrl_c: CtrlC) -> None:
        super().__init__()
        self._progress = progress
        self._epoch = epoch
        self._ctrl_c = ctrl_c

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        """Report a batch.

        Raises:
            DivergedError: the loss is no longer a number.
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        if not math.isfinite(logs["loss"]):
            raise DivergedError(
                "The loss is no longer a number in batch {batch} of {epoch}: the training has diverged. Start another run with "
                "a lower --learning-rate, or with --precision float32 where it is another.",
                batch=batch + 1,
                epoch=self._epoch,
            )
        self._progress.advance(1, f"{self._epoch}  loss {logs['loss']:.3f}  accuracy {logs['accuracy']:.1%}")
        self._ctrl_c.obey()
