"""The body map, on which a lesion has its place."""
