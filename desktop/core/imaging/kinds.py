"""The kind of a file by its name or first bytes, as far as a search for images needs it."""

import re
from pathlib import Path

BEGINNING = 132
"""How many bytes of a file are enough to tell its kind: DICOM's mark ends there."""

UNOPENED = frozenset({
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos", ".mrw"),
    *(".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
    *(".jxl", ".jxr", ".wdp", ".hdp"),
    *(".gif", ".psd", ".psb", ".xcf", ".tga", ".pcx", ".pbm", ".pgm", ".ppm", ".pnm", ".exr", ".hdr"),
})  # fmt: skip
"""Extensions of images that LesionLens does not open."""

OTHER_FILES = frozenset({
    *(".bat", ".cfg", ".css", ".csv", ".db", ".dll", ".doc", ".docx", ".exe", ".gz", ".htm", ".html", ".ini", ".js"),
    *(".json", ".lnk", ".log", ".md", ".ods", ".odt", ".pdf", ".ppt", ".pptx", ".py", ".rtf", ".tar", ".toml", ".tsv"),
    *(".txt", ".xls", ".xlsx", ".xml", ".xmp", ".yaml", ".yml", ".zip", ".avi", ".mov", ".mp3", ".mp4", ".wav"),
    *(".bak", ".crdownload", ".download", ".filepart", ".part", ".partial", ".temp", ".tmp"),
})  # fmt: skip
"""Extensions of files that are not looked into. On a network drive that takes a millisecond each, and cameras' programs
write a text file beside every image. The last row are files that are still being copied, and old versions."""

_EXTENSION = re.compile(r"\.[a-z][a-z0-9_]{0,15}", re.IGNORECASE)

_BEGINNINGS = (
    ((b"GIF87a", b"GIF89a"), "GIF"),
    ((b"8BPS",), "PSD"),
    ((b"\0\0\0\x0cJXL \r\n\x87\n", b"\xff\x0a"), "JPEG XL"),
    ((b"II\xbc\x01",), "JPEG XR"),
    ((b"\0\0\0\x18ftypcrx ",), "CR3"),
    ((b"FUJIFILMCCD-RAW",), "RAF"),
    ((b"IIRO", b"MMOR"), "ORF"),
    ((b"IIU\0",), "RW2"),
    ((b"v/1\x01",), "OpenEXR"),
)
"""How files of other kinds begin."""

_BITMAP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})
"""The sizes of a BMP's second header. Its first is "BM" alone, with which many a text begins."""


def read_beginning(path: Path) -> bytes:
    """Return the first bytes of a file, none where it cannot be read."""
    try:
        if not path.is_file():  # a named pipe would be waited for
            return b""
        with path.open("rb") as file:
            return file.read(BEGINNING)
    except OSError:
        return b""


def has_extension(suffix: str) -> bool:
    """Tell whether a name ends in an extension; the last part of a UID is none."""
    return _EXTENSION.fullmatch(suffix) is not None


def is_text_like_bitmap(beginning: bytes) -> bool:
    """Tell whether a file begins with BMP's two letters and does not go on as one."""
    return beginning.startswith(b"BM") and int.from_bytes(beginning[14:18], "little") not in _BITMAP_HEADERS


def unopened_kind(beginning: bytes) -> str:
    """Return the kind of an unsupported image by its first bytes; empty for any other file."""
    return next((kind for begins, kind in _BEGINNINGS if beginning.startswith(begins)), "")
