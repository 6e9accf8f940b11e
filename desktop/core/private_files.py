"""Files and folders that only their owner can read, from their creation on: they hold patient data.

On POSIX their permissions ensure this, whatever the umask. On Windows a file inherits the access list of its folder; the
user's profile, where the data lie, admits the user, the system and administrators.
"""

import logging
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents; an existing one is left unchanged.

    Raises:
        OSError: it cannot be made, or a file is in its place.
    """
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_file(file: Path) -> None:
    """Make an empty file; an existing one is left unchanged.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def private(name: str, flags: int) -> int:
    """Open a file, creating it if it is missing; for `open(..., opener=private)`."""
    return os.open(name, flags, 0o600)


def take_from_others(folder: Path, ours: re.Pattern[str]) -> None:
    """Remove other users' permissions from files and folders that an earlier version made.

    Files with other names are left unchanged, and so then is the folder: the user who chose it keeps other things there too.

    Args:
        folder: a folder of ours.
        ours: the names that we give to its contents.
    """
    if os.name != "posix":
        return
    try:
        found = list(folder.iterdir())
        own = [path for path in found if ours.fullmatch(path.name)]
        for path in own:
            _take(path)
        if len(own) == len(found):
            _take(folder)
    except OSError as error:  # they are another user's, who has to do it
        logger.warning("some files stay open to others: %s", error.strerror)


def _take(path: Path) -> None:
    """The folder follows its contents, so one that is already private has been finished before."""
    mode = path.lstat().st_mode
    if not mode & _OTHERS or not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        return
    if stat.S_ISDIR(mode):
        for child in path.iterdir():
            _take(child)
    path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
