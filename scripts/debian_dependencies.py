"""The Debian packages that a built application needs, from the ELF files: libraries that are linked but not included."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from setup_environment import QT_LIBRARIES

SYSTEM_LIBRARIES = QT_LIBRARIES | {
    "ld-linux-x86-64.so.2": "libc6",
    "libc.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "libresolv.so.2": "libc6",
    "librt.so.1": "libc6",
    "libutil.so.1": "libc6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""The Debian package of each library that an application may take from the system."""
GLIBC = re.compile(r"GLIBC_(\d+(?:\.\d+)+)")
"""A symbol version of glibc; GLIBC_PRIVATE and GLIBC_ABI_... are not versions."""


def dependencies(application: Path) -> list[str]:
    """Return the Debian packages of the system libraries that an application needs, glibc's with its minimum version."""
    inside = {file.name for file in application.rglob("*")}
    needed: set[str] = set()
    versions: set[str] = set()
    for file in application.rglob("*"):
        if not file.is_symlink() and file.is_file() and _is_elf(file):
            libraries, symbols = links(file)
            needed |= libraries
            versions |= symbols
    numbers = (found[1].split(".") for found in map(GLIBC.fullmatch, versions) if found)
    newest = ".".join(max(numbers, key=lambda parts: [*map(int, parts)], default=["0"]))
    outside = needed - inside
    if unknown := outside - SYSTEM_LIBRARIES.keys():
        sys.exit(f"the application needs libraries whose Debian packages are not known: {', '.join(sorted(unknown))}")
    packages = {SYSTEM_LIBRARIES[library] for library in outside}
    return sorted(f"libc6 (>= {newest})" if package == "libc6" else package for package in packages)


def links(file: Path) -> tuple[set[str], set[str]]:
    """Return the NEEDED libraries of an ELF file, and the symbol versions that it requires."""
    libraries: set[str] = set()
    versions: set[str] = set()
    with file.open("rb") as opened:
        for section in ELFFile(opened).iter_sections():
            if isinstance(section, DynamicSection):
                tags = section.iter_tags("DT_NEEDED")
                libraries |= {tag.needed for tag in tags}  # type: ignore[attr-defined]  # of such tags alone
            elif isinstance(section, GNUVerNeedSection):
                versions |= {symbol.name for _, symbols in section.iter_versions() for symbol in symbols}
    return libraries, versions


def _is_elf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"
