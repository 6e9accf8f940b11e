"""Names the libraries that a wheel has linked into its own module, where no file tells of them: the module is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Linked:
    """A library inside a module; `cpe` is the name by which lists of known holes call it."""

    name: str
    version: str
    licence: str
    cpe: str


def linked_into(wheel: str) -> tuple[Linked, ...]:
    """Return the libraries inside a wheel's module; empty for most wheels."""
    found = _ASK.get(wheel)
    return () if found is None else found()


def _of_cryptography() -> tuple[Linked, ...]:
    from cryptography.hazmat.backends.openssl import backend  # noqa: PLC0415 - not in every environment

    return (_openssl(backend.openssl_version_text()),)


def _of_sqlcipher3() -> tuple[Linked, ...]:
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - not in every environment

    with closing(dbapi2.connect(":memory:")) as connection:
        connection.execute("PRAGMA key = 'any'")

        def told(query: str) -> str:
            return str(connection.execute(query).fetchone()[0])

        cipher = told("PRAGMA cipher_version").partition(" ")[0]
        sqlite = told("SELECT sqlite_version()")
        openssl = told("PRAGMA cipher_provider_version")
    return (
        Linked("SQLCipher", cipher, "BSD-3-Clause", f"cpe:2.3:a:zetetic:sqlcipher:{cipher}:*:*:*:*:*:*:*"),
        Linked("SQLite", sqlite, "blessing", f"cpe:2.3:a:sqlite:sqlite:{sqlite}:*:*:*:*:*:*:*"),
        _openssl(openssl),
    )


def _openssl(text: str) -> Linked:
    version = text.split()[1]  # "OpenSSL 4.0.3 29 Sep 2026"
    return Linked("OpenSSL", version, "Apache-2.0", f"cpe:2.3:a:openssl:openssl:{version}:*:*:*:*:*:*:*")


_ASK: Mapping[str, Callable[[], tuple[Linked, ...]]] = {
    "cryptography": _of_cryptography,
    "sqlcipher3": _of_sqlcipher3,
}


def component(library: Linked, wheel: str) -> dict[str, Any]:
    """Return a library's entry for a CycloneDX bill of materials."""
    return {
        "type": "library",
        "bom-ref": f"{wheel}#{library.name}",
        "name": library.name,
        "version": library.version,
        "description": f"linked into the module of {wheel}",
        "licenses": [{"license": {"id": library.licence}}],
        "cpe": library.cpe,
    }
