"""Storage: the history, the image store and the tables."""
