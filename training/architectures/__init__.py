"""The networks that can be trained, each one a function from a configuration to a Keras model."""
