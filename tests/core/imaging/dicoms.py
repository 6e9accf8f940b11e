"""DICOM files as cameras and archives write them, drawn here."""

import io
from collections.abc import Sequence

from PIL import Image
from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag
from pydicom.uid import generate_uid

from desktop.core.imaging.pydicom import FileMetaDataset, dcmwrite, encapsulate

PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"
DERMOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.7"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
CT = "1.2.840.10008.5.1.4.1.1.2"

IMPLICIT, EXPLICIT, DEFLATED = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"
RLE, JPEG, JPEG_EXTENDED = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS, JPEG_LOSSLESS_FIRST = "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"
JPEG_LS, JPEG_LS_NEAR = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
JPEG_2000_LOSSLESS, JPEG_2000 = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"


def jpeg(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **({"quality": 95} | options))
    return buffer.getvalue()


def dicom(
    frames: Sequence[bytes],
    size: tuple[int, int],
    *,
    syntax: str = JPEG,
    photometric: str = "YBR_FULL_422",
    sop_class: str = DERMOSCOPIC,
    samples: int = 3,
    bits: int = 8,
    planar: int = 0,
    patient: tuple[str, str, str] = ("", "", ""),
    quote: str = "",
    **more: object,
) -> bytes:
    """Make a file of these frames; `quote` is put around texts, as some programs do; `patient` is id, sex and age."""

    def quoted(text: str) -> str:
        return f"{quote}{text}{quote}" if text else ""

    dataset = Dataset()
    dataset.preamble = bytes(128)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = quoted(sop_class)
    dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["LesionLens"])
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPClassUID = quoted(sop_class)
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID
    dataset.Modality = quoted("XC")
    dataset.PatientName = quoted("Doe^Jane")
    dataset.PatientID, dataset.PatientSex, dataset.PatientAge = quoted(patient[0]), patient[1], patient[2]
    dataset.InstitutionName = "A clinic"
    dataset.SamplesPerPixel = samples
    dataset.PhotometricInterpretation = photometric
    if samples > 1:
        dataset.PlanarConfiguration = planar
    if len(frames) > 1:
        count = quoted(str(len(frames))).encode()  # past pydicom, to which it is no number in quotes
        count += b" " * (len(count) % 2)
        tag = Tag("NumberOfFrames")
        dataset[tag] = RawDataElement(tag, "IS", len(count), count, 0, syntax == IMPLICIT, True)
    dataset.Columns, dataset.Rows = size
    dataset.BitsAllocated = dataset.BitsStored = bits  # `more` may say otherwise
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = 0
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    is_bare = syntax in {EXPLICIT, IMPLICIT, DEFLATED}
    dataset.PixelData = b"".join(frames) if is_bare else encapsulate(list(frames))
    dataset["PixelData"].VR = "OB" if bits == 8 else "OW"
    dataset["PixelData"].is_undefined_length = not is_bare
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, implicit_vr=syntax == IMPLICIT, little_endian=True)
    return buffer.getvalue()


def photograph(image: Image.Image, **options: object) -> bytes:
    """Make the usual file: one JPEG, with its colour space stated correctly."""
    return dicom([jpeg(image)], image.size, **options)  # type: ignore[arg-type]
