"""An opened image as the window has it: its bytes, and its pixels ready to be drawn at any size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from desktop.core.late import Late
from desktop.core.samples import sample_hashes
from desktop.core.whole_files import save_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from desktop.core.imaging import dicom, dicom_patient, faults, opening
    from desktop.core.imaging import frames as dicom_frames
    from desktop.core.imaging.dicom_patient import DicomPatient
    from desktop.core.imaging.opening import Header
else:
    np = Late("numpy")
    faults, opening = Late("desktop.core.imaging.faults"), Late("desktop.core.imaging.opening")
    dicom, dicom_frames = Late("desktop.core.imaging.dicom"), Late("desktop.core.imaging.frames")
    dicom_patient = Late("desktop.core.imaging.dicom_patient")

_SMALLEST_LEVEL = 512
"""The picture is halved, for drawing it small, until its longer side is at most this many pixels."""

_STRIP = 128
"""Rows that are made ready for the screen at once. Qt keeps Python's lock meanwhile, and with it the window: for a whole
image of 24 megapixels that were 50 ms."""


@dataclass(frozen=True)
class Picture:
    """An opened image: its bytes, and its pixels at full size and halved again and again for drawing.

    `patient` is what a DICOM file says of the patient: it is offered to the user and goes nowhere by itself. `frames` are the
    paths of all images of a multi-frame file that was opened, of which this is the first; else there are none.
    """

    name: str
    path: Path | None
    data: bytes
    sha256: str
    header: Header
    levels: tuple[QImage, ...]
    is_sample: bool
    patient: DicomPatient | None = None
    frames: tuple[Path, ...] = ()

    @property
    def width(self) -> int:
        """Width of the upright image in pixels."""
        return self.levels[0].width()

    @property
    def height(self) -> int:
        """Height of the upright image in pixels."""
        return self.levels[0].height()

    def pixels(self) -> NDArray[np.uint8]:
        """Return the pixels at full size as a view that copies nothing: uint8 RGB [height, width, 3]."""
        full = self.levels[0]
        rows = np.frombuffer(full.constBits(), np.uint8).reshape(self.height, full.bytesPerLine() // 4, 4)
        return rows[:, : self.width, 2::-1]  # RGB32 lies in memory as blue, green, red and one byte unused


def png_bytes(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG file. Slow: to be run off the GUI thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def open_picture(name: str, path: Path | None, read: Callable[[], bytes]) -> Picture:
    """Read an image and decode it for the screen. Slow: to be run off the GUI thread.

    Raises:
        AppError: it cannot be read, or is no image that can be opened, for whatever reason.
    """
    with faults.as_image_error(name):
        return load_picture(name, path, read())


def load_picture(name: str, path: Path | None, data: bytes) -> Picture:
    """Decode an image for the screen. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the bytes are no image that can be opened.
    """
    frames = () if path is None else dicom_frames.frames_in(path, data)
    if frames:
        path, name = frames[0], frames[0].name
        data = dicom.single_frame(data, 1, name)
    header = opening.read_header(data, name)
    levels = levels_of(opening.decode(data, name))
    sha256 = hashlib.sha256(data).hexdigest()
    return Picture(
        name=name,
        path=path,
        data=data,
        sha256=sha256,
        header=header,
        levels=levels,
        is_sample=sha256 in sample_hashes(),
        patient=dicom_patient.read_patient(data, name),
        frames=frames,
    )


def levels_of(image: Image.Image) -> tuple[QImage, ...]:
    """Return an RGB image for drawing, at full size and halved again and again. Slow: to be run off the GUI thread."""
    levels = [_to_qimage(image)]
    while max(image.size) > _SMALLEST_LEVEL:
        image = image.reduce(2)
        levels.append(_to_qimage(image))
    return tuple(levels)


def write_png(path: Path, image: QImage) -> None:
    """Write an image as a PNG file that holds its pixels and nothing else. Slow: to be run off the GUI thread.

    Raises:
        SaveError: the file cannot be written.
    """
    save_file(path, png_bytes(image))


def _to_qimage(image: Image.Image) -> QImage:
    width, height = image.size
    whole = QImage(width, height, QImage.Format.Format_RGB32)
    pixels, line = memoryview(whole.bits()), whole.bytesPerLine()
    for top in range(0, height, _STRIP):
        strip = image.crop((0, top, width, min(top + _STRIP, height)))
        view = QImage(strip.tobytes(), width, strip.height, 3 * width, QImage.Format.Format_RGB888)
        converted = view.convertToFormat(QImage.Format.Format_RGB32)
        pixels[top * line : (top + strip.height) * line] = converted.constBits()
    return whole
