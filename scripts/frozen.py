"""Starts the built application for the checks, in an environment without Python, on this system or in another root."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from setup_environment import ROOT

WINDOW, COMMAND, VERIFIER = "LesionLens", "lesionlens-classify", "lesionlens-history"
JUDGE, RECORDS = "lesionlens-judge", "lesionlens-records"
PATIENCE = 300
"""Seconds after which a program that should have ended is considered stuck; long enough for a busy machine."""

_OF_WINDOWS = ("SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "USERNAME")
"""Environment variables that programs on Windows need."""


@dataclass(frozen=True)
class Frozen:
    """A built application, and a working folder that it can reach.

    If `root` is set, the programs run in it by chroot; `application` and `work` are still paths outside it.
    """

    application: Path
    work: Path
    root: Path | None = None

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        """Return the command line of one of the programs, with paths as the program sees them."""
        suffix = ".exe" if sys.platform == "win32" else ""
        words = [self.seen(word) for word in (self.application / f"{program}{suffix}", *arguments)]
        return words if self.root is None else ["/usr/sbin/chroot", str(self.root), *words]

    def seen(self, word: str | Path) -> str:
        """Return a path as the program sees it, and any other argument unchanged."""
        if self.root is None or not isinstance(word, Path):
            return str(word)
        return f"/{word.relative_to(self.root)}"

    def environment(self, **more: str) -> dict[str, str]:
        """Return an environment with no Python on its PATH and a home of its own."""
        home, nothing = self.work / "home", self.work / "nothing"
        for folder in (home, nothing):
            folder.mkdir(parents=True, exist_ok=True)
        own = {name: self.seen(home) for name in ("HOME", "XDG_RUNTIME_DIR")}
        system = {name: os.environ[name] for name in _OF_WINDOWS if name in os.environ}
        return {
            **system,
            **own,
            "PATH": self.seen(nothing),
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            **more,
        }

    def run(self, program: str, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; `more` goes into its environment."""
        return self.call(self.command(program, *arguments), **more)

    def call(self, command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
        """Run any command in the folder and environment that `run` uses for a program."""
        return subprocess.run(
            command,
            env=self.environment(**more),
            cwd=self.work,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

    @property
    def log(self) -> Path:
        """The log file that the window writes on Linux if started in `environment`."""
        return self.work / "home" / ".local" / "state" / "LesionLens" / "log" / "lesionlens.log"


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Start an X server; yield the environment variables with which a program uses it."""
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None  # noqa: S101 - it was asked for
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{server.stdout.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


def run_source(module: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program of this checkout with the Python that runs this script."""
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "HOME": home},
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
