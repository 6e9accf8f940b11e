"""Brightness of grey values in DICOM files."""

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset

from desktop.core.errors import ImageError
from desktop.core.imaging.dicom import single_frame
from desktop.core.imaging.opening import decode
from tests.core.imaging.dicoms import EXPLICIT, dicom, jpeg

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


def shown(values: np.ndarray, photometric: str = "MONOCHROME2", **more: object) -> np.ndarray:
    bits = 8 * values.dtype.itemsize
    data = dicom([values.tobytes()], (16, 16), syntax=EXPLICIT, samples=1, photometric=photometric, bits=bits, **more)
    found = np.asarray(decode(data, "x"))
    assert decode(single_frame(data, 1, "x"), "x").tobytes() == found.tobytes(), "a frame keeps what its tones need"
    return found[..., 0].reshape(-1).astype(int)


def table(first: int, entries: list[int], bits: int) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(entries), first, bits])
    item.add_new("LUTData", "US", entries)
    return item


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_white_may_be_the_lowest_value_inside_a_jpeg_too(photometric: str) -> None:
    data = dicom([jpeg(Image.new("L", (64, 48), 30))], (64, 48), samples=1, photometric=photometric)
    expected = 225 if photometric == "MONOCHROME1" else 30
    assert decode(data, "x").getpixel((9, 9)) == (expected,) * 3
    assert decode(data, "x", at_least=20).getpixel((9, 9)) == (expected,) * 3


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_an_inverse_presentation_is_inverted_once(photometric: str) -> None:
    assert np.array_equal(shown(RAMP, photometric, PresentationLUTShape="INVERSE"), 255 - np.arange(256))


def test_an_identical_presentation_changes_nothing() -> None:
    assert np.array_equal(shown(RAMP, PresentationLUTShape="IDENTITY"), np.arange(256))


def test_a_colour_jpeg_in_a_grey_file_is_shown_in_colour() -> None:
    data = dicom([jpeg(Image.new("RGB", (64, 48), (200, 150, 120)))], (64, 48), samples=1, photometric="MONOCHROME1")
    assert decode(data, "x").getpixel((9, 9)) == pytest.approx((200, 150, 120), abs=2)


def test_signed_values_are_scaled_from_their_lowest_to_their_highest_possible_value() -> None:
    values = np.arange(-128, 128).astype(np.int8).reshape(16, 16)
    assert np.array_equal(shown(values, PixelRepresentation=1), np.arange(256))
    wide = (np.arange(-128, 128) * 16).astype(np.int16).reshape(16, 16)
    found = shown(wide, PixelRepresentation=1, BitsStored=12, HighBit=11)
    assert np.abs(found - np.arange(256)).max() <= 1


def test_fewer_bits_than_a_word() -> None:
    six = np.repeat(np.arange(64), 4).astype(np.uint8).reshape(16, 16)
    found = shown(six, BitsStored=6, HighBit=5)
    assert (found[0], found[-1]) == (0, 255)
    assert np.abs(found - np.repeat(np.arange(64), 4) * 255 / 63).max() <= 0.5
    assert np.array_equal(shown((six << 2) | 3, BitsStored=6, HighBit=7), found), "what lies beside a value is not it"


def test_colours_with_fewer_and_with_more_bits() -> None:
    for bits, stored in ((8, 5), (16, 16), (16, 10)):
        most = 2**stored - 1
        values = (np.linspace(0, 1, 16 * 16 * 3) * most).round().astype(np.uint8 if bits == 8 else np.uint16)
        data = dicom(
            [values.tobytes()],
            (16, 16),
            syntax=EXPLICIT,
            photometric="RGB",
            bits=bits,
            BitsStored=stored,
            HighBit=stored - 1,
        )
        found = np.asarray(decode(data, "x")).reshape(-1)
        assert np.abs(found - values / most * 255).max() <= 0.5 + 1e-6


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"WindowCenter": 128, "WindowWidth": 256}, lambda x: x),
        ({"WindowCenter": 100, "WindowWidth": 101}, lambda x: np.clip((x - 99.5) / 100 + 0.5, 0, 1) * 255),
        ({"WindowCenter": [100, 7], "WindowWidth": [101, 7]}, lambda x: np.clip((x - 99.5) / 100 + 0.5, 0, 1) * 255),
        ({"WindowCenter": 100, "WindowWidth": 1}, lambda x: (x >= 100) * 255),
        (
            {"WindowCenter": 100, "WindowWidth": 50, "VOILUTFunction": "LINEAR_EXACT"},
            lambda x: np.clip((x - 100) / 50 + 0.5, 0, 1) * 255,
        ),
        (
            {"WindowCenter": 100, "WindowWidth": 50, "VOILUTFunction": "SIGMOID"},
            lambda x: 255 / (1 + np.exp(-4 * (x - 100) / 50)),
        ),
        ({"RescaleSlope": 2, "RescaleIntercept": -10}, lambda x: x),
        ({"RescaleSlope": -1, "RescaleIntercept": 0}, lambda x: 255 - x),
        (
            {"RescaleSlope": 2, "RescaleIntercept": -10, "WindowCenter": 190, "WindowWidth": 201},
            lambda x: np.clip((2 * x - 10 - 189.5) / 200 + 0.5, 0, 1) * 255,
        ),
        ({"WindowCenter": 100, "WindowWidth": 0}, lambda x: x),
        ({"WindowCenter": "", "WindowWidth": ""}, lambda x: x),
        ({"RescaleSlope": 0, "RescaleIntercept": 5}, lambda x: x),
        ({"VOILUTSequence": [table(0, list(range(255, -1, -1)), 8)]}, lambda x: 255 - x),
        ({"VOILUTSequence": [table(100, [0, 2**12 - 1], 12)]}, lambda x: (x > 100) * 255),
        ({"ModalityLUTSequence": [table(0, [v * 16 for v in range(256)], 12)]}, lambda x: x * 16 * 255 / 4095),
    ],
)
def test_windows_tables_and_rescaling(more: dict[str, object], expected) -> None:  # type: ignore[no-untyped-def]
    assert np.abs(shown(RAMP, **more) - expected(np.arange(256))).max() <= 0.5 + 1e-6


def test_a_damaged_table_is_refused() -> None:
    with pytest.raises(ImageError, match="damaged"):
        shown(RAMP, VOILUTSequence=[Dataset()])
    with pytest.raises(ImageError, match="damaged"):
        shown(RAMP, VOILUTSequence=[table(0, [], 8)])


def test_a_window_does_not_apply_to_colours() -> None:
    values = np.arange(16 * 16 * 3, dtype=np.uint8)
    more = {"WindowCenter": 10, "WindowWidth": 5, "RescaleSlope": 3, "PresentationLUTShape": "INVERSE"}
    data = dicom([values.tobytes()], (16, 16), syntax=EXPLICIT, photometric="RGB", **more)  # type: ignore[arg-type]
    assert decode(data, "x").tobytes() == values.tobytes()
