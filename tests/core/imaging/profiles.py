"""ICC profiles that the tests make themselves, from the tables of ICC.1:2001-04."""

import itertools
import struct

D50 = (0.9642, 1.0, 0.8249)

# The D50-adapted colorants of sRGB and of Display P3 (columns of their matrices to XYZ).
SRGB = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))


def matrix_profile(red: tuple[float, ...], green: tuple[float, ...], blue: tuple[float, ...], gamma: float) -> bytes:
    """Return the profile of an RGB display with these colorants (XYZ) and this gamma."""
    curve = b"curv" + struct.pack(">xxxxIH", 1, round(gamma * 256))
    tags = {b"desc": _description(), b"wtpt": _xyz(D50), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    tags |= {b"rXYZ": _xyz(red), b"gXYZ": _xyz(green), b"bXYZ": _xyz(blue)}
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def swapped_profile() -> bytes:
    """Return the profile of a display whose first channel is blue and whose last is red."""
    red, green, blue = SRGB
    return matrix_profile(blue, green, red, 2.2)


def grey_gamma_profile(gamma: float) -> bytes:
    """Return the profile of a grey display."""
    tags = {
        b"desc": _description(),
        b"wtpt": _xyz(D50),
        b"kTRC": b"curv" + struct.pack(">xxxxIH", 1, round(gamma * 256)),
    }
    return _profile(b"mntr", b"GRAY", b"XYZ ", tags)


def black_ink_profile() -> bytes:
    """Return the profile of a press on which each of the four inks is black: any full ink gives black, none white."""
    corners = itertools.product((0, 1), repeat=4)
    table = b"".join(bytes((0 if any(inks) else 255, 128, 128)) for inks in corners)
    identity = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if index % 4 == 0 else 0 for index in range(9)))
    lut = b"mft1" + struct.pack(">xxxxBBBx", 4, 3, 2) + matrix + identity * 4 + table + identity * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"desc": _description(), b"wtpt": _xyz(D50), b"A2B0": lut})


def _fixed(value: float) -> int:
    return round(value * 65536)


def _xyz(value: tuple[float, ...]) -> bytes:
    return b"XYZ " + struct.pack(">xxxx3i", *map(_fixed, value))


def _description() -> bytes:
    return b"desc" + struct.pack(">xxxxI5s", 5, b"test\0") + bytes(78)


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    directory, body = b"", b""
    begin = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        directory += struct.pack(">4sII", name, begin + len(body), len(content))
        body += padded
    header = struct.pack(
        *(">I4xI4s4s4s12x4s28x3i48x", begin + len(body), 0x02400000, kind, space, connection, b"acsp"),
        *map(_fixed, D50),
    )
    return header + struct.pack(">I", len(tags)) + directory + body
