"""What an answer depends on besides the model and the image: the versions of LesionLens and of what decodes and calculates."""

import importlib.metadata
import platform
from collections.abc import Mapping

from desktop import __version__

_DECIDING = ("distributed", "numpy", "onnxruntime", "pi-heif", "pillow", "pydicom", "pyjpegls", "simplejpeg")
"""The packages that decode an image, scale it, or run the model; and Dask, whose versions do not all understand each other."""


def versions() -> dict[str, str]:
    """Return the version of everything that an answer depends on, by name."""
    return {
        "LesionLens": __version__,
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{name: importlib.metadata.version(name) for name in _DECIDING},
    }


def differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Return what is found in another version than wanted, for a sentence; empty if nothing is."""
    return ", ".join(
        f"{name} {found.get(name, '-')}, not {version}"
        for name, version in wanted.items()
        if found.get(name) != version
    )
