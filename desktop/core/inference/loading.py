"""Loads models: the shipped one at once, any other after a trial in a child process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.model_file import ModelFile
from desktop.core.inference.shipped import shipped_sha256
from desktop.core.late import Late

if TYPE_CHECKING:
    from desktop.core.inference import trial
    from desktop.core.inference.trial import TrialLimits
else:
    trial = Late("desktop.core.inference.trial")

_passed: set[str] = set()
"""The SHA-256 of the models that have passed their trial in this process; a trial is not repeated."""


def load_model(
    path: Path, *, limits: TrialLimits | None = None, cancelled: threading.Event | None = None
) -> Classifier:
    """Load a model file of any origin.

    Args:
        path: the `.onnx` file.
        limits: what another model than the shipped one may take in its trial; later its runs may each take as long. None:
            `trial.LIMITS`.
        cancelled: when set, a trial is ended early.

    Raises:
        ModelError: the model cannot be used, or its trial was cancelled.
    """
    file = ModelFile.read(path)
    if file.sha256 == shipped_sha256():
        return Classifier(file, is_tried=True)
    limits = limits or trial.LIMITS
    if file.sha256 not in _passed:
        trial.try_out(file, limits, cancelled)
        _passed.add(file.sha256)
    return Classifier(file, seconds_a_run=limits.seconds, is_tried=True)
