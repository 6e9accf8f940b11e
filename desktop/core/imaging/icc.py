"""ICC profiles for images that give their colour space by primaries and gamma, or by name in EXIF data.

Version 2.4 of the profile format, which every colour engine reads (ICC.1:2001-04).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

_D50 = (0.9642, 1.0, 0.8249)
"""The white point of all profiles, in XYZ."""

_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
"""From XYZ to cone responses, in which one white point is adapted to another (ICC.1:2001-04, annex E)."""


class Primaries(NamedTuple):
    """The chromaticities x and y of a colour space."""

    white: tuple[float, float]
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]


_D65 = (0.3127, 0.329)
SRGB = Primaries(_D65, (0.64, 0.33), (0.3, 0.6), (0.15, 0.06))
DISPLAY_P3 = Primaries(_D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
ADOBE_RGB = Primaries(_D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
REC_2020 = Primaries(_D65, (0.708, 0.292), (0.17, 0.797), (0.131, 0.046))
ADOBE_GAMMA = 563 / 256  # Adobe RGB (1998), 4.3.1.2


def rgb_profile(primaries: Primaries, gamma: float | None = None) -> bytes:
    """Return the profile of a colour space whose channels are light to the power of 1 / `gamma`; None: as sRGB's are.

    Raises:
        ValueError: the primaries span no colours.
    """
    matrix = _adapted(primaries)
    colours = {name: _xyz(colour) for name, colour in zip((b"rXYZ", b"gXYZ", b"bXYZ"), matrix.T, strict=True)}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(gamma))
    return _profile(b"RGB ", colours | curves)


def grey_profile(gamma: float) -> bytes:
    """Return the profile of grey that is light to the power of 1 / `gamma`."""
    return _profile(b"GRAY", {b"kTRC": _curve(gamma)})


def _adapted(primaries: Primaries) -> NDArray[np.float64]:
    """Return the matrix [3, 3] from linear RGB to XYZ, adapted to the profiles' white."""
    if any(not 0 < y <= 1 or not 0 <= x <= 1 for x, y in primaries):
        raise ValueError(primaries)
    white, *colours = (np.array([x / y, 1, (1 - x - y) / y]) for x, y in primaries)
    columns = np.array(colours).T
    if abs(np.linalg.det(columns)) < 1e-6:
        raise ValueError(primaries)
    cones = np.array(_BRADFORD)
    adaptation = np.linalg.inv(cones) @ np.diag((cones @ _D50) / (cones @ white)) @ cones
    matrix: NDArray[np.float64] = adaptation @ (columns * np.linalg.solve(columns, white))
    return matrix


def _curve(gamma: float | None) -> bytes:
    if gamma is None:
        value = np.linspace(0, 1, 1024)
        light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)  # IEC 61966-2-1
        return b"curv" + struct.pack(">xxxxI", value.size) + np.round(light * 65535).astype(">u2").tobytes()
    return b"curv" + struct.pack(">xxxxIH", 1, min(max(round(gamma * 256), 1), 0xFFFF))


def _xyz(value: NDArray[np.float64] | tuple[float, ...]) -> bytes:
    return b"XYZ " + struct.pack(">xxxx3i", *(round(float(one) * 65536) for one in value))


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"desc": b"desc" + struct.pack(">xxxxI1s", 1, b"") + bytes(78), b"wtpt": _xyz(_D50)} | tags
    directory, body, begin = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        directory += struct.pack(">4sII", name, begin + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size, white = begin + len(body), _xyz(_D50)[8:]
    header = struct.pack(">I4xI4s4s4s12x4s28x", size, 0x02400000, b"mntr", space, b"XYZ ", b"acsp") + white + bytes(48)
    return header + struct.pack(">I", len(tags)) + directory + body
