"""Detects network shares. SQLite's WAL needs memory shared by all its users, which a network share cannot provide."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from desktop.core.late import Late

if TYPE_CHECKING:
    import psutil
else:
    psutil = Late("psutil")

_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "afs", "ncpfs", "webdav", "davfs", "davfs2"),
        *("ceph", "glusterfs", "lustre", "beegfs", "gpfs", "sshfs"),
    }
)
"""File systems on other computers, by the names that Linux and macOS give them; through FUSE also as `fuse.NAME`."""

_FUSE_NETWORK = frozenset({"gvfsd-fuse", "rclone"})

MOUNTS = Path("/proc/self/mounts")
_ESCAPED = re.compile(rb"\\([0-7]{3})")
"""Space, tab, newline and backslash, in octal digits."""


class Partition(Protocol):
    """One mounted file system, as psutil describes it."""

    @property
    def mountpoint(self) -> str:
        """Where it begins."""

    @property
    def fstype(self) -> str:
        """The kind of the file system."""

    @property
    def opts(self) -> str:
        """How it is mounted, with commas."""


def is_on_network(folder: Path, partitions: Sequence[Partition] | None = None) -> bool:
    """Tell whether a folder, which need not exist yet, lies on a network share.

    Args:
        folder: the folder.
        partitions: the mounted file systems; None asks the system.
    """
    real = Path(os.path.realpath(folder))
    if real.drive.startswith("\\\\"):  # \\server\share
        return True
    if partitions is None:
        partitions = _mounted()
    holding = [partition for partition in partitions if real.is_relative_to(partition.mountpoint)]
    if not holding:
        return False
    # The innermost mount; of several at one place the last, which covers the others.
    innermost = max(enumerate(holding), key=lambda pair: (len(Path(pair[1].mountpoint).parts), pair[0]))[1]
    kind = innermost.fstype.lower().removeprefix("fuse.")
    return kind in _NETWORK or kind in _FUSE_NETWORK or "remote" in innermost.opts.split(",")


class Mount(NamedTuple):
    """A line of Linux's table of mounts."""

    mountpoint: str
    fstype: str
    opts: str


def read_mounts(table: Path) -> list[Mount]:
    """Read Linux's table of mounts (fstab(5)), as psutil does, whose import takes as long as opening a history.

    Raises:
        OSError: it cannot be read.
    """
    return [
        Mount(*(os.fsdecode(_ESCAPED.sub(lambda digits: bytes([int(digits[1], 8)]), field)) for field in fields[1:4]))
        for fields in map(bytes.split, table.read_bytes().splitlines())
    ]


def _mounted() -> Sequence[Partition]:
    try:
        return read_mounts(MOUNTS) if sys.platform == "linux" else psutil.disk_partitions(all=True)
    except (OSError, psutil.Error):  # a sandbox may hide the list: without it nothing is refused
        return []
