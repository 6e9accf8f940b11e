import io
import struct

import numpy as np
import pytest
from PIL import Image

from desktop.core.errors import ImageError
from desktop.core.imaging.jpeg import is_damaged, segments
from desktop.core.imaging.opening import decode, decode_checked, read_header
from desktop.core.imaging.preprocessing import Box, checked_input
from tests.core.imaging.compressing import lossless_jpeg
from tests.core.imaging.noticing import is_noticed
from tests.making import lesion, torn

CODINGS = [
    {},
    {"progressive": True},
    {"restart_marker_rows": 2},
    {"subsampling": 0},
    {"subsampling": 1},
    {"quality": 50},
]


def jpeg(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **({"quality": 90} | options))
    return buffer.getvalue()


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("size", [(320, 240), (317, 203), (17, 300), (9, 9), (1, 1)])
def test_pixels_agree_with_pillow_at_every_scale(coding: dict[str, object], mode: str, size: tuple[int, int]) -> None:
    data = jpeg(lesion(4, (320, 240)).resize(size).convert(mode), **coding)
    for at_least in (None, 200, 100, 50, 20, 1):
        with Image.open(io.BytesIO(data)) as expected:
            if at_least is not None:
                expected.draft(None, (at_least, at_least))
            loaded = decode_checked(data, "image", at_least)
            np.testing.assert_array_equal(np.asarray(loaded.image), np.asarray(expected.convert("RGB")))
        assert not loaded.is_damaged


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("at_least", [None, 20])
def test_lost_pixels_are_detected(coding: dict[str, object], mode: str, at_least: int | None) -> None:
    assert is_noticed(torn(jpeg(lesion(4, (320, 240)).convert(mode), **coding)), at_least)


def test_the_rest_of_a_damaged_picture_can_be_viewed() -> None:
    data = torn(jpeg(lesion(4, (320, 240))))
    loaded = decode_checked(data, "image")
    assert (loaded.is_damaged, loaded.image.size) == (True, (320, 240))
    assert decode(data, "image").tobytes() == loaded.image.tobytes()


@pytest.mark.parametrize("region", [None, Box(0, 0, 64, 64)])
def test_damage_is_reported_for_the_model_input_of_a_region_too(region: Box | None) -> None:
    whole = jpeg(lesion(4, (320, 240)))
    assert not checked_input(whole, 32, "crop", region=region).is_damaged
    assert checked_input(torn(whole), 32, "crop", region=region).is_damaged


def test_malformed_segments_before_the_pixels_are_not_damage() -> None:
    data = jpeg(lesion(4, (320, 240)))
    tables = data.index(b"\xff\xdb")
    odd = data[:tables] + bytes(range(1, 9)) + data[tables:]  # libjpeg: extraneous bytes before marker
    loaded = decode_checked(odd, "image")
    assert not loaded.is_damaged
    np.testing.assert_array_equal(np.asarray(loaded.image), np.asarray(decode(data, "image")))
    assert decode_checked(torn(odd), "image").is_damaged, "damage behind it is still seen"


def test_data_after_the_end_are_not_damage() -> None:
    assert not decode_checked(jpeg(lesion(4, (320, 240))) + b"a maker's note" * 40, "image").is_damaged


@pytest.mark.parametrize("progressive", [False, True])
def test_a_stream_without_its_end_is_refused(progressive: bool) -> None:
    data = jpeg(lesion(4, (320, 240)), progressive=progressive)
    *_, last = (segment for segment in segments(data) if segment.marker == 0xDA)
    for cut in (data[:-2], data[: last.begin]):
        with pytest.raises(ImageError, match="is damaged or cut off"):
            decode_checked(cut, "image")


def test_segments_end_with_the_first_picture() -> None:
    thumbnail = jpeg(lesion(1, (32, 24)))
    exif = Image.Exif()
    exif[0x010E] = "\xff\xda in a text is no scan"
    data = jpeg(lesion(4, (320, 240)), exif=exif, comment=thumbnail) + thumbnail
    found = [segment.marker for segment in segments(data)]
    assert found.count(0xDA) == 1
    assert len([one for one in segments(jpeg(lesion(4), progressive=True)) if one.marker == 0xDA]) > 5
    assert list(segments(b"")) == list(segments(data[:1])) == []
    for cut in range(2, 700, 7):
        assert all(one.begin < one.end for one in segments(data[:cut]))


@pytest.mark.parametrize(
    ("marker", "bits", "kind"),
    [
        (0xC1, 12, "12 bits"),
        (0xC3, 16, "16 bits"),
        (0xC5, 8, "hierarchical"),
        (0xF7, 8, "JPEG-LS"),
        (0xCB, 8, "lossless.*"),
    ],
)
def test_unsupported_kinds_are_refused_by_name(marker: int, bits: int, kind: str) -> None:
    data = bytearray(jpeg(lesion()))
    frame = data.index(b"\xff\xc0")
    data[frame + 1], data[frame + 4] = marker, bits
    for look in (read_header, decode):
        with pytest.raises(ImageError, match=rf"“scan\.jpg” is a JPEG of a kind that is not opened \({kind}\)"):
            look(bytes(data), "scan.jpg")


def with_scans(data: bytes, count: int) -> bytes:
    """Return a progressive stream whose last scan is repeated up to a number of scans."""
    scans = [segment for segment in segments(data) if segment.marker == 0xDA]
    begin, end = scans[-1].begin, data.rindex(b"\xff\xd9")
    return data[:begin] + data[begin:end] * (count - len(scans) + 1) + data[end:]


def test_too_many_scans_are_refused_before_decoding() -> None:
    data = jpeg(Image.new("RGB", (64, 64)), progressive=True)
    assert decode(with_scans(data, 60), "image").size == (64, 64)
    large = bytearray(with_scans(data, 30))
    frame = large.index(b"\xff\xc2")
    large[frame + 5 : frame + 9] = struct.pack(">HH", 9000, 9000)
    for many, count in ((with_scans(data, 2000), 2000), (bytes(large), 30)):
        for look in (read_header, decode):
            with pytest.raises(ImageError, match=rf"“scan\.jpg” is a JPEG of {count} scans"):
                look(many, "scan.jpg")


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("at_least", [None, 40, 1])
def test_lossless_jpeg_is_decoded_whole(channels: int, at_least: int | None) -> None:
    values = np.asarray(lesion(3))[..., :channels]
    opened = np.asarray(decode(lossless_jpeg(values), "image", at_least))
    np.testing.assert_array_equal(opened, np.broadcast_to(values, (*values.shape[:2], 3)))


def test_a_frame_marked_lossless_by_damage_does_not_crash() -> None:
    """simplejpeg crashes if it has to scale down a lossless stream."""
    data = bytearray(jpeg(lesion(4, (320, 240))))
    frame = data.index(b"\xff\xc0")
    data[frame + 1] = 0xC3
    tables = data.index(b"\xff\xdb")
    for spoilt in (data, data[:tables] + b"\0\0\xff\0\0" + data[tables:]):
        try:
            decode_checked(bytes(spoilt), "image", at_least=32)
        except ImageError:
            continue
    assert not is_damaged(bytes(data)), "it is not given to the decoder that would not survive it"
