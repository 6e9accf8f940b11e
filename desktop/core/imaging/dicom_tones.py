"""Maps the grey values of a DICOM file to brightness: modality, window, and which end is white."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.core.imaging.dicom_dataset import numbers_of, text_of, value_of
from desktop.core.imaging.limits import damaged
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging.dicom_pixels import PixelLayout, Tones

    _Floats = NDArray[np.float64]
else:
    np = Late("numpy")


class _Scaled(NamedTuple):
    """Values with the range that they could have, `low` to `high`, not the range in this image."""

    values: _Floats
    low: float
    high: float


def read_tones(dataset: Any, layout: PixelLayout, name: str) -> Tones | None:
    """Return how bright each stored value of grey is to be shown; None for colours, and where it is the value itself.

    The steps are those of PS3.3, C.11.1 and C.11.2: the modality's rescaling or table, then the first window or table of
    interest. Without one all values that can be stored are spread over black to white, whichever of them an image has.

    Raises:
        ImageError: a table is damaged.
    """
    if layout.samples != 1:
        return None
    stored = np.arange(2**layout.stored, dtype=np.float64)
    if layout.is_signed:
        stored[len(stored) // 2 :] -= len(stored)
    try:
        shown = _windowed(dataset, _rescaled(dataset, _Scaled(stored, stored.min(), stored.max()), layout), layout)
    except Exception as error:  # a table's values may be anything, and pydicom names no kinds
        raise damaged(name) from error
    if layout.photometric == "MONOCHROME1" or text_of(dataset, "PresentationLUTShape") == "INVERSE":
        shown = 1 - shown
    tones = np.floor(shown * 255 + 0.5).astype(np.uint8)
    is_plain = layout.allocated == layout.stored == 8 and np.array_equal(tones, np.arange(256))
    return None if is_plain else tones


def _rescaled(dataset: Any, stored: _Scaled, layout: PixelLayout) -> _Scaled:
    table = value_of(dataset, "ModalityLUTSequence")
    if table:
        return _through_table(table[0], stored.values, layout)
    slopes, intercepts = numbers_of(dataset, "RescaleSlope"), numbers_of(dataset, "RescaleIntercept")
    slope, intercept = slopes[0] if slopes else 1.0, intercepts[0] if intercepts else 0.0
    if not (math.isfinite(slope) and math.isfinite(intercept)) or slope == 0:
        return stored
    ends = sorted((stored.low * slope + intercept, stored.high * slope + intercept))
    return _Scaled(stored.values * slope + intercept, *ends)


def _windowed(dataset: Any, scaled: _Scaled, layout: PixelLayout) -> _Floats:
    """Return brightness from 0 to 1."""
    table = value_of(dataset, "VOILUTSequence")
    if table:
        scaled = _through_table(table[0], scaled.values, layout)
        return (scaled.values - scaled.low) / (scaled.high - scaled.low)
    centres, widths = numbers_of(dataset, "WindowCenter"), numbers_of(dataset, "WindowWidth")
    function = text_of(dataset, "VOILUTFunction") or "LINEAR"
    if not centres or not widths or not _is_window(centres[0], widths[0], function):
        return (scaled.values - scaled.low) / (scaled.high - scaled.low)
    centre, width = centres[0], widths[0]
    if function == "SIGMOID":
        return 1 / (1 + np.exp(np.clip(-4 * (scaled.values - centre) / width, -700, 700)))
    if function == "LINEAR_EXACT":
        return np.clip((scaled.values - centre) / width + 0.5, 0, 1)
    if width == 1:
        return (scaled.values > centre - 0.5).astype(np.float64)
    return np.clip((scaled.values - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)


def _is_window(centre: float, width: float, function: str) -> bool:
    return math.isfinite(centre) and math.isfinite(width) and (width >= 1 if function == "LINEAR" else width > 0)


def _through_table(item: Any, values: _Floats, layout: PixelLayout) -> _Scaled:
    """Look values up in a table (PS3.3, C.11.1.1.1); values outside it take its first or last entry."""
    count, first, bits = (int(number) for number in item.LUTDescriptor)
    if layout.is_signed and first >= 2**15:
        first -= 2**16
    held = item.LUTData
    if isinstance(held, bytes):
        entries = np.frombuffer(held, np.uint8 if len(held) == (count or 2**16) else np.dtype("<u2"))
    else:
        entries = np.asarray(held)
    entries = entries[: count or 2**16].astype(np.float64) % 2**16
    at = np.clip(np.floor(values) - first, 0, len(entries) - 1).astype(np.int64)
    return _Scaled(np.clip(entries[at], 0, 2**bits - 1), 0, 2**bits - 1)
