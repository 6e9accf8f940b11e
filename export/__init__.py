"""From a trained Keras model to one verified ONNX file that carries its contract."""
