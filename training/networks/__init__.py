"""The networks and how they are trained: architectures, weights, losses, phases, sampling, augmentation, novelty."""
