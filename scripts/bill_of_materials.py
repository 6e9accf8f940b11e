"""Write the CycloneDX bill of materials of a built application: `python scripts/bill_of_materials.py FOLDER OUT.json`.

The bill is made from the contents of the folder, not from the requirements. Every file and every Python module must have an
owner (a wheel of the environment that built it, Python, a system package, LesionLens); otherwise the script ends and names the
one without. It runs in .venv-package and compares with the wheels there.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
import sysconfig
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PyInstaller.archive.readers import CArchiveReader

from linked_libraries import component, linked_into
from package import version

CONTENTS = "_internal"
OWN_PACKAGES = {"desktop", "resources", "licences"}
OWN_FILES = {"LICENSE"}
MODEL = "resources/classifier.onnx"


@dataclass
class Owner:
    """A component of the bill, with its files by their path in the application."""

    description: dict[str, Any]
    files: set[str] = field(default_factory=set)


class Environment:
    """The owners of files and modules in the environment that built the application."""

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}
        self._by_file: dict[str, str] = {}
        for wheel in importlib.metadata.distributions():
            for file in wheel.files or ():
                self._by_file[file.as_posix()] = wheel.name
        self._by_module = importlib.metadata.packages_distributions()

    def of_file(self, inside: str, folder: Path) -> Owner:
        """Return the owner of a file, given by its path in the contents folder."""
        first = inside.partition("/")[0]
        if inside == MODEL:
            return self._owner("model", model_component)
        if first in OWN_PACKAGES or inside in OWN_FILES:
            return self._owner("LesionLens", own_component)
        if wheel := self._by_file.get(inside):
            return self._owner(wheel, lambda: wheel_component(wheel))
        if is_of_python(inside):
            return self._owner("CPython", python_component)
        return self._owner(inside, lambda: system_component(inside, folder))

    def of_module(self, module: str) -> Owner | None:
        """Return the owner of a Python module inside a program; None for a shared namespace."""
        first = module.partition(".")[0]
        if first in OWN_PACKAGES:
            return self._owner("LesionLens", own_component)
        if first in sys.stdlib_module_names or first.startswith("_sysconfigdata"):
            return self._owner("CPython", python_component)
        wheels = self._by_module.get(first, [])
        if first.startswith(("pyi", "_pyi")):
            wheels = ["pyinstaller"]
        path = module.replace(".", "/")
        for wheel in (self._by_file.get(f"{path}.py"), self._by_file.get(f"{path}/__init__.py"), *wheels):
            if wheel is not None:
                return self._owner(wheel, lambda wheel=wheel: wheel_component(wheel))
        sys.exit(f"nobody owns the module {module}")

    def owners(self) -> list[Owner]:
        """Return all owners that were found, by name."""
        return sorted(self._owners.values(), key=lambda owner: str(owner.description["name"]).lower())

    def _owner(self, key: str, describe: Any) -> Owner:
        if key not in self._owners:
            self._owners[key] = Owner(describe())
        return self._owners[key]


def is_of_python(inside: str) -> bool:
    """Tell whether a file belongs to Python itself: its library, its compiled modules, its shared library."""
    name = inside.rpartition("/")[2].lower()
    version = sysconfig.get_python_version()
    return (
        inside == "base_library.zip"
        or inside.startswith(f"python{version}/")
        or name.startswith(("libpython", "python3"))
        or name == "python"
        or (sys.platform == "win32" and name.endswith((".pyd", ".dll")) and "/" not in inside)
    )


def own_component() -> dict[str, Any]:
    """Describe LesionLens itself."""
    licence = [{"expression": "Apache-2.0 AND CC-BY-NC-4.0"}]
    return {"type": "application", "name": "LesionLens", "version": version(), "licenses": licence}


def model_component() -> dict[str, Any]:
    """Describe the shipped weights."""
    licence = [{"license": {"id": "CC-BY-NC-4.0"}}]
    return {"type": "machine-learning-model", "name": "classifier.onnx", "version": version(), "licenses": licence}


def python_component() -> dict[str, Any]:
    """Describe the interpreter inside."""
    version = ".".join(map(str, sys.version_info[:3]))
    return {
        "type": "framework",
        "name": "CPython",
        "version": version,
        "purl": f"pkg:generic/python@{version}",
        "licenses": [{"license": {"id": "Python-2.0"}}],
    }


def wheel_component(name: str) -> dict[str, Any]:
    """Describe an installed wheel by its own metadata."""
    wheel = importlib.metadata.distribution(name)
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{wheel.version}"
    component: dict[str, Any] = {"type": "library", "name": name, "version": wheel.version, "purl": purl}
    if "License-Expression" in wheel.metadata:
        component["licenses"] = [{"expression": wheel.metadata["License-Expression"]}]
    elif "License" in wheel.metadata:
        component["licenses"] = [{"license": {"name": wheel.metadata["License"].partition("\n")[0]}}]
    return component


def system_component(inside: str, folder: Path) -> dict[str, Any]:
    """Describe a library of the build machine, by its Debian package if there is one."""
    name = inside.rpartition("/")[2]
    if not (".so" in name or name.endswith((".dll", ".dylib"))) or not (folder / inside).is_file():
        sys.exit(f"nobody owns the file {inside}")
    component = {"type": "library", "name": name}
    if shutil.which("dpkg-query"):
        found = subprocess.run(["dpkg-query", "--search", f"*/{name}"], capture_output=True, text=True, check=False)
        package = found.stdout.partition(":")[0]
        if package:
            shown = ["dpkg-query", "--show", "--showformat=${source:Package} ${Version} ${Architecture}\n", package]
            words = subprocess.run(shown, capture_output=True, text=True, check=True).stdout.splitlines()[0].split()
            source, version, architecture = words
            component |= {"version": version, "purl": f"pkg:deb/debian/{package}@{version}?arch={architecture}"}
            component["description"] = f"of Debian's source package {source}"
    return component


def modules(program: Path) -> set[str]:
    """Return the names of the Python modules inside a program that PyInstaller made."""
    archive = CArchiveReader(str(program))
    of_pyinstaller = {name for name in archive.toc if name.startswith("pyi")}
    return of_pyinstaller | set(archive.open_embedded_archive("PYZ.pyz").toc)


def bill(folder: Path) -> dict[str, Any]:
    """Return the bill of materials of a one-folder application."""
    contents = folder / CONTENTS
    environment = Environment()
    listed: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        shown = path.relative_to(folder).as_posix()
        if path.is_relative_to(contents):
            owner = environment.of_file(path.relative_to(contents).as_posix(), contents)
        else:
            owner = environment.of_file("LICENSE", contents)  # the programs are ours
            for module in modules(path):
                environment.of_module(module)
        owner.files.add(shown)
        listed[shown] = [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]
    components = []
    for owner in environment.owners():
        reference = owner.description.get("purl", owner.description["name"])
        files = [
            {"type": "file", "bom-ref": f"file:{name}", "name": name, "hashes": listed[name]}
            for name in sorted(owner.files)
        ]
        name = str(owner.description["name"])
        inside = [*files, *(component(library, name) for library in linked_into(name))]
        components.append({**owner.description, "bom-ref": reference, **({"components": inside} if inside else {})})
    application = next(component for component in components if component["name"] == "LesionLens")
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {"timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "component": application},
        "components": [component for component in components if component is not application],
    }


def main() -> None:
    """Write the bill of the application in one folder."""
    folder, out = map(Path, sys.argv[1:])
    found = bill(folder)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{out.name}: {len(found['components']) + 1} components")


if __name__ == "__main__":
    main()
