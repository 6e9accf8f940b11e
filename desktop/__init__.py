"""LesionLens, the desktop application: a dermatoscope image beside the probabilities of its lesion classes."""

import os

# When imported, onnxruntime 1.32 would write a device id and a telemetry database to the user's cache.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
