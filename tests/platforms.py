"""What differs between Linux, macOS and Windows, and between root and everybody else."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions, signals, links and devices")
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere names are Unicode, there is a screen, and no thread is lowered by itself"
)

NO_UNICODE = "\udcff\udce9.jpg"
"""What Python makes of a name that is no UTF-8."""

ODD_NAMES = (
    *("皮膚.jpg", "Läsion ✓.jpg", "צילום.jpg", "a'b;c,d.jpg"),
    *(pytest.param(name, marks=posix) for name in ('"quoted".jpg', "line\nbreak.jpg", "n" * 240 + ".jpg")),
    pytest.param(NO_UNICODE, marks=linux),
)
"""Names of files that people have, or could have."""

_NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[None]:
    """Do what is in the block without root's rights: root may read and write everything."""
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
    """Make a folder that anyone may enter, which pytest's own temporary folders are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)


def hear_ctrl_c() -> None:
    """Let a process that is started hear Ctrl-C, though whoever started the tests in the background made them deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


HEAR_CTRL_C = hear_ctrl_c if os.name == "posix" else None
"""For subprocess.Popen's `preexec_fn`; Windows has no such inheritance."""
