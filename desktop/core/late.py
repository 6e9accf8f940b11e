"""Modules that are imported when they are first used, so that the window is there before numpy, Pillow and onnxruntime are.

    if TYPE_CHECKING:
        import numpy as np
    else:
        np = Late("numpy")

Type checkers, and PyInstaller, see the import; at run time it happens at the first use of an attribute, on the worker thread
that needs it. It is safe among threads: Python's import lock sees to it.
"""

import importlib


class Late:
    """Stands for a module, and imports it at the first look at one of its attributes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        """Import the module; keep what was asked for, so that this is called once for each attribute."""
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value
