"""Decoding of compressed DICOM frames."""

import io
import tracemalloc
import zlib
from pathlib import Path

import jpeg_ls
import numpy as np
import pytest
from PIL import Image

from desktop.core.errors import ImageError
from desktop.core.imaging import dicom_dataset, limits
from desktop.core.imaging.dicom import single_frame
from desktop.core.imaging.frames import frames_of
from desktop.core.imaging.opening import ImageHeader, decode, read_file, read_header
from tests.core.imaging.compressing import lossless_jpeg, rle
from tests.core.imaging.dicoms import (
    DEFLATED,
    DERMOSCOPIC,
    EXPLICIT,
    JPEG_2000,
    JPEG_2000_LOSSLESS,
    JPEG_EXTENDED,
    JPEG_LOSSLESS,
    JPEG_LOSSLESS_FIRST,
    JPEG_LS,
    JPEG_LS_NEAR,
    RLE,
    dicom,
    jpeg,
)
from tests.making import lesion

SIZE = (64, 48)
COLOURS = np.asarray(lesion(2, SIZE))
GREY = np.asarray(lesion(2, SIZE).convert("L"))
YBR = np.asarray(lesion(2, SIZE).convert("YCbCr"))


def shown(data: bytes) -> np.ndarray:
    assert read_header(data, "x.dcm") == ImageHeader("DICOM", *SIZE)
    return np.asarray(decode(data, "x.dcm")).astype(int)


def jpeg_2000(values: np.ndarray, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "JPEG2000", no_jp2=True, **options)
    return buffer.getvalue()


def planes(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values.transpose(2, 0, 1))


LOSSLESS = [
    (RLE, rle(COLOURS), "RGB"),
    (RLE, rle(YBR), "YBR_FULL"),
    (JPEG_LOSSLESS, lossless_jpeg(COLOURS), "RGB"),
    (JPEG_LOSSLESS_FIRST, lossless_jpeg(COLOURS, b"RGB"), "YBR_FULL"),
    (JPEG_LOSSLESS_FIRST, lossless_jpeg(YBR), "YBR_FULL"),
    (JPEG_LS, bytes(jpeg_ls.encode_array(COLOURS, interleave_mode=2)), "RGB"),
    (JPEG_LS, bytes(jpeg_ls.encode_array(COLOURS, interleave_mode=1)), "RGB"),
    (JPEG_LS, bytes(jpeg_ls.encode_array(planes(COLOURS), interleave_mode=0)), "RGB"),
    (JPEG_LS, bytes(jpeg_ls.encode_array(YBR, interleave_mode=1)), "YBR_FULL"),
    (JPEG_2000_LOSSLESS, jpeg_2000(COLOURS), "RGB"),
    (JPEG_2000_LOSSLESS, jpeg_2000(COLOURS, mct=1), "YBR_RCT"),
    (JPEG_2000_LOSSLESS, jpeg_2000(COLOURS, mct=1), "YBR_FULL"),
    (JPEG_2000_LOSSLESS, jpeg_2000(YBR, mct=0), "YBR_FULL"),
]


@pytest.mark.parametrize(("syntax", "frame", "photometric"), LOSSLESS)
def test_colours_without_loss(syntax: str, frame: bytes, photometric: str) -> None:
    data = dicom([frame], SIZE, syntax=syntax, photometric=photometric)
    assert np.abs(shown(data) - COLOURS).max() <= (3 if "YBR" in photometric else 0)
    assert decode(single_frame(data, 1, "x"), "x").tobytes() == decode(data, "x").tobytes()


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (RLE, rle(GREY)),
        (JPEG_LOSSLESS_FIRST, lossless_jpeg(GREY)),
        (JPEG_LS, bytes(jpeg_ls.encode_array(GREY))),
        (JPEG_2000_LOSSLESS, jpeg_2000(GREY)),
    ],
)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_grey_without_loss(syntax: str, frame: bytes, photometric: str) -> None:
    found = shown(dicom([frame], SIZE, syntax=syntax, photometric=photometric, samples=1))
    expected = 255 - GREY if photometric == "MONOCHROME1" else GREY
    assert np.array_equal(found, np.repeat(expected[..., None], 3, axis=2))


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (JPEG_LS_NEAR, bytes(jpeg_ls.encode_array(COLOURS, lossy_error=2))),
        (JPEG_2000, jpeg_2000(COLOURS, irreversible=True, quality_mode="rates", quality_layers=[4], mct=1)),
        (JPEG_EXTENDED, jpeg(lesion(2, SIZE), subsampling=0)),
    ],
)
def test_colours_with_loss(syntax: str, frame: bytes) -> None:
    found = shown(dicom([frame], SIZE, syntax=syntax, photometric="YBR_ICT" if syntax == JPEG_2000 else "RGB"))
    assert np.abs(found - COLOURS).mean() < 3


TWELVE = (GREY.astype(np.uint16) << 4) | (GREY >> 4)


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (EXPLICIT, TWELVE.tobytes()),
        (DEFLATED, TWELVE.tobytes()),
        (RLE, rle(TWELVE)),
        (JPEG_LS, bytes(jpeg_ls.encode_buffer(TWELVE.tobytes(), *reversed(SIZE), 1, 12))),
        (JPEG_2000_LOSSLESS, jpeg_2000(TWELVE)),
    ],
)
def test_grey_of_twelve_bits(syntax: str, frame: bytes) -> None:
    grey = {"samples": 1, "photometric": "MONOCHROME2", "bits": 16, "BitsStored": 12, "HighBit": 11}
    found = shown(dicom([frame], SIZE, syntax=syntax, **grey))  # type: ignore[arg-type]
    assert np.array_equal(found[..., 0], GREY)


def test_a_jpeg_of_more_than_eight_bits_is_refused_as_what_it_is() -> None:
    frame = bytearray(jpeg(lesion(2, SIZE)))
    frame[frame.index(b"\xff\xc0") + 4] = 12
    with pytest.raises(ImageError, match="“x” is DICOM with a JPEG of 12 bits"):
        decode(dicom([bytes(frame)], SIZE, syntax=JPEG_EXTENDED), "x")


@pytest.mark.parametrize(("syntax", "frame", "photometric"), LOSSLESS)
def test_a_truncated_or_damaged_frame_is_refused_or_shown(
    syntax: str, frame: bytes, photometric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 50_000)  # a spoilt size takes its time else
    random = np.random.default_rng(5)
    spoilt = [frame[:length] for length in range(1, len(frame), len(frame) // 12)]
    for _ in range(60):
        changed = bytearray(frame)
        for at in random.integers(0, min(len(frame), 120), 2):
            changed[at] = random.integers(256)
        spoilt.append(bytes(changed))
    for data in spoilt:
        try:
            decode(dicom([data], SIZE, syntax=syntax, photometric=photometric), "x.dcm")
        except ImageError as error:
            assert "“x.dcm”" in str(error)  # noqa: PT017 - what decodes all the same is no bug
            assert "does not know" not in str(error)  # noqa: PT017


def test_frames_of_rle_and_of_a_deflated_file(tmp_path: Path) -> None:
    pictures = [np.asarray(lesion(seed, SIZE)) for seed in range(3)]
    for syntax, frames in ((RLE, [rle(one) for one in pictures]), (DEFLATED, [one.tobytes() for one in pictures])):
        path = tmp_path / syntax
        path.write_bytes(dicom(frames, SIZE, syntax=syntax, photometric="RGB"))
        for found, expected in zip(frames_of([path]), pictures, strict=True):
            assert np.array_equal(np.asarray(decode(read_file(found), "x")), expected)
            assert read_file(found) == read_file(found)


# Bombs


def deflated(**more: object) -> bytes:
    return dicom([bytes(8 * 8 * 3)], (8, 8), syntax=DEFLATED, photometric="RGB", **more)  # type: ignore[arg-type]


def behind_meta(data: bytes) -> int:
    """Return where the data set begins."""
    stream = io.BytesIO(data)
    dicom_dataset._read_file_meta(stream)
    return stream.tell()


@pytest.mark.parametrize("before", [True, False])
def test_a_deflate_bomb_is_inflated_no_further_than_its_pixels(before: bool) -> None:
    whole = deflated()
    at = behind_meta(whole)
    inflated = zlib.decompressobj(-15).decompress(whole[at:])
    deflater = zlib.compressobj(1, wbits=-15)
    nothing = bytes(100_000_000)
    bomb = whole[:at] + deflater.compress(nothing + inflated if before else inflated + nothing) + deflater.flush()
    tracemalloc.start()
    try:
        decode(bomb, "x.dcm")
    except ImageError as error:
        assert before, error  # noqa: PT017 - what lies behind the pixels is not looked at
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30_000_000


@pytest.mark.parametrize("more", [{"Rows": 60_000, "Columns": 60_000}, {"NumberOfFrames": 10_000_000}])
def test_a_deflated_file_of_too_many_pixels_is_refused_before_it_is_inflated(more: dict[str, int]) -> None:
    with pytest.raises(ImageError, match=r"“x.dcm” is deflated DICOM of \d+ MB; at most 300 MB are opened"):
        decode(deflated(**more), "x.dcm")


def test_the_transfer_syntax_is_checked_before_inflating() -> None:
    data = dicom([bytes(8)], (8, 8), syntax="1.2.840.10008.1.2.4.202", sop_class=DERMOSCOPIC)
    with pytest.raises(ImageError, match="High-Throughput"):
        decode(data[: behind_meta(data)] + b"\xff" * 1000, "x.dcm")


def test_an_rle_frame_is_decoded_no_further_than_its_pixels() -> None:
    segment = b"\x81\xff" * 500_000
    frame = np.array([1, 64, *[0] * 14], "<u4").tobytes() + segment
    data = dicom([frame], (8, 8), syntax=RLE, samples=1, photometric="MONOCHROME2")
    assert decode(data, "x").getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize("syntax", [RLE, JPEG_LS, JPEG_2000, EXPLICIT])
def test_a_frame_of_too_many_pixels_is_refused_before_it_is_decoded(syntax: str) -> None:
    side = 12_000
    frame = {
        RLE: rle(GREY),
        EXPLICIT: GREY.tobytes(),
        JPEG_LS: _patched(bytes(jpeg_ls.encode_array(GREY)), b"\xff\xf7", 5, side),
        JPEG_2000: _patched(jpeg_2000(GREY), b"\xff\x51", 8, side, wide=True),
    }[syntax]
    data = dicom([frame], (side, side), syntax=syntax, samples=1, photometric="MONOCHROME2")
    with pytest.raises(ImageError, match="12000 × 12000 pixels"):
        read_header(data, "x")


def _patched(stream: bytes, marker: bytes, offset: int, side: int, *, wide: bool = False) -> bytes:
    at = stream.index(marker) + offset - 2 * wide
    size = side.to_bytes(4 if wide else 2) * 2
    return stream[:at] + size + stream[at + len(size) :]
