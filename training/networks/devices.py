"""The devices that train a network: one, or with JAX several, of one process or of several.

Each device computes an equal part of every batch with the same weights. Within a step the parts become one loss and one
gradient, so that normalisations, dropout and figures are those of the whole batch.
"""

import atexit
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from desktop.core.errors import DataError
from training.networks.share import WHOLE, Share
from training.run.process import Process

_OF_OTHERS = re.compile("Gloo|NCCL|UNAVAILABLE|DEADLINE_EXCEEDED|Barrier", re.IGNORECASE)
"""In what JAX raises where another process is gone, as RuntimeError or ValueError."""

_PARTING = 60
"""Seconds that a process waits for the others at the end; the first may still write its checkpoint."""


class _Dealt(keras.distribution.DataParallel):  # type: ignore[misc] # keras ships no types
    """Weights on every device; batches that this process has its own share of, or, where `is_whole`, all of."""

    def __init__(self) -> None:
        super().__init__(auto_shard_dataset=False)
        self.is_whole = False

    def get_data_layout(self, data_shape: tuple[int, ...]) -> Any:
        if not self.is_whole:
            return super().get_data_layout(data_shape)
        return keras.distribution.TensorLayout([None] * len(data_shape), self.device_mesh)


class Devices:
    """One device, or all devices of a `_Dealt`."""

    def __init__(self, share: Share, dealt: _Dealt | None = None) -> None:
        self.share = share
        self._dealt = dealt

    @property
    def leads(self) -> bool:
        """Whether this process writes into the run's folder."""
        return not self.share.index

    def feed(self, *, whole: bool) -> None:
        """Say whether every device sees the whole of the batches that follow, or its part of them."""
        if self._dealt:
            self._dealt.is_whole = whole

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Make networks of this process alone within a `with` block."""
        keras.distribution.set_distribution(None)
        try:
            yield
        finally:
            keras.distribution.set_distribution(self._dealt)

    def agree(self, content: bytes) -> None:
        """Check that all processes have the same content; they wait for each other.

        Raises:
            DataError: they do not.
        """
        if self.share.count == 1:
            return
        from jax.experimental import multihost_utils  # noqa: PLC0415 - a training on one device does without JAX

        digest = np.frombuffer(hashlib.sha256(content).digest(), np.uint8)
        if (multihost_utils.process_allgather(digest) != digest).any():
            raise DataError(
                "The processes of this training differ in their version, options, run folder or checkpoint. Give all of them "
                "the same command, but for the number of the process, and a folder that all of them see."
            )


ONE_DEVICE = Devices(WHOLE)


@contextmanager
def devices(process: Process | None, batch_size: int) -> Iterator[Devices]:
    """Return one device, or within a `with` block all devices of all processes, which begin and end it together.

    Args:
        process: this process; None trains on one device.
        batch_size: images in a step.

    Raises:
        UsageError: the devices cannot divide a batch evenly.
        DataError: the other processes cannot be reached, or one of them has ended.
    """
    if process is None:
        yield ONE_DEVICE
        return
    if process.count == 1:
        with _all_devices(process, batch_size) as together:
            yield together
        return
    import jax  # noqa: PLC0415 - a training on one device does without it

    try:
        jax.distributed.initialize(
            process.coordinator,
            process.count,
            process.index,
            coordinator_bind_address=process.coordinator,  # by default it listens on all addresses of the machine
            shutdown_timeout_seconds=_PARTING,
        )
    except RuntimeError as error:
        atexit.register(_end)
        raise DataError(
            "The processes of this training did not meet at {address} ({detail}). Start all of them within five minutes.",
            address=process.coordinator,
            detail=str(error).partition("\n")[0],
        ) from error
    try:
        with _all_devices(process, batch_size) as together:
            yield together
        jax.distributed.shutdown()
    except (RuntimeError, ValueError) as error:
        if not _OF_OTHERS.search(str(error)):
            raise
        atexit.register(_end)
        raise DataError(
            "Another process of this training has ended or cannot be reached ({detail}). Carry on with --resume, with as many "
            "processes as there are.",
            detail=str(error).partition("\n")[0],
        ) from error


def _end() -> None:
    """End this process at once: JAX would wait for the others for minutes, then abort it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


@contextmanager
def _all_devices(process: Process, batch_size: int) -> Iterator[Devices]:
    dealt = _Dealt()
    share = Share(process.index, process.count, dealt.num_model_replicas)
    share.refuse_uneven(batch_size)
    with dealt.scope():
        yield Devices(share, dealt)
