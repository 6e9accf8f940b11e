"""What held a secret holds zeros afterwards; what somebody else uses, or what only looks alike, is left alone."""

import ctypes
import os
import sys

import pytest

from desktop.core.encryption.overwriting import SecretBytes, overwrite

TEXT = "f\u00fcnf W\u00f6rter"


def made(text: str) -> str:
    """Return a text that nobody else has."""
    return "".join(list(text))


@pytest.mark.parametrize(
    "text", ["four words", "f\u00fcnf W\u00f6rter", "\u0447\u0435\u0442\u044b\u0440\u0435", "\U0001f511\U0001f512 key"]
)
def test_a_text_is_overwritten(text: str) -> None:
    secret = made(text)
    overwrite(secret)
    assert len(secret) == len(text)
    assert set(secret) == {"\0"}


def test_bytes_are_overwritten() -> None:
    secret = os.urandom(32)
    overwrite(secret)
    assert secret == bytes(32)


def test_what_somebody_else_has_is_left_alone() -> None:
    secret = made("four words")
    other = [secret]
    overwrite(secret)
    assert other == ["four words"]
    for shared in ("", "a", b"", b"a"):
        overwrite(shared)
    assert (chr(97), bytes([97])) == ("a", b"a")


def test_a_text_with_a_copy_of_its_own_is_left_alone() -> None:
    secret = made(TEXT)
    ctypes.pythonapi.PyUnicode_AsUTF8(ctypes.py_object(secret))  # Python keeps the copy in UTF-8 that this makes
    overwrite(secret)
    assert secret == TEXT


def test_a_text_is_overwritten_whatever_other_texts_have() -> None:
    letter = "\u00e4"  # there is only one, and whoever hands it to SQLite gives it a copy in UTF-8
    ctypes.pythonapi.PyUnicode_AsUTF8(ctypes.py_object(letter))
    secret = made(TEXT)
    overwrite(secret)
    assert set(secret) == {"\0"}


@pytest.mark.parametrize(
    ("of", "name", "value"), [(sys, "version_info", (3, 14, 0)), (sys.implementation, "name", "pypy")]
)
def test_nothing_is_overwritten_in_a_python_that_is_not_known(
    monkeypatch: pytest.MonkeyPatch, of: object, name: str, value: object
) -> None:
    secret = made("four words")
    with monkeypatch.context() as other:
        other.setattr(of, name, value)
        overwrite(secret)
    assert secret.split() == ["four", "words"]


def test_secret_bytes_are_overwritten_at_their_end_and_not_before() -> None:
    view = memoryview(SecretBytes(b"four words"))
    assert bytes(view) == b"four words", "it is read through this"
    secret = SecretBytes(b"four words")
    place = (ctypes.c_char * len(secret)).from_buffer(secret)
    address = ctypes.addressof(place)
    secret.__del__()
    assert ctypes.string_at(address, len(secret)) == bytes(10)


def test_secret_bytes_do_not_tell_themselves() -> None:
    secret = SecretBytes(b"four words")
    assert f"{secret} {secret!r}" == "SecretBytes(10) SecretBytes(10)"
