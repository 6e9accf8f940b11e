"""The lines of a GDT file, as German practice systems and devices exchange them (QMS, Gerätedatentransfer 2.1).

A line is its length in three digits, the number of the field in four, the content, CR and LF. The length counts all of that in
bytes: the content and nine more. Field 8000 comes first and says what the file is, 8100 has the length of the whole file, and
9206 the character set.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum

from desktop.core.errors import AppError
from desktop.core.marking import tr

MOST_BYTES = 1_000_000
MOST_CONTENT = 990
"""Bytes of a line's content: more than that, and the length would not fit into three digits."""

KIND, FILE_LENGTH, CHARACTER_SET = "8000", "8100", "9206"

Field = tuple[str, str]
"""The number of a field, and its content."""

_OVERHEAD = 9
_GERMAN = str.maketrans({"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "SS"})
_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "≥": ">=", "≤": "<="}
)
_LINE = re.compile(rb"(\d{3})(\d{4})([^\r\n\0]*)")


class CharacterSet(Enum):
    """A character set by its number in field 9206; `codec` is Python's."""

    ASCII = "1", "ascii"
    CP437 = "2", "cp437"
    ISO_8859_1 = "3", "cp1252"
    """What Windows calls ANSI: its characters beyond ISO 8859-1 are read, and not written."""
    ISO_8859_15 = "4", "iso8859-15"
    """Of GDT 3."""

    def __init__(self, number: str, codec: str) -> None:
        self.number = number
        self.codec = codec


class GdtError(AppError):
    """A GDT file cannot be understood, read or written."""


def encoded(text: str, character_set: CharacterSet) -> bytes:
    """Return text in a character set; what it does not have is written with similar letters, or as a question mark.

    >>> encoded("Müller ≥ 1", CharacterSet.ASCII)
    b'Mueller >= 1'
    """
    codec = "iso8859-1" if character_set is CharacterSet.ISO_8859_1 else character_set.codec
    found = bytearray()
    for character in "".join(" " if unicodedata.category(one) == "Cc" else one for one in text):
        for wanted in (character, character.translate(_GERMAN).translate(_ALIKE), _bare(character), "?"):
            try:
                found += wanted.encode(codec)
            except UnicodeEncodeError:
                continue
            if wanted:
                break
    return bytes(found)


def _bare(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def write_lines(fields: Iterable[Field], character_set: CharacterSet) -> bytes:
    """Return a GDT file: its first field is 8000, and 8100 is inserted behind it.

    Raises:
        GdtError: the content of a field is too long.
    """
    lines = [_line(number, encoded(content, character_set)) for number, content in fields]
    length = sum(map(len, lines)) + _OVERHEAD + 5
    lines.insert(1, _line(FILE_LENGTH, f"{length:05}".encode()))
    return b"".join(lines)


def _line(number: str, content: bytes) -> bytes:
    if len(content) > MOST_CONTENT:
        raise GdtError(tr("Field {number} is too long for a GDT file: {size} bytes."), number=number, size=len(content))
    return f"{len(content) + _OVERHEAD:03}{number}".encode() + content + b"\r\n"


def read_lines(data: bytes, name: str) -> list[Field]:
    """Return the fields of a GDT file in their order.

    A line end of LF alone and an end of file as DOS writes it are read too. Without field 9206 the character set is CP437, as
    the standard says.

    Raises:
        GdtError: the file is too large or incomplete, or a line is not what its length says; the sentence names it.
    """
    if len(data) > MOST_BYTES:
        raise GdtError(tr("“{name}” is too large for a GDT file."), name=name)
    lines = data.rstrip(b"\x1a\0").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    found = [_parsed(number, line.removesuffix(b"\r"), name) for number, line in enumerate(lines, 1)]
    if not found or found[0][0] != KIND:
        raise GdtError(tr("“{name}” is not a GDT file: it does not begin with field 8000."), name=name)
    _check_length(found, name)
    character_set = _character_set(found, name)
    fields = []
    for number, (field, content) in enumerate(found, 1):
        try:
            fields.append((field, content.decode(character_set.codec)))
        except UnicodeDecodeError as error:
            raise _wrong(name, number, tr("it has characters that its character set does not have")) from error
    return fields


def sole(fields: Sequence[Field], number: str, name: str) -> str:
    """Return the content of a field that may come once, without surrounding spaces; empty if it does not come.

    Raises:
        GdtError: it comes with different contents.
    """
    found = {content.strip() for field, content in fields if field == number}
    if len(found) > 1:
        raise GdtError(tr("“{name}” has field {number} more than once."), name=name, number=number)
    return found.pop() if found else ""


def _parsed(number: int, line: bytes, name: str) -> tuple[str, bytes]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise _wrong(name, number, tr("it is not a GDT line"))
    length, field, content = parts.groups()
    if int(length) != len(content) + _OVERHEAD:
        raise _wrong(name, number, tr("its length is wrong"))
    return field.decode(), content


def _check_length(found: Sequence[tuple[str, bytes]], name: str) -> None:
    """Check the length of the whole file, if it has a field for it."""
    length = sum(len(content) + _OVERHEAD for _field, content in found)
    for field, content in found:
        if field == FILE_LENGTH and not (content.strip().isdigit() and int(content) == length):
            raise GdtError(tr("“{name}” is incomplete: its length is not what field 8100 says."), name=name)


def _character_set(found: Sequence[tuple[str, bytes]], name: str) -> CharacterSet:
    numbers = {content.strip().decode("ascii", "replace") for field, content in found if field == CHARACTER_SET}
    if not numbers:
        return CharacterSet.CP437
    for one in CharacterSet:
        if numbers == {one.number}:
            return one
    raise GdtError(tr("“{name}” has a character set that LesionLens does not know."), name=name)


def _wrong(name: str, line: int, detail: str) -> GdtError:
    return GdtError(tr("Line {line} of “{name}” cannot be read: {detail}."), line=line, name=name, detail=detail)
