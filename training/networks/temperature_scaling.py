"""A network whose answers were made as sure as they may be: by a temperature and offsets of its labels, inside the graph."""

import keras
import numpy as np

from desktop.core.statistics.calibration import Calibration


def with_calibration(model: keras.Model, calibration: Calibration) -> keras.Model:
    """Return the network with its logits calibrated before the softmax.

    The last layer becomes three: `logits`, what the network learned, with the labels' offsets in its bias; `temperature`,
    which scales them; `probabilities`.
    """
    head = model.get_layer("probabilities")
    logits = keras.layers.Dense(head.units, name="logits")
    x = keras.layers.Rescaling(1 / calibration.temperature, name="temperature")(logits(head.input))
    weights, bias = head.get_weights()
    if calibration.offsets:
        bias = bias + np.array(calibration.offsets, np.float32) * calibration.temperature
    logits.set_weights([weights, bias])
    return keras.Model(model.input, keras.layers.Softmax(name="probabilities")(x), name=model.name)
