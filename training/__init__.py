"""From labelled folders to a trained network and its report.

Keras reads its environment when it is first imported, so everything that every run needs is set here, before any module of
this package can import Keras.
"""

import os

# With deterministic kernels, TensorFlow gives the same figures for the same command and seed.
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
# Without a GPU TensorFlow logs errors about missing drivers; real failures are also raised as exceptions.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
