"""Evaluation of a network on its answers to held-out images: thresholds, alerts, and the figures of its contract."""
