"""Remake the lock files in requirements/ from pyproject.toml: `python scripts/lock.py [--upgrade]`.

There are three files, with every version pinned and every file hashed, for Linux, Windows and macOS: dev.txt has everything
that the project uses, runtime.txt the part that the app needs, package.txt that part with the extra `network`, and what builds
the application from it. Versions that still fit are kept unless --upgrade is given.
"""

from __future__ import annotations

import argparse
import os
import subprocess

from setup_environment import LOCKS, OLDEST, ROOT, TOOLS

UV = [str(TOOLS / "uv"), "pip", "compile", "pyproject.toml", "--quiet"]
UNIVERSAL = ["--universal", "--python-version", ".".join(map(str, OLDEST)), "--generate-hashes"]
UNIVERSAL += [
    "--fork-strategy",
    "fewest",
]  # one version for every Python, so that figures and type checks are the same everywhere


def main() -> None:
    """Make dev.txt, then runtime.txt and package.txt with the same versions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    dev, runtime, package = (LOCKS[name].relative_to(ROOT).as_posix() for name in ("dev", "runtime", "package"))
    # uv writes the command at the top of the file; people use "make lock".
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    for options in (
        [
            *upgrade,
            "--extra",
            "cluster",
            "--extra",
            "distribute",
            "--extra",
            "network",
            "--extra",
            "training",
            "--group",
            "build",
            "--group",
            "dev",
            "--output-file",
            dev,
        ],
        # It must agree with dev.txt alone, so its own old versions are ignored.
        ["--upgrade", "--group", "build", "--constraint", dev, "--output-file", runtime],
        [*upgrade, "--extra", "network", "--group", "package", "--constraint", runtime, "--output-file", package],
    ):
        subprocess.run([*UV, *UNIVERSAL, *options], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
