"""Encrypts the small files of a history, each whole: images, thumbnails, drafts.

Format, version 1: the magic number `LLfile-1`, a random nonce of 12 bytes, and the content encrypted by AES-256-GCM, with its
tag of 16 bytes. The associated data are the magic number and the file's name, so that no file passes for another. Random
nonces serve for 2^32 files (NIST SP 800-38D, 8.3).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from desktop.core.encryption.encrypted_file import DamagedFileError
from desktop.core.late import Late

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead

    from desktop.core.encryption.keys import Key
else:
    exceptions = Late("cryptography.exceptions")
    aead = Late("cryptography.hazmat.primitives.ciphers.aead")

MAGIC = b"LLfile-1"
_NONCE = 12


class FileCipher:
    """Encrypts and decrypts the files of one history; may be used from any thread."""

    def __init__(self, key: Key) -> None:
        """Use a history's key."""
        self._cipher = aead.AESGCM(key.derived(b"LesionLens files 1").secret)

    def encrypt(self, content: bytes, name: str) -> bytes:
        """Return a file's encrypted content; `decrypt` needs the same name."""
        nonce = os.urandom(_NONCE)
        return MAGIC + nonce + self._cipher.encrypt(nonce, content, MAGIC + name.encode())

    def decrypt(self, data: bytes, name: str) -> bytes:
        """Return a file's content.

        Raises:
            DamagedFileError: it is not encrypted, or was altered, or is another file or another history's.
        """
        if not data.startswith(MAGIC):
            raise DamagedFileError
        start = len(MAGIC) + _NONCE
        try:
            return self._cipher.decrypt(data[len(MAGIC) : start], data[start:], MAGIC + name.encode())
        except (exceptions.InvalidTag, ValueError) as error:  # ValueError: shorter than a nonce or a tag
            raise DamagedFileError from error
