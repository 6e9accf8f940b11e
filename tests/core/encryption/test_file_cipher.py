"""Small files encrypted whole: read back under their own name alone, and never altered unnoticed."""

import pytest

from desktop.core.encryption.encrypted_file import DamagedFileError
from desktop.core.encryption.file_cipher import MAGIC, FileCipher
from desktop.core.encryption.keys import MASTER_BYTES, Key


@pytest.mark.parametrize("content", [b"", b"a lesion" * 1000])
def test_a_file_is_read_back_by_its_key_and_name_alone(content: bytes) -> None:
    key = Key.new(MASTER_BYTES)
    data = FileCipher(key).encrypt(content, "name")
    assert data.startswith(MAGIC)
    assert b"lesion" not in data
    assert FileCipher(key).decrypt(data, "name") == content
    assert FileCipher(key).encrypt(content, "name") != data
    with pytest.raises(DamagedFileError):
        FileCipher(key).decrypt(data, "another name")
    with pytest.raises(DamagedFileError):
        FileCipher(Key.new(MASTER_BYTES)).decrypt(data, "name")


def test_every_change_and_every_cut_is_noticed() -> None:
    cipher = FileCipher(Key.new(MASTER_BYTES))
    data = cipher.encrypt(b"a lesion", "name")
    changed = [data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :] for place in range(len(data))]
    for altered in (*changed, *(data[:length] for length in range(len(data))), data + b"x"):
        with pytest.raises(DamagedFileError):
            cipher.decrypt(altered, "name")


def test_keys_for_different_purposes_are_different() -> None:
    key = Key.new(MASTER_BYTES)
    assert key.derived(b"one") == key.derived(b"one") != key.derived(b"another")
