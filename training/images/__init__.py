"""The labelled images of a training: catalogue, grouping and exclusion."""
