"""Make an environment, or bring it up to date: `python scripts/setup_environment.py runtime`, `dev` or `package`.

`runtime` (the app) and `dev` (everything) share .venv. `package`, what builds the application, has .venv-package for
itself: whatever lies beside PyInstaller may end in the application, TensorFlow too.

It runs on a bare Python, before anything is installed, so it uses the standard library alone. On Debian and its like it
first brings, through apt-get, what is missing of python3-venv and of the system libraries that Qt links. What was
installed is noted in the environment's installed.json, so that a second call does nothing and takes a moment.
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
"""The dev lock holds the runtime lock, version for version: an environment that has the one has the other."""
PROJECT_FILES = ("pyproject.toml", "desktop/__init__.py")
"""What an editable install copies out of the checkout: the commands and the version."""

OLDEST, NEWEST = (3, 11), (3, 13)
"""The Python versions for which the locks hold wheels: TensorFlow has none for 3.14 yet."""

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
"""What Qt's libraries and its xcb, wayland and offscreen plugins name as NEEDED (6.11, 6.12), and Debian's package of it.

Even an offscreen window needs the first two: QtGui links them.
"""

BUILD_PROGRAMS = {"objdump": "binutils", "strip": "binutils", "xz": "xz-utils"}
"""What a build calls on Linux: PyInstaller the first, build.spec the second, scripts/package.py the last."""


def main() -> None:
    """Do what the command line asks for, or end with one sentence that says what is in the way."""
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
    """Return Debian's names of the packages that must be there before pip can do the rest; none but on Linux."""
    if not sys.platform.startswith("linux"):
        return []
    missing = {package for library, package in QT_LIBRARIES.items() if not _loads(library)}
    if importlib.util.find_spec("ensurepip") is None and not environment_works(VENVS[lock]):
        missing.add(f"python{_dotted(sys.version_info[:2])}-venv")
    if lock == "package":
        missing |= {package for program, package in BUILD_PROGRAMS.items() if shutil.which(program) is None}
    return sorted(missing)


def install_packages(packages: list[str]) -> None:
    """Install Debian packages as root or through sudo; where neither is to be had, say which and end."""
    names = " ".join(packages)
    apt_get = shutil.which("apt-get")
    if apt_get is None:
        sys.exit(f"LesionLens needs what Debian calls {names}. Install your system's packages of it, then try again.")
    as_root = [] if os.geteuid() == 0 else _sudo()
    if as_root is None:
        sys.exit(f"LesionLens needs some system packages. As root, then try again: apt-get install {names}")
    say(f"Installing system packages: {names}")
    command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", apt_get, "-qq", "-o", "DPkg::Lock::Timeout=300"]
    # One unreachable third-party source fails an update though Debian's own lists have come: the install is the judge.
    subprocess.run([*command, "update"], check=False)
    run(*command, "install", "--yes", "--no-install-recommends", *packages)


def venv_python(venv: Path) -> Path:
    """Return the path of an environment's Python."""
    return venv / SCRIPTS / ("python.exe" if sys.platform == "win32" else "python")


def environment_works(venv: Path) -> bool:
    """Tell whether a folder has a Python that starts, is new enough and has pip: an upgraded system Python leaves a husk."""
    probe = (
        "import importlib.util, sys; "
        f"sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST} or importlib.util.find_spec('pip') is None)"
    )
    try:
        return subprocess.run([venv_python(venv), "-c", probe], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def install(lock: str) -> None:
    """Install a lock file and, but for `package`, the project itself, each only if it has changed since the last time."""
    note = VENVS[lock] / "installed.json"
    installed = _read(note)
    if not any(installed.get(name) == _digest(LOCKS[name]) for name in COVERED_BY[lock]):
        say(f"Installing {LOCKS[lock].relative_to(ROOT)} (minutes the first time)")
        # Forgotten first: an installation that is cut short leaves neither the old state nor the new one.
        note.unlink(missing_ok=True)
        pip(lock, "install", "--require-hashes", "--requirement", LOCKS[lock])
        installed = {lock: _digest(LOCKS[lock])}
        _write(note, installed)
    project = _digest(*(ROOT / name for name in PROJECT_FILES))
    if lock != "package" and installed.get("project") != project:  # PyInstaller takes the project from the checkout
        say("Installing LesionLens itself, editable")
        # The build tools stand in the lock, so that nothing is fetched outside it.
        pip(lock, "install", "--no-deps", "--no-build-isolation", "--editable", ROOT)
        _write(note, {**installed, "project": project})


def pip(lock: str, *arguments: str | Path) -> None:
    """Run the pip of a lock's environment without questions and without advice."""
    python = venv_python(VENVS[lock])
    run(python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *arguments)


def run(*command: str | Path) -> None:
    """Run a command in the project's folder; its failure, of which it has told, ends this script with its status."""
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        sys.exit(status)


def say(sentence: str) -> None:
    """Print a line at once, so that it stands before what it announces."""
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
