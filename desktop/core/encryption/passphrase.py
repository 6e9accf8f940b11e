"""What a user types to open something, a passphrase or a recovery key, in memory that is overwritten after use."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Self

from desktop.core.encryption.overwriting import SecretBytes, overwrite


class Passphrase:
    """Its characters in UTF-8 and one Unicode form: keyboards of other systems compose accents differently."""

    def __init__(self, text: str) -> None:
        """Copy a text."""
        normal = unicodedata.normalize("NFC", text)  # the text itself if it has that form
        self._length = len(normal)
        self.secret = SecretBytes(sum(len(_utf8(character)) for character in normal))
        place = 0
        for character in normal:
            code = _utf8(character)
            self.secret[place : place + len(code)] = code
            place += len(code)
        if normal is not text:
            overwrite(normal)

    @classmethod
    def taken(cls, text: str) -> Self:
        """Take a text over that nobody else has, and that the caller never reads again: it is overwritten."""
        made = cls(text)
        overwrite(text, holders=2)  # this method, and perhaps a variable of the caller's
        return made

    def __len__(self) -> int:
        """Return the number of characters."""
        return self._length

    def __iter__(self) -> Iterator[str]:
        """Return the characters, one after the other."""
        place = 0
        while place < len(self.secret):
            first = self.secret[place]
            length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            yield self.secret[place : place + length].decode("utf-8", "surrogatepass")
            place += length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Passphrase) and self.secret == other.secret

    __hash__ = None  # type: ignore[assignment]  # it would outlive the characters


def _utf8(character: str) -> bytes:
    return character.encode("utf-8", "surrogatepass")
