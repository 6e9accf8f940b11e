"""An opened image as the window draws it."""

import numpy as np
from PIL import Image

from desktop.session.picture import levels_of


def test_no_pixel_is_lost_on_the_way_to_the_screen() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (301, 77, 3), np.uint8)  # more rows than are made ready at once
    (full,) = levels_of(Image.fromarray(pixels))
    drawn = np.frombuffer(full.constBits(), np.uint8).reshape(301, 77, 4)
    assert np.array_equal(drawn[..., 2::-1], pixels)
    assert (drawn[..., 3] == 255).all()
