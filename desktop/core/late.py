"""Modules imported at first use, so that the window appears before numpy, Pillow and onnxruntime are loaded.

    if TYPE_CHECKING:
        import numpy as np
    else:
        np = Late("numpy")

Type checkers and PyInstaller see the import; at run time the first use of an attribute imports the module, on the worker thread
that needs it. Python's import lock makes this thread-safe.
"""

import importlib


class Late:
    """A stand-in for a module, which imports it when one of its attributes is first used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        """Import the module and cache the attribute, so that this runs once for each."""
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value
