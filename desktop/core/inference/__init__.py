"""From the model's input to a prediction."""
