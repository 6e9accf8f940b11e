"""Two images are aligned exactly, or it is said that they could not be."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.material import images_of
from benchmarks.retaken import error, retake
from desktop.core.paths import SAMPLES
from desktop.core.registration.evening import even
from desktop.core.registration.registering import RegistrationError, register
from desktop.core.registration.similarity import about
from tests.making import lesion


def drawing(number: int) -> Image.Image:
    with Image.open(images_of(SAMPLES)[number]) as image:
        return image.convert("RGB")


@pytest.mark.parametrize("number", range(4))
def test_image_is_found_again_turned_moved_and_in_other_light(number: int) -> None:
    pair = retake(drawing(number), np.random.default_rng(number))
    found = register(pair.first, pair.second)
    assert error(found.transform, pair.truth, pair.first.size, pair.second.size) < 0.01
    assert found.agreement.share > 0.5


def test_images_of_other_sizes_are_aligned_in_their_own_pixels() -> None:
    image = drawing(0)
    smaller = image.resize((image.width // 2, image.height // 2))
    found = register(image, smaller).transform
    assert found.scale == pytest.approx(0.5, rel=0.01)
    assert found.map(image.width / 2, image.height / 2) == pytest.approx(
        (smaller.width / 2, smaller.height / 2), abs=0.01 * smaller.width
    )


def test_nearer_photograph_is_found_in_both_directions() -> None:
    image = drawing(1)
    sixth = (image.width // 6, image.height // 6)
    nearer = image.crop((*sixth, image.width - sixth[0], image.height - sixth[1]))
    there, back = register(image, nearer).transform, register(nearer, image).transform
    assert there.scale == pytest.approx(1, rel=0.01)
    middle = (image.width / 2, image.height / 2)
    assert there.map(*middle) == pytest.approx((nearer.width / 2, nearer.height / 2), abs=0.01 * image.width)
    assert back.map(*there.map(*middle)) == pytest.approx(middle, abs=0.01 * image.width)


def test_different_lesions_are_refused() -> None:
    with pytest.raises(RegistrationError, match="could not be aligned"):
        register(drawing(0), drawing(4))


def test_frames_alone_align_nothing() -> None:
    """Two round frames of one device match exactly; the skin in them shows nothing."""
    images = []
    for seed in (1, 2):
        noise = np.random.default_rng(seed).normal(190, 3, (300, 400, 3))
        skin = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
        mask = Image.new("L", skin.size)
        ImageDraw.Draw(mask).ellipse((20, -30, 380, 330), fill=255)
        images.append(Image.composite(skin, Image.new("RGB", skin.size), mask))
    with pytest.raises(RegistrationError):
        register(*images)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 3), (3, 4)])
@pytest.mark.parametrize("size", [(160, 120), (320, 240)])
def test_different_lesions_are_refused_however_small(first: int, second: int, size: tuple[int, int]) -> None:
    with pytest.raises(RegistrationError):
        register(lesion(first, size), lesion(second, size))


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (20, 20)])
def test_images_too_small_to_show_anything_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(RegistrationError):
        register(Image.new("RGB", size, (200, 160, 140)), drawing(0))


def test_black_image_is_refused() -> None:
    with pytest.raises(RegistrationError):
        register(Image.new("RGB", (400, 300)), Image.new("RGB", (400, 300)))


def test_dark_frame_and_hair_are_left_out() -> None:
    image = Image.new("RGB", (200, 150), (200, 160, 140))
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 0), (40, 0), (0, 40)], fill=(5, 5, 5))
    draw.line([(60, 75), (180, 75)], fill=(30, 20, 20), width=2)
    draw.ellipse((90, 100, 120, 130), fill=(90, 50, 40))
    valid = even(image, 0.1).valid
    assert valid[10, 10] == 0
    assert valid[75, 100] == 0
    assert valid[115, 105] == 1, "a dark lesion is skin"
    assert valid[40, 100] == 1


def test_truth_of_a_second_photograph_is_what_its_error_is_measured_by() -> None:
    pair = retake(drawing(3), np.random.default_rng(9))
    sizes = (pair.first.size, pair.second.size)
    assert error(pair.truth, pair.truth, *sizes) == 0
    aside = about(0, 1, (0, 0), (0.05 * pair.second.width, 0)).after(pair.truth)
    assert error(aside, pair.truth, *sizes) == pytest.approx(0.05)
