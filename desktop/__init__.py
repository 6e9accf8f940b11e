"""LesionLens, the desktop application: a dermatoscope image beside the probabilities of its lesion classes."""

__version__ = "0.1.0"
