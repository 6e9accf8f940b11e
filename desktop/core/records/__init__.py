"""What is kept: the history, the image store and the tables."""
