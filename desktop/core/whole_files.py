"""Files that are there whole or not at all, however the writing ends: written beside their place, then put into it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Give an empty file to write to, which takes the place of `path` when the block ends, and goes if it raises.

    Its name begins with that of `path`, so that whoever deletes all of an image finds also what a killed program left.

    Args:
        path: the file; its folder is there.
        durable: wait until it is on the disk.

    Raises:
        OSError: it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".partial")
    os.close(handle)
    written = Path(name)
    try:
        yield written
        if durable:
            with written.open("rb+") as file:
                os.fsync(file.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
