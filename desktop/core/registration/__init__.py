"""Registration of two images of one lesion: rotation, scale and shift, with numpy and Pillow alone."""
