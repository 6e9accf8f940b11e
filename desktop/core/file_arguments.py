"""Command lines whose file names may begin with a dash, as a shell expands `*.jpg` to them."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any


class FileArguments(argparse.ArgumentParser):
    """An argument parser that treats the name of an existing file as a file, unless it is exactly an option."""

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        """Parse arguments as `ArgumentParser` does, files first."""
        given = sys.argv[1:] if args is None else args
        return super().parse_known_args([self._as_file(argument) for argument in given], namespace)

    def _as_file(self, argument: str) -> str:
        is_option = argument.partition("=")[0] in self._option_string_actions
        is_file = argument.startswith("-") and not is_option and os.path.lexists(argument)
        return os.path.join(os.curdir, argument) if is_file else argument  # noqa: PTH118 - a Path drops the "."
