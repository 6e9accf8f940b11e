import io
import struct
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop.core.errors import ImageError
from desktop.core.imaging.opening import ImageHeader, decode, decode_checked, read_header
from tests.core.imaging.noticing import is_noticed
from tests.core.imaging.tiffs import Page, tiff
from tests.making import lesion

ORDERS = ("<", ">")
LAYOUTS = list(product((False, True), (False, True), (False, True), ORDERS))
"""Tiled, planar, deflated, byte order."""

PICTURE = np.asarray(lesion(3, (70, 50)))
GREY = PICTURE[..., :1]
OPAQUE = np.full((*PICTURE.shape[:2], 1), 255, np.uint8)

REFUSED = r"“scan\.tif” is a TIFF of a kind that is not opened \({}\)\. Save it with 8 bits a channel, or as PNG\."


def opened(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(decode(data, "scan.tif"))


def assert_refused(data: bytes, kind: str) -> None:
    for look in (read_header, decode):
        with pytest.raises(ImageError, match=REFUSED.format(kind)):
            look(data, "scan.tif")


@pytest.mark.parametrize(("tiled", "planar", "deflated", "order"), LAYOUTS)
def test_eight_bits_open_in_every_layout(tiled: bool, planar: bool, deflated: bool, order: str) -> None:
    layout = (tiled, planar, deflated)
    pages = (
        Page(PICTURE, 2, {}, *layout),
        Page(np.concatenate([PICTURE, OPAQUE], axis=2), 2, {338: 2}, *layout),
        Page(np.concatenate([255 - PICTURE, 255 - OPAQUE], axis=2), 5, {}, *layout),
    )
    for page in pages:
        np.testing.assert_array_equal(opened(tiff(page, order=order)), PICTURE)
    np.testing.assert_array_equal(opened(tiff(Page(GREY, 1, {}, *layout), order=order)), GREY.repeat(3, axis=2))


@pytest.mark.parametrize(("tiled", "planar", "deflated", "order"), LAYOUTS)
def test_sixteen_bits_open_unless_stored_in_planes(tiled: bool, planar: bool, deflated: bool, order: str) -> None:
    layout = (tiled, planar, deflated)
    wide, opaque = PICTURE.astype(np.uint16) * 257, OPAQUE.astype(np.uint16) * 257
    pages = (
        Page(wide, 2, {}, *layout),
        Page(np.concatenate([wide, opaque], axis=2), 2, {338: 2}, *layout),
        Page(np.concatenate([65535 - wide, 65535 - opaque], axis=2), 5, {}, *layout),
    )
    for page in pages:
        data = tiff(page, order=order)
        if planar:
            assert_refused(data, f"{page.samples.shape[2]} × 16 bits, separate planes.*")
        else:
            np.testing.assert_array_equal(opened(data), PICTURE)
    grey = tiff(Page(wide[..., :1], 1, {}, *layout), order=order)
    if planar:
        assert_refused(grey, "1 × 16 bits, separate planes.*")
    else:
        np.testing.assert_array_equal(opened(grey), GREY.repeat(3, axis=2))


def test_twelve_bits_are_scaled_by_their_own_range() -> None:
    values = np.round(GREY.astype(float) / 255 * 4095).astype(np.uint16)
    page = Page(values[:, :68], 1, bits=12)
    np.testing.assert_allclose(opened(tiff(page))[..., 0], GREY[:, :68, 0], atol=1)
    assert_refused(tiff(page, order=">"), "1 × 12 bits")


def test_values_of_unknown_meaning_are_refused() -> None:
    for dtype, kind in ((np.int8, "1 × 8 bits, signed"), (np.int16, "1 × 16 bits, signed")):
        assert_refused(tiff(Page(GREY.astype(dtype), 1, {339: 2})), kind)
    assert_refused(tiff(Page(PICTURE.astype(np.int16), 2, {339: (2, 2, 2)})), "3 × 16 bits, signed")
    assert_refused(tiff(Page(PICTURE.astype(np.float32), 2, {339: (3, 3, 3)})), "3 × 32 bits, floating point")
    assert_refused(tiff(Page(GREY.astype(np.float16), 1, {339: 3})), "1 × 16 bits, floating point")
    assert_refused(tiff(Page(PICTURE, 2, {258: (8, 8, 16)})), "3 × 8/16 bits")


def test_colours_and_compressions_that_pillow_cannot_show_correctly_are_refused_by_name() -> None:
    assert_refused(tiff(Page(PICTURE.astype(np.uint16), 8)), r"3 × 16 bits, L\*a\*b\*")
    assert_refused(tiff(Page(PICTURE, 9)), r"3 × 8 bits, ICC L\*a\*b\*")
    assert_refused(
        tiff(Page(PICTURE, 6)), "3 × 8 bits"
    )  # without a tag, the colours of two by two pixels are stored once
    assert_refused(tiff(Page(PICTURE, 2, {259: 34887})), "3 × 8 bits, LERC")
    assert_refused(tiff(Page(PICTURE, 2, {259: 33005})), "3 × 8 bits, JPEG 2000")
    assert_refused(tiff(Page(PICTURE, 2, {259: 50001})), "3 × 8 bits, WebP")
    assert_refused(tiff(Page(PICTURE, 77)), "3 × 8 bits, colours 77")
    assert_refused(tiff(Page(np.concatenate([PICTURE] * 3, axis=2), 2)), "9 × 8 bits")


def test_palettes_of_sixteen_and_of_eight_bits_open() -> None:
    indices = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    colours = np.random.default_rng(1).integers(0, 256, (3, 256))
    expected = colours.T[indices[..., 0]]
    for scale in (1, 257):
        page = Page(indices, 3, {320: tuple(int(value) for value in (colours * scale).ravel())})
        np.testing.assert_array_equal(opened(tiff(page)), expected)


FULL = Page(PICTURE, 2)


def preview(tag: int = 254, value: int = 1) -> Page:
    return Page(PICTURE[::4, ::4] // 2, 2, {tag: value})


def test_a_preview_before_the_image_is_skipped() -> None:
    for page in (preview(), preview(255, 2)):
        data = tiff(page, FULL)
        assert read_header(data, "scan.tif") == ImageHeader("TIFF", 70, 50)
        np.testing.assert_array_equal(opened(data), PICTURE)
    np.testing.assert_array_equal(opened(tiff(FULL, preview())), PICTURE)
    np.testing.assert_array_equal(opened(tiff(FULL, Page(PICTURE // 2, 2))), PICTURE)


def test_a_preview_alone_is_refused() -> None:
    with pytest.raises(ImageError, match=r"“scan\.tif” shows a preview alone"):
        decode(tiff(preview()), "scan.tif")


def test_a_preview_does_not_replace_its_image() -> None:
    both = bytearray(tiff(Page(PICTURE[::4, ::4], 2, {330: 0}), FULL))
    begin = struct.unpack_from("<I", both, 4)[0]
    count = struct.unpack_from("<H", both, begin)[0]
    following = begin + 2 + 12 * count
    entry = both.index(struct.pack("<HHI", 330, 4, 1), begin)
    both[entry + 8 : entry + 12] = both[following : following + 4]  # the second page becomes a child of the first
    both[following : following + 4] = bytes(4)
    with pytest.raises(ImageError, match=r"“scan\.tif” shows a preview alone"):
        decode(bytes(both), "scan.tif")


@pytest.mark.parametrize(
    "page", [Page(GREY, 32803), Page(PICTURE, 34892), Page(PICTURE, 2, {50706: bytes((1, 4, 0, 0))})]
)
def test_raw_files_are_refused_as_such(page: Page) -> None:
    for data in (tiff(page), tiff(preview(), page)):
        with pytest.raises(ImageError, match=r"“scan\.nef” is a camera's raw file"):
            decode(data, "scan.nef")


def test_orientation_is_applied_to_later_pages_too() -> None:
    turned = Page(PICTURE.transpose(1, 0, 2)[:, ::-1], 2, {274: 8})
    np.testing.assert_array_equal(opened(tiff(preview(), turned)), PICTURE)


def test_directories_that_are_missing_or_circular_are_damage() -> None:
    data = tiff(FULL)
    begin = struct.unpack_from("<I", data, 4)[0]
    following = begin + 2 + 12 * struct.unpack_from("<H", data, begin)[0]
    for offset in (begin, 10**9):
        with pytest.raises(ImageError, match="is damaged or cut off"):
            decode(data[:following] + struct.pack("<I", offset) + data[following + 4 :], "scan.tif")
    with pytest.raises(ImageError, match="is damaged or cut off"):
        decode(b"II*\0" + bytes(4), "scan.tif")


def test_big_tiff_opens() -> None:
    buffer = io.BytesIO()
    Image.fromarray(PICTURE).save(buffer, "TIFF", big_tiff=True)
    np.testing.assert_array_equal(opened(buffer.getvalue()), PICTURE)


@pytest.mark.parametrize("compression", ["jpeg", "tiff_lzw", "tiff_adobe_deflate"])
def test_lost_pixels_of_compressed_strips_are_detected(compression: str, capfd: pytest.CaptureFixture[str]) -> None:
    buffer = io.BytesIO()
    lesion(4, (320, 240)).save(buffer, "TIFF", compression=compression)
    assert not decode_checked(buffer.getvalue(), "image").is_damaged
    data = bytearray(buffer.getvalue())
    middle = len(data) // 2
    data[middle : middle + 200] = np.random.default_rng(1).bytes(200)
    assert is_noticed(bytes(data))
    capfd.readouterr()  # libtiff says so on the standard error, too
