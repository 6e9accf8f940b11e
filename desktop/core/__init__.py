"""What the window, the command and the training share: no Qt, no TensorFlow."""
