"""A JPEG as a frame of DICOM: its own compressed pixels, nothing of its metadata, and only where they mean the same."""

import io

import pytest
from PIL import Image

from desktop.core.imaging.jpeg_frames import JpegFrame, baseline_frame
from desktop.core.imaging.opening import decode
from tests.core.imaging.dicoms import jpeg
from tests.making import lesion

SECRET = b"Qzxwvu"
SIZE = (97, 73)


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x010E] = SECRET.decode()
    found[0x0112] = orientation
    return found


def frame_of(data: bytes) -> JpegFrame:
    frame = baseline_frame(data, "x.jpg")
    assert frame is not None
    return frame


def scan_of(data: bytes) -> bytes:
    """Return the compressed pixels with the scan's header."""
    return data[data.index(b"\xff\xda") : data.rindex(b"\xff\xd9") + 2]


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_the_compressed_pixels_stay_and_the_metadata_go(mode: str, subsampling: int) -> None:
    image = lesion(1, SIZE).convert(mode)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    data = jpeg(image, quality=90, subsampling=subsampling, exif=exif(), xmp=xmp, comment=SECRET)
    frame = frame_of(data + SECRET)
    assert SECRET not in frame.stream
    assert SECRET in data
    assert scan_of(frame.stream) == scan_of(data)
    assert (frame.width, frame.height, frame.components) == (*SIZE, len(mode))
    assert decode(frame.stream, "x").tobytes() == decode(data, "x").tobytes()


def test_a_thumbnail_in_jfif_goes() -> None:
    data = jpeg(lesion(1, SIZE))
    at = data.index(b"JFIF\0") - 2
    thumbnail = data[at + 2 : at + 14] + bytes([2, 1]) + SECRET
    with_thumbnail = data[:at] + (2 + len(thumbnail)).to_bytes(2) + thumbnail + data[at + 16 :]
    assert decode(with_thumbnail, "x").tobytes() == decode(data, "x").tobytes()
    assert frame_of(with_thumbnail).stream == frame_of(data).stream


def test_what_stands_between_scans_stays_and_a_torn_end_is_closed() -> None:
    data = jpeg(lesion(1, SIZE), restart_marker_rows=1)
    assert decode(frame_of(data).stream, "x").tobytes() == decode(data, "x").tobytes()
    torn = data[: data.index(b"\xff\xda") + 400]
    assert frame_of(torn).stream.endswith(b"\xff\xd9")


def test_a_profile_is_told_and_taken_out() -> None:
    profile = bytes(16) + b"RGB " + bytes(200) + SECRET
    frame = frame_of(jpeg(lesion(1, SIZE), icc_profile=profile))
    assert frame.profile == profile
    assert SECRET not in frame.stream


@pytest.mark.parametrize(
    "data",
    [
        jpeg(lesion(1, SIZE), progressive=True),
        jpeg(lesion(1, SIZE), exif=exif(6)),
        jpeg(lesion(1, SIZE).convert("CMYK")),
        jpeg(lesion(1, SIZE), keep_rgb=True),
        jpeg(lesion(1, SIZE), icc_profile=bytes(16) + b"GRAY" + bytes(200)),
        jpeg(lesion(1, SIZE).convert("L"), icc_profile=bytes(16) + b"GRAY" + bytes(200)),
    ],
    ids=["progressive", "turned", "CMYK", "RGB", "a profile of grey", "grey with a profile"],
)
def test_what_dicom_would_show_otherwise_is_no_frame(data: bytes) -> None:
    assert baseline_frame(data, "x.jpg") is None


def test_another_kind_of_file_is_no_frame() -> None:
    file = io.BytesIO()
    lesion(1, SIZE).save(file, "PNG")
    assert baseline_frame(file.getvalue(), "x.png") is None
