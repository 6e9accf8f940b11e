"""The recovery key: a history's own key in letters and digits, to be printed, and typed when the passphrase is lost.

It is the key itself, not another one that unlocks it, so that it also helps where the file with the wrapped key is lost.
"""

import hashlib

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.errors import PassphraseError
from desktop.core.marking import tr

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: without I, L, O and U."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", **dict.fromkeys("- \t\n\u2010\u2011\u2013", "")})
_GROUP = 5
_KEY_CHARACTERS = -(-8 * MASTER_BYTES // 5)
_CHECKSUM_CHARACTERS = 4
"""20 bits: one typing error in a million is not noticed here, but then opens nothing."""


def recovery_text(key: Key) -> str:
    """Return a history's key in six groups of five characters."""
    text = _encode(int.from_bytes(key.secret, "big"), _KEY_CHARACTERS) + _checksum(key.secret)
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def read_recovery_text(text: str) -> Key:
    """Return the key that was typed; small letters, other hyphens, and O for 0 are understood.

    Raises:
        PassphraseError: it was typed wrongly.
    """
    typed = text.upper().translate(_READ_AS)
    number = 0
    for character in typed[:_KEY_CHARACTERS]:
        number = 32 * number + max(_ALPHABET.find(character), 0)
    secret = (number & ((1 << 8 * MASTER_BYTES) - 1)).to_bytes(MASTER_BYTES, "big")
    if typed != _encode(number, _KEY_CHARACTERS) + _checksum(secret) or number >> 8 * MASTER_BYTES:
        raise PassphraseError(tr("This is not the recovery key. Compare it with the printed one, group by group."))
    return Key(secret)


def _encode(number: int, characters: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(characters)))


def _checksum(secret: bytes) -> str:
    digest = hashlib.sha256(b"LesionLens recovery key 1" + secret).digest()
    return _encode(int.from_bytes(digest[:4], "big") >> 12, _CHECKSUM_CHARACTERS)
