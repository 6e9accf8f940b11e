"""How an image was taken, by its file."""

import io

import pytest
from PIL import Image

from desktop.core.imaging.capture import Capture, Optics, Taken
from desktop.core.imaging.capture_reading import exif_taken
from desktop.core.imaging.opening import read_header_and_taken
from desktop.core.imaging.scale import Device
from tests.core.imaging.dicoms import photograph
from tests.making import lesion

EXIF = 0x8769
PHONE = Optics("Maker M 10", "M 10 main camera", 6.5, 2.0, (640, 480))


def exif_data(optics: Optics) -> Image.Exif:
    exif = Image.Exif()
    if optics.camera:
        exif[0x010F], exif[0x0110] = optics.camera.split(" ", 1)
    inner = {0x920A: optics.focal_length, 0xA404: optics.digital_zoom, 0xA434: optics.lens or None}
    if optics.recorded is not None:
        inner |= {0xA002: optics.recorded[0], 0xA003: optics.recorded[1]}
    exif.get_ifd(EXIF).update({tag: value for tag, value in inner.items() if value is not None})
    return exif


def jpeg(optics: Optics) -> bytes:
    """Return a drawn image of 640 x 480 with EXIF data."""
    buffer = io.BytesIO()
    lesion(size=(640, 480)).save(buffer, "JPEG", exif=exif_data(optics))
    return buffer.getvalue()


def taken(data: bytes) -> Taken:
    return read_header_and_taken(data, "image")[1]


def test_exif_tells_the_camera_and_its_zoom_but_no_light() -> None:
    assert taken(jpeg(PHONE)) == Taken(Capture("Maker M 10"), PHONE)
    assert taken(jpeg(Optics())) == Taken()


def test_digital_zoom_of_zero_is_none() -> None:
    assert taken(jpeg(Optics("Maker M 10", digital_zoom=0.0))).optics.digital_zoom is None


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # as Pillow says of what it leaves out
def test_broken_exif_data_raise_nothing() -> None:
    whole = exif_data(PHONE).tobytes()
    for end in range(len(whole)):
        image = Image.new("RGB", (4, 4))
        image.info["exif"] = whole[:end] + bytes(255 - value for value in whole[end:])
        assert exif_taken(image).capture.light == ""


@pytest.mark.parametrize(
    ("method", "polarization", "capture"),
    [
        ("CONTACT", "POLARIZED", Capture("Maker Scope 10", "contact", "polarised")),
        ("NON_CONTACT", "NON_POLARIZED", Capture("Maker Scope 10", "no contact", "not polarised")),
        ("", "OTHER", Capture("Maker Scope 10")),
    ],
)
def test_dicom_tells_light_and_contact(method: str, polarization: str, capture: Capture) -> None:
    tags = {
        "Manufacturer": "Maker",
        "ManufacturerModelName": "Scope 10",
        "ContactMethod": method,
        "LightSourcePolarization": polarization,
        "OpticalMagnificationFactor": "10",
    }
    assert taken(photograph(lesion(size=(640, 480)), **tags)) == Taken(capture, Optics("Maker Scope 10", "10x"))


@pytest.mark.parametrize(
    "optics",
    [
        Optics("Maker M 11", PHONE.lens, 6.5, 2.0, (640, 480)),
        Optics("Maker M 10", "M 10 tele", 6.5, 2.0, (640, 480)),
        Optics("Maker M 10", PHONE.lens, 9.0, 2.0, (640, 480)),
        Optics("Maker M 10", PHONE.lens, 6.5, 1.5, (640, 480)),
        Optics("Maker M 10", PHONE.lens, 6.5, 2.0, (1280, 960)),
        Optics(),
    ],
)
def test_scale_of_a_device_is_not_for_other_optics_or_a_crop(optics: Optics) -> None:
    device = Device("Scope 10x, plate A", 640, 480, 0.02, PHONE)
    assert device.fits(480, 640, PHONE)
    assert not device.fits(640, 480, optics)
    assert not device.fits(600, 480, PHONE)


def test_device_of_an_earlier_version_is_not_for_a_crop() -> None:
    device = Device("Scope 10x", 640, 480, 0.02)
    assert device.fits(640, 480, PHONE)
    assert not device.fits(640, 480, Optics(recorded=(1280, 960)))


def test_captures_are_alike_only_where_nothing_is_unknown() -> None:
    whole = Capture("Scope", "contact", "polarised")
    assert whole.is_as(Capture("Scope", "contact", "polarised"))
    for other in (Capture("Scope", "contact", "not polarised"), Capture("Scope", "no contact", "polarised"), Capture()):
        assert not whole.is_as(other)
    assert not Capture("Scope", "contact").is_as(Capture("Scope", "contact")), "two unknown lights may differ"
