"""Files that are there whole or not at all, however the writing ends: written beside their place, then put into it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.core.errors import SaveError
from desktop.core.marking import tr

_PRIVATE, _SHARED = 0o600, 0o666
"""Permissions of a new file on POSIX: for its owner alone, or what the user's umask leaves of those for everybody."""


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Give an empty file to write to, which takes the place of `path` when the block ends, and goes if it raises.

    Its name begins with that of `path`, so that whoever deletes all of an image finds also what a killed program left. Only
    its owner may read it.

    Args:
        path: the file; its folder is there.
        durable: wait until it is on the disk.

    Raises:
        OSError: it cannot be written.
    """
    with _taking_the_place_of(path, _PRIVATE, durable=durable) as written:
        yield written


def save_file(target: Path, content: bytes) -> None:
    """Write a file that the user chose, and wait until it is on the disk. Slow: to be run off the GUI thread.

    A new file has the permissions that the user's umask leaves; one that was there keeps its own, and is not replaced where
    these forbid writing. A symbolic link stays, and the file that it leads to is written.

    Raises:
        SaveError: it cannot be written; what was there before still is.
    """
    real = Path(os.path.realpath(target))
    try:
        if real.exists():
            real.open("rb+").close()  # raises where its permissions forbid writing, which replacing it would pass by
        with _taking_the_place_of(real, _SHARED, durable=True) as written:
            written.write_bytes(content)
            with suppress(FileNotFoundError):
                written.chmod(real.stat().st_mode)
    except OSError as error:
        raise SaveError(
            tr("“{name}” cannot be written ({detail}). Choose another place."),
            name=target.name,
            detail=error.strerror or error,
        ) from error


@contextmanager
def _taking_the_place_of(path: Path, mode: int, *, durable: bool) -> Iterator[Path]:
    written = path.with_name(f"{path.name}.{os.urandom(4).hex()}.partial")
    os.close(os.open(written, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
    try:
        yield written
        if durable:
            with written.open("rb+") as file:
                os.fsync(file.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
