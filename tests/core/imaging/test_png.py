import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from desktop.core.errors import ImageError
from desktop.core.imaging.opening import decode
from tests.core.imaging.pngs import chunk, png
from tests.core.imaging.profiles import DISPLAY_P3, matrix_profile, swapped_profile
from tests.core.imaging.test_opening import colour_of
from tests.making import lesion

ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""Colorants of Adobe RGB (1998), adapted to D50."""

ADOBE_CHRM = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
SRGB_CHRM = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


def named(
    colour: tuple[int, ...], *, gamma: int | None = None, chrm: tuple[int, ...] | None = None, **chunks: bytes
) -> bytes:
    """Build a PNG of one colour with gAMA and cHRM, in hundred-thousandths."""
    more = {name.encode(): content for name, content in chunks.items()}
    if gamma is not None:
        more[b"gAMA"] = struct.pack(">I", gamma)
    if chrm is not None:
        more[b"cHRM"] = struct.pack(">8I", *chrm)
    kind = 2 if len(colour) == 3 else 0
    return png(4, 4, 8, kind, [bytes(colour * 4)] * 4, *more.items())


def with_profile(colour: tuple[int, ...], profile: bytes) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(buffer, "PNG", icc_profile=profile)
    return buffer.getvalue()


COLOUR = (180, 120, 90)


def test_primaries_and_gamma_are_applied_like_an_equivalent_profile() -> None:
    expected = colour_of(with_profile(COLOUR, matrix_profile(*ADOBE, 563 / 256)))
    np.testing.assert_allclose(colour_of(named(COLOUR, gamma=45470, chrm=ADOBE_CHRM)), expected, atol=1)
    assert np.abs(np.subtract(expected, COLOUR)).max() > 5


def test_gamma_alone_is_applied_in_colour_and_grey() -> None:
    light = np.array(COLOUR) / 255
    expected = 255 * (1.055 * light ** (1 / 2.4) - 0.055)  # IEC 61966-2-1
    np.testing.assert_allclose(colour_of(named(COLOUR, gamma=100_000)), expected, atol=1)
    np.testing.assert_allclose(colour_of(named(COLOUR[:1], gamma=100_000)), expected[:1].repeat(3), atol=1)


@pytest.mark.parametrize(
    "data",
    [
        named(COLOUR, gamma=45455),
        named(COLOUR, gamma=45455, chrm=SRGB_CHRM),
        named(COLOUR, chrm=SRGB_CHRM),
        named(COLOUR, gamma=100_000, chrm=ADOBE_CHRM, sRGB=b"\0"),
        named(COLOUR, gamma=45470, chrm=(0,) * 8),
        named(COLOUR, gamma=45470, chrm=(31270, 32900) * 4),
        named(COLOUR, gamma=0),
        named(COLOUR, gamma=100_000, cICP=bytes((1, 13, 0, 1))),
    ],
)
def test_srgb_or_no_colour_space_leaves_the_pixels_unchanged(data: bytes) -> None:
    assert colour_of(data) == COLOUR


def test_a_profile_overrides_gamma_and_coded_colours_override_a_profile() -> None:
    swapped = with_profile(COLOUR, swapped_profile())
    header = swapped.index(b"IHDR") + 17 + 4
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    np.testing.assert_allclose(colour_of(swapped[:header] + gamma + swapped[header:]), colour_of(swapped), atol=0)
    coded = swapped[:header] + chunk(b"cICP", bytes((12, 13, 0, 1))) + swapped[header:]
    np.testing.assert_allclose(
        colour_of(coded), colour_of(with_profile(COLOUR, matrix_profile(*DISPLAY_P3, 2.2))), atol=2
    )


def test_high_dynamic_range_is_refused_by_name() -> None:
    with pytest.raises(ImageError, match=r"“scan\.png” has colours of a kind that is not opened \(cICP 9/16/0/1\)"):
        decode(named(COLOUR, cICP=bytes((9, 16, 0, 1))), "scan.png")


def test_a_transparent_sixteen_bit_colour_matches_exactly() -> None:
    row = struct.pack(">6H", 0x1234, 0x5678, 0x9ABC, 0x1235, 0x5678, 0x9ABC)
    seen = (0x12, 0x56, 0x9A)
    for key, expected in (
        ((0x1234, 0x5678, 0x9ABC), [(255, 255, 255), seen]),
        ((0x1235, 0x5678, 0x9ABC), [seen, (255, 255, 255)]),
        ((0x1200, 0x5600, 0x9A00), [seen, seen]),
    ):
        opened = decode(png(2, 1, 16, 2, [row], (b"tRNS", struct.pack(">3H", *key))), "image")
        assert [opened.getpixel((x, 0)) for x in (0, 1)] == expected
    grey = struct.pack(">2H", 257 * 40, 257 * 40 + 1)
    for value, expected_grey in ((257 * 40, [255, 40]), (257 * 40 + 1, [40, 255]), (40, [40, 40])):
        opened = decode(png(2, 1, 16, 0, [grey], (b"tRNS", struct.pack(">H", value))), "image")
        assert opened.tobytes()[::3] == bytes(expected_grey)


def test_profiles_and_notes_of_more_than_a_megabyte_open() -> None:
    buffer, texts = io.BytesIO(), PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", "x" * 1_500_000, zip=True)
    profile = swapped_profile() + bytes(1_200_000)
    profile = struct.pack(">I", len(profile)) + profile[4:]
    lesion().save(buffer, "PNG", pnginfo=texts, icc_profile=profile)
    assert decode(buffer.getvalue(), "image").size == (160, 120)


def test_endlessly_expanding_texts_are_refused() -> None:
    bomb = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(20_000_000))
    data = png(4, 4, 8, 2, [bytes(12)] * 4, *([(b"iTXt", bomb)] * 5))
    with pytest.raises(ImageError):
        decode(data, "image")
