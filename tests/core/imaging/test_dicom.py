import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from desktop.core.errors import ImageError
from desktop.core.imaging import limits
from desktop.core.imaging.dicom import frame_count, single_frame
from desktop.core.imaging.dicom_patient import DicomPatient, read_patient
from desktop.core.imaging.frames import frame_path, frames_of, holding_file
from desktop.core.imaging.opening import EXTENSIONS, ImageHeader, decode, read_file, read_header
from desktop.core.imaging.preprocessing import model_input
from tests.core.imaging.dicoms import (
    CT,
    DERMOSCOPIC,
    EXPLICIT,
    IMPLICIT,
    JPEG,
    PHOTOGRAPHIC,
    SECONDARY_CAPTURE,
    dicom,
    jpeg,
    photograph,
)
from tests.core.imaging.profiles import swapped_profile
from tests.making import lesion

SKIN = (200, 150, 120)


def plain(colour: tuple[int, int, int] = SKIN, size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.new("RGB", size, colour)


def colour_of(data: bytes) -> tuple[int, ...]:
    image = decode(data, "image.dcm")
    assert image.mode == "RGB"
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image).astype(int)


# What is opened


@pytest.mark.parametrize("sop_class", [PHOTOGRAPHIC, DERMOSCOPIC, SECONDARY_CAPTURE])
def test_a_photograph_in_dicom_looks_and_is_classified_as_the_jpeg_inside(sop_class: str) -> None:
    image = lesion(3, (900, 700))
    data = photograph(image, sop_class=sop_class)
    assert read_header(data, "x.dcm") == ImageHeader("DICOM", 900, 700)
    assert decode(data, "x.dcm").tobytes() == decode(jpeg(image), "x.jpg").tobytes()
    assert np.array_equal(model_input(data, 224, "crop", "x.dcm"), model_input(jpeg(image), 224, "crop", "x.jpg"))


def test_quoted_values_are_read_without_their_quotes() -> None:
    data = photograph(plain(), quote='"', patient=("P-0412", "F", "061Y"))
    assert b'"' + PHOTOGRAPHIC[:8].encode() in data
    assert colour_of(data) == pytest.approx(SKIN, abs=2)
    assert read_patient(data, "x.dcm") == DicomPatient("P-0412", "female", 61)


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_uncompressed_pixels(syntax: str, planar: int, photometric: str) -> None:
    image = lesion(2, (64, 48))
    stored = pixels(image.convert("YCbCr") if photometric == "YBR_FULL" else image).astype(np.uint8)
    held = (stored.transpose(2, 0, 1) if planar else stored).tobytes()
    data = dicom([held], image.size, syntax=syntax, photometric=photometric, planar=planar)
    difference = np.abs(pixels(decode(data, "x")) - pixels(image)).max()
    assert difference <= (0 if photometric == "RGB" else 3)


def test_subsampled_colours_are_decoded() -> None:
    y, cb, cr = (np.asarray(channel) for channel in plain((90, 140, 200)).convert("YCbCr").split())
    pairs = np.stack([y[:, ::2], y[:, 1::2], cb[:, ::2], cr[:, ::2]], axis=-1)
    data = dicom([pairs.tobytes()], (64, 48), syntax=EXPLICIT, photometric="YBR_FULL_422")
    assert colour_of(data) == pytest.approx((90, 140, 200), abs=3)


def test_rgb_pixels_labelled_ybr_full_422() -> None:
    data = dicom([plain((210, 120, 60)).tobytes()], (64, 48), syntax=EXPLICIT, photometric="YBR_FULL_422")
    assert colour_of(data) == (210, 120, 60)


@pytest.mark.parametrize(("photometric", "expected"), [("MONOCHROME2", 30), ("MONOCHROME1", 225)])
def test_grey_pixels(photometric: str, expected: int) -> None:
    grey = Image.new("L", (64, 48), 30)
    data = dicom([grey.tobytes()], (64, 48), syntax=EXPLICIT, photometric=photometric, samples=1)
    assert colour_of(data) == (expected,) * 3


def test_a_jpegs_own_colour_markers_override_the_dicom_file() -> None:
    assert colour_of(photograph(plain(), photometric="RGB")) == pytest.approx(SKIN, abs=2)


def test_an_rgb_jpeg_without_markers_is_decoded_as_the_dicom_file_states() -> None:
    kept = jpeg(
        plain((40, 90, 200)), keep_rgb=True, subsampling=0
    )  # Pillow marks it by Adobe's segment and its letters
    begin = kept.index(b"\xff\xee")
    bare = kept[:begin] + kept[begin + 2 + int.from_bytes(kept[begin + 2 : begin + 4]) :]
    for segment in (b"\xff\xc0", b"\xff\xda"):
        at = bare.index(segment)
        head = bytearray(bare[at : at + 20])
        for letter, number in zip(b"RGB", (1, 2, 3), strict=True):
            head[head.index(letter, 5)] = number
        bare = bare[:at] + bytes(head) + bare[at + 20 :]
    assert colour_of(dicom([bare], (64, 48), photometric="RGB")) == pytest.approx((40, 90, 200), abs=3)
    assert colour_of(dicom([kept], (64, 48), photometric="YBR_FULL_422")) == pytest.approx((40, 90, 200), abs=3)


def test_an_exif_orientation_inside_is_ignored() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = dicom([jpeg(plain(), exif=exif)], (64, 48))
    assert decode(data, "x").size == (64, 48)


def test_the_files_colour_profile_is_used() -> None:
    data = dicom([jpeg(plain())], (64, 48), ICCProfile=swapped_profile())
    assert colour_of(data) != pytest.approx(SKIN, abs=20)


def test_dicom_is_recognised_by_its_content(tmp_path: Path) -> None:
    odd = tmp_path / "export.jpg"
    odd.write_bytes(photograph(plain()))
    assert read_header(read_file(odd), odd.name).format == "DICOM"
    assert {".dcm", ".dicom"} <= EXTENSIONS


# What is refused, each with one sentence


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (photograph(plain(), sop_class=CT), "another kind (CT Image Storage)"),
        (photograph(plain(), sop_class="1.2.3"), "another kind (1.2.3)"),
        (dicom([b"\0" * 64], (8, 8), syntax="1.2.840.10008.1.2.4.201"), "High-Throughput JPEG 2000"),
        (dicom([b"\0" * 64], (8, 8), syntax="1.2.3"), "compressed as 1.2.3"),
        (dicom([bytes(4 * 64)], (8, 8), syntax=EXPLICIT, bits=32, samples=1, photometric="MONOCHROME2"), "1 × 32 bits"),
        (dicom([bytes(64)], (8, 8), syntax=EXPLICIT, samples=1, photometric="PALETTE COLOR"), "PALETTE COLOR"),
        (dicom([b"not a JPEG"], (8, 8)), "damaged or cut off"),
        (dicom([bytes(100)], (8, 8), syntax=EXPLICIT, photometric="RGB"), "damaged or cut off"),
        (dicom([b""], (20_000, 20_000), syntax=EXPLICIT, photometric="RGB"), "20000 × 20000 pixels"),
        (bytes(128) + b"DICM", "damaged or cut off"),
        (bytes(128) + b"DICM" + b"\xff" * 500, ""),
        (dicom([jpeg(plain())], (64, 48), NumberOfFrames=2_000_000_000), "2000000000 frames"),
    ],
)
def test_other_files_are_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(ImageError) as failure:
        decode(data, "x.dcm")
    assert said in str(failure.value)
    assert "“x.dcm”" in str(failure.value)


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 1000)
    with pytest.raises(ImageError, match="64 × 48 pixels"):
        read_header(photograph(plain()), "x.dcm")


def test_a_file_truncated_anywhere_is_refused_or_shown() -> None:
    whole = photograph(lesion(1, (64, 48)), quote='"')
    for length in range(132, len(whole), 37):
        try:
            decode(whole[:length], "x.dcm")
        except ImageError as error:
            assert "“x.dcm”" in str(error)  # noqa: PT017 - the last bytes of a JPEG may go missing unseen


# The patient


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("0412", "M", "045Y"), DicomPatient("0412", "male", 45)),
        (("0412", "O", "018M"), DicomPatient("0412", "other", 1)),
        (("", "F", ""), DicomPatient("", "female", None)),
        (("0412", "", "old"), DicomPatient("0412", "unknown", None)),
        (("", "", ""), None),
    ],
)
def test_the_patients_attributes_are_read(given: tuple[str, str, str], expected: DicomPatient | None) -> None:
    assert read_patient(photograph(plain(), patient=given), "x.dcm") == expected


@pytest.mark.parametrize(
    ("date", "year"), [("19610603", 1961), ("1961.06.03", 1961), ("00010101", None), ("1961", None), ("29990101", None)]
)
def test_of_the_birth_date_the_year_is_read_unless_it_is_a_placeholder(date: str, year: int | None) -> None:
    found = read_patient(photograph(plain(), patient=("0412", "F", ""), PatientBirthDate=date), "x.dcm")
    assert found == DicomPatient("0412", "female", None, year)


def test_no_other_file_names_a_patient() -> None:
    assert read_patient(jpeg(plain()), "x.jpg") is None


def test_the_decoded_picture_has_no_patient_data() -> None:
    picture = decode(photograph(plain(), patient=("0412", "M", "045Y")), "x.dcm")
    assert not picture.info
    assert not picture.getexif()


# Several frames


COLOURS = [(200, 40, 40), (40, 200, 40), (40, 40, 200)]


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("syntax", ["JPEG", EXPLICIT, IMPLICIT])
def test_each_frame_is_an_image_of_its_own(tmp_path: Path, syntax: str, quote: str) -> None:
    path = tmp_path / "series.dcm"
    if syntax == "JPEG":
        held = dicom([jpeg(plain(c)) for c in COLOURS], (64, 48), patient=("7", "F", ""), quote=quote)
    else:
        frames = [plain(c).tobytes() for c in COLOURS]
        held = dicom(frames, (64, 48), syntax=syntax, photometric="RGB", patient=("7", "F", ""), quote=quote)
    path.write_bytes(held)
    paths = list(frames_of([path]))
    assert [one.name for one in paths] == ["series frame 1.dcm", "series frame 2.dcm", "series frame 3.dcm"]
    for one, colour in zip(paths, COLOURS, strict=True):
        data = read_file(one)
        assert colour_of(data) == pytest.approx(colour, abs=3)
        assert read_file(one) == data, "the same bytes each time: they are what the history knows an image by"
        assert list(frames_of([one])) == [one]
        assert holding_file(one) == path
        assert read_patient(data, "x") == DicomPatient("7", "female", None)
        assert b"Doe" not in data, "a frame keeps what it needs, not the name"
    assert len({read_file(one) for one in paths}) == 3


def test_a_missing_frame_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "series.dcm"
    path.write_bytes(dicom([jpeg(plain(c)) for c in COLOURS], (64, 48)))
    with pytest.raises(ImageError, match="damaged"):
        read_file(frame_path(path, 4))
    with pytest.raises(ImageError, match="not there"):
        read_file(frame_path(tmp_path / "gone.dcm", 1))


def test_a_frame_whose_file_claims_more_than_it_has(tmp_path: Path) -> None:
    data = dicom([jpeg(plain())], (64, 48), NumberOfFrames=3)
    with pytest.raises(ImageError, match="damaged"):
        single_frame(data, 3, "x.dcm")


def test_files_without_several_frames_are_one_image(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.jpg", "b.dcm", "c.dcm", "gone.dcm", "many.dcm")]
    paths[0].write_bytes(jpeg(plain()))
    paths[1].write_bytes(photograph(plain()))
    paths[2].write_bytes(b"no DICOM at all")
    paths[4].write_bytes(dicom([jpeg(plain())], (64, 48), NumberOfFrames=limits.MAX_FRAMES + 1))
    assert list(frames_of(paths)) == paths


# What it does not do


def test_reading_dicom_imports_no_network_code(tmp_path: Path) -> None:
    path = tmp_path / "x.dcm"
    path.write_bytes(photograph(plain(), patient=("1", "F", "")))
    code = (
        "import pathlib, sys; from desktop.core.imaging.opening import decode, read_file; "
        f"decode(read_file(pathlib.Path({str(path)!r})), 'x'); "
        "print(sorted({'http', 'requests', 'ssl', 'urllib.request', 'pydicom.sr'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_no_content_of_a_file_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    data = photograph(plain(), quote='"', patient=("A name that is too long for an ID " * 4, "Q", "9"))
    with caplog.at_level("DEBUG"):
        decode(data, "x.dcm")
        read_patient(data, "x.dcm")
    assert "name" not in caplog.text.casefold()


# Pixels that are not square


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ({"PixelAspectRatio": [2, 1]}, (64, 96)),
        ({"PixelAspectRatio": [1, 2]}, (128, 48)),
        ({"PixelAspectRatio": [4, 3]}, (64, 64)),
        ({"PixelSpacing": [0.02, 0.01]}, (64, 96)),
        ({"ImagerPixelSpacing": [0.01, 0.02]}, (128, 48)),
        ({"PixelAspectRatio": [1, 1], "PixelSpacing": [0.02, 0.01]}, (64, 48)),
        ({"PixelSpacing": [0.0201, 0.02]}, (64, 48)),
        ({"PixelAspectRatio": [0, 0]}, (64, 48)),
        ({"PixelAspectRatio": [2]}, (64, 48)),
        ({"PixelSpacing": ["nan", "0.1"]}, (64, 48)),
    ],
)
@pytest.mark.parametrize("syntax", ["JPEG", EXPLICIT])
def test_non_square_pixels_become_square(syntax: str, more: dict[str, object], size: tuple[int, int]) -> None:
    image = lesion(3, (64, 48))
    held, photometric = (jpeg(image), "YBR_FULL_422") if syntax == "JPEG" else (image.tobytes(), "RGB")
    data = dicom([held], image.size, syntax=syntax if syntax == EXPLICIT else JPEG, photometric=photometric, **more)
    assert read_header(data, "x") == ImageHeader("DICOM", *size)
    found = decode(data, "x")
    assert found.size == size
    assert np.abs(pixels(found) - pixels(image.resize(size, Image.Resampling.BILINEAR))).mean() < 4
    assert decode(single_frame(data, 1, "x"), "x").tobytes() == found.tobytes()


def test_a_lesion_has_its_true_shape_at_every_scale() -> None:
    """A disc stored half as high as it is wide becomes round again, also in the model's input."""
    disc = Image.new("RGB", (800, 800), SKIN)
    ImageDraw.Draw(disc).ellipse((200, 200, 600, 600), fill=(40, 20, 10))
    data = dicom([jpeg(disc.resize((800, 400)))], (800, 400), PixelAspectRatio=[2, 1])
    for found in (pixels(decode(data, "x")), model_input(data, 64, "crop", "x").astype(int)):
        dark = found[..., 0] < 120
        assert dark.any(axis=0).sum() == pytest.approx(dark.any(axis=1).sum(), rel=0.05)


def test_an_impossible_pixel_aspect_is_refused() -> None:
    with pytest.raises(ImageError, match="“x” has pixels 100 × 1 high and wide"):
        read_header(dicom([jpeg(plain())], (64, 48), PixelAspectRatio=[100, 1]), "x")


def test_an_image_too_large_with_square_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 4000)
    with pytest.raises(ImageError, match="64 × 96 pixels"):
        read_header(dicom([jpeg(plain())], (64, 48), PixelAspectRatio=[2, 1]), "x")


# Attributes that break the standard


def test_a_backslash_in_an_id_is_kept() -> None:
    assert read_patient(photograph(plain(), patient=("12\\34", "F", "")), "x") == DicomPatient("12\\34", "female", None)


@pytest.mark.parametrize("keyword", ["SOPInstanceUID", "PatientID", "PatientSex", "PatientAge", "SpecificCharacterSet"])
def test_invalid_values_outside_the_pixels_are_ignored(keyword: str) -> None:
    data = photograph(plain(), patient=("7", "F", "061Y"), **{keyword: ["a", "b"]})
    assert colour_of(data) == pytest.approx(SKIN, abs=2)
    read_patient(data, "x")


def test_any_bad_element_gives_a_sentence() -> None:
    random = np.random.default_rng(3)
    wholes = [
        photograph(plain(), patient=("7", "F", "061Y"), PixelAspectRatio=[2, 1]),
        dicom(
            [bytes(2 * 64 * 48)],
            (64, 48),
            syntax=IMPLICIT,
            samples=1,
            bits=16,
            photometric="MONOCHROME2",
            WindowWidth=9,
        ),
    ]
    for whole in wholes:
        header = min(len(whole), 1200)
        for _ in range(60):
            changed = bytearray(whole)
            for at in random.integers(132, header, random.integers(1, 4)):
                changed[at] = random.integers(256)
            for look in (decode, read_patient, frame_count):
                try:
                    look(bytes(changed), "x.dcm")
                except ImageError as error:
                    assert "does not know" not in str(error)  # noqa: PT017 - that is the sentence about bugs
