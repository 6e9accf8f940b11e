"""Measurement of the shipped model for its card: folds, probes, copies, test images, and the page of all figures."""
