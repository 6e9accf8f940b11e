"""Images as DICOM objects: Dermoscopic Photography and VL Photographic (PS3.3, A.32).

A baseline JPEG keeps its compressed pixels. Any other image is decoded, upright and in sRGB, and written uncompressed.
"""

from dataclasses import dataclass
from typing import Any

from desktop import __version__
from desktop.core.body_places import without_side
from desktop.core.exchange.anatomic_sites import LEFT
from desktop.core.exchange.contents import ImageContents
from desktop.core.exchange.dicom_codes import UNKNOWN, code_item, line, region_code, side_code
from desktop.core.exchange.dicom_patients import (
    DERMOSCOPIC,
    MAKER,
    PatientObjects,
    class_of,
    dicom_day,
)
from desktop.core.imaging.dicom_identity import PixelNotes
from desktop.core.imaging.icc import SRGB, rgb_profile
from desktop.core.imaging.jpeg_frames import baseline_frame
from desktop.core.imaging.opening import decode
from desktop.core.imaging.pydicom import encapsulate

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
EXPLICIT_VR = "1.2.840.10008.1.2.1"

_CONTACTS = {"contact": "CONTACT", "no contact": "NON_CONTACT"}
_LIGHTS = {"polarised": "POLARIZED", "not polarised": "NON_POLARIZED"}

_LOSSY = {"JPEG": "01", "MPO": "01", "HEIC": "01", "AVIF": "01", "PNG": "00", "BMP": "00"}
"""Whether a format has lost something, where the format tells."""

_PRINTS = ("palm", "fingers-front", "sole", "sole-front", "toes-under")
"""The places whose skin has prints, by which somebody can be recognised (PS3.3, C.8.12.13)."""


@dataclass(frozen=True)
class Source:
    """An image to write: its bytes, its name, the format in which it was opened, and what that file said of its pixels."""

    data: bytes
    name: str
    format: str
    notes: PixelNotes


def photograph(patient: PatientObjects, image: ImageContents, source: Source) -> tuple[Any, str]:
    """Return an image as an object of DICOM, and its transfer syntax.

    Raises:
        ImageError: it cannot be decoded.
    """
    day = image.seen_on
    one = patient.new_object(class_of(image), patient.uid("image", image.file), day, patient.series_of(image))
    one.ContentDate = dicom_day(day)
    one.ImageType = ["ORIGINAL", "PRIMARY"]
    one.PatientOrientation = ""
    one.AcquisitionContextSequence = []
    _add_equipment(one, image)
    _add_place(one, patient, image)
    if source.notes.burned_in:
        one.BurnedInAnnotation = source.notes.burned_in
        if source.notes.burned_in == "YES" and "PatientIdentityRemoved" in one:
            one.PatientIdentityRemoved = "NO"  # of the attributes it is, of the pixels nobody knows
    if class_of(image) == DERMOSCOPIC:
        _add_dermoscopy(one, patient, image, source.notes)
    elif source.notes.recognizable:
        one.RecognizableVisualFeatures = source.notes.recognizable
    if image.measures.scale is not None:
        side = f"{image.measures.scale.mm_per_pixel:.10g}"
        one.PixelSpacing = [side, side]
    one.LossyImageCompression = source.notes.lossy or _LOSSY.get(source.format, "")
    return one, _add_pixels(one, source)


def _add_equipment(one: Any, image: ImageContents) -> None:
    """Name the device that took the image; one without a name is "Unknown", for the standard wants a value."""
    capture = image.measures.capture
    device = line("" if capture is None else capture.device) or UNKNOWN
    one.Manufacturer = device.partition(" ")[0]
    one.ManufacturerModelName = device
    one.DeviceSerialNumber = UNKNOWN
    one.SoftwareVersions = f"{MAKER} {__version__}"


def _add_place(one: Any, patient: PatientObjects, image: ImageContents) -> None:
    site = patient.site_of(image.lesion_key)
    if site is None:
        one.Laterality = ""  # not known
        return
    region = code_item(region_code(site))
    side = side_code(site)
    one.ImageLaterality = "U"  # unpaired
    if side is not None:
        region.AnatomicRegionModifierSequence = [code_item(side)]
        one.ImageLaterality = "L" if site.side == LEFT else "R"
    one.AnatomicRegionSequence = [region]


def _add_dermoscopy(one: Any, patient: PatientObjects, image: ImageContents, notes: PixelNotes) -> None:
    """Add the module of dermoscopic images (PS3.3, C.8.12.13)."""
    capture = image.measures.capture
    one.LightSourcePolarization = "" if capture is None else _LIGHTS.get(capture.light, "")
    one.EmitterColorTemperature = None
    one.ContactMethod = "" if capture is None else _CONTACTS.get(capture.contact, "")
    if one.ContactMethod == "CONTACT":
        one.ImmersionMedia = ""
    one.OpticalMagnificationFactor = None
    lesion = patient.lesion_of(image.lesion_key)
    place = "" if lesion is None else without_side(lesion.lesion.site)
    one.RecognizableVisualFeatures = notes.recognizable or ("YES" if place in _PRINTS else "NO")
    one.FrameOfReferenceUID = patient.uid("frame of reference", image.seen_on, patient.series_of(image).name)
    one.PositionReferenceIndicator = ""
    if lesion is not None:
        one.TrackingID, one.TrackingUID = patient.tracking(image.lesion_key)


def _add_pixels(one: Any, source: Source) -> str:
    """Add the pixels with their colour profile; return the transfer syntax."""
    frame = baseline_frame(source.data, source.name)
    one.BitsAllocated = one.BitsStored = 8
    one.HighBit = 7
    one.PixelRepresentation = 0
    if frame is None:
        image = decode(source.data, source.name).convert("RGB")
        one.Columns, one.Rows = image.size
        _add_colours(one, 3, "RGB", b"")
        pixels = image.tobytes()
        one.PixelData = pixels + bytes(len(pixels) % 2)
        one["PixelData"].VR = "OB"
        return EXPLICIT_VR
    one.Columns, one.Rows = frame.width, frame.height
    _add_colours(one, frame.components, "YBR_FULL_422" if frame.components == 3 else "MONOCHROME2", frame.profile)
    if one.LossyImageCompression == "01":
        one.LossyImageCompressionRatio = f"{frame.width * frame.height * frame.components / len(frame.stream):.2f}"
        one.LossyImageCompressionMethod = "ISO_10918_1"
    one.PixelData = encapsulate([frame.stream])
    one["PixelData"].VR = "OB"
    one["PixelData"].is_undefined_length = True
    return JPEG_BASELINE


def _add_colours(one: Any, samples: int, photometric: str, profile: bytes) -> None:
    one.SamplesPerPixel = samples
    one.PhotometricInterpretation = photometric
    if samples == 1:
        return
    one.PlanarConfiguration = 0
    one.ICCProfile = profile or rgb_profile(SRGB)
    if not profile:
        one.ColorSpace = "SRGB"
