"""Check a built application: `python scripts/check_package.py`, or `make check-package`; prints a line for each passed check.

The application is started as on a user's machine, without Python on PATH, offscreen and, on Linux, under an X server. Its
answers are compared with those of this checkout. On Linux its system calls are traced: it may open only local sockets. `--root`
checks it in another system by chroot, such as one made by scripts/check_debian.py.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from expecting import FailedError
from frozen import Frozen
from package import APPLICATION
from package_answers import (
    SCREENSHOTS,
    another_model,
    exchanged_records,
    fifty_files,
    judged_folder,
    sealed_history,
    self_test_and_snapshot_on_x11,
    self_test_offscreen,
    snapshot_offscreen,
    versions,
)
from package_contents import bill_and_sums, contents, handed_out, licences
from package_starts import no_network, one_instance
from setup_environment import install_packages

LINES = 40
"""How much of the log is shown when a check fails."""


def main() -> None:
    """Run all checks for this platform; end with status 1 at the first failure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--application", type=Path, default=APPLICATION, help="folder of the programs")
    parser.add_argument("--root", type=Path, help="root of another system that the application lies in")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="put the screenshots here")
    chosen = parser.parse_args()
    if sys.platform == "linux":
        programs = {"Xvfb": "xvfb", "strace": "strace"}
        if missing := [package for program, package in programs.items() if shutil.which(program) is None]:
            install_packages(missing)
    with tempfile.TemporaryDirectory(dir=None if chosen.root is None else chosen.root / "tmp") as work:
        frozen = Frozen(chosen.application, Path(work), chosen.root)
        for check in checks(on_linux=sys.platform == "linux"):
            begun = time.monotonic()
            try:
                line = check(frozen)
            except (FailedError, subprocess.TimeoutExpired) as error:
                waited = time.monotonic() - begun
                sys.exit(f"FAILED in {check.__name__} after {waited:.1f} s: {error}\n{tail_of_log(frozen)}")
            print(f"ok: {line} ({time.monotonic() - begun:.1f} s)", flush=True)
        if chosen.keep is not None:
            chosen.keep.mkdir(parents=True, exist_ok=True)
            for shot in SCREENSHOTS:
                if (frozen.work / shot).exists():  # only Linux has an X server
                    shutil.copy(frozen.work / shot, chosen.keep)


def tail_of_log(frozen: Frozen) -> str:
    """Return the end of the window's log, which shows how far it got."""
    if not frozen.log.exists():
        return "There is no log of the window."
    lines = frozen.log.read_text(encoding="utf-8").splitlines()
    return "\n".join(["The log of the window ends so:", *lines[-LINES:]])


def checks(*, on_linux: bool) -> list[Callable[[Frozen], str]]:
    """Return the checks in their order."""
    everywhere: list[Callable[[Frozen], str]] = [
        contents,
        bill_and_sums,
        licences,
        versions,
        self_test_offscreen,
        snapshot_offscreen,
        exchanged_records,
        sealed_history,
        fifty_files,
        judged_folder,
        another_model,
    ]
    linux_alone = [self_test_and_snapshot_on_x11, one_instance, no_network] if on_linux else []
    return [*everywhere, *linux_alone, handed_out]


if __name__ == "__main__":
    main()
