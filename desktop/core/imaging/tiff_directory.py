"""The directories of a TIFF or BigTIFF file, which describe its pictures (TIFF 6.0)."""

from __future__ import annotations

import struct
from dataclasses import field

from desktop.core.frozen import frozen

_INTEGERS = {1: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
"""Types of values that are integers, as `struct` has them; 7 is bytes of any meaning, 13 and 18 are offsets."""

_MOST_DIRECTORIES = 1000
"""The most pages that are read, and the most further directories of one page."""

_MOST_VALUES = 1_000_000

NEW_SUBFILE_TYPE, SUBFILE_TYPE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 254, 255, 256, 257, 258, 259, 262
ORIENTATION, RESOLUTION_UNIT = 274, 296
STRIP_OFFSETS, SAMPLES, ROWS, STRIP_BYTES, PLANES, COLOUR_MAP = 273, 277, 278, 279, 284, 320
TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES, DIRECTORIES, SAMPLE_FORMAT, JPEG_TABLES, SUBSAMPLING = (
    322,
    323,
    324,
    325,
    330,
    339,
    347,
    530,
)
DNG_VERSION = 50706


@frozen
class TiffDirectory:
    """The integer values of one directory by tag, and the subdirectories that it names."""

    values: dict[int, tuple[int, ...]]
    children: tuple[TiffDirectory, ...] = field(default=())

    def get(self, tag: int, default: int) -> int:
        """Return the first value of a tag."""
        return self.values.get(tag, (default,))[0]

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.get(WIDTH, 0) * self.get(HEIGHT, 0)

    @property
    def is_reduced(self) -> bool:
        """Whether the picture says that it is a smaller version of another."""
        return bool(self.get(NEW_SUBFILE_TYPE, 0) & 1) or self.get(SUBFILE_TYPE, 1) == 2

    @property
    def segments(self) -> tuple[tuple[int, int], ...]:
        """The offsets and sizes of the strips or tiles."""
        offsets = self.values.get(TILE_OFFSETS) or self.values.get(STRIP_OFFSETS, ())
        sizes = self.values.get(TILE_BYTES) or self.values.get(STRIP_BYTES, ())
        return tuple(zip(offsets, sizes, strict=False))


def read_directories(data: bytes) -> tuple[TiffDirectory, ...]:
    """Read the directories of a file, one for each page.

    Raises:
        ValueError: the file ends before them, or they form a loop.
    """
    return _NumberReader(data).chain()


class _NumberReader:
    """Reads the numbers of a file in its byte order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = "<" if data[:2] == b"II" else ">"
        self._is_big = 43 in data[2:4]
        self._seen: set[int] = set()

    def chain(self) -> tuple[TiffDirectory, ...]:
        at = self._numbers("Q", 8)[0] if self._is_big else self._numbers("I", 4)[0]
        found: list[TiffDirectory] = []
        while at and len(found) < _MOST_DIRECTORIES:
            directory, at = self._directory(at)
            found.append(directory)
        if not found:
            raise ValueError("no directory")
        return tuple(found)

    def _directory(self, at: int, *, is_child: bool = False) -> tuple[TiffDirectory, int]:
        if at in self._seen:
            raise ValueError("directories in a circle")
        self._seen.add(at)
        (count,) = self._numbers("Q" if self._is_big else "H", at)
        at += 8 if self._is_big else 2
        entry = 20 if self._is_big else 12
        values = {}
        for number in range(count):
            tag, found = self._entry(at + entry * number)
            if found:
                values[tag] = found
        children = () if is_child else tuple(map(self._child, values.get(DIRECTORIES, ())[:_MOST_DIRECTORIES]))
        (following,) = self._numbers("Q" if self._is_big else "I", at + entry * count)
        return TiffDirectory(values, children), following

    def _child(self, offset: int) -> TiffDirectory:
        return self._directory(offset, is_child=True)[0]

    def _entry(self, at: int) -> tuple[int, tuple[int, ...]]:
        tag, kind = self._numbers("HH", at)
        (count,) = self._numbers("Q" if self._is_big else "I", at + 4)
        code = _INTEGERS.get(kind)
        if code is None or not 0 < count <= _MOST_VALUES:
            return tag, ()
        room = 8 if self._is_big else 4
        place = at + 4 + room
        if struct.calcsize(code) * count > room:
            (place,) = self._numbers("Q" if self._is_big else "I", place)
        return tag, self._numbers(f"{count}{code}", place)

    def _numbers(self, codes: str, at: int) -> tuple[int, ...]:
        try:
            return struct.unpack_from(self._order + codes, self._data, at)
        except struct.error as error:
            raise ValueError("cut off") from error
