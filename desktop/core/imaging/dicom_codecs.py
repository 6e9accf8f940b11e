"""The supported transfer syntaxes of DICOM frames, and the decoder of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging.dicom_dataset import DEFLATED
from desktop.core.imaging.dicom_pixels import bare_image, check_colours, unopened_colours
from desktop.core.imaging.dicom_rle import decode_rle
from desktop.core.imaging.jpeg import OpenedJpeg
from desktop.core.imaging.jpeg_2000 import CodestreamHeader, open_stream, read_stream
from desktop.core.imaging.jpeg_ls import decode_stream, read_stream_header
from desktop.core.imaging.limits import check_size, damaged
from desktop.core.imaging.opened import DecodedPixels, DeferredImage, UndecodedImage, load_whole, open_with_pillow
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from desktop.core.imaging import pillow
    from desktop.core.imaging.dicom_pixels import PixelLayout, Tones
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")

FORMAT = "DICOM"

IMPLICIT_VR = "1.2.840.10008.1.2"
EXPLICIT_VR = "1.2.840.10008.1.2.1"

_LETTERS = tuple(b"RGB")
"""The component ids by which libjpeg recognises a JPEG stored as RGB."""

_FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
_LOSSLESS = frozenset({0xC3, 0xC7, 0xCB, 0xCF})
"""The markers of JPEG's frames, and of those that are lossless (ITU-T T.81, table B.1)."""


@frozen
class DicomFrame:
    """The bytes of one frame, and how the DICOM file describes them; `tones` is the result of `read_tones`."""

    data: bytes
    layout: PixelLayout
    tones: Tones | None
    name: str


@frozen
class FrameCodec:
    """A way of storing frames; `is_encapsulated` if each is stored separately with its length.

    `open` raises ImageError for what is damaged, too large, or of a kind that is not opened.
    """

    open: Callable[[DicomFrame], UndecodedImage]
    is_encapsulated: bool = True


@frozen(kw_only=True)
class _Toned(UndecodedImage):
    """Grey of 8 bits whose stored values need a mapping to tones."""

    opened: UndecodedImage
    tones: Tones

    def load(self, at_least: int | None) -> DecodedPixels:
        loaded = self.opened.load(at_least)
        return DecodedPixels(loaded.image.point(self.tones.tolist()), loaded.is_damaged)


def _toned(opened: UndecodedImage, frame: DicomFrame) -> UndecodedImage:
    """Map an image through its tones; a colour image, whatever the file says, is returned unchanged."""
    if frame.tones is None or opened.image.mode != "L":
        return opened
    return _Toned(opened.image, opened.name, opened.format, opened=opened, tones=frame.tones)


def _deferred(frame: DicomFrame, decode: Callable[[], bytes | bytearray], layout: PixelLayout) -> UndecodedImage:
    """Return a frame whose words `decode` returns; `decode` may raise ImageError."""
    check_size(layout.width, layout.height, frame.name)
    check_colours(layout, frame.name)
    return DeferredImage(
        pillow.Image.new("L", (0, 0)),
        frame.name,
        FORMAT,
        stored_size=(layout.width, layout.height),
        decoder=lambda: bare_image(decode(), layout, frame.tones, frame.name),
    )


def _open_bare(frame: DicomFrame) -> UndecodedImage:
    return _deferred(frame, lambda: frame.data, frame.layout)


def _open_rle(frame: DicomFrame) -> UndecodedImage:
    def decode() -> bytes:
        try:
            return decode_rle(frame.data, frame.layout)
        except ValueError as error:
            raise damaged(frame.name) from error

    return _deferred(frame, decode, replace(frame.layout, is_planar=True))


def _open_jpeg_ls(frame: DicomFrame) -> UndecodedImage:
    header = read_stream_header(frame.data, frame.name)
    layout = replace(
        frame.layout,
        width=header.width,
        height=header.height,
        is_planar=header.is_planar,
        allocated=header.layout.allocated,
    )
    if header.components != layout.samples or layout.high >= layout.allocated:
        raise damaged(frame.name)
    return _deferred(frame, lambda: decode_stream(frame.data, frame.name), layout)


def _open_jpeg(frame: DicomFrame) -> UndecodedImage:
    """Open a frame's JPEG, not decoded yet.

    Its own marks of how colours are stored outweigh what the DICOM file says, which is often wrong.
    """
    marker, bits = _jpeg_frame(frame.data)
    if bits not in {0, 8}:
        raise ImageError(
            tr("“{name}” is DICOM with a JPEG of {bits} bits, which is not opened. Export it as JPEG or PNG."),
            name=frame.name,
            bits=bits,
        )
    image = open_with_pillow(frame.data, frame.name, "JPEG")
    opened = OpenedJpeg(image, frame.name, FORMAT, data=frame.data)
    if image.mode != "RGB" or _tells_its_colours(image):
        return _toned(opened, frame)
    if marker in _LOSSLESS:  # libjpeg leaves its values as they are
        return _as_ybr(opened) if frame.layout.photometric.startswith("YBR") else opened
    if frame.layout.photometric != "RGB":
        return opened
    # libjpeg assumes that three unmarked components are YCbCr, so it is asked not to convert them.
    image.draft("YCbCr", None)
    load_whole(image, frame.name)
    return UndecodedImage(pillow.Image.frombytes("RGB", image.size, image.tobytes()), frame.name, FORMAT)


def _as_ybr(opened: UndecodedImage) -> UndecodedImage:
    """Reinterpret pixels decoded as RGB as YCbCr."""

    def decode() -> Image.Image:
        load_whole(opened.image, opened.name)
        return pillow.Image.frombytes("YCbCr", opened.image.size, opened.image.tobytes()).convert("RGB")

    return DeferredImage(opened.image, opened.name, opened.format, stored_size=opened.size, decoder=decode)


def _tells_its_colours(image: Any) -> bool:
    components = image.layer
    is_subsampled = len({component[1:3] for component in components}) > 1  # nobody does that to RGB
    return "jfif" in image.info or "adobe" in image.info or is_subsampled or tuple(c[0] for c in components) == _LETTERS


def _jpeg_frame(data: bytes) -> tuple[int, int]:
    """Return the marker of a JPEG's frame and the bits of its values, both 0 if it has no frame."""
    at = 2
    while at + 4 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return marker, data[at + 4]
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0, 0


def _open_jpeg_2000(frame: DicomFrame) -> UndecodedImage:
    image = open_stream(frame.data, frame.name)
    opened = UndecodedImage(image, frame.name, FORMAT)
    stream = read_stream(frame.data, frame.name)
    if image.mode in {"L", "I;16"}:
        return _open_grey_jpeg_2000(opened, stream, frame)
    if image.mode != "RGB" or not frame.layout.photometric.startswith(("RGB", "YBR_")):
        raise unopened_colours(frame.layout, frame.name)
    is_ybr = frame.layout.photometric.startswith("YBR_FULL") and not stream.is_transformed
    return _as_ybr(opened) if is_ybr else opened


def _open_grey_jpeg_2000(opened: UndecodedImage, stream: CodestreamHeader, frame: DicomFrame) -> UndecodedImage:
    stored, words = frame.layout.stored, 8 if frame.layout.stored <= 8 else 16
    layout = replace(frame.layout, width=opened.size[0], height=opened.size[1], allocated=words, high=stored - 1)
    held = 8 if opened.image.mode == "L" else 16

    def decode() -> bytes:
        """Undo Pillow's changes: it adds half of the range to signed values, and shifts all values up to 8 or 16 bits."""
        load_whole(opened.image, frame.name)
        values = np.asarray(opened.image).astype("<u2") >> (held - stream.bits)
        if stream.is_signed:
            values -= 2 ** (stream.bits - 1)  # modulo 2 ** 16, so that two's complement is left
        return values.astype(f"<u{words // 8}").tobytes()

    return _deferred(frame, decode, layout)


_BARE = FrameCodec(_open_bare, is_encapsulated=False)
_JPEG, _JPEG_LS, _JPEG_2000 = FrameCodec(_open_jpeg), FrameCodec(_open_jpeg_ls), FrameCodec(_open_jpeg_2000)

CODECS = {
    IMPLICIT_VR: _BARE,
    EXPLICIT_VR: _BARE,
    DEFLATED: _BARE,
    "1.2.840.10008.1.2.5": FrameCodec(_open_rle),
    "1.2.840.10008.1.2.4.50": _JPEG,  # baseline
    "1.2.840.10008.1.2.4.51": _JPEG,  # extended
    "1.2.840.10008.1.2.4.57": _JPEG,  # lossless
    "1.2.840.10008.1.2.4.70": _JPEG,  # lossless, first-order prediction
    "1.2.840.10008.1.2.4.80": _JPEG_LS,  # lossless
    "1.2.840.10008.1.2.4.81": _JPEG_LS,  # near-lossless
    "1.2.840.10008.1.2.4.90": _JPEG_2000,  # lossless
    "1.2.840.10008.1.2.4.91": _JPEG_2000,
}
"""By transfer syntax (PS3.6, table A-1); files of any other are refused."""
