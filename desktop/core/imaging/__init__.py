"""From a file to upright RGB pixels and to the model's input."""
