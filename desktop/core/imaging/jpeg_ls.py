"""JPEG-LS, which CharLS decodes: files by themselves, and frames of DICOM files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging.dicom_pixels import PixelLayout, bare_image, plain_tones
from desktop.core.imaging.limits import check_memory, check_size, damaged
from desktop.core.imaging.opened import DeferredImage, FormatReader, UndecodedImage
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import jpeg_ls as charls
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    charls, pillow = Late("jpeg_ls"), Late("desktop.core.imaging.pillow")

EXTENSIONS = frozenset({".jls"})

_START, _FRAME = b"\xff\xd8", 0xF7
_END = b"\xff\xd9"
"""Appended to every stream: CharLS would search a truncated one for its end for ever. Data after a first end are not read."""

_APPLICATION = frozenset(range(0xE0, 0xF0))

_BY_PLANE = 0
"""The interleave mode that stores one colour plane after the other."""


@frozen
class JpegLsHeader:
    """The header of a JPEG-LS stream."""

    width: int
    height: int
    components: int
    bits: int
    is_planar: bool

    @property
    def layout(self) -> PixelLayout:
        """The shape of the decoded words."""
        photometric, allocated = "MONOCHROME2" if self.components == 1 else "RGB", 8 if self.bits <= 8 else 16
        return PixelLayout(
            self.width,
            self.height,
            self.components,
            photometric,
            self.is_planar,
            allocated,
            self.bits,
            self.bits - 1,
            False,
        )


def begins_as_jpeg_ls(data: bytes) -> bool:
    """Tell whether a JPEG stream's frame is one of JPEG-LS; only application segments may stand before it."""
    at = len(_START)
    while data[:2] == _START and data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        if data[at + 1] == _FRAME:
            return True
        if data[at + 1] not in _APPLICATION:
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return False


def read_stream_header(data: bytes, name: str) -> JpegLsHeader:
    """Read the header of a stream; its size, and the memory that it will take, are accepted.

    Raises:
        ImageError: it is damaged, too large, or of a kind that is not opened.
    """
    try:
        found = charls.CharLS._CharLS.read_header(data)  # noqa: SLF001 - the package offers it after decoding alone
    except RuntimeError as error:
        raise damaged(name) from error
    components = found["components"]
    header = JpegLsHeader(
        found["width"],
        found["height"],
        components,
        found["bits_per_sample"],
        components > 1 and found["interleave_mode"] == _BY_PLANE,
    )
    check_size(header.width, header.height, name)
    check_memory(
        3 * header.layout.words * header.layout.allocated // 8, name
    )  # two copies of the decoded words, and the picture
    if components not in {1, 3}:
        raise ImageError(
            tr("“{name}” is JPEG-LS with {count} colours a pixel, which is not opened. Export it as JPEG or PNG."),
            name=name,
            count=components,
        )
    return header


def decode_stream(data: bytes, name: str) -> bytearray:
    """Return the words of a stream, in little endian.

    Raises:
        ImageError: it is damaged.
    """
    try:
        words: bytearray = charls.decode_buffer(data + _END)[0]
    except RuntimeError as error:
        raise damaged(name) from error
    return words


def _open(data: bytes, name: str) -> UndecodedImage:
    header = read_stream_header(data, name)

    def decode() -> Image.Image:
        return bare_image(decode_stream(data, name), header.layout, plain_tones(header.layout), name)

    size = (header.width, header.height)
    return DeferredImage(pillow.Image.new("L", (0, 0)), name, "JPEG-LS", stored_size=size, decoder=decode)


JPEG_LS = FormatReader(begins_as_jpeg_ls, _open)
