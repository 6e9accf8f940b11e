"""Check the .deb in a bare Debian 12: `python scripts/check_debian.py`, or `make check-debian`, as root.

debootstrap makes a minimal root in a temporary folder, or with --root in a permanent one that can be used again. apt-get
installs the .deb in it, with its dependencies and without recommended packages. Then check_package.py's checks run there, under
an X server outside.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from package import INSTALLERS
from setup_environment import ROOT, install_packages, run, say

SUITE = "bookworm"
X11_SOCKETS = "tmp/.X11-unix"
NEVER_THERE = ("python3", "python3.11", "python")


def main() -> None:
    """Make the root, install, check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--root", type=Path, help="folder of the root: made if it is not there, and left there")
    chosen = parser.parse_args()
    if os.geteuid():
        sys.exit("Only root can make another root. Try again as root.")
    packages = sorted(INSTALLERS.glob("lesionlens_*.deb"))
    if len(packages) != 1:
        sys.exit("There is not one .deb in dist/installers: make package")
    if shutil.which("debootstrap") is None:
        install_packages(["debootstrap"])
    with tempfile.TemporaryDirectory(prefix="lesionlens-debian-") as temporary:
        root = chosen.root or Path(temporary)
        if not (root / "usr").exists():
            say(f"Making a minimal {SUITE}")
            run("debootstrap", "--variant=minbase", SUITE, root)
        with mounted(root):
            install(root, packages[0])
            for name in NEVER_THERE:
                if (root / "usr" / "bin" / name).exists():
                    sys.exit(f"there is a {name} in the root: it is not bare")
            check = ROOT / "scripts" / "check_package.py"
            program = root / "usr" / "lib" / "lesionlens"
            run(sys.executable, check, "--application", program, "--root", root, "--keep", ROOT / "build" / "debian")


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """Mount /proc, the devices and the folder of the X servers' sockets in the root within a `with` block."""
    places = {"proc": ("-t", "proc", "proc"), "dev": ("--bind", "/dev"), X11_SOCKETS: ("--bind", f"/{X11_SOCKETS}")}
    Path("/", X11_SOCKETS).mkdir(mode=0o1777, exist_ok=True)
    done: list[Path] = []
    try:
        for place, how in places.items():
            (root / place).mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", *how, root / place], check=True)
            done.append(root / place)
        yield
    finally:
        for path in reversed(done):
            subprocess.run(["umount", "--lazy", path], check=True)


def install(root: Path, package: Path) -> None:
    """Install the .deb with its dependencies, from the archives that this machine uses."""
    shutil.copy(package, root)
    shutil.copy("/etc/resolv.conf", root / "etc")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    environment |= {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
    for arguments in (("update",), ("install", "--yes", "--no-install-recommends", f"/{package.name}")):
        command = ["chroot", str(root), "apt-get", "-qq", *arguments]
        if subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode:
            sys.exit(f"apt-get {arguments[0]} failed in the root")
    listed = ["chroot", str(root), "dpkg-query", "--show", "--showformat=${Package}\n"]
    count = len(subprocess.run(listed, env=environment, check=True, capture_output=True, text=True).stdout.split())
    say(f"{package.name} is installed in a root of {count} packages")


if __name__ == "__main__":
    main()
