import io
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from desktop.core.errors import ImageError
from desktop.core.imaging import opening
from desktop.core.imaging.icc import ADOBE_GAMMA, ADOBE_RGB, rgb_profile
from desktop.core.imaging.opening import ImageHeader, decode, decode_checked, read_file, read_header
from tests.core.imaging.bombs import BOMBS, with_size
from tests.core.imaging.noticing import is_noticed
from tests.core.imaging.pngs import chunk, png
from tests.core.imaging.profiles import (
    DISPLAY_P3,
    SRGB,
    black_ink_profile,
    grey_gamma_profile,
    matrix_profile,
    swapped_profile,
)
from tests.core.imaging.tiffs import Page, tiff
from tests.making import lesion, write_lesion
from tests.platforms import ODD_NAMES, common_folder, posix, unprivileged

FORMATS = ["JPEG", "PNG", "TIFF", "BMP", "WEBP"]


def encoded(image: Image.Image, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def plain(colour: tuple[int, ...] | int, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (16, 16), colour)


def colour_of(data: bytes) -> tuple[int, ...]:
    image = decode(data, "image")
    assert image.mode == "RGB"
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


# What every format has in common


@pytest.mark.parametrize("image_format", FORMATS)
def test_every_format_gives_the_picture_that_was_saved(image_format: str) -> None:
    original = lesion(3)
    opened = decode(encoded(original, image_format), "image")
    assert opened.mode == "RGB"
    assert opened.size == original.size
    difference = np.abs(np.asarray(opened, int) - np.asarray(original, int))
    assert difference.mean() < (6 if image_format in {"JPEG", "WEBP"} else 1e-9)


@pytest.mark.parametrize("image_format", FORMATS)
def test_the_extension_does_not_matter(tmp_path: Path, image_format: str) -> None:
    path = tmp_path / "lesion.png"
    path.write_bytes(encoded(lesion(), image_format))
    assert read_header(read_file(path), path.name).format == image_format
    assert decode(read_file(path), path.name).size == (160, 120)


@pytest.mark.parametrize("size", [(1, 1), (30_000, 10), (10, 30_000)])
def test_odd_sizes_open(size: tuple[int, int]) -> None:
    for image_format in ("PNG", "JPEG", "TIFF", "BMP"):
        data = encoded(Image.new("RGB", size, (180, 120, 90)), image_format)
        assert read_header(data, "image") == ImageHeader(image_format, *size)
        assert decode(data, "image").size == size


def test_the_first_of_several_pictures_is_opened() -> None:
    first, second = plain((200, 150, 120)), plain((10, 10, 10))
    for image_format in ("WEBP", "TIFF", "PNG", "MPO"):
        data = encoded(first, image_format, save_all=True, append_images=[second])
        assert read_header(data, "image").format == image_format
        np.testing.assert_allclose(colour_of(data), (200, 150, 120), atol=3)


# EXIF orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_orientation_is_applied(image_format: str, orientation: int) -> None:
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste((255, 0, 0), (0, 0, 16, 16))
    upright.paste((0, 0, 255), (32, 0, 48, 16))
    # How the sensor stores it so that the orientation brings it back.
    stored = {
        1: upright,
        2: ImageOps.mirror(upright),
        3: upright.rotate(180),
        4: ImageOps.flip(upright),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.rotate(90, expand=True),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.rotate(-90, expand=True),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(stored, image_format, exif=exif, quality=95)
    assert read_header(data, "image") == ImageHeader(image_format, 48, 32)
    opened = decode(data, "image")
    assert opened.size == (48, 32)
    assert np.abs(np.asarray(opened, int) - np.asarray(upright, int)).mean() < 8


def test_orientation_after_the_pixels_of_a_png_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (48, 32)), "PNG")
    data = data[:-12] + chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")) + data[-12:]
    assert read_header(data, "image") == ImageHeader("PNG", 32, 48)
    assert decode(data, "image").size == (32, 48)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0garbage that is no directory",
        b"Exif\0\0II*\0\xff\xff\xff\x7f",
        b"Exif\0\0II+\0\x08\0\0\0",  # a BigTIFF's header, cut off
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(20),
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\0\0\0\0",  # orientation 99
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x04\0\0\0six\0\0\0\0\0",  # orientation "six"
    ],
)
def test_broken_exif_leaves_the_picture_unturned(exif: bytes) -> None:
    data = encoded(lesion(), "JPEG", exif=exif)
    assert read_header(data, "image") == ImageHeader("JPEG", 160, 120)
    assert decode(data, "image").size == (160, 120)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
def test_orientation_is_applied_even_if_other_exif_data_are_broken() -> None:
    # The second entry, an ASCII text, points far behind the end of the block.
    entries = b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" + b"\x0f\x01\x02\0\x40\0\0\0\xff\xff\0\0"
    data = encoded(lesion(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x02\0" + entries + bytes(4))
    assert read_header(data, "image") == ImageHeader("JPEG", 120, 160)
    assert decode(data, "image").size == (120, 160)


# Colour


def test_grey_palette_and_one_bit() -> None:
    assert colour_of(encoded(plain(90, "L"), "PNG")) == (90, 90, 90)
    assert colour_of(encoded(plain((200, 100, 50)).quantize(4), "PNG")) == (200, 100, 50)
    assert colour_of(encoded(plain(1, "1"), "PNG")) == (255, 255, 255)


def test_transparency_is_composited_over_white() -> None:
    assert colour_of(encoded(plain((200, 100, 50, 255), "RGBA"), "PNG")) == (200, 100, 50)
    assert colour_of(encoded(plain((200, 100, 50, 0), "RGBA"), "PNG")) == (255, 255, 255)
    assert colour_of(encoded(plain((0, 0, 0, 128), "RGBA"), "PNG")) == (127, 127, 127)
    assert colour_of(encoded(plain((0, 0), "LA"), "PNG")) == (255, 255, 255)
    assert colour_of(encoded(plain((0, 0, 0, 0), "RGBA"), "TIFF")) == (255, 255, 255)
    assert colour_of(encoded(plain((0, 0, 0, 0), "RGBA"), "WEBP")) == (255, 255, 255)


def test_transparency_over_white_has_no_seams() -> None:
    values = np.random.default_rng(1).integers(0, 256, (700, 40, 4), dtype=np.uint8)
    image = Image.fromarray(values)
    at_once = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    np.testing.assert_array_equal(np.asarray(decode(encoded(image, "PNG"), "image")), np.asarray(at_once))


def test_a_colour_declared_transparent_becomes_white() -> None:
    assert decode(
        png(2, 1, 8, 2, [bytes([1, 2, 3, 9, 9, 9])], (b"tRNS", struct.pack(">3H", 1, 2, 3))), "rgb"
    ).tobytes() == bytes([255, 255, 255, 9, 9, 9])
    assert decode(png(2, 1, 8, 0, [bytes([1, 9])], (b"tRNS", struct.pack(">H", 1))), "grey").tobytes() == bytes(
        [255, 255, 255, 9, 9, 9]
    )
    palette = (b"PLTE", bytes([0, 0, 0, 9, 9, 9]))
    assert decode(png(2, 1, 8, 3, [bytes([0, 1])], palette, (b"tRNS", bytes([128]))), "palette").tobytes() == bytes(
        [127, 127, 127, 9, 9, 9]
    )


def test_sixteen_bits_are_scaled_by_a_fixed_factor() -> None:
    dark = np.full((8, 8), 257 * 40, np.uint16)
    for image_format in ("PNG", "TIFF"):
        assert colour_of(encoded(Image.fromarray(dark), image_format)) == (40, 40, 40)
    assert colour_of(encoded(Image.fromarray(np.full((8, 8), 65535, np.uint16)), "PNG")) == (255, 255, 255)
    assert colour_of(encoded(Image.fromarray(np.full((8, 8), 257 * 40, np.int32)), "TIFF")) == (40, 40, 40)


def test_sixteen_bit_colour() -> None:
    row = struct.pack(">6H", *(257 * value for value in (200, 100, 50, 200, 100, 50)))
    assert colour_of(png(2, 1, 16, 2, [row])) == (200, 100, 50)
    with_alpha = struct.pack(">8H", *(257 * value for value in (200, 100, 50, 255, 200, 100, 50, 255)))
    assert colour_of(png(2, 1, 16, 6, [with_alpha])) == (200, 100, 50)
    pixels = np.full((4, 4, 3), (257 * 200, 257 * 100, 257 * 50), np.uint16)
    for order in ("<", ">"):
        assert colour_of(tiff(Page(pixels, 2), order=order)) == (200, 100, 50)


def test_values_of_unknown_range_are_refused() -> None:
    with pytest.raises(ImageError, match=r"“scan\.tif” holds 32-bit values"):
        decode(encoded(Image.fromarray(np.full((8, 8), 70_000, np.int32)), "TIFF"), "scan.tif")
    with pytest.raises(ImageError, match=r"“scan\.tif” holds floating-point values"):
        decode(encoded(Image.fromarray(np.full((8, 8), 0.5, np.float32)), "TIFF"), "scan.tif")


def test_cmyk_without_and_with_a_profile() -> None:
    cyan = plain((255, 0, 0, 0), "CMYK")
    for image_format in ("JPEG", "TIFF"):
        assert colour_of(encoded(cyan, image_format)) == (0, 255, 255)
        assert colour_of(encoded(cyan, image_format, icc_profile=black_ink_profile())) == (0, 0, 0)
        paper = encoded(plain((0, 0, 0, 0), "CMYK"), image_format, icc_profile=black_ink_profile())
        assert colour_of(paper) == (255, 255, 255)


def test_lab_and_ycbcr_become_rgb() -> None:
    skin = plain((200, 150, 120))
    for mode in ("LAB", "YCbCr"):
        np.testing.assert_allclose(colour_of(encoded(skin.convert(mode), "TIFF")), (200, 150, 120), atol=3)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_an_embedded_profile_is_converted(image_format: str) -> None:
    data = encoded(plain((200, 30, 10)), image_format, icc_profile=swapped_profile(), quality=100)
    np.testing.assert_allclose(colour_of(data), (3, 24, 201), atol=6)


def test_a_wide_profile_is_converted_by_its_matrices() -> None:
    linear = (np.array([150, 100, 90]) / 255) ** 2.2
    light = np.linalg.solve(np.array(SRGB).T, np.array(DISPLAY_P3).T @ linear)
    expected = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)  # IEC 61966-2-1
    data = encoded(plain((150, 100, 90)), "PNG", icc_profile=matrix_profile(*DISPLAY_P3, 2.2))
    np.testing.assert_allclose(colour_of(data), expected, atol=1.5)


def test_profiles_of_grey_alpha_and_palette_images() -> None:
    assert colour_of(encoded(plain(128, "L"), "PNG", icc_profile=grey_gamma_profile(1.0))) == (188, 188, 188)
    swapped = swapped_profile()
    rgba = encoded(plain((200, 30, 10, 255), "RGBA"), "PNG", icc_profile=swapped)
    np.testing.assert_allclose(colour_of(rgba), (3, 24, 201), atol=1)
    assert colour_of(encoded(plain((200, 30, 10, 0), "RGBA"), "PNG", icc_profile=swapped)) == (255, 255, 255)
    palette = encoded(plain((200, 30, 10)).quantize(2), "PNG", icc_profile=swapped)
    np.testing.assert_allclose(colour_of(palette), (3, 24, 201), atol=1)


@pytest.mark.parametrize(
    "profile", [b"no profile", swapped_profile()[:200], black_ink_profile(), grey_gamma_profile(2)]
)
def test_a_broken_or_unsuitable_profile_is_ignored(profile: bytes) -> None:
    assert colour_of(encoded(plain((200, 30, 10)), "PNG", icc_profile=profile)) == (200, 30, 10)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_adobe_rgb_named_in_exif_data_is_converted(image_format: str) -> None:
    colour = (60, 200, 90)
    profile = rgb_profile(ADOBE_RGB, ADOBE_GAMMA)
    expected = colour_of(encoded(plain(colour), image_format, icc_profile=profile, quality=100))
    for index, colour_space, is_adobe in (
        ("R03", 0xFFFF, True),
        ("R98", 1, False),
        ("R03", 1, False),
        ("R98", 0xFFFF, False),
    ):
        exif = Image.Exif()
        exif[0x010E] = "a description: without one Pillow takes the data for empty"
        exif.get_ifd(0x8769)[0xA001] = colour_space
        exif.get_ifd(0x8769)[0xA005] = {1: index, 2: b"0100"}
        found = colour_of(encoded(plain(colour), image_format, exif=exif, quality=100))
        np.testing.assert_allclose(found, expected if is_adobe else colour, atol=3)
    assert np.abs(np.subtract(expected, colour)).max() > 20


# Pixels that are not square


def stretched(image_format: str, across: int, down: int) -> bytes:
    """Return a file of 60 x 40 pixels that states its horizontal and vertical resolution."""
    picture = lesion(3, (60, 40))
    if image_format == "TIFF":
        return encoded(picture, "TIFF", resolution_unit=1, x_resolution=float(across), y_resolution=float(down))
    if image_format == "JPEG":
        data = bytearray(encoded(picture, "JPEG"))
        data[13:18] = struct.pack(">BHH", 0, across, down)
        return bytes(data)
    data = encoded(picture, "PNG")
    return data[:33] + chunk(b"pHYs", struct.pack(">IIB", across, down, 0)) + data[33:]


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF"])
def test_pixels_that_are_not_square_are_made_square(image_format: str) -> None:
    for across, down, size in (
        (2, 1, (60, 80)),
        (1, 2, (120, 40)),
        (3, 4, (80, 40)),
        (5, 5, (60, 40)),
        (0, 1, (60, 40)),
    ):
        data = stretched(image_format, across, down)
        assert read_header(data, "image") == ImageHeader(image_format, *size)
        opened = decode(data, "image")
        assert opened.size == size
        expected = decode(encoded(lesion(3, (60, 40)), image_format), "image").resize(size, Image.Resampling.BILINEAR)
        np.testing.assert_array_equal(np.asarray(opened), np.asarray(expected))


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF"])
def test_impossible_pixel_aspects_are_refused(image_format: str) -> None:
    with pytest.raises(ImageError, match=r"“scan\.img” has pixels 300 × 1 high and wide"):
        read_header(stretched(image_format, 300, 1), "scan.img")


def test_a_resolution_with_a_unit_does_not_stretch_pixels() -> None:
    assert read_header(encoded(lesion(), "JPEG", dpi=(98, 112)), "image") == ImageHeader("JPEG", 160, 120)
    assert read_header(encoded(lesion(), "PNG", dpi=(98, 112)), "image") == ImageHeader("PNG", 160, 120)
    tiff_of_two = encoded(lesion(), "TIFF", resolution_unit=2, x_resolution=98.0, y_resolution=112.0)
    assert read_header(tiff_of_two, "image") == ImageHeader("TIFF", 160, 120)


# Scaled decoding


@pytest.mark.parametrize("image_format", ["JPEG", "MPO"])
def test_a_jpeg_decoded_at_reduced_scale_stays_close_to_full_decoding(image_format: str) -> None:
    data = encoded(lesion(5, (1600, 1200)), image_format, quality=90)
    scaled, whole = decode(data, "image", at_least=256), decode(data, "image")
    assert scaled.size == (400, 300)
    assert whole.size == (1600, 1200)
    difference = np.abs(np.asarray(scaled, int) - np.asarray(whole.resize((400, 300), Image.Resampling.BOX), int))
    assert difference.mean() < 1.5


def test_other_formats_are_never_decoded_at_reduced_scale() -> None:
    assert decode(encoded(lesion(5, (640, 480)), "PNG"), "image", at_least=32).size == (640, 480)


# What cannot be opened


@pytest.mark.parametrize("image_format", FORMATS)
@pytest.mark.parametrize("quarter", [1, 2, 3])
@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
def test_a_truncated_file_of_every_format_is_refused(image_format: str, quarter: int) -> None:
    data = encoded(lesion(2, (320, 240)), image_format)
    with pytest.raises(ImageError, match=r"“cut\.img” is damaged or cut off"):
        decode(data[: len(data) * quarter // 4], "cut.img")


def test_damaged_pixels_are_refused_even_before_an_orientation() -> None:
    data = encoded(lesion(2, (320, 240)), "PNG")
    begin = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[begin - 4 : begin])
    pixels = bytearray(data[begin + 4 : begin + 4 + length])
    pixels[length // 4] ^= 0xFF
    exif = Image.Exif()
    exif[0x0112] = 6
    late = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    damaged = data[: begin - 4] + chunk(b"IDAT", bytes(pixels)) + late + data[-12:]
    assert read_header(damaged, "cut.img") == ImageHeader("PNG", 240, 320)
    with pytest.raises(ImageError, match=r"“cut\.img” is damaged or cut off"):
        decode(damaged, "cut.img")


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_file_with_only_its_beginning_is_refused(image_format: str) -> None:
    with pytest.raises(ImageError, match="is damaged or cut off"):
        read_header(encoded(lesion(), image_format)[:12], "cut.img")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"just text", "is not an image that can be opened. Use JPEG, PNG, TIFF, BMP, WebP, HEIC, AVIF"),
        (b"\0" * 5000, "is not an image that can be opened"),
        (b"%PDF-1.7 ...", "is not an image that can be opened"),
        (b"GIF89a" + bytes(100), "is GIF, which is not opened. Export it as JPEG or PNG"),
        (b"8BPS" + bytes(100), "is PSD, which is not opened"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is damaged or cut off"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "is damaged or cut off"),
        (bytes(128) + b"DICM" + bytes(100), "is damaged or cut off"),
    ],
)
def test_a_file_that_is_not_an_image_is_refused(content: bytes, sentence: str) -> None:
    for look in (read_header, decode):
        with pytest.raises(ImageError, match=sentence) as refused:
            look(content, "{file}.jpg")
        assert "“{file}.jpg”" in str(refused.value)


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bombs_are_refused_before_they_are_decoded(name: str) -> None:
    data, sentence = BOMBS[name]
    assert len(data) < 200_000
    for look in (read_header, decode):
        with pytest.raises(ImageError, match=sentence) as refused:
            look(data, name)
        assert f"“{name}”" in str(refused.value)


def test_a_hundred_megapixels_in_colour_are_opened() -> None:
    assert read_header(png(10_000, 10_000, 8, 2, [b""]), "image") == ImageHeader("PNG", 10_000, 10_000)
    assert read_header(png(10_000, 10_000, 8, 6, [b""]), "image") == ImageHeader("PNG", 10_000, 10_000)
    assert read_header(with_size("JPEG", 10_000, 10_000), "image") == ImageHeader("JPEG", 10_000, 10_000)


# Reading the file


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    with pytest.raises(ImageError, match=r"“empty\.jpg” is empty"):
        read_file(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"“gone\.jpg” is not there"):
        read_file(tmp_path / "gone.jpg")
    with pytest.raises(ImageError, match="is a folder"):
        read_file(tmp_path)


@posix
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(ImageError, match=r"“pipe\.jpg” is not a file"):
        read_file(tmp_path / "pipe.jpg")


@posix
def test_a_file_without_read_permission() -> None:
    with common_folder() as folder:
        path = write_lesion(folder / "secret.jpg")
        path.chmod(0)
        with unprivileged(), pytest.raises(ImageError, match=r"“secret\.jpg” may not be read. Check"):
            read_file(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_BYTES", 1_000_000)
    path = tmp_path / "large.tif"
    path.write_bytes(bytes(3_000_000))
    with pytest.raises(ImageError, match=r"“large\.tif” is 3 MB large; at most 1 MB are opened"):
        read_file(path)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_in_any_alphabet(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(encoded(lesion(), "JPEG"))
    assert decode(read_file(path), path.name).size == (160, 120)


# Damage


@pytest.mark.parametrize("image_format", ["BMP", "WEBP"])
def test_inserted_bytes_are_detected_at_the_files_end(image_format: str) -> None:
    data = encoded(lesion(2, (320, 240)), image_format)
    middle = len(data) // 2
    assert not decode_checked(data, "image").is_damaged
    assert not decode_checked(data + bytes(512), "image").is_damaged, "zeros fill up a block"
    assert decode_checked(data[:middle] + data[middle - 300 :], "image").is_damaged


def test_a_bitmap_without_a_stated_size_is_not_checked_for_it() -> None:
    data = bytearray(encoded(lesion(2, (320, 240)), "BMP"))
    for size in (0, 54, 54 + 320 * 240, len(data) - 3):
        data[2:6] = struct.pack("<I", size)
        assert not decode_checked(bytes(data), "image").is_damaged


def test_a_png_whose_end_is_blank_is_damaged() -> None:
    data = encoded(lesion(2, (640, 480)), "PNG")
    assert not decode_checked(data, "image").is_damaged
    assert not decode_checked(data + b"a maker's note", "image").is_damaged
    at = 8
    chunks = []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        chunks.append(at)
        at += 12 + length
    assert len(chunks) > 4, "several chunks of pixels"
    blank = data[: chunks[-2]] + bytes(len(data) - chunks[-2])
    assert is_noticed(blank)
