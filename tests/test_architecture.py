"""Rules that import-linter cannot express: what is loaded, what is shipped, and what no file may contain."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pathspec import GitIgnoreSpec

import desktop

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = ("desktop", "training", "export", "resources")
TRAINING_SIDE = {
    "training",
    "export",
    "tensorflow",
    "keras",
    "tf2onnx",
    "onnx",
    "matplotlib",
    "scipy",
    "sklearn",
    "optuna",
}
CLUSTER = {"dask", "distributed", "fsspec"}
DISTRIBUTE = {"jax", "jaxlib"}
NETWORK = {
    "asyncio",
    "ftplib",
    "http",
    "pynetdicom",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib.request",
    "xmlrpc",
}
MAY_CONNECT = {"desktop/network", "desktop/cluster", "desktop/remote"}
"""The rooms of `desktop` that may import what opens connections; the window uses the first of them alone."""


def unmarked(file: Path) -> list[str]:
    """Return the failures and sentences of a module whose words `tr` does not mark."""
    tree = ast.parse((ROOT / "desktop" / "core" / "errors.py").read_text(encoding="utf-8"))
    sentences = {"Sentence", *(node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))}
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in sentences and node.args:
            text = node.args[0]
            is_word = isinstance(text, ast.Constant) and re.search(r"\w", re.sub(r"\{\w+\}", "", str(text.value)))
            if isinstance(text, ast.JoinedStr) or is_word:
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    return found


def loaded_by(module: str) -> set[str]:
    """Import a module in a new Python process; return the top-level names of all loaded modules."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def project_files() -> list[Path]:
    """Return the files that are or would be committed: all that .gitignore does not name, with or without git."""
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        folders[:] = [
            name for name in folders if name != ".git" and not ignored.match_file(f"{(here / name).as_posix()}/")
        ]
        inside = (here / name for name in names if name != ".git")  # a file in a worktree
        found += [ROOT / file for file in inside if not ignored.match_file(file.as_posix())]
    return found


def locked(name: str) -> dict[str, list[str]]:
    """Return the pins of a lock file, package==version with its marker, each with its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9][^\\\n]*?) \\\n((?:    --hash=\S+(?: \\)?\n)+)", text, re.MULTILINE)
    return {pin: re.findall(r"sha256:[0-9a-f]{64}", hashes) for pin, hashes in pins}


def test_the_window_loads_nothing_of_the_training_side():
    loaded = loaded_by("desktop.__main__")
    assert "PySide6" in loaded
    assert not loaded & (TRAINING_SIDE | CLUSTER | DISTRIBUTE | {"pynetdicom", "ssl"})


@pytest.mark.parametrize("command", ["classify", "judge"])
def test_a_headless_command_loads_no_qt(command: str):
    loaded = loaded_by(f"desktop.commands.{command}")
    assert not loaded & {"PySide6", "shiboken6"}
    assert not loaded & (TRAINING_SIDE | CLUSTER | DISTRIBUTE)


def test_nothing_else_opens_connections() -> None:
    """Not in a function, and not late either; QtNetwork is there for the local socket of the single instance alone."""
    names = "|".join(map(re.escape, sorted(NETWORK)))
    imported = re.compile(rf"^\s*(?:import|from) (?:{names})\b|(?:Late|import_module)\(\"(?:{names})\b", re.MULTILINE)
    found, of_qt = set(), set()
    for file in (ROOT / "desktop").rglob("*.py"):
        text, place = file.read_text("utf-8"), file.relative_to(ROOT)
        if imported.search(text):
            found.add(place.parent.as_posix())
        if "QtNetwork" in text:
            of_qt.add(place.as_posix())
    assert "desktop/network" in found
    assert found <= MAY_CONNECT
    assert of_qt == {"desktop/system/single_instance.py", "desktop/__main__.py"}


def test_text_documents_are_made_where_the_thread_is_checked():
    made = {
        file for file in (ROOT / "desktop").rglob("*.py") if re.search(r"\bQTextDocument\(", file.read_text("utf-8"))
    }
    assert made == {ROOT / "desktop" / "widgets" / "common" / "text_document.py"}


def test_training_and_export_load_no_qt():
    assert not loaded_by("training.__main__, export.__main__") & {"PySide6", "shiboken6", *CLUSTER, *DISTRIBUTE}


def test_the_version_is_stated_in_one_place():
    assert importlib.metadata.version("lesionlens") == desktop.__version__
    assert "version" not in PROJECT["project"]
    assigned = [
        file for file in project_files() if file.suffix == ".py" and "\n__version__ = " in file.read_text("utf-8")
    ]
    assert assigned == [ROOT / "desktop" / "__init__.py"]
    assert f"## [{desktop.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_names_a_package_index_or_a_developers_machine():
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
    ]
    forbidden = re.compile("|".join([*map(re.escape, hosts), r"(?<![\w.<])/(?:home|root|Users|work|tmp)/\w"]))
    for file in project_files():
        content = file.read_bytes()
        if b"\0" not in content:
            assert not forbidden.search(content.decode("utf-8")), file.relative_to(ROOT)


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_a_lock_pins_and_hashes_everything_and_names_no_index(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pins = locked(name)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    assert all("==" in pin and hashes for pin, hashes in pins.items())
    assert not re.search(r"index-url|find-links|trusted-host|://", text)


def test_the_runtime_lock_is_a_part_of_the_dev_lock_without_the_training_side():
    runtime, dev = locked("runtime"), locked("dev")
    assert runtime.items() <= dev.items()
    assert not {pin.partition("==")[0] for pin in runtime} & {*TRAINING_SIDE, *CLUSTER, *DISTRIBUTE, "scikit-learn"}
    assert not {pin.partition("==")[0] for pin in locked("package")} & {*TRAINING_SIDE, *CLUSTER, *DISTRIBUTE}
    assert {"dask", "distributed", "fsspec", "jax", "tensorflow"} <= {pin.partition("==")[0] for pin in dev}


def test_the_locks_satisfy_pyproject():
    project = PROJECT["project"]
    for lock, wanted in (
        ("runtime", project["dependencies"]),
        ("dev", [*project["dependencies"], *chain(*project["optional-dependencies"].values())]),
    ):
        versions = dict(re.match(r"([^=\s]+)==(\S+)", pin).groups() for pin in locked(lock))
        for line in wanted:
            requirement = Requirement(line)
            assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), f"{line}: make lock"


def test_wheel_and_sdist_contain_everything_an_installation_needs(tmp_path):
    project = {file.relative_to(ROOT).as_posix() for file in project_files()}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", tmp_path], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    (sdist,) = tmp_path.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = f"lesionlens-{desktop.__version__}.dist-info"
        commands = archive.read(f"{info}/entry_points.txt").decode()
        metadata = archive.read(f"{info}/METADATA").decode()
    kinds = {".py", ".onnx", ".svg", ".png", ".md", ".txt", ".qss"}
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*"):
            if file.suffix in kinds:
                assert file.relative_to(ROOT).as_posix() in names
    assert "resources/classifier.onnx" in names
    licences = {"LICENSE", "resources/classifier.LICENSE.txt"}
    licences |= {f"resources/licences/{file.name}" for file in (ROOT / "resources/licences").iterdir()}
    assert {f"{info}/licenses/{name}" for name in licences} <= names
    assert not [name for name in names if name.split("/")[0] not in {*PACKAGES, info}]
    assert {"lesionlens", "lesionlens-classify", "lesionlens-train", "lesionlens-export"} <= set(
        re.findall(r"^([\w-]+) =", commands, re.MULTILINE)
    )
    assert "License-Expression: Apache-2.0 AND CC-BY-NC-4.0" in metadata
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert project <= packed, "its tests run from it too"


def test_the_model_writes_nothing_to_the_users_cache(tmp_path: Path, model_file: Path) -> None:
    """The runtime's telemetry and device id are switched off before it is imported."""
    code = (
        "import sys; from pathlib import Path; from desktop.core.inference.classifier import Classifier;"
        " Classifier(Path(sys.argv[1]))"
    )
    environment = {**os.environ, "HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home" / "cache")}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    (tmp_path / "home").mkdir()
    subprocess.run([sys.executable, "-c", code, str(model_file)], env=environment, check=True)
    assert list((tmp_path / "home").rglob("*")) == []


def test_every_sentence_for_the_user_is_marked_for_translation() -> None:
    assert [place for file in (ROOT / "desktop").rglob("*.py") for place in unmarked(file)] == []
