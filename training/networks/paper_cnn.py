"""The paper's network: three convolutions and two dense layers, 3,305,801 parameters for nine labels at 128 pixels."""

import keras

from desktop.core.errors import UsageError
from training.run.config import Config

_SMALLEST_INPUT = 22
"""Three 3 x 3 convolutions, each followed by halving, leave one pixel of 22: (((22 - 2) / 2 - 2) / 2 - 2) / 2 = 1."""


def build(config: Config, labels: int) -> keras.Model:
    """Return the network, with float pixels 0..255 [n, size, size, 3] in and probabilities [n, labels] out.

    Raises:
        UsageError: the input is too small for three convolutions.
    """
    size = config.input_size
    if size < _SMALLEST_INPUT:
        raise UsageError("paper-cnn needs --input-size {least} or more.", least=_SMALLEST_INPUT)
    image = keras.Input((size, size, 3), name="image")
    x = keras.layers.Rescaling(1 / 255, name="scaling")(image)
    for number, filters in enumerate((32, 64, 128), start=1):
        x = keras.layers.Conv2D(filters, 3, activation="relu", name=f"convolution_{number}")(x)
        x = keras.layers.MaxPooling2D(2, name=f"pooling_{number}")(x)
    x = keras.layers.Flatten(name="flat")(x)
    x = keras.layers.Dense(128, activation="relu", name="embedding")(x)
    x = keras.layers.Dropout(0.5, name="dropout")(x)
    probabilities = keras.layers.Dense(labels, activation="softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(image, probabilities, name="paper_cnn")
