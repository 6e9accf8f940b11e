"""A network with few weights for images of any size, for tests of the training itself."""

import keras

from training.run.config import Config


def build(config: Config, labels: int) -> keras.Model:
    """Return the network, with float pixels 0..255 [n, size, size, 3] in and probabilities [n, labels] out."""
    image = keras.Input((config.input_size, config.input_size, 3), name="image")
    x = keras.layers.Rescaling(1 / 255, name="scaling")(image)
    x = keras.layers.Conv2D(8, 3, strides=2, activation="relu", name="convolution")(x)
    x = keras.layers.Conv2D(16, 3, strides=2, padding="same", activation="relu", name="features")(x)
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    x = keras.layers.Dropout(0.2, name="dropout")(x)
    return keras.Model(image, keras.layers.Dense(labels, activation="softmax", name="probabilities")(x))


def outline_layers(_network: keras.Model) -> list[str]:
    """Return the layers that a decoder of outlines works on."""
    return ["convolution", "features"]
