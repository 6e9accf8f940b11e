"""HEIC, AVIF, JPEG 2000 and JPEG-LS files."""

import io

import jpeg_ls
import numpy as np
import pytest
from PIL import Image, ImageCms

from desktop.core.errors import ImageError
from desktop.core.imaging import limits
from desktop.core.imaging.icc import DISPLAY_P3, rgb_profile
from desktop.core.imaging.opening import EXTENSIONS, ImageHeader, decode, read_header
from desktop.core.imaging.preprocessing import model_input
from tests.core.imaging import heics
from tests.making import lesion

SIZE = (64, 48)


def written(image: Image.Image, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def jls(values: np.ndarray, **options: object) -> bytes:
    return bytes(jpeg_ls.encode_array(np.ascontiguousarray(values), **options))


def picture(data: bytes) -> np.ndarray:
    image = decode(data, "x")
    assert image.mode == "RGB"
    return np.asarray(image).astype(int)


LESION = np.asarray(lesion(2, SIZE)).astype(int)
GREY = np.asarray(lesion(2, SIZE).convert("L"))


@pytest.mark.parametrize(
    ("data", "image_format", "most"),
    [
        (written(lesion(2, SIZE), "AVIF", quality=100, subsampling="4:4:4"), "AVIF", 4),
        (written(lesion(2, SIZE), "JPEG2000"), "JPEG 2000", 0),
        (written(lesion(2, SIZE), "JPEG2000", no_jp2=True), "JPEG 2000", 0),
        (jls(LESION.astype(np.uint8)), "JPEG-LS", 0),
        (jls(LESION.astype(np.uint8).transpose(2, 0, 1), interleave_mode=0), "JPEG-LS", 0),
    ],
)
def test_a_picture_is_shown_as_it_was_saved(data: bytes, image_format: str, most: int) -> None:
    assert read_header(data, "x") == ImageHeader(image_format, *SIZE)
    assert np.abs(picture(data) - LESION).max() <= most
    assert model_input(data, 32, "crop", "x").shape == (32, 32, 3)


def test_new_formats_are_found_by_their_extensions() -> None:
    assert {".heic", ".heif", ".hif", ".avif", ".jp2", ".j2k", ".jpx", ".jls"} <= EXTENSIONS


# HEIC


def test_heic() -> None:
    assert read_header(heics.PLAIN, "x") == ImageHeader("HEIC", *SIZE)
    found = picture(heics.PLAIN)
    assert found[5, 5] == pytest.approx(heics.GREEN, abs=3)
    assert found[40, 50] == pytest.approx(heics.SKIN, abs=3)


def test_a_heic_of_ten_bits_is_scaled() -> None:
    assert np.abs(picture(heics.TEN_BITS) - picture(heics.PLAIN)).max() <= 3


def test_a_heic_is_turned_once() -> None:
    assert read_header(heics.TURNED, "x") == ImageHeader("HEIC", 48, 64)
    found = picture(heics.TURNED)
    assert found[5, 43] == pytest.approx(heics.GREEN, abs=3)
    assert found[50, 5] == pytest.approx(heics.SKIN, abs=3)


def test_a_transparent_heic_is_composited_over_white() -> None:
    expected = [round(value * 128 / 255 + 127) for value in heics.SKIN]
    assert picture(heics.HALF_TRANSPARENT)[40, 50] == pytest.approx(expected, abs=3)


def of_p3(colour: tuple[int, int, int]) -> tuple[int, ...]:
    """Convert a colour from Display P3 to sRGB."""
    profile = ImageCms.getOpenProfile(io.BytesIO(rgb_profile(DISPLAY_P3)))
    one = ImageCms.profileToProfile(Image.new("RGB", (1, 1), colour), profile, ImageCms.createProfile("sRGB"))
    assert one is not None
    found = one.getpixel((0, 0))
    assert isinstance(found, tuple)
    return found


def coded(data: bytes, primaries: int, transfer: int) -> bytes:
    """Replace the coded colour space of a file."""
    at = data.index(b"nclx") + 4
    return data[:at] + primaries.to_bytes(2) + transfer.to_bytes(2) + data[at + 4 :]


AVIF_IN_FLAT_COLOUR = written(Image.new("RGB", SIZE, heics.GREEN), "AVIF", quality=100)


@pytest.mark.parametrize("data", [heics.PLAIN, AVIF_IN_FLAT_COLOUR])
def test_coded_colour_spaces_are_applied(data: bytes) -> None:
    assert picture(coded(data, 1, 13))[5, 5] == pytest.approx(heics.GREEN, abs=3)
    assert picture(coded(data, 12, 13))[5, 5] == pytest.approx(of_p3(heics.GREEN), abs=4)
    for hdr in ((9, 16), (9, 18), (11, 13)):
        with pytest.raises(
            ImageError, match=rf"“x” has colours of a kind that is not opened \(nclx {hdr[0]}/{hdr[1]}\)"
        ):
            decode(coded(data, *hdr), "x")


@pytest.mark.parametrize("image_format", ["AVIF", "JPEG2000"])
def test_an_icc_profile_is_applied(image_format: str) -> None:
    p3 = rgb_profile(DISPLAY_P3)
    image = Image.new("RGB", SIZE, heics.GREEN)
    if image_format == "AVIF":
        data = written(image, "AVIF", quality=100, icc_profile=p3)
    else:
        data = with_profile(written(image, "JPEG2000"), p3)
    assert picture(data)[5, 5] == pytest.approx(of_p3(heics.GREEN), abs=3)


def with_profile(data: bytes, profile: bytes) -> bytes:
    """Replace the colour space of a JPEG 2000 file by a profile."""
    header, colours = data.index(b"jp2h") - 4, data.index(b"colr") - 4
    old = int.from_bytes(data[colours : colours + 4])
    new = (11 + len(profile)).to_bytes(4) + b"colr\2\0\0" + profile
    size = int.from_bytes(data[header : header + 4]) + len(new) - old
    return data[:header] + size.to_bytes(4) + data[header + 4 : colours] + new + data[colours + old :]


# AVIF


def test_an_avif_is_turned_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", SIZE, heics.SKIN)
    image.paste(heics.GREEN, (0, 0, 21, 16))
    data = written(image, "AVIF", quality=100, exif=exif)
    assert read_header(data, "x") == ImageHeader("AVIF", 48, 64)
    assert picture(data)[5, 43] == pytest.approx(heics.GREEN, abs=6)


def test_a_transparent_avif_is_composited_over_white() -> None:
    data = written(Image.new("RGBA", SIZE, (*heics.SKIN, 0)), "AVIF")
    assert picture(data)[9, 9] == pytest.approx((255, 255, 255), abs=1)


# JPEG 2000 and JPEG-LS


@pytest.mark.parametrize("shift", [4, 8])
def test_grey_of_more_than_eight_bits_is_scaled(shift: int) -> None:
    wide = GREY.astype(np.uint16) << shift | (GREY >> (8 - shift) if shift < 8 else GREY)
    stream = bytes(jpeg_ls.encode_buffer(wide.tobytes(), *reversed(SIZE), 1, 8 + shift))
    assert np.array_equal(picture(stream)[..., 0], GREY)
    if shift == 8:
        buffer = io.BytesIO()
        Image.fromarray(wide).save(buffer, "JPEG2000")
        assert np.array_equal(picture(buffer.getvalue())[..., 0], GREY)


def test_unsupported_jpeg_ls_is_refused() -> None:
    four = jls(np.zeros((48, 64, 4), np.uint8), interleave_mode=2)
    with pytest.raises(ImageError, match="“x” is JPEG-LS with 4 colours a pixel"):
        read_header(four, "x")


# What is cut off, spoilt, or too large


WHOLE = {
    "heic": heics.PLAIN,
    "avif": written(lesion(2, SIZE), "AVIF"),
    "jp2": written(lesion(2, SIZE), "JPEG2000"),
    "jls": jls(LESION.astype(np.uint8)),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_truncated_or_damaged_file_is_refused_or_shown(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 50_000)  # a spoilt size takes its time else
    whole, random = WHOLE[kind], np.random.default_rng(4)
    spoilt = [whole[:length] for length in range(12, len(whole), max(1, len(whole) // 20))]
    for _ in range(100):
        changed = bytearray(whole)
        for at in random.integers(12, min(len(whole), 600), 2):
            changed[at] = random.integers(256)
        spoilt.append(bytes(changed))
    for data in spoilt:
        try:
            decode(data, "x.img")
        except ImageError as error:
            assert "“x.img”" in str(error)  # noqa: PT017 - what decodes all the same is no bug
            assert "does not know" not in str(error)  # noqa: PT017


@pytest.mark.parametrize("kind", ["heic", "avif", "jls"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    for share in (0.3, 0.6, 0.95):
        with pytest.raises(ImageError):
            decode(WHOLE[kind][: int(len(WHOLE[kind]) * share)], "x")


@pytest.mark.parametrize("kind", WHOLE)
def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 1000)
    with pytest.raises(ImageError, match="64 × 48 pixels"):
        read_header(WHOLE[kind], "x")


def test_a_jpeg_2000_that_needs_too_much_memory_is_refused() -> None:
    stream = written(lesion(2, SIZE), "JPEG2000", no_jp2=True)
    at = stream.index(b"\xff\x51") + 6
    with pytest.raises(ImageError, match="would take 1064 MB of memory"):
        decode(stream[:at] + (8000).to_bytes(4) + (7000).to_bytes(4) + stream[at + 8 :], "x")
