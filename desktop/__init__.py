"""LesionLens, the desktop application: a dermatoscope image beside the probabilities of its lesion classes."""

import os

# onnxruntime 1.32 makes a device id and a database of telemetry in the user's cache when it is imported; with this it does not.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
