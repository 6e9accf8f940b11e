"""A file encrypted by a passphrase: nobody reads it, alters it, or shortens it unnoticed without that.

Its format, version 1:

    8 bytes     the magic number `LLcrypt1`
    4 bytes     length of the header that follows, big-endian
    the header  JSON: the file's random key, wrapped by the passphrase (`keys.WrappedKey`, bytes as Base64)
    frames      each 65,536 bytes of content, the last one fewer or as many, encrypted by AES-256-GCM, with its tag of 16 bytes

A frame's nonce is its number (11 bytes, big-endian) and 1 for the last frame, 0 for the others, so that frames cannot be
swapped or left out, as in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizar, 2015). Its associated data are the
SHA-256 of all that stands before the frames. The key is the file's own: no nonce is used twice with it.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from desktop.core.encryption.keys import Key, WrappedKey, unwrap, wrap
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.late import Late
from desktop.core.private_files import private

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead
else:
    exceptions = Late("cryptography.exceptions")
    aead = Late("cryptography.hazmat.primitives.ciphers.aead")

_MAGIC = b"LLcrypt1"
_LENGTH = 4
_LONGEST_HEADER = 4096
_FRAME, _TAG = 1 << 16, 16
_CONTEXT = b"LesionLens file 1"


class DamagedFileError(ValueError):
    """An encrypted file is not as it was written."""


def is_encrypted(path: Path) -> bool:
    """Tell whether a file begins like an encrypted one.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def unlock(path: Path, passphrase: Passphrase) -> Key:
    """Return the key of an encrypted file. Takes a second or more.

    Raises:
        PassphraseError: the passphrase is wrong.
        DamagedFileError: the file's header is damaged.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        header = _read_header(file)
    try:
        wrapped = msgspec.json.decode(header[len(_MAGIC) + _LENGTH :], type=WrappedKey)
    except (ValueError, RecursionError) as error:  # DecodeError, and text that is not UTF-8
        raise DamagedFileError from error
    return unwrap(wrapped, passphrase, _CONTEXT)


class EncryptedWriter(io.RawIOBase):
    """Writes an encrypted file. Its content is complete when it is closed."""

    def __init__(self, path: Path, passphrase: Passphrase) -> None:
        """Begin a file; an existing one is overwritten. Takes a second or more.

        Raises:
            PassphraseError: the passphrase is too short.
            OSError: the file cannot be written.
        """
        with ExitStack() as unless_ready:
            unless_ready.callback(super().close)  # else the finalizer would call `close` without a file
            self.key = Key.new()
            header = msgspec.json.encode(wrap(self.key, passphrase, _CONTEXT))
            beginning = _MAGIC + len(header).to_bytes(_LENGTH, "big") + header
            self._frames = _Frames(self.key, beginning)
            self._held = bytearray()
            self._number = 0
            self._file = unless_ready.enter_context(open(path, "wb", opener=private))
            self._file.write(beginning)
            unless_ready.pop_all()

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Write content; the last frame is held back until more follows or the file is closed."""
        content = memoryview(data).cast("B")
        self._held += content
        while len(self._held) > _FRAME:
            self._write_frame(is_last=False)
        return len(content)

    def close(self) -> None:
        """Write the last frame."""
        if self.closed:
            return
        try:
            self._write_frame(is_last=True)
        finally:
            self._file.close()
            super().close()

    def _write_frame(self, *, is_last: bool) -> None:
        content = bytes(self._held[:_FRAME])
        del self._held[:_FRAME]
        self._file.write(self._frames.encrypt(self._number, content, is_last=is_last))
        self._number += 1


class EncryptedReader(io.RawIOBase):
    """Reads an encrypted file anywhere; what it returns is what was written, or it raises a DamagedFileError."""

    def __init__(self, path: Path, key: Key) -> None:
        """Open a file and check its end.

        Raises:
            DamagedFileError: it was altered or shortened, or the key is another file's.
            OSError: it cannot be read.
        """
        with ExitStack() as unless_ready:
            unless_ready.callback(super().close)  # as in `EncryptedWriter`
            self._file = unless_ready.enter_context(path.open("rb"))
            header = _read_header(self._file)
            self._frames = _Frames(key, header)
            self._start = len(header)
            length = self._file.seek(0, os.SEEK_END) - self._start
            self._count = max(1, -(-length // (_FRAME + _TAG)))
            self._size = length - _TAG * self._count
            self._position = 0
            self._number, self._content = -1, b""
            self._load(self._count - 1)
            unless_ready.pop_all()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read anywhere."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move to a place in the content, which may be behind its end."""
        position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if position < 0:
            raise OSError(errno.EINVAL, "before the beginning of the file")
        self._position = position
        return position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read content, to the end of a frame at most."""
        if self._position >= self._size:
            return 0
        number, start = divmod(self._position, _FRAME)
        self._load(number)
        target = memoryview(buffer).cast("B")
        found = self._content[start : start + len(target)]
        target[: len(found)] = found
        self._position += len(found)
        return len(found)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._file.seek(self._start + number * (_FRAME + _TAG))
        self._content = self._frames.decrypt(number, self._file.read(_FRAME + _TAG), is_last=number == self._count - 1)
        self._number = number


class _Frames:
    """Encrypts and decrypts the frames of one file."""

    def __init__(self, key: Key, header: bytes) -> None:
        self._cipher = aead.AESGCM(key.secret)
        self._header = hashlib.sha256(header).digest()

    def encrypt(self, number: int, content: bytes, *, is_last: bool) -> bytes:
        return self._cipher.encrypt(_nonce(number, is_last=is_last), content, self._header)

    def decrypt(self, number: int, frame: bytes, *, is_last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(number, is_last=is_last), frame, self._header)
        except (exceptions.InvalidTag, ValueError) as error:  # ValueError: shorter than a tag
            raise DamagedFileError from error


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _read_header(file: io.BufferedReader) -> bytes:
    """Return what stands before the frames."""
    beginning = file.read(len(_MAGIC) + _LENGTH)
    length = int.from_bytes(beginning[len(_MAGIC) :], "big")
    if not beginning.startswith(_MAGIC) or length > _LONGEST_HEADER:
        raise DamagedFileError
    header = file.read(length)
    if len(header) < length:
        raise DamagedFileError
    return beginning + header
