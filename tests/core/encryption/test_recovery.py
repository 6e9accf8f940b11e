"""The recovery key: written in groups, read however it is typed, and refused when it is typed wrongly."""

import os

import pytest

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.encryption.recovery import read_recovery_text, recovery_text
from desktop.core.errors import PassphraseError


def test_a_recovery_key_is_read_as_written() -> None:
    for secret in (bytes(MASTER_BYTES), b"\xff" * MASTER_BYTES, *(os.urandom(MASTER_BYTES) for _ in range(50))):
        text = recovery_text(Key(SecretBytes(secret)))
        assert [len(group) for group in text.split("-")] == [5] * 6
        assert not set(text) & set("ILOU")
        for typed in (text, text.lower(), text.replace("-", ""), text.replace("-", " "), text.replace("0", "o")):
            assert read_recovery_text(Passphrase(f" {typed}\n")) == Key(SecretBytes(secret))


def test_a_typing_error_is_noticed() -> None:
    text = recovery_text(Key(SecretBytes(range(MASTER_BYTES))))
    wrong = [text[:place] + ("7" if text[place] != "7" else "8") + text[place + 1 :] for place in range(len(text))]
    swapped = text[:8] + text[9] + text[8] + text[10:]
    assert swapped != text
    for typed in ("", "-", "ä", text[:-1], text + "0", swapped, "Z" + text[1:], "U" * 30, *wrong):
        with pytest.raises(PassphraseError, match="This is not the recovery key"):
            read_recovery_text(Passphrase(typed))


def test_nothing_but_the_key_is_read() -> None:
    text = recovery_text(Key(SecretBytes(MASTER_BYTES)))
    for typed in ("8" + text[1:], "0" + text, text + "\ufb06", text[:4] + "\ufb06" + text[5:]):
        with pytest.raises(PassphraseError, match="This is not the recovery key"):
            read_recovery_text(Passphrase(typed))
