"""Keys, and the passphrases that wrap them.

Data are encrypted by a random key. The key itself is kept encrypted by another, which scrypt derives from the passphrase.
Libraries write keys into memory of ours, which is overwritten when the key is no longer used: no copy stays behind.
"""

from __future__ import annotations

import os
from dataclasses import field
from typing import TYPE_CHECKING

import msgspec

from desktop.core.encryption.overwriting import SecretBytes, overwrite
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import hmac

    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead
    from cryptography.hazmat.primitives.kdf import scrypt
else:
    hmac = Late("hmac")
    exceptions = Late("cryptography.exceptions")
    aead = Late("cryptography.hazmat.primitives.ciphers.aead")
    scrypt = Late("cryptography.hazmat.primitives.kdf.scrypt")

SHORTEST_PASSPHRASE = 15
"""Characters; NIST SP 800-63B-4, 3.1.1.2: the least for a password that stands alone."""

KEY_BYTES = 32
"""AES-256."""

MASTER_BYTES = 16
"""Of a key from which others are derived. Written out as a recovery key it has 30 characters, which can be typed."""

# OWASP Password Storage Cheat Sheet: the least for scrypt, 128 MiB of memory. The parameters are RFC 7914's. They are not
# stored but belong to the format: a crafted file cannot ask for more memory or time.
_COST, _BLOCK_SIZE, _PARALLELISM = 2**17, 8, 1
_SALT_BYTES, _NONCE_BYTES, _TAG_BYTES = 16, 12, 16


@frozen
class Key:
    """A random key. Its bytes are left out of its text, so that no log or crash report shows them."""

    secret: SecretBytes = field(repr=False)

    @classmethod
    def new(cls, length: int = KEY_BYTES) -> Key:
        """Return a random key of so many bytes."""
        random = os.urandom(length)
        key = cls(SecretBytes(random))
        overwrite(random)
        return key

    def derived(self, purpose: bytes) -> Key:
        """Return the AES-256 key for a purpose (HKDF-SHA256, RFC 5869); it tells nothing of this one, nor of others.

        The steps of HKDF one by one: what the first returns yields all derived keys, and is overwritten here.
        """
        extracted = hmac.digest(bytes(KEY_BYTES), self.secret, "sha256")
        expanded = hmac.digest(extracted, purpose + b"\x01", "sha256")
        key = Key(SecretBytes(expanded))
        overwrite(extracted)
        overwrite(expanded)
        return key


class WrappedKey(msgspec.Struct, frozen=True):
    """A key encrypted by a passphrase; it can be stored openly."""

    salt: bytes
    nonce: bytes
    secret: bytes

    def __post_init__(self) -> None:
        """Check the lengths; msgspec turns the error into one of its own."""
        lengths = (len(self.salt), len(self.nonce), len(self.secret) - _TAG_BYTES)
        if lengths not in {(_SALT_BYTES, _NONCE_BYTES, length) for length in (KEY_BYTES, MASTER_BYTES)}:
            raise ValueError(lengths)


def check_passphrase(passphrase: Passphrase) -> None:
    """Check that a new passphrase is long enough.

    Raises:
        PassphraseError: it is not.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseError(
            tr("The passphrase is too short. Use at least {count} characters, such as four words in a row."),
            count=SHORTEST_PASSPHRASE,
        )


def wrap(key: Key, passphrase: Passphrase, context: bytes) -> WrappedKey:
    """Encrypt a key by a passphrase. Takes a second or more.

    Args:
        key: the key.
        passphrase: the passphrase.
        context: what the key is for; `unwrap` needs the same.

    Raises:
        PassphraseError: the passphrase is too short.
    """
    check_passphrase(passphrase)
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    cipher = _cipher(passphrase, salt)
    wrapped = WrappedKey(salt, nonce, cipher.encrypt(nonce, key.secret, context))
    _clear_stack(cipher, len(key.secret))
    return wrapped


def unwrap(wrapped: WrappedKey, passphrase: Passphrase, context: bytes) -> Key:
    """Return the key that a passphrase wraps. Takes a second or more.

    Raises:
        PassphraseError: the passphrase is wrong, or the wrapped key is damaged: nobody can tell the two apart.
    """
    key = Key(SecretBytes(len(wrapped.secret) - _TAG_BYTES))
    cipher = _cipher(passphrase, wrapped.salt)
    try:
        cipher.decrypt_into(wrapped.nonce, wrapped.secret, context, key.secret)
    except exceptions.InvalidTag as error:
        raise PassphraseError(tr("The passphrase is wrong. Check capital letters and the keyboard layout.")) from error
    _clear_stack(cipher, len(key.secret))
    return key


def _cipher(passphrase: Passphrase, salt: bytes) -> aead.AESGCM:
    key = Key(SecretBytes(KEY_BYTES))
    derivation = scrypt.Scrypt(salt=salt, length=KEY_BYTES, n=_COST, r=_BLOCK_SIZE, p=_PARALLELISM)
    derivation.derive_into(passphrase.secret, key.secret)
    return aead.AESGCM(key.secret)


def _clear_stack(cipher: aead.AESGCM, length: int) -> None:
    """Encrypt and decrypt zeros: OpenSSL leaves the content that it has processed last on the stack of the thread."""
    nonce, zeros = os.urandom(_NONCE_BYTES), bytearray(length)
    cipher.decrypt_into(nonce, cipher.encrypt(nonce, bytes(length), None), None, zeros)
