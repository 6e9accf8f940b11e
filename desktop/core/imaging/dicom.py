"""Photographs in DICOM files: pydicom reads what the file says of itself, Pillow decodes the JPEG inside.

The picture alone is taken as it is meant. What the file says of the patient is handed out by `read_patient`, for the user to
decide on, and goes nowhere else.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from desktop.core.errors import ImageError
from desktop.core.imaging.dicom_pixels import Frame, open_jpeg, open_pixels
from desktop.core.imaging.limits import MAX_FRAMES, check_size, damaged
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from PIL import Image

    from desktop.core.imaging import pydicom
else:
    pydicom = Late("desktop.core.imaging.pydicom")

EXTENSIONS = frozenset({".dcm", ".dicom"})
"""By these a DICOM file is recognised in a folder; many have no extension, and are known by their beginning."""

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

_SEXES: dict[str, Literal["female", "male", "other"]] = {"F": "female", "M": "male", "O": "other"}
_MONTHS_A_YEAR, _WEEKS_A_YEAR, _DAYS_A_YEAR = 12, 52, 365
_AGE_UNITS = {"Y": 1, "M": _MONTHS_A_YEAR, "W": _WEEKS_A_YEAR, "D": _DAYS_A_YEAR}

_KEPT = (
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "PatientID", "PatientSex", "PatientAge", "SamplesPerPixel",
    "PhotometricInterpretation", "PlanarConfiguration", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "ICCProfile",
)  # fmt: skip
"""What a frame keeps of its file when it becomes a file of its own."""


@dataclass(frozen=True)
class DicomPatient:
    """What a DICOM file says of the patient, empty or None where it says nothing; `age` in whole years when it was taken."""

    id: str
    sex: Literal["female", "male", "other", "unknown"]
    age: int | None


def is_dicom(data: bytes) -> bool:
    """Tell whether a file's bytes begin as DICOM's do (PS3.10, 7.1); 132 bytes are enough."""
    return data[128:132] == b"DICM"


def read_patient(data: bytes, name: str) -> DicomPatient | None:
    """Return what a DICOM file says of the patient; None where it is another file or says nothing.

    Raises:
        ImageError: the file is damaged.
    """
    if not is_dicom(data):
        return None
    dataset = _read(io.BytesIO(data), name, header_only=True)
    found = DicomPatient(
        _text(dataset, "PatientID"),
        _SEXES.get(_text(dataset, "PatientSex").upper(), "unknown"),
        _age(_text(dataset, "PatientAge")),
    )
    return None if found == DicomPatient("", "unknown", None) else found


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
    return _frames(_read(stream, name, header_only=True))


def open_image(data: bytes, name: str) -> Image.Image:
    """Open the (first) image of a DICOM file with Pillow: a JPEG is not decoded yet, and may be by its draft mode.

    Raises:
        ImageError: not a photograph, compressed in another way than as baseline JPEG, damaged, or too large.
    """
    dataset = _read_photograph(data, name)
    frame = _frame(dataset, 0, name)
    image = open_jpeg(frame, name) if _is_jpeg(dataset) else open_pixels(frame, name)
    profile = dataset.get("ICCProfile")
    if isinstance(profile, bytes) and profile:
        image.info["icc_profile"] = profile
    return image


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
    is_implicit = _text(dataset.file_meta, "TransferSyntaxUID") == _IMPLICIT_VR
    # Without `enforce_file_format` pydicom adds nothing, its version say: the bytes are the same with every version of it.
    pydicom.dcmwrite(buffer, one, implicit_vr=is_implicit, little_endian=True, enforce_file_format=False)
    return buffer.getvalue()


def _read(stream: BinaryIO, name: str, *, header_only: bool = False) -> Any:
    try:
        return pydicom.dcmread(stream, stop_before_pixels=header_only)
    except MemoryError:
        raise
    except Exception as error:
        raise damaged(name) from error


def _read_photograph(data: bytes, name: str) -> Any:
    """Read a file and refuse what is not opened: other objects, other compressions, pixels of other kinds."""
    dataset = _read(io.BytesIO(data), name)
    try:
        sop_class = _text(dataset, "SOPClassUID") or _text(dataset.file_meta, "MediaStorageSOPClassUID")
        syntax = _text(dataset.file_meta, "TransferSyntaxUID")
        bits, samples = int(dataset.get("BitsAllocated") or 0), int(dataset.get("SamplesPerPixel") or 0)
        frames = _frames(dataset)
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
            kind=_known_uid(dataset, "SOPClassUID") or sop_class or "-",
        )
    if syntax != _JPEG_BASELINE and syntax not in _UNCOMPRESSED:
        raise ImageError(
            tr(
                "“{name}” is DICOM, compressed as {kind}, which is not opened. Export it as baseline JPEG or uncompressed."
            ),
            name=name,
            kind=_known_uid(dataset.file_meta, "TransferSyntaxUID") or syntax or "-",
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
    return _text(dataset.file_meta, "TransferSyntaxUID") == _JPEG_BASELINE


def _frame(dataset: Any, index: int, name: str) -> Frame:
    """Take one frame out; only its bytes are looked at, nothing is decoded."""
    try:
        frame = Frame(
            _frame_bytes(dataset, index, name),
            int(dataset.Columns),
            int(dataset.Rows),
            int(dataset.SamplesPerPixel),
            _text(dataset, "PhotometricInterpretation"),
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
    count, held = _frames(dataset), dataset["PixelData"].value
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
    is_halved = _text(dataset, "PhotometricInterpretation") == "YBR_FULL_422" and there < whole
    return 2 * pixels if is_halved else whole


def _frames(dataset: Any) -> int:
    """Return the number of frames; in quotes it is no number to pydicom, so the bytes are read."""
    text = _text(dataset, "NumberOfFrames")
    return max(int(text), 1) if text.isdecimal() else 1


def _text(dataset: Any, keyword: str) -> str:
    """Return a value as text, without the quotes that some programs put around it, empty where there is none."""
    try:
        item = dataset.get_item(keyword)
        value = "" if item is None else item.value
        if isinstance(value, bytes):
            value = value.decode("ascii") if keyword == "NumberOfFrames" else dataset[keyword].value
    except (ValueError, TypeError, OverflowError, LookupError):
        return ""
    return "" if value is None else str(value).strip('" \0')


def _known_uid(dataset: Any, keyword: str) -> str:
    """Return the standard's name of what a UID stands for, empty where pydicom does not know it."""
    value = dataset.get(keyword)
    name = getattr(type(value)(_text(dataset, keyword)), "name", "") if value else ""
    return "" if name == _text(dataset, keyword) else name


def _age(text: str) -> int | None:
    """Return whole years of an age string: three digits and a unit, years, months, weeks or days (PS3.5, 6.2)."""
    number, unit = text[:-1], text[-1:].upper()
    if not number.isdecimal() or unit not in _AGE_UNITS:
        return None
    return int(number) // _AGE_UNITS[unit]
