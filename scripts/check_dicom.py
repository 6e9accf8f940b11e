"""Check exported DICOM files with dciodvfy: `python scripts/check_dicom.py FOLDER`, or `make check-dicom FOLDER=DIR`.

dciodvfy is part of dicom3tools (`apt-get install dicom3tools`). Its errors fail the check; its warnings are printed, except of
what is meant: codes of our own, the modality of dermoscopy (DMS), which it may not know yet, and times that nobody knows.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

_MEANT = re.compile(
    r"99LESIONLENS|CodingSchemeUID|Modality.*<DMS>|StudyTime.*DICOMDIR|Laterality.*only permitted to be empty"
)
_NOTE = re.compile(r"(Error|Warning) - .*")


def main() -> None:
    """Check every file; the exit status is 1 if one has an error, and 2 if nothing could be checked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="folder that lesionlens-records export --format dicom wrote")
    folder = parser.parse_args().folder
    files = sorted(folder.rglob("*.dcm"))
    if shutil.which("dciodvfy") is None or not files:
        print(
            "There is no dciodvfy: apt-get install dicom3tools" if files else f"No DICOM files in {folder}",
            file=sys.stderr,
        )
        sys.exit(2)
    found: Counter[str] = Counter()
    for file in files:
        run = subprocess.run(["dciodvfy", "-new", file], capture_output=True, check=False)
        found.update(notes((run.stdout + run.stderr).decode("utf-8", "replace")))
    for note, count in sorted(found.items()):
        print(f"{count:5} {note}")
    errors = sum(count for note, count in found.items() if note.startswith("Error"))
    print(f"Files {len(files)}, errors {errors}, warnings {sum(found.values()) - errors}")
    sys.exit(1 if errors else 0)


def notes(text: str) -> list[str]:
    """Return what dciodvfy says of a file, without what is meant."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if _NOTE.fullmatch(line) and (line.startswith("Error") or not _MEANT.search(line))]


if __name__ == "__main__":
    main()
