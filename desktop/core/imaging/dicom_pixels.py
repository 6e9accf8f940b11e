"""The pixel layout of a DICOM file, and uncompressed values as a Pillow image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging.dicom_dataset import text_of, value_of
from desktop.core.imaging.limits import damaged
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from desktop.core.imaging import pillow

    Values = NDArray[np.uint8] | NDArray[np.uint16]
    """The words of an image as they are stored: [height, width] of grey, [height, width, 3] of colours."""

    Tones = NDArray[np.uint8]
    """The brightness of each stored grey value, indexed by the value's bits."""
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")

_COLOURS = {1: {"MONOCHROME1", "MONOCHROME2"}, 3: {"RGB", "YBR_FULL", "YBR_FULL_422"}}
"""The photometric interpretations of uncompressed values, by values per pixel."""

_STRIP = 256  # rows at a time


@frozen
class PixelLayout:
    """How the pixels of a DICOM file are stored (PS3.3, C.7.6.3).

    `samples` values a pixel, 1 or 3; `photometric` is DICOM's name of what they mean; `is_planar` where all values of one
    kind come first. A word has `allocated` bits, 8 or 16; its value is in the `stored` ones up to bit `high`, of two's
    complement where it `is_signed`.
    """

    width: int
    height: int
    samples: int
    photometric: str
    is_planar: bool
    allocated: int
    stored: int
    high: int
    is_signed: bool

    @property
    def words(self) -> int:
        """The number of words in a frame without chroma subsampling."""
        return self.width * self.height * self.samples

    def frame_size(self, there: int) -> int:
        """Return the bytes of one uncompressed frame, of which `there` are there.

        Under YBR_FULL_422 the colours of two pixels are stored once; where there is room for all of them, nothing was left
        out.
        """
        word = self.allocated // 8
        is_short = self.photometric == "YBR_FULL_422" and there < self.words * word
        return (2 * self.width * self.height if is_short else self.words) * word


def read_layout(dataset: Any, name: str) -> PixelLayout:
    """Read how a file's pixels are stored.

    Raises:
        ImageError: the attributes are damaged, or pixels that are stored so are not opened.
    """
    try:
        allocated, samples = int(dataset.BitsAllocated), int(dataset.SamplesPerPixel)
        stored = int(value_of(dataset, "BitsStored") or allocated)
        layout = PixelLayout(
            int(dataset.Columns),
            int(dataset.Rows),
            samples,
            text_of(dataset, "PhotometricInterpretation"),
            int(value_of(dataset, "PlanarConfiguration") or 0) == 1,
            allocated,
            stored,
            stored - 1 if stored == allocated else int(dataset.HighBit),
            int(value_of(dataset, "PixelRepresentation") or 0) == 1,
        )
    except Exception as error:  # pydicom names no kinds
        raise damaged(name) from error
    if min(layout.width, layout.height) < 1:
        raise damaged(name)
    is_opened = allocated in {8, 16} and samples in {1, 3} and not (layout.is_signed and samples == 3)
    if not is_opened or not 1 <= stored <= allocated or not stored <= layout.high + 1 <= allocated:
        raise ImageError(
            tr(
                "“{name}” is DICOM with {samples} × {bits} bits a pixel, which is not opened. Export it as JPEG or PNG."
            ),
            name=name,
            samples=samples,
            bits=f"{stored}/{allocated}" if allocated in {8, 16} else allocated,
        )
    return layout


def bare_image(data: bytes | bytearray, layout: PixelLayout, tones: Tones | None, name: str) -> Image.Image:
    """Return an uncompressed or decompressed frame as an image to show.

    Raises:
        ImageError: not all of its words are there.
    """
    words: Values = np.frombuffer(data, np.uint8)
    if layout.allocated == 16:
        words = words.view(np.uint16)  # little endian, as every machine that is meant
    if is_halved(words.size, layout):
        # Y1 Y2 Cb Cr, two pixels (PS3.3, C.7.6.3.1.2), become Y1 Cb Cr, Y2 Cb Cr.
        words = words.reshape(-1, 4)[:, [0, 2, 3, 1, 2, 3]].reshape(layout.height, layout.width, 3)
        return _colour_image(words, layout, is_ybr=True)
    if words.size != layout.words:
        raise damaged(name)
    if layout.samples == 1:
        grey = words.reshape(layout.height, layout.width)
        return pillow.Image.fromarray(grey if tones is None else _through(grey, layout, tones))
    if layout.is_planar:
        words = words.reshape(3, -1).T
    # Colours that are named as halved and are all there were decoded before, to RGB: the name alone was left.
    return _colour_image(words.reshape(layout.height, layout.width, 3), layout, is_ybr=layout.photometric == "YBR_FULL")


def is_halved(words: int, layout: PixelLayout) -> bool:
    """Whether this many words make a frame whose colours are stored once for two pixels."""
    return (
        layout.photometric == "YBR_FULL_422"
        and layout.samples == 3
        and layout.width % 2 == 0
        and words == 2 * layout.width * layout.height
    )


def _colour_image(values: Values, layout: PixelLayout, *, is_ybr: bool) -> Image.Image:
    if layout.stored != 8 or layout.allocated != 8:
        values = _through(values, layout, plain_tones(layout))
    size, mode = (layout.width, layout.height), "YCbCr" if is_ybr else "RGB"
    image = pillow.Image.frombytes(mode, size, np.ascontiguousarray(values))
    return image.convert("RGB") if is_ybr else image


def plain_tones(layout: PixelLayout) -> Tones:
    """Return tones that spread the whole range of storable values from black to white."""
    most = 2**layout.stored - 1
    tones: Tones = ((np.arange(most + 1) * 255 + most // 2) // most).astype(np.uint8)
    return tones


def check_colours(layout: PixelLayout, name: str) -> None:
    """Refuse uncompressed values with an unsupported photometric interpretation.

    Raises:
        ImageError: they do.
    """
    if layout.photometric not in _COLOURS[layout.samples]:
        raise unopened_colours(layout, name)


def unopened_colours(layout: PixelLayout, name: str) -> ImageError:
    """Return the error for a file whose colours are stored in an unsupported way."""
    return ImageError(
        tr("“{name}” is DICOM with colours that are not opened ({kind}). Export it as JPEG or PNG."),
        name=name,
        kind=layout.photometric or "-",
    )


def _through(values: Values, layout: PixelLayout, table: Tones) -> NDArray[np.uint8]:
    """Look up each stored value, strip by strip, because numpy makes an 8-byte index of each."""
    looked_up = np.empty(values.shape, np.uint8)
    shift, mask = layout.high + 1 - layout.stored, 2**layout.stored - 1
    for top in range(0, len(values), _STRIP):
        looked_up[top : top + _STRIP] = table[(values[top : top + _STRIP] >> shift) & mask]
    return looked_up
