"""Keys wrapped by passphrases: opened by the right one alone, and told to nobody."""

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop.core.encryption import keys
from desktop.core.encryption.keys import KEY_BYTES, MASTER_BYTES, SHORTEST_PASSPHRASE, Key, WrappedKey, unwrap, wrap
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError

TYPED = "four words in a row"
PASSPHRASE = Passphrase(TYPED)


@pytest.mark.real_keys
def test_only_the_passphrase_unwraps_a_key() -> None:
    key = Key.new()
    wrapped = wrap(key, PASSPHRASE, b"here")
    assert key.secret not in msgspec.json.encode(wrapped)
    assert unwrap(wrapped, PASSPHRASE, b"here") == key
    assert keys._COST == 2**17, "OWASP's least, which other tests do without"
    with pytest.raises(PassphraseError, match="The passphrase is wrong"):
        unwrap(wrapped, Passphrase("Four words in a row"), b"here")
    with pytest.raises(PassphraseError):
        unwrap(wrapped, PASSPHRASE, b"there")


def test_a_passphrase_is_the_same_however_its_accents_are_typed() -> None:
    key = Key.new()
    wrapped = wrap(key, Passphrase("Gru\u0308\u00dfe aus Zu\u0308rich"), b"")
    assert unwrap(wrapped, Passphrase("Gr\u00fc\u00dfe aus Z\u00fcrich"), b"") == key


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(PassphraseError, match="at least 15 characters"):
        wrap(Key.new(), Passphrase("e\u0301" * (SHORTEST_PASSPHRASE - 1)), b"")


def test_derived_keys_are_those_of_hkdf() -> None:
    key = Key.new(MASTER_BYTES)
    for purpose in (b"LesionLens files 1", b"a purpose of more than sixty-four bytes, which is a block of SHA-256"):
        derivation = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose)
        assert key.derived(purpose).secret == derivation.derive(key.secret)


def test_a_key_is_used_before_it_is_overwritten() -> None:
    key = Key.new(MASTER_BYTES)
    cipher = AESGCM(key.derived(b"here").secret)  # nothing else has the derived key
    assert (
        AESGCM(bytes(key.derived(b"here").secret)).decrypt(bytes(12), cipher.encrypt(bytes(12), b"text", None), None)
        == b"text"
    )


def test_a_key_tells_nothing_of_itself() -> None:
    key = Key(SecretBytes(b"0123456789abcdef0123456789abcdef"))
    assert "0123" not in f"{key} {key!r}"


@pytest.mark.parametrize("lengths", [(15, 12, 48), (16, 11, 48), (16, 12, 47), (0, 0, 0)])
def test_a_wrapped_key_of_other_lengths_is_refused(lengths: tuple[int, int, int]) -> None:
    values = dict(zip(("salt", "nonce", "secret"), (bytes(length) for length in lengths), strict=True))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(values), type=WrappedKey)
