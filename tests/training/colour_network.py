"""A network that learns drawn lesions by their colours within seconds, for tests of what follows on a training."""

import keras

from training.run.config import Config


def build(config: Config, labels: int) -> keras.Model:
    """Return the network, with float pixels 0..255 [n, size, size, 3] in and probabilities [n, labels] out."""
    image = keras.Input((config.input_size, config.input_size, 3), name="image")
    x = keras.layers.Rescaling(-1 / 64, offset=2.5, name="scaling")(image)
    x = keras.layers.AveragePooling2D(3, name="reduced")(x)
    x = keras.layers.GlobalMaxPooling2D(name="darkest")(x)
    x = keras.layers.Dense(32, activation="tanh", name="embedding")(x)
    return keras.Model(image, keras.layers.Dense(labels, activation="softmax", name="probabilities")(x))
