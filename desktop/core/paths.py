"""Where things lie: what is shipped with the program, and what belongs to the user."""

import importlib.resources
from pathlib import Path

import platformdirs

RESOURCES = Path(str(importlib.resources.files("resources")))
"""The shipped model, icons, samples and licences: the same in a checkout, a wheel and the frozen application."""

SHIPPED_MODEL = RESOURCES / "classifier.onnx"
SAMPLES = RESOURCES / "samples"

_DIRS = platformdirs.PlatformDirs("LesionLens", appauthor=False)


def data_folder() -> Path:
    """Return the user's folder for the history and the image store; it may not exist yet."""
    return _DIRS.user_data_path


def log_folder() -> Path:
    """Return the user's folder for log files; it may not exist yet."""
    return _DIRS.user_log_path
