"""Finds images that show the same picture: copies, groups of copies, and leaks between splits. Needs numpy and Pillow alone."""
