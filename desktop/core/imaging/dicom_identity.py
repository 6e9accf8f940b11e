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
