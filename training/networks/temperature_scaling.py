"""Temperature scaling with an offset for each label, inside the network's graph."""

import keras
import numpy as np

from desktop.core.statistics.calibration import Calibration


def with_calibration(model: keras.Model, calibration: Calibration) -> keras.Model:
    """Return the network with its logits calibrated before the softmax.

    The last layer becomes three: `logits`, the trained layer with the offsets in its bias; `temperature`, which scales them;
    and `probabilities`.
    """
    head = model.get_layer("probabilities")
    logits = keras.layers.Dense(head.units, name="logits")
    x = keras.layers.Rescaling(1 / calibration.temperature, name="temperature")(logits(head.input))
    weights, bias = head.get_weights()
    if calibration.offsets:
        bias = bias + np.array(calibration.offsets, np.float32) * calibration.temperature
    logits.set_weights([weights, bias])
    return keras.Model(model.input, keras.layers.Softmax(name="probabilities")(x), name=model.name)
