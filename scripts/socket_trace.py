"""Traces the sockets that the built application opens on Linux: only local ones, and only known ones, are allowed."""

from __future__ import annotations

import re
import shutil

from expecting import expect
from frozen import Frozen

LOCAL_SOCKETS = re.compile(r"AF_UNIX|AF_LOCAL")
TRACED = ("socket", "socketpair", "connect", "bind")
"""The calls that precede any sending."""
OF_THE_DESKTOP = re.compile(r"/\.X11-unix/X\d+|/nscd/socket|dbus|at-spi|ibus|wayland-\d+")
"""Local sockets of other programs that a window may use: X server, name service, message bus, input method."""


def trace(frozen: Frozen, command: list[str], **more: str) -> list[str]:
    """Run a command under strace; return its socket calls."""
    file = frozen.work / "trace.txt"
    strace = [str(shutil.which("strace")), "-f", "-qq", "-e", f"trace={','.join(TRACED)}", "-o", str(file)]
    done = frozen.call([*strace, *command], **more)
    expect(done.returncode == 0, f"traced, it ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    return file.read_text(encoding="utf-8").splitlines()


def judge(calls: list[str]) -> int:
    """Refuse every call that leaves this machine; return how many concern the single instance.

    Raises:
        FailedError: a socket is not local, or is not a known one.
    """
    own = 0
    for call in calls:
        if re.search(r"\bsocket(pair)?\(", call):
            expect(LOCAL_SOCKETS.search(call), f"a socket that is not local: {call}")
        elif re.search(r"\b(connect|bind)\(", call):
            if "/lesionlens-" in call:
                own += 1
            else:
                expect(OF_THE_DESKTOP.search(call), f"a local socket of somebody else: {call}")
    return own
