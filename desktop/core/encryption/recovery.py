"""The recovery key: a history's own key in letters and digits, to be printed, and typed when the passphrase is lost.

It is the key itself, not another one that unlocks it, so that it also helps where the file with the wrapped key is lost.
"""

import hashlib

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError
from desktop.core.marking import tr

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: without I, L, O and U."""
_VALUES = {character: value for value, character in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BETWEEN = frozenset("- \t\n\u2010\u2011\u2013")
_GROUP = 5
_KEY_CHARACTERS = -(-8 * MASTER_BYTES // 5)
_CHECKSUM_CHARACTERS = 4
"""20 bits: one typing error in a million is not noticed here, but then opens nothing."""


def recovery_text(key: Key) -> str:
    """Return a history's key in six groups of five characters."""
    text = _encode(int.from_bytes(key.secret, "big"), _KEY_CHARACTERS) + _checksum(key)
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def read_recovery_text(typed: Passphrase) -> Key:
    """Return the key that was typed; small letters, other hyphens, and O for 0 are understood.

    Raises:
        PassphraseError: it was typed wrongly.
    """
    key = Key(SecretBytes(MASTER_BYTES))
    is_right = True
    read = place = held = 0
    bits = 8 * MASTER_BYTES - 5 * _KEY_CHARACTERS  # the first character has bits to spare, which are 0
    for character in typed:
        if character in _BETWEEN:
            continue
        value = _VALUES.get(character.upper())
        read += 1
        if value is None or read > _KEY_CHARACTERS + _CHECKSUM_CHARACTERS:
            is_right = False
        elif read > _KEY_CHARACTERS:
            is_right &= _ALPHABET[value] == _checksum(key)[read - _KEY_CHARACTERS - 1]
        else:
            held, bits = held << 5 | value, bits + 5
            if bits >= 8:
                bits -= 8
                is_right &= held >> bits < 256
                key.secret[place] = held >> bits & 0xFF
                held &= (1 << bits) - 1
                place += 1
    if not is_right or read != _KEY_CHARACTERS + _CHECKSUM_CHARACTERS:
        raise PassphraseError(tr("This is not the recovery key. Compare it with the printed one, group by group."))
    return key


def _encode(number: int, characters: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(characters)))


def _checksum(key: Key) -> str:
    digest = hashlib.sha256(b"LesionLens recovery key 1")
    digest.update(key.secret)
    return _encode(int.from_bytes(digest.digest()[:4], "big") >> 12, _CHECKSUM_CHARACTERS)
