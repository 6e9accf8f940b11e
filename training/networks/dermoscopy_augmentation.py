"""Augmentation for dermoscopy: the same lesion in any position, under any lamp, through any lens, in any copy.

The strength of each change is a knob of `Config`, and its result depends only on the random generator that it is given. The
order follows the path from the skin to the file: position, light, hair and marks, lens and storage. Cutout, which no camera
makes, comes last. Pillow works on bytes.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.networks.appearance import recoloured
from training.networks.degradation import degraded
from training.networks.occlusion import with_cutout, with_hair, with_marks
from training.networks.paper_augmentation import Transform, random_transform
from training.run.config import Config


def augmented(pixels: NDArray[np.uint8], random: np.random.Generator, config: Config) -> NDArray[np.uint8]:
    """Return one random augmentation of an image [size, size, 3]."""
    transform = random_transform(random, config)
    scale = (1 + config.scale) ** random.uniform(-1, 1)
    turned_over = config.vertical_flip and random.random() < 0.5
    image = moved(pixels, transform, scale, turned_over=turned_over)
    image = recoloured(image, random, config)
    if random.random() < config.hair:
        image = with_hair(image, random)
    if random.random() < config.marks:
        image = with_marks(image, random)
    image = degraded(image, random, config)
    if config.cutout and random.random() < 0.5:
        image = with_cutout(image, random, config)
    return np.asarray(image)


def moved(pixels: NDArray[np.uint8], transform: Transform, scale: float, *, turned_over: bool) -> Image.Image:
    """Return the image turned, shifted, sheared and magnified by `scale`, with linear interpolation.

    Pixels from outside the image are mirrored: they are less of a clue than the smeared edge of the paper's augmentation.
    """
    size = len(pixels)
    margin = size // 2
    to_source = transform.matrix(size)
    centre = size / 2 - 0.5
    zoom = np.diag([1 / scale, 1 / scale, 1.0])
    zoom[:2, 2] = centre * (1 - 1 / scale)
    (rr, rc, r0), (cr, cc, c0) = (to_source @ zoom)[:2]
    # Pillow counts from the corner of a pixel and across before down, the matrix from its centre and down before across.
    across = (cc, cr, c0 + margin + 0.5 - 0.5 * (cc + cr))
    down = (rc, rr, r0 + margin + 0.5 - 0.5 * (rc + rr))
    padded = Image.fromarray(np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="reflect"))
    image = padded.transform((size, size), Image.Transform.AFFINE, (*across, *down), Image.Resampling.BILINEAR)
    if transform.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if turned_over else image
