"""Run the project's checks in .venv, cheapest first, and stop at the first that fails: `python scripts/check.py`.

Names on the command line run only those: `python scripts/check.py format lint`.
The make target, the continuous integration and the pre-commit hooks all use this script, on every platform.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys

from setup_environment import ROOT, TOOLS

CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "imports": ("lint-imports", "--no-logo"),
    # Two processes; each test file runs in one of them, so that its module-wide fixtures are made once. A process that
    # crashes ends the run with the name of its test: pytest-xdist would replace it, and then waits for ever.
    "tests": ("pytest", "-n", "2", "--dist", "loadfile", "--max-worker-restart", "0"),
}


def main() -> None:
    """Run the named checks, or all of them; end with the status of the first that fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checks", nargs="*", metavar="check", help=f"one of {', '.join(CHECKS)} (default: all)")
    names: list[str] = parser.parse_args().checks
    if unknown := set(names) - set(CHECKS):
        parser.error(f"there is no check called {', '.join(sorted(unknown))}")
    for name in names or CHECKS:
        tool, *arguments = CHECKS[name]
        print(f"$ {shlex.join([tool, *arguments])}", flush=True)
        status = subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, check=False).returncode
        if status:
            sys.exit(status)


if __name__ == "__main__":
    main()
