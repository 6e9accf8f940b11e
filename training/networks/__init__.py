"""The networks, and what they are taught by: architectures, weights, losses, phases, sampling, augmentation, novelty."""
