"""Converts a trained Keras model to one verified ONNX file that contains its contract."""

import os

# Without a GPU TensorFlow logs errors about missing drivers; real failures are also raised as exceptions.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
