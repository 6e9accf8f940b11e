"""An opened image: its bytes, and its pixels ready to be drawn at any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.samples import sample_hashes
from desktop.core.whole_files import save_file

if TYPE_CHECKING:
    import hashlib

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from desktop.core.imaging import dicom, dicom_patient, faults, opening
    from desktop.core.imaging import frames as dicom_frames
    from desktop.core.imaging.capture import Taken
    from desktop.core.imaging.dicom_patient import DicomPatient
    from desktop.core.imaging.opening import ImageHeader
else:
    hashlib = Late("hashlib")
    np = Late("numpy")
    faults, opening = Late("desktop.core.imaging.faults"), Late("desktop.core.imaging.opening")
    dicom, dicom_frames = Late("desktop.core.imaging.dicom"), Late("desktop.core.imaging.frames")
    dicom_patient = Late("desktop.core.imaging.dicom_patient")

_SMALLEST_LEVEL = 512
"""Levels for drawing the picture small are halved until the longer side is at most this many pixels."""

_STRIP = 128
"""Rows that are converted for the screen in one call. Qt holds Python's lock during the call: 50 ms for a whole image of 24
megapixels, in which the window would freeze."""


@frozen
class Picture:
    """An opened image: its bytes, and its pixels at full size and at each halved size.

    `taken` is what the file says of how it was taken. `patient` is what a DICOM file says of the patient; it is only offered
    to the user. `frames` are the paths of all frames if a multi-frame file was opened, of which this picture is the first;
    else it is empty.
    """

    name: str
    path: Path | None
    data: bytes
    sha256: str
    header: ImageHeader
    levels: tuple[QImage, ...]
    is_sample: bool
    taken: Taken
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
        return pixels_of(self.levels[0])


def pixels_of(level: QImage) -> NDArray[np.uint8]:
    """Return the pixels of an RGB32 image as a view that copies nothing: uint8 RGB [height, width, 3]."""
    rows = np.frombuffer(level.constBits(), np.uint8).reshape(level.height(), level.bytesPerLine() // 4, 4)
    return rows[:, : level.width(), 2::-1]  # RGB32 is stored as blue, green, red and an unused byte


def png_bytes(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG file. Slow: to be run off the GUI thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def open_picture(name: str, path: Path | None, read: Callable[[], bytes]) -> Picture:
    """Read an image and decode it for the screen. Slow: to be run off the GUI thread.

    Raises:
        AppError: the image cannot be read or decoded, for any reason.
    """
    with faults.as_image_error(name):
        return load_picture(name, path, read())


def load_picture(name: str, path: Path | None, data: bytes) -> Picture:
    """Decode an image for the screen. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the bytes are not an image that can be opened.
    """
    frames = () if path is None else dicom_frames.frames_in(path, data)
    if frames:
        path, name = frames[0], frames[0].name
        data = dicom.single_frame(data, 1, name)
    header, taken = opening.read_header_and_taken(data, name)
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
        taken=taken,
        patient=dicom_patient.read_patient(data, name),
        frames=frames,
    )


def levels_of(image: Image.Image) -> tuple[QImage, ...]:
    """Return an RGB image for drawing, at full size and at each halved size. Slow: to be run off the GUI thread."""
    levels = [_to_qimage(image)]
    while max(image.size) > _SMALLEST_LEVEL:
        image = image.reduce(2)
        levels.append(_to_qimage(image))
    return tuple(levels)


def write_png(path: Path, image: QImage) -> None:
    """Write an image as a PNG file without metadata. Slow: to be run off the GUI thread.

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
