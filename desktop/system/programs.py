"""Other programs of this installation, each started as a process of its own."""

import importlib.util
import os
import sys
from collections.abc import Sequence

from PySide6 import QtCore

_TRAINING = ("training", "export", "keras", "tensorflow", "tf2onnx")
"""Without one of these there is no training here; what else is missing `lesionlens-train` says itself."""


def is_packaged() -> bool:
    """Return whether this is the application without Python, which starts no module."""
    return bool(getattr(sys, "frozen", False))


def can_train() -> bool:
    """Return whether the training extra is installed beside the window. Nothing of it is imported."""
    return not is_packaged() and all(importlib.util.find_spec(name) is not None for name in _TRAINING)


def module_process(module: str, arguments: Sequence[str], parent: QtCore.QObject | None = None) -> QtCore.QProcess:
    """Return a process, not started yet, of a module that this program could import, with the same Python."""
    process = QtCore.QProcess(parent)
    process.setProgram(sys.executable)
    # -P: the folder in which somebody happens to work is no place for our modules.
    process.setArguments(["-P", "-m", module, *arguments])
    environment = QtCore.QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    process.setProcessEnvironment(environment)
    return process
