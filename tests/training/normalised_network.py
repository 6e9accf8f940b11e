"""lesionlens-train with a small network that is normalised by the batch, for tests of a training in several processes."""

import sys
from importlib.abc import MetaPathFinder

import keras

from training.__main__ import main
from training.networks.architectures import BY_NAME, ArchitectureEntry
from training.run.config import Config

ENTRY = ArchitectureEntry("normalised", "tests.training.normalised_network", 24, "crop")


def build(config: Config, labels: int) -> keras.Model:
    """Return the network, with float pixels 0..255 [n, size, size, 3] in and probabilities [n, labels] out."""
    image = keras.Input((config.input_size, config.input_size, 3), name="image")
    x = keras.layers.Rescaling(1 / 255, name="scaling")(image)
    x = keras.layers.Conv2D(8, 3, strides=2, use_bias=False, name="convolution")(x)
    x = keras.layers.BatchNormalization(momentum=0.9, name="normalisation")(x)
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(keras.layers.ReLU(name="features")(x))
    x = keras.layers.Dropout(0.2, name="dropout")(x)
    return keras.Model(image, keras.layers.Dense(labels, activation="softmax", name="probabilities")(x))


class _NoTensorFlow(MetaPathFinder):
    """Keeps TensorFlow out, which Keras imports under every back end, to seed it; that takes seconds."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "tensorflow":
            raise ModuleNotFoundError(name=name)


if __name__ == "__main__":
    sys.meta_path.insert(0, _NoTensorFlow())
    BY_NAME[ENTRY.name] = ENTRY
    sys.exit(main())
