"""Photographs in DICOM files: pydicom reads what the file says of itself, Pillow decodes the JPEG inside.

The picture alone is taken. What the file says of the patient, `dicom_patient` hands out.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO

from desktop.core.errors import ImageError
from desktop.core.imaging.dicom_dataset import is_dicom, known_uid, number_of_frames, read_dataset, text_of
from desktop.core.imaging.dicom_pixels import Frame, open_jpeg, open_pixels
from desktop.core.imaging.limits import MAX_FRAMES, check_size, damaged
from desktop.core.imaging.opened import Opened, Reader
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from desktop.core.imaging import pydicom
else:
    pydicom = Late("desktop.core.imaging.pydicom")

EXTENSIONS = frozenset({".dcm", ".dicom", ".dic", ".ima"})
"""Extensions of DICOM files; many have none, or a part of a UID in its place, and are known by their beginning."""

FORMAT = "DICOM"

_SOP_CLASSES = frozenset({
    "1.2.840.10008.5.1.4.1.1.7",  # Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.2",  # Multi-frame Grayscale Byte Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.4",  # Multi-frame True Color Secondary Capture
    "1.2.840.10008.5.1.4.1.1.77.1.4",  # VL Photographic
    "1.2.840.10008.5.1.4.1.1.77.1.7",  # Dermoscopic Photography
})  # fmt: skip
"""What kinds of DICOM object are opened (PS3.4, table B.5-1)."""

_IMPLICIT_VR = "1.2.840.10008.1.2"
_UNCOMPRESSED = frozenset({_IMPLICIT_VR, "1.2.840.10008.1.2.1"})  # implicit and explicit VR, little endian
_JPEG_BASELINE = "1.2.840.10008.1.2.4.50"

_KEPT = (
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "PatientID", "PatientSex", "PatientAge", "SamplesPerPixel",
    "PhotometricInterpretation", "PlanarConfiguration", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "ICCProfile",
)  # fmt: skip
"""What a frame keeps of its file when it becomes a file of its own."""


def frame_count(data: bytes, name: str) -> int:
    """Return how many images a file holds, as it says itself; 1 for what is no DICOM file.

    Raises:
        ImageError: the file is damaged.
    """
    return frame_count_of(io.BytesIO(data), name) if is_dicom(data) else 1


def frame_count_of(stream: BinaryIO, name: str) -> int:
    """Return how many images an open DICOM file holds; what stands behind the attributes is not read.

    Raises:
        ImageError: the file is damaged.
    """
    return number_of_frames(read_dataset(stream, name, header_only=True))


def open_image(data: bytes, name: str) -> Opened:
    """Open the (first) image of a DICOM file with Pillow: a JPEG is not decoded yet, and may be by its draft mode.

    Its pixels are meant as they are: an orientation in EXIF data inside is not obeyed.

    Raises:
        ImageError: not a photograph, compressed in another way than as baseline JPEG, damaged, or too large.
    """
    dataset = _read_photograph(data, name)
    frame = _frame(dataset, 0, name)
    image = open_jpeg(frame, name) if _is_jpeg(dataset) else open_pixels(frame, name)
    profile = dataset.get("ICCProfile")
    if isinstance(profile, bytes) and profile:
        image.info["icc_profile"] = profile
    return Opened(image, name, FORMAT)


def single_frame(data: bytes, number: int, name: str) -> bytes:
    """Return one frame, counted from 1, of a multi-frame file as a DICOM file of its own: the same bytes each time.

    Raises:
        ImageError: the file is none that is opened, or has no such frame.
    """
    dataset = _read_photograph(data, name)
    frame = _frame(dataset, number - 1, name).data
    one = pydicom.Dataset()
    for keyword in _KEPT:
        if keyword in dataset:
            one[keyword] = dataset[keyword]
    is_jpeg = _is_jpeg(dataset)
    one.add_new("InstanceNumber", "IS", str(number))
    one.add_new("PixelData", "OB", pydicom.encapsulate([frame]) if is_jpeg else frame)
    one["PixelData"].is_undefined_length = is_jpeg
    one.file_meta = pydicom.FileMetaDataset()
    for element in dataset.file_meta:
        one.file_meta[element.tag] = element
    buffer = io.BytesIO()
    one.preamble = bytes(128)
    is_implicit = text_of(dataset.file_meta, "TransferSyntaxUID") == _IMPLICIT_VR
    # Without `enforce_file_format` pydicom adds nothing, its version say: the bytes are the same with every version of it.
    pydicom.dcmwrite(buffer, one, implicit_vr=is_implicit, little_endian=True, enforce_file_format=False)
    return buffer.getvalue()


DICOM = Reader(is_dicom, open_image)


def _read_photograph(data: bytes, name: str) -> Any:
    """Read a file and refuse what is not opened: other objects, other compressions, pixels of other kinds."""
    dataset = read_dataset(io.BytesIO(data), name)
    try:
        sop_class = text_of(dataset, "SOPClassUID") or text_of(dataset.file_meta, "MediaStorageSOPClassUID")
        syntax = text_of(dataset.file_meta, "TransferSyntaxUID")
        bits, samples = int(dataset.get("BitsAllocated") or 0), int(dataset.get("SamplesPerPixel") or 0)
        frames = number_of_frames(dataset)
    except Exception as error:
        raise damaged(name) from error
    if not sop_class:
        raise damaged(name)
    if sop_class not in _SOP_CLASSES:
        raise ImageError(
            tr(
                "“{name}” is a DICOM file of another kind ({kind}) than photographs and dermoscopy. Export it as JPEG or PNG."
            ),
            name=name,
            kind=known_uid(dataset, "SOPClassUID") or sop_class or "-",
        )
    if syntax != _JPEG_BASELINE and syntax not in _UNCOMPRESSED:
        raise ImageError(
            tr(
                "“{name}” is DICOM, compressed as {kind}, which is not opened. Export it as baseline JPEG or uncompressed."
            ),
            name=name,
            kind=known_uid(dataset.file_meta, "TransferSyntaxUID") or syntax or "-",
        )
    if frames > MAX_FRAMES:
        raise ImageError(
            tr("“{name}” holds {frames} frames; at most {limit} are opened. Export the frames that you need."),
            name=name,
            frames=frames,
            limit=MAX_FRAMES,
        )
    if bits != 8 or samples not in {1, 3}:
        raise ImageError(
            tr(
                "“{name}” is DICOM with {samples} × {bits} bits a pixel, which is not opened. Export it as JPEG or PNG."
            ),
            name=name,
            samples=samples,
            bits=bits,
        )
    return dataset


def _is_jpeg(dataset: Any) -> bool:
    return text_of(dataset.file_meta, "TransferSyntaxUID") == _JPEG_BASELINE


def _frame(dataset: Any, index: int, name: str) -> Frame:
    """Take one frame out; only its bytes are looked at, nothing is decoded."""
    try:
        frame = Frame(
            _frame_bytes(dataset, index, name),
            int(dataset.Columns),
            int(dataset.Rows),
            int(dataset.SamplesPerPixel),
            text_of(dataset, "PhotometricInterpretation"),
            int(dataset.get("PlanarConfiguration") or 0) == 1,
        )
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        raise damaged(name) from error
    if not frame.data:
        raise damaged(name)
    return frame


def _frame_bytes(dataset: Any, index: int, name: str) -> bytes:
    """Return the bytes of one frame, none where they are not all there."""
    count, held = number_of_frames(dataset), dataset["PixelData"].value
    if index >= count:
        return b""
    if _is_jpeg(dataset):
        return bytes(pydicom.get_frame(held, index, number_of_frames=count))
    check_size(int(dataset.Columns), int(dataset.Rows), name)
    size = _frame_size(dataset, len(held) // count)
    found = bytes(held[index * size : (index + 1) * size])
    return found if len(found) == size else b""


def _frame_size(dataset: Any, there: int) -> int:
    """Return the bytes of one uncompressed frame, of which `there` are there.

    Under YBR_FULL_422 the colours of two pixels are stored once; where there is room for all of them, nothing was left out.
    """
    pixels = int(dataset.Rows) * int(dataset.Columns)
    whole = pixels * int(dataset.SamplesPerPixel)
    is_halved = text_of(dataset, "PhotometricInterpretation") == "YBR_FULL_422" and there < whole
    return 2 * pixels if is_halved else whole
