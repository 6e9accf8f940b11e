"""Reads from a file how its image was taken: DICOM tells the light, EXIF only the camera."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

from desktop.core.imaging.capture import Capture, Contact, Light, Optics, Taken
from desktop.core.imaging.dicom_dataset import is_dicom, numbers_of, read_dataset, text_of
from desktop.core.imaging.opened import UNREADABLE
from desktop.core.late import Late

if TYPE_CHECKING:
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    pillow = Late("desktop.core.imaging.pillow")

logger = logging.getLogger(__name__)

_CONTACTS: dict[str, Contact] = {"CONTACT": "contact", "NON_CONTACT": "no contact"}
_LIGHTS: dict[str, Light] = {"POLARIZED": "polarised", "NON_POLARIZED": "not polarised"}
"""The values of DICOM (PS3.3, C.8.12.13)."""

_UNKNOWN = "unknown"
"""Stands in DICOM where the standard wants a value and nobody knows it."""

_MAKE, _MODEL = 0x010F, 0x0110
_EXIF = 0x8769
_FOCAL_LENGTH, _WIDTH, _HEIGHT, _DIGITAL_ZOOM, _LENS = 0x920A, 0xA002, 0xA003, 0xA404, 0xA434
"""Tags of EXIF 2.32."""


def dicom_taken(data: bytes, name: str) -> Taken | None:
    """Return what a DICOM file says; None for another file.

    Raises:
        ImageError: the file is damaged.
    """
    if not is_dicom(data):
        return None
    dataset = read_dataset(io.BytesIO(data), name, header_only=True)
    make, model = (text_of(dataset, keyword) for keyword in ("Manufacturer", "ManufacturerModelName"))
    camera = _joined(*("" if one.casefold() == _UNKNOWN else one for one in (make, model)))
    capture = Capture(
        camera,
        _CONTACTS.get(text_of(dataset, "ContactMethod").upper(), ""),
        _LIGHTS.get(text_of(dataset, "LightSourcePolarization").upper(), ""),
    )
    focal, zoom, magnified = (
        next(iter(numbers_of(dataset, keyword)), None)
        for keyword in ("FocalLength", "DigitalZoomRatio", "OpticalMagnificationFactor")
    )
    lens = _joined(text_of(dataset, "LensModel"), "" if magnified is None else f"{magnified:g}x")
    return Taken(capture, Optics(camera, lens, focal, zoom))


def exif_taken(image: Image.Image) -> Taken:
    """Return what the EXIF data of an image say: of the camera, and never of the light, for which EXIF has no tag."""
    try:
        exif = pillow.Image.Image.getexif(image)
        inner = exif.get_ifd(_EXIF)
        size = _number(inner.get(_WIDTH)), _number(inner.get(_HEIGHT))
        camera = _joined(_text(exif.get(_MAKE)), _text(exif.get(_MODEL)))
        optics = Optics(
            camera,
            _text(inner.get(_LENS)),
            _number(inner.get(_FOCAL_LENGTH)),
            _number(inner.get(_DIGITAL_ZOOM)) or None,  # 0 is none
            None if size[0] is None or size[1] is None else (int(size[0]), int(size[1])),
        )
    except UNREADABLE:
        logger.warning("an image's EXIF data cannot be read: how it was taken is not known")
        return Taken()
    return Taken(Capture(camera), optics)


def _joined(make: str, model: str) -> str:
    """Return make and model as one name: many models begin with the make."""
    return model if model.casefold().startswith(make.casefold()) else f"{make} {model}".strip()


def _text(value: Any) -> str:
    return " ".join(value.replace("\0", " ").split()) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """Return a number of EXIF, which may be a fraction by zero."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if 0 <= number < 1e9 else None
