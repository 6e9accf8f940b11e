"""Loads and runs a model file of unknown origin in a child process first, so that a crash, hang or memory leak ends only that.

A model file is a program: onnxruntime runs its graph, which may loop for ever, allocate all memory, or crash onnxruntime.
"""

from __future__ import annotations

import json
import logging
import math
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import ModelError
from desktop.core.inference.model_file import ModelFile
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import psutil
else:
    psutil = Late("psutil")

logger = logging.getLogger(__name__)

ARGUMENT = "--try-model"
"""The argument that makes a frozen program, which has no Python to start, run `trial_process`."""

_MODULE = "desktop.core.inference.trial_process"

_STEP = 0.02
"""Seconds between two checks of the child, in which it can exceed its limit by some 100 MB."""

_LAST_WORDS = 100_000
"""The most bytes that are read of the child's result."""


@dataclass(frozen=True)
class TrialLimits:
    """The time and memory that a model may take to answer the trial's images."""

    seconds: float = 30
    """A slower model would be unusable."""
    memory: int = 2_000_000_000
    """Bytes of resident memory of the child, Python and its libraries included: the shipped model takes 140 MB."""


LIMITS = TrialLimits()


def try_out(file: ModelFile, limits: TrialLimits = LIMITS, cancelled: threading.Event | None = None) -> None:
    """Load a model file in a child process, and run it there on images of every kind.

    Args:
        file: the model file, which is read again by the child.
        limits: what it may take; the child is ended when it takes more.
        cancelled: when set, the child is ended early.

    Raises:
        ModelError: the model cannot be used, or its trial was cancelled.
    """
    name = file.path.name
    logger.info("a model is tried in a process of its own")
    try:
        with tempfile.TemporaryDirectory(prefix="lesionlens-model-", ignore_cleanup_errors=True) as folder:
            result = Path(folder) / "said.json"
            with _child(file, result, limits) as child:
                _watch(child, name, limits, cancelled or threading.Event())
            error = _error_of(result, name) if child.returncode == 0 else _crashed(name)
    except OSError as problem:
        raise ModelError(
            tr("“{name}” cannot be tried out before it is used ({detail}). Try again later."),
            name=name,
            detail=problem.strerror or problem,
        ) from problem
    if error is not None:
        raise error


@contextmanager
def _child(file: ModelFile, result: Path, limits: TrialLimits) -> Iterator[subprocess.Popen[bytes]]:
    """Start the child, and end it when the block ends."""
    is_frozen = getattr(sys, "frozen", False)
    # -P: no module is imported from the current folder.
    program = [sys.executable, ARGUMENT] if is_frozen else [sys.executable, "-P", "-m", _MODULE]
    arguments = (os.path.abspath(file.path), file.sha256, str(result), str(limits.seconds), str(limits.memory))  # noqa: PTH100
    own = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # numpy would reserve memory for a thread on each core
    if not is_frozen:
        own["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    child = subprocess.Popen(
        [*program, *arguments],
        # A program without a console has no standard streams to inherit on Windows.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | own,
        start_new_session=True,  # Ctrl-C is for us: we end the child
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _watch(child: subprocess.Popen[bytes], name: str, limits: TrialLimits, cancelled: threading.Event) -> None:
    """Wait until the child ends by itself.

    Raises:
        ModelError: it takes too much time or memory, or the trial was cancelled.
    """
    # Counted in checks, not by a clock: while the computer sleeps or stands still, the child cannot get on.
    for _ in range(math.ceil(limits.seconds / _STEP)):
        if child.poll() is not None:
            return
        if cancelled.wait(_STEP):
            raise ModelError(tr("“{name}” was not tried to the end. Choose it again."), name=name)
        if _memory_of(child.pid) > limits.memory:
            raise ModelError(
                tr("“{name}” is not used: it takes more than {limit} MB of memory. Choose another model."),
                name=name,
                limit=limits.memory // 1_000_000,
            )
    raise ModelError(
        tr("“{name}” is not used: it was not ready within {seconds} seconds. Choose another model."),
        name=name,
        seconds=round(limits.seconds),
    )


def _memory_of(process: int) -> int:
    """Return the bytes of memory that a process uses; on Windows including those outside its working set."""
    try:
        memory = psutil.Process(process).memory_info()
    except psutil.Error:  # the process has just ended
        return 0
    return max(int(memory.rss), int(getattr(memory, "private", 0)))


def _error_of(result: Path, name: str) -> ModelError | None:
    """Return the error that the child reports, None if the model passed."""
    try:
        with result.open("rb") as file:
            found = json.loads(file.read(_LAST_WORDS))
        return ModelError(found["template"], **found["fields"]) if found else None
    except (OSError, ValueError, LookupError, TypeError):
        return _crashed(name)


def _crashed(name: str) -> ModelError:
    return ModelError(
        tr("“{name}” is not used: it ended the process in which it was tried out. Choose another model."), name=name
    )
