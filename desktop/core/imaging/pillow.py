"""Pillow, configured before its first use."""

from PIL import Image, ImageCms, ImageOps, ImagePalette, PngImagePlugin

__all__ = ["Image", "ImageCms", "ImageOps", "ImagePalette"]

# Replaced by our own limit, which is checked on the header and has a sentence for the user.
Image.MAX_IMAGE_PIXELS = None

# A large image in one block is a mapping of its own, which the system has back when the image goes. In Pillow's blocks of
# 16 MB it comes from glibc's heap of the thread, which keeps it: two threads kept 1.1 GB where they now keep 0.6.
# (PILLOW_BLOCK_SIZE, which Pillow documents, must be set before anything loads Pillow.)
Image.core.set_block_size(128 * 2**20)  # type: ignore[attr-defined]

# Profiles of printers and the notes of some programs are larger than Pillow's million bytes, at which it calls a whole file
# broken; its limit for all texts of a file together stays.
PngImagePlugin.MAX_TEXT_CHUNK = 16 * 2**20
