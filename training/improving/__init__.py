"""A new model of a clinic's own lesions: its data, what the old model answered to them, and whether it is better."""
