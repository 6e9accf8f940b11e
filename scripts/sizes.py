"""Print what takes up space in a built application: `python scripts/sizes.py`, or `make package-sizes`.

The table is that of docs/packaging.md.
"""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatch
from pathlib import Path

from package import APPLICATION, INSTALLERS, megabytes

PARTS = (
    ("Qt's ICU", ("_internal/PySide6/Qt/lib/libicu*",)),
    ("Qt's own libraries", ("_internal/PySide6/Qt/lib/*", "_internal/PySide6/Qt6*")),
    ("Qt's plugins", ("_internal/PySide6/Qt/plugins/*", "_internal/PySide6/plugins/*")),
    ("PySide6's and shiboken6's bindings", ("_internal/PySide6/*", "_internal/shiboken6/*")),
    ("onnxruntime", ("_internal/onnxruntime/*",)),
    ("numpy's OpenBLAS and Fortran runtime", ("_internal/numpy.libs/*",)),
    ("numpy", ("_internal/numpy/*",)),
    ("Pillow with its codecs", ("_internal/PIL/*", "_internal/pillow.libs/*")),
    ("pi-heif with libheif and libde265", ("_internal/*pi_heif*", "_internal/lib*heif*", "_internal/libde265*")),
    ("pyjpegls with CharLS", ("_internal/jpeg_ls/*", "_internal/_CharLS*")),
    ("simplejpeg with libjpeg-turbo", ("_internal/simplejpeg/*",)),
    ("sqlcipher3 with SQLCipher and OpenSSL", ("_internal/sqlcipher3/*",)),
    ("cryptography with OpenSSL, and cffi", ("_internal/cryptography/*", "_internal/_cffi_backend*")),
    ("the model", ("_internal/resources/classifier.onnx",)),
    ("what recognises its training images", ("_internal/resources/classifier.pictures",)),
    ("the drawn samples", ("_internal/resources/samples/*",)),
    ("the handbook with its pictures", ("_internal/resources/handbook/*",)),
    (
        "the icons, the model's card, licence texts",
        ("_internal/resources/*", "_internal/licences/*", "_internal/LICENSE"),
    ),
    ("descriptions and licences of the packages", ("_internal/*.dist-info/*",)),
    ("Python and its modules", ("_internal/libpython*", "_internal/base_library.zip", "_internal/python3.*")),
    ("msgspec, protobuf, psutil and other packages", ("_internal/*/*",)),
    ("libraries of the build machine: OpenSSL's hashes and TLS, SQLite, libffi, xcb and xkbcommon", ("_internal/*",)),
    ("the two programs, each with its Python modules", ("*",)),
)
"""The parts, each with a pattern for its files; the first match counts, and the last part matches everything."""


def sizes(application: Path) -> dict[str, float]:
    """Return the size of each part in millions of bytes, without links."""
    found: dict[str, float] = defaultdict(float)
    for file in application.rglob("*"):
        if file.is_file() and not file.is_symlink():
            inside = file.relative_to(application).as_posix()
            found[next(part for part, patterns in PARTS if any(fnmatch(inside, one) for one in patterns))] += megabytes(
                file
            )
    return found


def main() -> None:
    """Print the table, the largest part first."""
    found = sizes(APPLICATION)
    rows = sorted(found.items(), key=lambda row: -row[1])
    print("| | MB |\n| --- | ---: |")
    for part, size in rows:
        print(f"| {part} | {size:.1f} |")
    print(f"| **unpacked** | **{sum(found.values()):.1f}** |")
    for file in sorted(INSTALLERS.glob("*.tar.xz")) + sorted(INSTALLERS.glob("*.deb")):
        print(f"| `{''.join(file.suffixes[-2:]) if file.suffix == '.xz' else file.suffix}` | {megabytes(file):.1f} |")


if __name__ == "__main__":
    main()
