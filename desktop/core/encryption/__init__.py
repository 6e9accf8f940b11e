"""Encryption by a passphrase: keys, and files that nobody reads or alters without one. Needs cryptography alone."""
