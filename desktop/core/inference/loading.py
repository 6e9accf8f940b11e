"""Loads models: the shipped one at once, any other after a trial in a child process."""

from __future__ import annotations

import threading
from pathlib import Path

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.model_file import ModelFile
from desktop.core.inference.shipped import shipped_sha256
from desktop.core.inference.trial import LIMITS, TrialLimits, try_out

_passed: set[str] = set()
"""The SHA-256 of the models that have passed their trial in this process; a trial is not repeated."""


def load_model(path: Path, *, limits: TrialLimits = LIMITS, cancelled: threading.Event | None = None) -> Classifier:
    """Load a model file of any origin.

    Args:
        path: the `.onnx` file.
        limits: what another model than the shipped one may take in its trial; later its runs may each take as long.
        cancelled: when set, a trial is ended early.

    Raises:
        ModelError: the model cannot be used, or its trial was cancelled.
    """
    file = ModelFile.read(path)
    if file.sha256 == shipped_sha256():
        return Classifier(file)
    if file.sha256 not in _passed:
        try_out(file, limits, cancelled)
        _passed.add(file.sha256)
    return Classifier(file, seconds_a_run=limits.seconds)
