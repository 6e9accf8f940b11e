"""Recalibration of a model file on a clinic's own labelled lesions, without training."""
