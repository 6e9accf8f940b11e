"""Locations of the files shipped with the program and of the user's data."""

import os
import sys
from pathlib import Path

import platformdirs

import resources

RESOURCES = Path(resources.__file__).parent
"""The shipped model, icons, samples and licences: the same in a checkout, a wheel and the frozen application."""

SHIPPED_MODEL = RESOURCES / "classifier.onnx"
SAMPLES = RESOURCES / "samples"
NEAR_LIMITS = RESOURCES / "look_alikes.json"
"""How near two images must be to be called similar: measured by `scripts/measure_look_alikes.py`."""

_PACKED_HANDBOOK = RESOURCES / "handbook" / "handbook.md"
HANDBOOK = _PACKED_HANDBOOK if _PACKED_HANDBOOK.exists() else RESOURCES.parent / "docs" / "handbook.md"
"""Its pictures are beside it: among the resources in a wheel and the frozen application, in `docs` in a checkout."""

_DIRS = platformdirs.PlatformDirs("LesionLens", appauthor=False)


def data_folder() -> Path:
    """Return the user's folder for the history and the image store; it may not exist yet."""
    return _DIRS.user_data_path


def log_folder() -> Path:
    """Return the user's folder for log files; it may not exist yet."""
    return _DIRS.user_log_path


def reachable(path: Path) -> Path:
    """Return a path that the system opens whatever its length; the user is shown `path` itself."""
    if sys.platform == "win32":
        return Path(extended(os.path.abspath(path)))  # noqa: PTH100 - it folds "..", which Windows no longer does then
    return path


def extended(path: str) -> str:
    r"""Return an absolute Windows path, with the prefix that lifts the limit of 260 characters if it needs one.

    A short path is returned unchanged: programs show and compare it. A folder's limit is 248, which leaves room for a name
    of 8.3 in it (Microsoft, "Maximum Path Length Limitation").
    """
    if len(path) < 248 or path.startswith(("\\\\?\\", "\\\\.\\")):
        return path
    return f"\\\\?\\UNC{path[1:]}" if path.startswith("\\\\") else f"\\\\?\\{path}"
