import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from desktop.core.imaging.opening import decode_checked
from desktop.core.imaging.seams import has_seam

BLOCK = 16


def skin(width: int = 480, height: int = 320) -> NDArray[np.uint8]:
    """Draw skin with a lesion and structures of several sizes, as seen through a lens."""
    random = np.random.default_rng(3)
    picture = np.full((height, width, 3), (205, 165, 140), float)
    for size, strength in ((2, 6), (8, 10), (40, 25)):
        coarse = random.normal(0, 1, (height // size + 2, width // size + 2)).astype(np.float32)
        picture += (
            strength * np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))[..., None]
        )
    down, across = np.mgrid[:height, :width]
    inside = (down - height / 2) ** 2 + (across - width / 2) ** 2 < (height / 4) ** 2
    picture[inside] -= 70
    drawn = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    return np.asarray(drawn.filter(ImageFilter.GaussianBlur(0.8)))


def shifted(pixels: NDArray[np.uint8], row: int, column: int, shift: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Shift the colour of all blocks after one, like a wrongly decoded difference."""
    after = pixels.astype(int)
    after[row * BLOCK : (row + 1) * BLOCK, column * BLOCK :] += shift
    after[(row + 1) * BLOCK :] += shift
    return np.clip(after, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shift", [(25, 25, 25), (-40, -30, -35), (0, -25, 0), (60, -20, 10)])
@pytest.mark.parametrize(("row", "column"), [(2, 0), (5, 14), (10, 1), (12, 29)])
def test_a_shift_of_all_later_blocks_is_found(shift: tuple[int, int, int], row: int, column: int) -> None:
    assert has_seam(shifted(skin(), row, column, shift), BLOCK, BLOCK)


def test_a_shift_is_found_in_the_decoded_file_at_the_scales_that_keep_structure() -> None:
    buffer = io.BytesIO()
    Image.fromarray(shifted(skin(640), 5, 14, (-40, -30, -35))).save(buffer, "JPEG", quality=92)
    for at_least in (None, 160):
        assert decode_checked(buffer.getvalue(), "image", at_least).is_damaged
    buffer = io.BytesIO()
    Image.fromarray(skin()).save(buffer, "JPEG", quality=92)
    assert not decode_checked(buffer.getvalue(), "image").is_damaged


def test_grey_pictures_have_seams_too() -> None:
    assert has_seam(shifted(skin(640), 5, 14, (30, 30, 30))[..., 0], BLOCK, BLOCK)
    assert not has_seam(skin()[..., 0], BLOCK, BLOCK)


def test_bars_frames_and_captions_on_the_grid_are_not_seams() -> None:
    for colour in (0, 210, 255):
        bar, frame, caption = skin().copy(), skin().copy(), skin().copy()
        bar[: 2 * BLOCK] = colour
        assert not has_seam(bar, BLOCK, BLOCK)
        frame[: 2 * BLOCK] = frame[-2 * BLOCK :] = colour
        frame[:, :BLOCK] = frame[:, -BLOCK:] = colour
        assert not has_seam(frame, BLOCK, BLOCK)
        caption[5 * BLOCK : 6 * BLOCK, 14 * BLOCK :] = colour
        caption[6 * BLOCK :] = colour
        assert not has_seam(caption, BLOCK, BLOCK)


def test_two_pictures_one_above_the_other_have_no_seam() -> None:
    both = np.concatenate([skin()[: 10 * BLOCK], (skin()[:, ::-1] // 2)[10 * BLOCK :]])
    assert not has_seam(both, BLOCK, BLOCK)


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15), (33, 33), (16, 16)])
def test_small_pictures_are_not_checked(size: tuple[int, int]) -> None:
    assert not has_seam(np.zeros((*size, 3), np.uint8), BLOCK, BLOCK)
    assert not has_seam(skin(), 4, 4)
