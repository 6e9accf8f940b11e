"""Which images show the same picture, with numpy and Pillow alone: copies, groups of them, and leaks between parts."""
