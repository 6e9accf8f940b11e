"""The model's answer to an image: headline, probabilities, quality, stability."""
