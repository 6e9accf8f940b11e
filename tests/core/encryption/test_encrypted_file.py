"""Encrypted files: read back as written, anywhere in them; every change and every cut is noticed."""

import io
import os
from pathlib import Path

import pytest

from desktop.core.encryption.encrypted_file import (
    DamagedFileError,
    EncryptedReader,
    EncryptedWriter,
    is_encrypted,
    unlock,
)
from desktop.core.encryption.keys import Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError
from tests.core.encryption.test_keys import PASSPHRASE

FRAME = 1 << 16


def written(path: Path, content: bytes, step: int = 1 << 20) -> Key:
    with EncryptedWriter(path, PASSPHRASE) as stream:
        for start in range(0, len(content), step):
            assert stream.write(content[start : start + step]) == len(content[start : start + step])
    return stream.key


def read(path: Path, key: Key) -> bytes:
    with EncryptedReader(path, key) as stream:
        return stream.read()


@pytest.mark.parametrize("length", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])
def test_content_is_read_back(tmp_path: Path, length: int) -> None:
    content = os.urandom(length)
    path = tmp_path / "file"
    key = written(path, content, step=50_000)
    assert is_encrypted(path)
    assert read(path, key) == content
    assert read(path, unlock(path, PASSPHRASE)) == content
    assert content[-100:] not in path.read_bytes() or length < 16


def test_content_is_read_anywhere(tmp_path: Path) -> None:
    content = os.urandom(2 * FRAME + 1000)
    key = written(tmp_path / "file", content)
    with io.BufferedReader(EncryptedReader(tmp_path / "file", key)) as stream:
        for start in (FRAME - 10, 0, 2 * FRAME + 990, FRAME + 5):
            stream.seek(start)
            assert stream.read(20) == content[start : start + 20]
        assert stream.seek(0, io.SEEK_END) == len(content)
        assert stream.read(1) == b""
        with pytest.raises(OSError, match="before the beginning"):
            stream.seek(-len(content) - 1, io.SEEK_END)


def test_the_same_content_never_looks_the_same(tmp_path: Path) -> None:
    written(tmp_path / "first", bytes(1000))
    written(tmp_path / "second", bytes(1000))
    first, second = ((tmp_path / name).read_bytes() for name in ("first", "second"))
    assert first[-1016:] != second[-1016:]


def test_every_change_and_every_cut_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    key = written(path, os.urandom(2 * FRAME + 50))
    whole = path.read_bytes()
    start = len(whole) - (2 * FRAME + 50 + 3 * 16)
    frames = [whole[start + index * (FRAME + 16) : start + (index + 1) * (FRAME + 16)] for index in range(3)]
    changed = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in (*range(start), start, -1)]
    cut = [whole[:length] for length in (0, 5, start - 1, start, start + 10, start + FRAME + 16, len(whole) - 1)]
    swapped = [
        whole[:start] + b"".join(frames[index] for index in order) for order in ((1, 0, 2), (0, 2), (0, 1, 1, 2))
    ]
    for content in (*changed, *cut, *swapped, whole + b"x"):
        path.write_bytes(content)
        with pytest.raises(DamagedFileError):
            read(path, key)


def test_frames_of_another_file_are_noticed(tmp_path: Path) -> None:
    key = written(tmp_path / "file", b"mine")
    written(tmp_path / "other", b"mine")
    with pytest.raises(DamagedFileError):
        read(tmp_path / "other", key)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\3\4", b"LLcrypt1", b"LLcrypt1\xff\xff\xff\xff", b"LLcrypt1\0\0\0\2{}", b"LLcrypt1\0\0\0\2\xff\xff",
     b"LLcrypt1\0\0\0\5{}"],
)  # fmt: skip
def test_what_is_no_encrypted_file_has_no_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(DamagedFileError):
        unlock(tmp_path / "file", PASSPHRASE)


def test_one_that_could_not_be_opened_is_closed(tmp_path: Path) -> None:
    writer, reader = EncryptedWriter.__new__(EncryptedWriter), EncryptedReader.__new__(EncryptedReader)
    with pytest.raises(PassphraseError):
        EncryptedWriter.__init__(writer, tmp_path / "file", Passphrase("short"))
    with pytest.raises(FileNotFoundError):
        EncryptedReader.__init__(reader, tmp_path / "file", Key.new())
    assert writer.closed, "else its finalizer would fail"
    assert reader.closed
