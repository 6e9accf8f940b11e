"""Differences between Linux, macOS and Windows, and between root and other users."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

posix = pytest.mark.skipif(
    os.name != "posix",
    reason="Windows has other permissions, signals, links and devices, and no training in several processes",
)
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere names are Unicode, there is a screen, and no thread is lowered by itself"
)

NO_UNICODE = "\udcff\udce9.jpg"
"""How Python represents a file name that is not UTF-8."""

ODD_NAMES = (
    *("皮膚.jpg", "Läsion ✓.jpg", "צילום.jpg", "a'b;c,d.jpg"),
    *(pytest.param(name, marks=posix) for name in ('"quoted".jpg', "line\nbreak.jpg", "n" * 240 + ".jpg")),
    pytest.param(NO_UNICODE, marks=linux),
)
"""File names that users have, or could have."""

_NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[None]:
    """Run the block without root's rights, since root may read and write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(_NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextmanager
def common_folder() -> Iterator[Path]:
    """Make a folder that any user can enter, unlike pytest's own temporary folders."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)


def hear_ctrl_c() -> None:
    """Let a child process receive Ctrl-C, even if the tests run in the background, where it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


HEAR_CTRL_C = hear_ctrl_c if os.name == "posix" else None
"""For subprocess.Popen's `preexec_fn`; Windows has no such inheritance."""
