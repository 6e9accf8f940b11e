"""The UIDs by which a DICOM file names its image, series and study."""

import io
import re
from dataclasses import dataclass

from desktop.core.imaging.dicom_dataset import is_dicom, read_dataset, text_of

_UID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_UID_LENGTH = 64
_CODE = re.compile(r"[A-Z0-9_]{1,16}")


@dataclass(frozen=True, order=True)
class DicomIdentity:
    """The UIDs of study, series, image and SOP class, and the modality."""

    study: str
    series: str
    modality: str
    instance: str
    sop_class: str


def read_identity(data: bytes, name: str) -> DicomIdentity | None:
    """Return what a DICOM file calls itself; None for another file, or if a part is missing or malformed (PS3.5, 9.1).

    Raises:
        ImageError: the file is damaged.
    """
    if not is_dicom(data):
        return None
    dataset = read_dataset(io.BytesIO(data), name, header_only=True)
    uids = [
        text_of(dataset, keyword)
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
    ]
    modality = text_of(dataset, "Modality")
    if not _CODE.fullmatch(modality) or not all(_UID.fullmatch(uid) and len(uid) <= _UID_LENGTH for uid in uids):
        return None
    study, series, instance, sop_class = uids
    return DicomIdentity(study, series, modality, instance, sop_class)


@dataclass(frozen=True)
class PixelNotes:
    """What a DICOM file says of its pixels, each YES, NO or empty.

    `burned_in` is whether text in them may name the patient, `recognizable` whether the patient can be recognised, and `lossy`
    "01" where they were compressed with losses, "00" where they were not.
    """

    burned_in: str = ""
    recognizable: str = ""
    lossy: str = ""


def read_pixel_notes(data: bytes, name: str) -> PixelNotes:
    """Return what a DICOM file says of its pixels; nothing for another file.

    Raises:
        ImageError: the file is damaged.
    """
    if not is_dicom(data):
        return PixelNotes()
    dataset = read_dataset(io.BytesIO(data), name, header_only=True)

    def one_of(keyword: str, *values: str) -> str:
        value = text_of(dataset, keyword).upper()
        return value if value in values else ""

    return PixelNotes(
        one_of("BurnedInAnnotation", "YES", "NO"),
        one_of("RecognizableVisualFeatures", "YES", "NO"),
        one_of("LossyImageCompression", "00", "01"),
    )
