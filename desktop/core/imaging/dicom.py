"""Photographs in DICOM files: pydicom reads the attributes, `dicom_codecs` decodes the frames.

This module interprets only what the picture needs; `dicom_patient` reads the patient's attributes, which a frame that becomes a
file of its own keeps.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from desktop.core.errors import ImageError
from desktop.core.imaging.dicom_dataset import (
    DEFLATED,
    is_dicom,
    known_uid,
    number_of_frames,
    numbers_of,
    read_dataset,
    read_transfer_syntax,
    readable_elements,
    text_of,
    value_of,
)
from desktop.core.imaging.limits import MAX_FRAMES, check_size, damaged
from desktop.core.imaging.opened import FormatReader, UndecodedImage, checked_aspect
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    from desktop.core.imaging import dicom_codecs, dicom_pixels, dicom_tones, pydicom
    from desktop.core.imaging.dicom_codecs import FrameCodec
    from desktop.core.imaging.dicom_pixels import PixelLayout
else:
    dicom_codecs = Late("desktop.core.imaging.dicom_codecs")
    dicom_pixels = Late("desktop.core.imaging.dicom_pixels")
    dicom_tones = Late("desktop.core.imaging.dicom_tones")
    pydicom = Late("desktop.core.imaging.pydicom")

EXTENSIONS = frozenset({".dcm", ".dicom", ".dic", ".ima"})
"""Extensions of DICOM files. Many have none, or end in a part of a UID; these are recognised by their first bytes."""

SOP_CLASSES = frozenset({
    "1.2.840.10008.5.1.4.1.1.7",  # Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.2",  # Multi-frame Grayscale Byte Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.3",  # Multi-frame Grayscale Word Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.4",  # Multi-frame True Color Secondary Capture
    "1.2.840.10008.5.1.4.1.1.77.1.4",  # VL Photographic
    "1.2.840.10008.5.1.4.1.1.77.1.7",  # Dermoscopic Photography
})  # fmt: skip
"""The supported SOP classes (PS3.4, table B.5-1)."""

_KEPT = (
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "PatientID", "PatientSex", "PatientAge", "SamplesPerPixel",
    "PhotometricInterpretation", "PlanarConfiguration", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "ICCProfile",
)  # fmt: skip
"""The attributes that a frame keeps when it becomes a file of its own."""

_KEPT_OF_GREY = (
    "PresentationLUTShape", "ModalityLUTSequence", "RescaleIntercept", "RescaleSlope", "VOILUTSequence", "WindowCenter",
    "WindowWidth", "VOILUTFunction",
)  # fmt: skip
"""Further attributes that a grey frame keeps."""

_ASPECTS = ("PixelAspectRatio", "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
"""The attributes that give a pixel's height and width (PS3.3, C.7.6.3.1.7 and 10.7.1.3)."""

_MEASURED = 0.01
"""A measured pixel counts as square if its sides differ by at most this fraction."""


def frame_count(data: bytes, name: str) -> int:
    """Return the number of images that a DICOM file declares; 1 for any other file.

    Raises:
        ImageError: the file is damaged.
    """
    return frame_count_of(io.BytesIO(data), name) if is_dicom(data) else 1


def frame_count_of(stream: BinaryIO, name: str) -> int:
    """Return the number of images in an open DICOM file, without reading beyond the attributes.

    Raises:
        ImageError: the file is damaged.
    """
    return number_of_frames(read_dataset(stream, name, header_only=True))


def open_image(data: bytes, name: str) -> UndecodedImage:
    """Open the (first) image of a DICOM file; it is not decoded yet, and a JPEG may be scaled down.

    The pixels are upright as stored: an EXIF orientation inside is ignored.

    Raises:
        ImageError: not a photograph, stored in an unsupported way, damaged, or too large.
    """
    dataset = _read_photograph(data, name)
    layout = dicom_pixels.read_layout(dataset, name)
    tones = dicom_tones.read_tones(dataset, layout, name)
    frame = dicom_codecs.DicomFrame(_frame_bytes(dataset, 0, layout, name), layout, tones, name)
    opened = replace(_codec(dataset).open(frame), pixel_aspect=_pixel_aspect(dataset, name))
    profile = value_of(dataset, "ICCProfile")
    if isinstance(profile, bytes) and profile:
        opened.image.info["icc_profile"] = profile
    return opened


def single_frame(data: bytes, number: int, name: str) -> bytes:
    """Return one frame, counted from 1, of a multi-frame file as a DICOM file of its own: the same bytes each time.

    Raises:
        ImageError: the file is not supported, or has no such frame.
    """
    dataset = _read_photograph(data, name)
    layout = dicom_pixels.read_layout(dataset, name)
    frame = _frame_bytes(dataset, number - 1, layout, name)
    kept = [*_KEPT, *(_KEPT_OF_GREY if layout.samples == 1 else ())]
    if _pixel_aspect(dataset, name) != 1:
        kept += _ASPECTS
    return _written_alone(dataset, kept, frame, number)


def _written_alone(dataset: Any, kept: Iterable[str], frame: bytes, number: int) -> bytes:
    one = pydicom.Dataset()
    for element in readable_elements(dataset, kept):
        one[element.tag] = element
    is_encapsulated = _codec(dataset).is_encapsulated
    one.add_new("InstanceNumber", "IS", str(number))
    one.add_new(
        "PixelData",
        "OB" if dataset.BitsAllocated == 8 else "OW",
        pydicom.encapsulate([frame]) if is_encapsulated else frame,
    )
    one["PixelData"].is_undefined_length = is_encapsulated
    one.file_meta = pydicom.FileMetaDataset()
    for element in readable_elements(dataset.file_meta, dataset.file_meta.keys()):
        one.file_meta[element.tag] = element
    syntax = text_of(dataset.file_meta, "TransferSyntaxUID")
    if syntax == DEFLATED:
        one.file_meta.TransferSyntaxUID = pydicom.UID(dicom_codecs.EXPLICIT_VR)
    buffer = io.BytesIO()
    one.preamble = bytes(128)
    # Without `enforce_file_format` pydicom adds nothing, such as its version: any version writes the same bytes.
    pydicom.dcmwrite(
        buffer, one, implicit_vr=syntax == dicom_codecs.IMPLICIT_VR, little_endian=True, enforce_file_format=False
    )
    return buffer.getvalue()


DICOM = FormatReader(is_dicom, open_image)


def _read_photograph(data: bytes, name: str) -> Any:
    """Read a file; refuse other kinds of object, unsupported compressions and too many frames."""
    syntax = read_transfer_syntax(data, name)
    # This is checked first: nothing can be read with an unknown transfer syntax.
    if syntax and syntax not in dicom_codecs.CODECS:
        raise _unopened(syntax, name)
    dataset = read_dataset(io.BytesIO(data), name)
    sop_class = text_of(dataset, "SOPClassUID") or text_of(dataset.file_meta, "MediaStorageSOPClassUID")
    frames = number_of_frames(dataset)
    if not sop_class:
        raise damaged(name)
    if sop_class not in SOP_CLASSES:
        raise ImageError(
            tr(
                "“{name}” is a DICOM file of another kind ({kind}) than photographs and dermoscopy. Export it as JPEG or PNG."
            ),
            name=name,
            kind=known_uid(sop_class) or sop_class,
        )
    if not syntax:
        raise _unopened(syntax, name)
    if frames > MAX_FRAMES:
        raise ImageError(
            tr("“{name}” holds {frames} frames; at most {limit} are opened. Export the frames that you need."),
            name=name,
            frames=frames,
            limit=MAX_FRAMES,
        )
    return dataset


def _unopened(syntax: str, name: str) -> ImageError:
    return ImageError(
        tr("“{name}” is DICOM, compressed as {kind}, which is not opened. Export it as baseline JPEG or uncompressed."),
        name=name,
        kind=known_uid(syntax) or syntax or "-",
    )


def _codec(dataset: Any) -> FrameCodec:
    return dicom_codecs.CODECS[text_of(dataset.file_meta, "TransferSyntaxUID")]


def _frame_bytes(dataset: Any, index: int, layout: PixelLayout, name: str) -> bytes:
    """Return the bytes of one frame; nothing is decoded.

    Raises:
        ImageError: they are not all there.
    """
    count = number_of_frames(dataset)
    try:
        held = dataset["PixelData"].value
        if index >= count:
            found = b""
        elif _codec(dataset).is_encapsulated:
            found = bytes(pydicom.get_frame(held, index, number_of_frames=count))
        else:
            check_size(layout.width, layout.height, name)
            size = layout.frame_size(len(held) // count)
            found = bytes(held[index * size : (index + 1) * size])
            found = found if len(found) == size else b""
    except (ImageError, MemoryError):
        raise
    except Exception as error:  # pydicom names no kinds
        raise damaged(name) from error
    if not found:
        raise damaged(name)
    return found


def _pixel_aspect(dataset: Any, name: str) -> float:
    """Return the height of a pixel divided by its width; 1 if neither is given, or the two are nearly equal.

    Raises:
        ImageError: the ratio is implausibly large.
    """
    for keyword in _ASPECTS:
        sides = numbers_of(dataset, keyword)
        if len(sides) == 2 and all(math.isfinite(side) and side > 0 for side in sides):
            aspect = checked_aspect(sides[0], sides[1], name)
            return 1.0 if abs(aspect - 1) <= _MEASURED else aspect
    return 1.0
