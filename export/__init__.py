"""Converts a trained Keras model to one verified ONNX file that contains its contract."""

import os

# Without a GPU TensorFlow logs errors of drivers that nobody misses; what truly fails is raised as an exception too.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
