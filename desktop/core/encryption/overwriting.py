"""Memory that is overwritten before it is given back: for keys and passphrases."""

from __future__ import annotations

import sys

_REFERENCES = 2
"""Those of the parameter of `overwrite`, and of the question how many there are."""

_NEWEST = (3, 13)
"""Later versions of CPython borrow references without counting them: others' would be overlooked."""


class SecretBytes(bytearray):
    """Bytes that are overwritten when nothing refers to them any more. They must not grow: that would leave a copy behind."""

    def __del__(self) -> None:
        self[:] = bytes(len(self))

    def __repr__(self) -> str:
        """Return the length alone: no log and no crash report shows them."""
        return f"SecretBytes({len(self)})"

    __str__ = __repr__


def overwrite(secret: str | bytes, holders: int = 1) -> None:
    """Fill the memory of an object that only so many callers still hold, and never read again, with zeros.

    This reaches behind Python's back: it is for texts that Qt and bytes that libraries return, which come in no other form. It
    does nothing outside CPython 3.11 to 3.13, where the object is not laid out as there, or where it is somebody else's too: a
    constant, or a text of one character, which Python makes only once.
    """
    if sys.implementation.name != "cpython" or sys.version_info[:2] > _NEWEST:
        return
    if len(secret) < 2 or sys.getrefcount(secret) > holders + _REFERENCES:
        return
    import ctypes  # noqa: PLC0415 - only where a passphrase or a key is used

    if isinstance(secret, bytes):
        width, header = 1, sys.getsizeof(b"") - 1
    else:
        # The type's own size ends with a pointer, in place of which the characters stand.
        header = sys.getsizeof("") - 1 if secret.isascii() else str.__basicsize__ - ctypes.sizeof(ctypes.c_void_p)
        width = (sys.getsizeof(secret) - header) // (len(secret) + 1)
    units = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32}
    # An object's size counts the zero at its end, and a copy in UTF-8 that Python may have made of a text.
    if width not in units or sys.getsizeof(secret) != header + width * (len(secret) + 1):
        return
    memory = (units[width] * len(secret)).from_address(id(secret) + header)  # inside the object, as its size has shown
    values = secret if isinstance(secret, bytes) else map(ord, secret)
    if all(found == value for found, value in zip(memory, values, strict=True)):
        ctypes.memset(memory, 0, ctypes.sizeof(memory))
