"""Build the application and its distribution: `make package`, or this script with the Python of .venv-package.

dist/LesionLens is the application itself. dist/installers has the archive and the installer for this platform, the bill of
materials and the SHA-256 sums.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
from pathlib import Path

import installers
from setup_environment import ROOT, run, say

DIST = ROOT / "dist"
APPLICATION = DIST / "LesionLens"
INSTALLERS = DIST / "installers"
WORK = ROOT / "build" / "pyinstaller"
PYTHON = sys.executable


def version() -> str:
    """Return the version of LesionLens, from the only place that states it."""
    text = (ROOT / "desktop" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        sys.exit("desktop/__init__.py has no line __version__ = …")
    return found[1]


def build() -> None:
    """Build dist/LesionLens afresh."""
    os.environ["PYTHONHASHSEED"] = "1"  # the same order of what is packed each time
    folders = ("--distpath", DIST, "--workpath", WORK)
    run(PYTHON, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR", *folders, ROOT / "build.spec")


def write_sums(name: str) -> None:
    """Write the SHA-256 sums of all distributed files, in the format of `sha256sum --check`."""
    sums = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(INSTALLERS.iterdir()))
    (INSTALLERS / f"{name}.sha256").write_text("".join([*sums]), encoding="utf-8", newline="\n")


def megabytes(path: Path) -> float:
    """Return the size of a file, or of all files in a folder, in millions of bytes, without links."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink()) / 1e6


def main() -> None:
    """Build the application, its bill of materials, its installers and their checksums."""
    shutil.rmtree(INSTALLERS, ignore_errors=True)
    INSTALLERS.mkdir(parents=True)
    say("Building dist/LesionLens")
    build()
    system = {"linux": "linux", "win32": "windows", "darwin": "macos"}[sys.platform]
    machine = {"AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    name = f"LesionLens-{version()}-{system}-{machine}"
    run(PYTHON, ROOT / "scripts" / "bill_of_materials.py", APPLICATION, INSTALLERS / f"{name}.cdx.json")
    installers.MAKERS[sys.platform](APPLICATION, INSTALLERS / name, version())
    write_sums(name)
    for path in (APPLICATION, *sorted(INSTALLERS.iterdir())):
        say(f"{megabytes(path):8.1f} MB  {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
