"""An opened image as the window has it: its bytes, and its pixels ready to be drawn at any size."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from desktop.core.imaging.opening import Header, decode, read_header
from desktop.core.samples import sample_hashes

if TYPE_CHECKING:
    from PIL import Image

_SMALLEST_LEVEL = 512
"""The picture is halved, for drawing it small, until its longer side is at most this many pixels."""


@dataclass(frozen=True)
class Picture:
    """An opened image: its bytes, and its pixels at full size and halved again and again for drawing."""

    name: str
    path: Path | None
    data: bytes
    sha256: str
    header: Header
    levels: tuple[QImage, ...]
    is_sample: bool

    @property
    def width(self) -> int:
        """Width of the upright image in pixels."""
        return self.levels[0].width()

    @property
    def height(self) -> int:
        """Height of the upright image in pixels."""
        return self.levels[0].height()


def png_bytes(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG file. Slow: to be run off the GUI thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def load_picture(name: str, path: Path | None, data: bytes) -> Picture:
    """Decode an image for the screen. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the bytes are no image that can be opened.
    """
    header = read_header(data, name)
    image = decode(data, name)
    levels = [_to_qimage(image)]
    while max(image.size) > _SMALLEST_LEVEL:
        image = image.reduce(2)
        levels.append(_to_qimage(image))
    sha256 = hashlib.sha256(data).hexdigest()
    return Picture(
        name=name,
        path=path,
        data=data,
        sha256=sha256,
        header=header,
        levels=tuple(levels),
        is_sample=sha256 in sample_hashes(),
    )


def _to_qimage(image: Image.Image) -> QImage:
    width, height = image.size
    view = QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)
