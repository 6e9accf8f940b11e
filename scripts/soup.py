"""Write docs/soup.md, the list of software of unknown provenance in the application: `python scripts/soup.py`.

Names and versions come from the locks, licences from the installed packages; the purpose of each is stated here. `--looked
YYYY-MM-DD` records the day on which their known anomalies were last reviewed (`make audit`, and each project's own issues);
without it the day in the list stays.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import re

from linked_libraries import linked_into
from setup_environment import LOCKS, ROOT

LIST = ROOT / "docs" / "soup.md"
PURPOSES = {
    "cffi": "a dependency of cryptography",
    "cryptography": "encrypts backups and the images of an encrypted history: scrypt and AES-256-GCM, of its OpenSSL",
    "flatbuffers": "a dependency of onnxruntime",
    "msgspec": "reads and writes JSON: the model's contract, backups, drafts, tables",
    "numpy": "arrays of pixels and probabilities",
    "onnxruntime": "runs the model",
    "packaging": "a dependency of onnxruntime",
    "pi-heif": "decodes HEIC",
    "pillow": "decodes images, colour profiles, resampling",
    "platformdirs": "finds the folders for data and logs",
    "protobuf": "reads the model file before it is run",
    "psutil": "memory and mounted file systems",
    "pycparser": "a dependency of cffi",
    "pydicom": "reads and writes the attributes of DICOM files",
    "pyjpegls": "decodes JPEG-LS in DICOM files",
    "pynetdicom": "sends visits to archives and asks worklists, if the user switches that on: the extra `network`",
    "pyside6-essentials": "the window: Qt 6 with its Python binding",
    "shiboken6": "part of the binding of Qt",
    "simplejpeg": "decodes JPEG, and reports damage",
    "sqlcipher3": "the SQLite of an encrypted history: SQLCipher, with an OpenSSL of its own",
}
"""By the names in the locks. Those in both the app's lock and the package's are in every distributed application."""

OPTIONAL = {"pynetdicom"}
"""Packages that a plain installation does not need, and the application without Python has."""

LICENCES = {"sqlcipher3": "Zlib, with SQLCipher under BSD-3-Clause and OpenSSL under Apache-2.0"}
"""Of packages that state none in their description."""

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
_LOOKED = re.compile(r"Known anomalies were last looked at: (.+)\.")
_NEVER = "not yet"


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package that a lock pins."""
    return dict(_PIN.findall(LOCKS[lock].read_text(encoding="utf-8")))


def shipped() -> dict[str, str]:
    """Return the packages in the application, with their versions."""
    inside = {*pins("runtime"), *OPTIONAL}
    return {name: version for name, version in sorted(pins("package").items()) if name in inside}


def licence_of(name: str) -> str:
    """Return the licence that an installed package states."""
    if name in LICENCES:
        return LICENCES[name]
    about = importlib.metadata.metadata(name).json
    stated = [value.rsplit(" :: ", 1)[-1] for value in about.get("classifier", []) if value.startswith("License ::")]
    said = str(about.get("license_expression") or about.get("license") or "").partition("\n")[0]
    return said if said and len(said) < 60 else ", ".join(stated)


def page(looked: str) -> str:
    """Return the list as Markdown."""
    rows = [f"| {name} | {version} | {licence_of(name)} | {PURPOSES[name]} |" for name, version in shipped().items()]
    inside = [
        f"| {library.name} | {library.version} | {library.licence} | {name} |"
        for name in shipped()
        for library in linked_into(name)
    ]
    return "\n".join(
        (
            "# Software of unknown provenance",
            "",
            "Made by `python scripts/soup.py` from the locks; do not edit. The application that is handed out also holds",
            "Python and its SQLite, the bootloader of PyInstaller and, on Linux, libraries of the system that built it: each",
            "file with its owner is in the bill of materials beside it (`docs/packaging.md`).",
            "",
            f"Known anomalies were last looked at: {looked}.",
            "",
            "| name | version | licence | purpose |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            "Libraries that are linked into a module of one of these, with the versions that they state on Linux. Their known",
            "anomalies count too, and a newer one comes with a newer package alone:",
            "",
            "| name | version | licence | inside |",
            "| --- | --- | --- | --- |",
            *inside,
            "",
        )
    )


def looked_before() -> str:
    """Return the day in the present list."""
    found = _LOOKED.search(LIST.read_text(encoding="utf-8")) if LIST.exists() else None
    return found[1] if found else _NEVER


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--looked", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
    looked = parser.parse_args().looked
    LIST.write_text(page(looked_before() if looked is None else looked.isoformat()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
