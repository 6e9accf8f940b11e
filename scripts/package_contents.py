"""Checks the files that the built application must and must not contain, its bill of materials and its checksums."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

from expecting import expect
from frozen import Frozen
from package import INSTALLERS, megabytes

MOST_UNPACKED, MOST_PACKED = 275.0, 105.0
"""Largest allowed size of the folder and of the .tar.xz, in millions of bytes."""
NEVER_INSIDE = re.compile(
    r"tensorflow|keras|tf2onnx|/onnx/|matplotlib|/dask|/distributed|fsspec|/jax|Qt6?(Qml|Quick|WebEngine|Pdf|Designer)|libgtk|libgdk|libcups|qsqlite|/tls/"
    r"|translations/(?!lesionlens_|qtbase_)"
)

LICENCE = re.compile(r"/licen[cs]es?\b[^/]*$|/licen[cs]es/", re.IGNORECASE)
LICENCES_OF_OURS = {
    "flatbuffers": "Apache-2.0.txt",
    "pyjpegls": "pyjpegls.txt",
    "PySide6_Essentials": "LGPL-3.0.txt",
    "shiboken6": "LGPL-3.0.txt",
}
"""The wheels without a licence text, with their text in resources/licences."""


def contents(frozen: Frozen) -> str:
    """There are no forbidden files and no broken links, and nothing is too large."""
    paths = list(frozen.application.rglob("*"))
    for path in paths:
        inside = f"/{path.relative_to(frozen.application).as_posix()}"
        expect(not NEVER_INSIDE.search(inside), f"{inside} is inside")
        expect(path.exists(), f"{inside} leads nowhere")
    size = megabytes(frozen.application)
    expect(size <= MOST_UNPACKED, f"unpacked it is {size:.1f} MB, at most {MOST_UNPACKED:.0f} are wanted")
    said = f"{len(paths)} files and folders, unpacked {size:.1f} MB"
    for archive in INSTALLERS.glob("*.tar.xz"):
        packed = megabytes(archive)
        expect(packed <= MOST_PACKED, f"{archive.name} is {packed:.1f} MB, at most {MOST_PACKED:.0f} are wanted")
        said += f", packed {packed:.1f} MB"
    return said


def bill_and_sums(frozen: Frozen) -> str:
    """The bill of materials names every file inside with its hash, and the checksums are those of the distributed files."""
    bills, sums = list(INSTALLERS.glob("*.cdx.json")), list(INSTALLERS.glob("*.sha256"))
    expect(len(bills) == len(sums) == 1, "dist/installers has not one bill of materials and one file of sums")
    content = json.loads(bills[0].read_text(encoding="utf-8"))
    components = [content["metadata"]["component"], *content["components"]]
    inside = [part for component in components for part in component.get("components", ())]
    files = [part for part in inside if part["type"] == "file"]
    linked = {part["name"] for part in inside if part["type"] == "library"}
    expect(linked == {"OpenSSL", "SQLCipher", "SQLite"}, f"the bill names other linked libraries: {sorted(linked)}")
    named = {file["name"]: file["hashes"][0]["content"] for file in files}
    there = (file for file in frozen.application.rglob("*") if file.is_file() and not file.is_symlink())
    found = {file.relative_to(frozen.application).as_posix(): sha256(file) for file in there}
    expect(found == named, f"the bill and the files differ: {sorted(found.items() ^ named.items())[:4]}")
    lines = [line.split("  ") for line in sums[0].read_text(encoding="utf-8").splitlines()]
    expect(all(sha256(INSTALLERS / name) == digest for digest, name in lines), "a sum is wrong")
    return f"a bill of {len(components)} components names all {len(found)} files; {len(lines)} sums are right"


def licences(frozen: Frozen) -> str:
    """Every wheel with files inside has its licence text, or the text is among ours."""
    bill = json.loads(next(INSTALLERS.glob("*.cdx.json")).read_text(encoding="utf-8"))
    ours = frozen.application / "_internal" / "resources" / "licences"
    wheels = {
        component["name"]: [file["name"] for file in component["components"]]
        for component in bill["components"]
        if component.get("purl", "").startswith("pkg:pypi/") and "components" in component
    }
    for wheel, files in wheels.items():
        has_text = any(LICENCE.search(file) for file in files)
        expect(
            has_text or (ours / LICENCES_OF_OURS.get(wheel, "none")).is_file(), f"{wheel} has no licence text inside"
        )
    return f"{len(wheels)} wheels inside have their licence texts"


def handed_out(_frozen: Frozen) -> str:
    """The archive or installer of this platform exists: without its tool a build only prints a notice."""
    pattern = {"linux": "*.tar.xz", "win32": "*-setup.exe", "darwin": "*.dmg"}[sys.platform]
    found = [file.name for file in INSTALLERS.glob(pattern)]
    expect(len(found) == 1, f"dist/installers has not one {pattern}: see what make package said of it")
    return f"{found[0]} is there to be handed out"


def sha256(file: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
