"""The pixels of an opened image."""

import logging

import numpy as np
import pytest
from PIL import Image

from desktop.core.errors import ImageError
from desktop.session.picture import levels_of, open_picture


def test_no_pixel_is_lost_on_the_way_to_the_screen() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (301, 77, 3), np.uint8)  # more rows than are made ready at once
    (full,) = levels_of(Image.fromarray(pixels))
    drawn = np.frombuffer(full.constBits(), np.uint8).reshape(301, 77, 4)
    assert np.array_equal(drawn[..., 2::-1], pixels)
    assert (drawn[..., 3] == 255).all()


def test_any_error_while_opening_becomes_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    def read() -> bytes:
        raise RuntimeError("a file system of its own kind")

    with caplog.at_level(logging.ERROR), pytest.raises(ImageError, match=r"“a\.png” cannot be read: LesionLens met"):
        open_picture("a.png", None, read)
    assert "a file system of its own kind" in caplog.text
