"""The labelled images: catalogue, audit of what would falsify figures, grouping and exclusion."""
