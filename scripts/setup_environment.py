"""Make an environment, or bring it up to date: `python scripts/setup_environment.py runtime`, `dev` or `package`.

`runtime` (the app) and `dev` (everything) share .venv. `package`, which builds the application, has .venv-package: anything
installed beside PyInstaller could end up in the application, even TensorFlow.

The script runs on a bare Python, before anything is installed, so it uses the standard library alone. On Debian and similar
systems it first installs python3-venv and the system libraries that Qt links, if missing, through apt-get. The environment's
installed.json records what was installed, so that a second call does nothing.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENVS = {"runtime": ROOT / ".venv", "dev": ROOT / ".venv", "package": ROOT / ".venv-package"}
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
TOOLS = VENVS["dev"] / SCRIPTS

LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in VENVS}
COVERED_BY = {"runtime": ("runtime", "dev"), "dev": ("dev",), "package": ("package",)}
"""The dev lock contains the runtime lock, version for version: an environment with the former also satisfies the latter."""
PROJECT_FILES = ("pyproject.toml", "desktop/__init__.py")
"""The parts that an editable install copies from the checkout: the commands and the version."""

OLDEST, NEWEST = (3, 11), (3, 13)
"""The Python versions for which the locks have wheels; TensorFlow has none for 3.14 yet."""

QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libbrotlidec.so.1": "libbrotli1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""NEEDED libraries of Qt and its xcb, wayland and offscreen plugins (6.11, 6.12), with their Debian packages.

Even an offscreen window needs the first two, because QtGui links them.
"""

BUILD_PROGRAMS = {"objdump": "binutils", "strip": "binutils", "xz": "xz-utils"}
"""Programs that a build needs on Linux: for PyInstaller, for build.spec and for scripts/package.py."""


def main() -> None:
    """Set up the environment, or end with one sentence that says why not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lock", choices=sorted(LOCKS), help="what to install")
    lock = parser.parse_args().lock
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            f"LesionLens needs Python {_dotted(OLDEST)} to {_dotted(NEWEST)}, and {sys.executable} is "
            f"{_dotted(sys.version_info[:2])}. Name another one: make run PYTHON=/path/to/python3"
        )
    missing = missing_packages(lock)
    if missing:
        install_packages(missing)
    if not environment_works(VENVS[lock]):
        say(f"Making {VENVS[lock].relative_to(ROOT)} with Python {_dotted(sys.version_info[:3])}")
        run(sys.executable, "-m", "venv", "--clear", VENVS[lock])
    install(lock)


def missing_packages(lock: str) -> list[str]:
    """Return the Debian packages that pip cannot install and that are missing; none except on Linux."""
    if not sys.platform.startswith("linux"):
        return []
    missing = {package for library, package in QT_LIBRARIES.items() if not _loads(library)}
    if importlib.util.find_spec("ensurepip") is None and not environment_works(VENVS[lock]):
        missing.add(f"python{_dotted(sys.version_info[:2])}-venv")
    if lock == "package":
        missing |= {package for program, package in BUILD_PROGRAMS.items() if shutil.which(program) is None}
    return sorted(missing)


def install_packages(packages: list[str]) -> None:
    """Install Debian packages as root or through sudo; if neither is possible, name them and end."""
    names = " ".join(packages)
    apt_get = shutil.which("apt-get")
    if apt_get is None:
        sys.exit(f"LesionLens needs what Debian calls {names}. Install your system's packages of it, then try again.")
    as_root = [] if os.geteuid() == 0 else _sudo()
    if as_root is None:
        sys.exit(f"LesionLens needs some system packages. As root, then try again: apt-get install {names}")
    say(f"Installing system packages: {names}")
    command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", apt_get, "-qq", "-o", "DPkg::Lock::Timeout=300"]
    # An update fails if one third-party source is unreachable, though Debian's own lists have come; so only install counts.
    subprocess.run([*command, "update"], check=False)
    run(*command, "install", "--yes", "--no-install-recommends", *packages)


def venv_python(venv: Path) -> Path:
    """Return the path of an environment's Python."""
    return venv / SCRIPTS / ("python.exe" if sys.platform == "win32" else "python")


def environment_works(venv: Path) -> bool:
    """Tell whether a folder has a working Python, new enough and with pip; upgrading the system's Python breaks it."""
    probe = (
        "import importlib.util, sys; "
        f"sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST} or importlib.util.find_spec('pip') is None)"
    )
    try:
        return subprocess.run([venv_python(venv), "-c", probe], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def install(lock: str) -> None:
    """Install a lock file and, except for `package`, the project itself, each only if it has changed since the last time."""
    note = VENVS[lock] / "installed.json"
    installed = _read(note)
    if not any(installed.get(name) == _digest(LOCKS[name]) for name in COVERED_BY[lock]):
        say(f"Installing {LOCKS[lock].relative_to(ROOT)} (minutes the first time)")
        # Deleted first: an interrupted installation leaves neither the old state nor the new one.
        note.unlink(missing_ok=True)
        pip(lock, "install", "--require-hashes", "--requirement", LOCKS[lock])
        installed = {lock: _digest(LOCKS[lock])}
        _write(note, installed)
    project = _digest(*(ROOT / name for name in PROJECT_FILES))
    if lock != "package" and installed.get("project") != project:  # PyInstaller takes the project from the checkout
        say("Installing LesionLens itself, editable")
        # The build tools are in the lock, so that nothing is downloaded outside it.
        pip(lock, "install", "--no-deps", "--no-build-isolation", "--editable", ROOT)
        _write(note, {**installed, "project": project})


def pip(lock: str, *arguments: str | Path) -> None:
    """Run the pip of an environment without questions and notices."""
    python = venv_python(VENVS[lock])
    run(python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *arguments)


def run(*command: str | Path) -> None:
    """Run a command in the project's folder; if it fails, end this script with its status, without a further message."""
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        sys.exit(status)


def say(sentence: str) -> None:
    """Print a line immediately, so that it appears before the output that it announces."""
    print(sentence, flush=True)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _sudo() -> list[str] | None:
    """Return the command that gives root's rights, or None: without a terminal nobody can type a password."""
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    if sys.stdin.isatty():
        return [sudo]
    allowed = subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0
    return [sudo, "-n"] if allowed else None


def _read(note: Path) -> dict[str, str]:
    try:
        return dict(json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write(note: Path, installed: dict[str, str]) -> None:
    note.write_text(json.dumps(installed, indent=2) + "\n", encoding="utf-8")


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


if __name__ == "__main__":
    main()
