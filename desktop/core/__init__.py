"""Code shared by the window, the commands and training, without Qt or TensorFlow."""
