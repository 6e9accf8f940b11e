"""From labelled folders to a trained network and its report.

Keras reads its environment once, when it is first imported; so what every run needs is set here, before any module of
this package can import it.
"""

import os

# The same command with the same seed gives the same figures: TensorFlow then takes its deterministic kernels.
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
# Without a GPU TensorFlow logs errors of drivers that nobody misses; what truly fails is raised as an exception too.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
