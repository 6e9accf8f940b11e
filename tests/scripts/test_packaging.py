"""The packaging fits the app; make package and make check-package test the built application itself."""

import importlib
import os
import plistlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from desktop.core.imaging.opening import EXTENSIONS
from tests.platforms import linux
from tests.test_architecture import TRAINING_SIDE, locked

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"
SPEC = (ROOT / "build.spec").read_text(encoding="utf-8")

FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "HEIC", "AVIF")
"""The formats besides DICOM, with the MIME types to declare to the desktop."""

BUILDERS = {
    "altgraph",
    "macholib",
    "pefile",
    "pyelftools",
    "pyinstaller",
    "pyinstaller-hooks-contrib",
    "pywin32-ctypes",
    "setuptools",
}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Import scripts by name."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(ROOT / "scripts")):
            del sys.modules[name]


# The environment that builds


def test_the_package_lock_is_the_runtime_the_network_and_the_build_tools():
    package = locked("package")
    names = {pin.partition("==")[0] for pin in package}
    runtime = {pin: hashes for pin, hashes in locked("runtime").items() if pin.partition("==")[0] in names}
    assert runtime.items() <= package.items(), "make lock"
    assert names - {pin.partition("==")[0] for pin in runtime} == {*BUILDERS, "pynetdicom"}
    assert not names & TRAINING_SIDE


def test_every_distribution_in_the_build_has_metadata_and_licence():
    listed = re.search(r"DISTRIBUTIONS = \((.*?)\)", SPEC, re.DOTALL)
    assert listed is not None
    names = {name.lower() for name in re.findall(r'"([\w-]+)"', listed[1])}
    assert names == {pin.partition("==")[0] for pin in locked("package")} - BUILDERS


def test_the_build_recipe_is_valid_python():
    compile(SPEC, "build.spec", "exec")
    compile((ROOT / "benchmarks" / "start.spec").read_text(encoding="utf-8"), "start.spec", "exec")


# "Open with"


def test_linux_offers_lesionlens_for_its_file_types():
    text = (LINUX / "lesionlens.desktop").read_text(encoding="utf-8")
    entry = dict(line.split("=", 1) for line in text.splitlines()[1:])
    offered = entry["MimeType"].removesuffix(";").split(";")
    assert {*offered} >= {f"image/{name.lower()}" for name in FORMATS} | {"image/jp2", "image/jls", "application/dicom"}
    assert entry["Exec"] == "lesionlens %F"
    assert entry["Icon"] == "lesionlens"


def test_windows_offers_lesionlens_for_its_file_types_without_becoming_the_default():
    text = (ROOT / "packaging" / "windows" / "lesionlens.iss").read_text(encoding="utf-8")
    offered = set(re.findall(r'#emit Kind\("(\.\w+)"\)', text))
    assert offered <= EXTENSIONS
    assert {suffix[1:4] for suffix in offered} >= {name.lower()[:3].replace("jpe", "jpg") for name in FORMATS} | {
        "dcm",
        "jp2",
        "jls",
    }
    assert not re.search(r"Software\\Classes\\\.", text), "a file type's own key is not touched"
    assert "UninstallDelete" not in text, "data stay"


def test_macos_offers_lesionlens_as_an_alternative():
    assert '"LSHandlerRank": "Alternate"' in SPEC
    types = re.findall(r'"((?:public|com|org)\.[\w.]+)"', SPEC)
    assert "org.nema.dicom" in types
    assert {kind.rpartition(".")[2] for kind in types} >= {name.lower() for name in FORMATS}
    plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())


# The install script


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The archive's folder, with stand-ins for the programs."""
    folder = tmp_path / "LesionLens"
    (folder / "app" / "_internal").mkdir(parents=True)
    for program in (
        "LesionLens",
        "lesionlens-classify",
        "lesionlens-history",
        "lesionlens-judge",
        "lesionlens-records",
    ):
        (folder / "app" / program).write_text(f"#!/bin/sh\necho {program} of the new version\n", encoding="utf-8")
        (folder / "app" / program).chmod(0o755)
    for name in ("install.sh", "lesionlens.desktop"):
        shutil.copy(LINUX / name, folder)
    for name in ("lesionlens.svg", "lesionlens.png"):
        (folder / name).touch()
    return folder


def install(unpacked: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    command = [str(unpacked / "install.sh"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@linux
def test_the_install_script_installs_upgrades_and_removes_and_leaves_the_data(unpacked: Path, tmp_path: Path):
    home = tmp_path / "home of one"
    history = home / ".local" / "share" / "LesionLens" / "history.sqlite3"
    history.parent.mkdir(parents=True)
    history.write_text("kept", encoding="utf-8")
    program = home / ".local" / "lib" / "lesionlens"
    assert install(unpacked, home).returncode == 0
    (program / "_internal" / "of-the-old-version").touch()
    assert install(unpacked, home).returncode == 0
    assert not (program / "_internal" / "of-the-old-version").exists()
    for command in (
        "lesionlens",
        "lesionlens-classify",
        "lesionlens-history",
        "lesionlens-judge",
        "lesionlens-records",
    ):
        name = "LesionLens" if command == "lesionlens" else command
        said = subprocess.run([home / ".local" / "bin" / command], capture_output=True, text=True, check=True).stdout
        assert said == f"{name} of the new version\n"
    entry = (home / ".local" / "share" / "applications" / "lesionlens.desktop").read_text(encoding="utf-8")
    assert f'\nExec="{program}/LesionLens" %F\n' in entry
    assert (home / ".local" / "share" / "icons" / "hicolor" / "scalable" / "apps" / "lesionlens.svg").exists()
    assert install(unpacked, home, "--remove").returncode == 0
    assert [path for path in home.rglob("*") if not path.is_dir()] == [history]


@linux
def test_the_install_script_names_missing_libraries(unpacked: Path, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "ldd").write_text("#!/bin/sh\nprintf '\\tlibEGL.so.1 => not found\\n'\n", encoding="utf-8")
    (tools / "ldd").chmod(0o755)
    (unpacked / "app" / "_internal" / "libQt6Widgets.so.6").touch()
    environment = {"HOME": str(tmp_path / "home"), "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([unpacked / "install.sh"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "does not have: libEGL.so.1" in done.stderr
    assert not (tmp_path / "home").exists()


@linux
def test_the_install_script_refuses_unknown_arguments(unpacked: Path, tmp_path: Path):
    assert install(unpacked, tmp_path, "--help-me").returncode == 2


# What the .deb names


@linux
def test_a_library_names_its_debian_packages(script: Callable[[str], ModuleType], tmp_path: Path):
    debian = script("debian_dependencies")
    shutil.copy(str(msgspec._core.__file__), tmp_path / "one.so")
    found = debian.dependencies(tmp_path)
    assert [name.partition(" ")[0] for name in found] == ["libc6"]
    assert re.fullmatch(r"libc6 \(>= 2\.\d+\)", found[0])


@linux
def test_a_library_without_a_known_package_stops_the_build(
    script: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    debian = script("debian_dependencies")
    monkeypatch.setattr(debian, "SYSTEM_LIBRARIES", {})
    shutil.copy(str(msgspec._core.__file__), tmp_path / "one.so")
    with pytest.raises(SystemExit, match=r"not known: .*libc\.so\.6"):
        debian.dependencies(tmp_path)


# What takes the space


def test_the_table_of_sizes_counts_every_file_once(script: Callable[[str], ModuleType], tmp_path: Path):
    inside = {
        "LesionLens": 1,
        "_internal/PySide6/Qt/lib/libicudata.so.73": 2,
        "_internal/PySide6/Qt/lib/libQt6Core.so.6": 4,
        "_internal/PySide6/Qt/plugins/platforms/libqxcb.so": 8,
        "_internal/PySide6/QtCore.abi3.so": 16,
        "_internal/resources/classifier.onnx": 32,
        "_internal/resources/icons/folder.svg": 64,
        "_internal/numpy-2.4.6.dist-info/METADATA": 128,
        "_internal/msgspec/_core.so": 256,
        "_internal/libcrypto.so.3": 512,
    }
    for name, size in inside.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "_internal" / "libQt6Core.so.6").symlink_to(tmp_path / "_internal/PySide6/Qt/lib/libQt6Core.so.6")
    found = script("sizes").sizes(tmp_path)
    assert sorted(round(1e6 * size) for size in found.values()) == sorted(inside.values())


# The trace of system calls


@pytest.mark.parametrize(
    ("calls", "own"),
    [
        (["1 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3"], 0),
        (['1 connect(3, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X1"}, 20) = 0'], 0),
        (['1 bind(3, {sa_family=AF_UNIX, sun_path="/run/user/0/lesionlens-ab12"}, 30) = 0'], 1),
    ],
)
def test_local_sockets_are_allowed(script: Callable[[str], ModuleType], calls: list[str], own: int):
    assert script("socket_trace").judge(calls) == own


@pytest.mark.parametrize(
    "call",
    [
        "1 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3",
        "1 socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3",
        "1 socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 3",
        '1 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
        '1 connect(3, {sa_family=AF_UNIX, sun_path="/run/telemetry"}, 30) = 0',
    ],
)
def test_a_network_socket_is_refused(script: Callable[[str], ModuleType], call: str):
    with pytest.raises(script("expecting").FailedError):
        script("socket_trace").judge([call])
