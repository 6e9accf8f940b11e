"""The commands as the application without Python has them: one program by several names."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import desktop.commands
from desktop.commands.__main__ import COMMANDS

PROGRAM = Path(desktop.commands.__file__).with_name("__main__.py")
ROOT = PROGRAM.parents[2]
SPEC = (ROOT / "build.spec").read_text(encoding="utf-8")


def call(name: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(name), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_does_what_its_name_says(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(PROGRAM.read_text(encoding="utf-8"), encoding="utf-8")
    done = call(tmp_path / name, "--version")
    assert (done.returncode, done.stdout) == (0, f"{name} {desktop.__version__}\n")


def test_by_another_name_it_names_its_own() -> None:
    done = call(PROGRAM)
    assert done.returncode == 2
    assert all(name in done.stderr for name in COMMANDS)


def test_the_application_has_every_command_of_the_wheel() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    of_desktop = {name for name, target in scripts.items() if target.startswith("desktop.commands.")}
    assert of_desktop == {*COMMANDS}
    assert of_desktop == {*re.findall(r'^    "(lesionlens-\w+)": "', SPEC, re.MULTILINE)}
