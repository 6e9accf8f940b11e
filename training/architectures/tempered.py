"""A network whose answers are made softer or harder by one number: its temperature, inside the graph."""

import keras


def tempered(model: keras.Model, temperature: float) -> keras.Model:
    """Return the network with its logits divided by `temperature` before the softmax.

    The last layer becomes three: `logits`, what the network learned; `temperature`, which scales them; `probabilities`.
    """
    head = model.get_layer("probabilities")
    logits = keras.layers.Dense(head.units, name="logits")
    x = keras.layers.Rescaling(1 / temperature, name="temperature")(logits(head.input))
    logits.set_weights(head.get_weights())
    return keras.Model(model.input, keras.layers.Softmax(name="probabilities")(x), name=model.name)
