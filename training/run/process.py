"""The processes of a training with `--distribute`, and the back end that it needs. Nothing here imports Keras."""

import argparse
import importlib.util
import os
import sys
from dataclasses import dataclass, replace

from desktop.core.errors import UsageError


@dataclass(frozen=True)
class Process:
    """Process `index` of `count`, the first being 0; all of them meet the first at `coordinator`, HOST:PORT."""

    index: int = 0
    count: int = 1
    coordinator: str = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `chosen` reads."""
    parser.add_argument(
        "--distribute",
        type=_process,
        nargs="?",
        const=Process(),
        metavar="I/N",
        help="train on all devices of this machine, with JAX; with I/N this is process I of N, the first being 0",
    )
    parser.add_argument(
        "--coordinator",
        type=_address,
        metavar="HOST:PORT",
        help="where all processes of --distribute I/N meet: an address of the machine of process 0",
    )


def chosen(options: argparse.Namespace) -> Process | None:
    """Return the process that the options name; None without `--distribute`.

    Raises:
        UsageError: one of the two options lacks the other, or this system has no training in several processes.
    """
    process: Process | None = options.distribute
    if bool(options.coordinator) != (process is not None and process.count > 1):
        raise UsageError(
            "Several processes train one network with both --distribute I/N and --coordinator HOST:PORT; --distribute alone is "
            "for all devices of one machine."
        )
    if process and process.count > 1 and sys.platform == "win32":
        raise UsageError("Several processes train one network on Linux and macOS alone; give --distribute without I/N.")
    return process and replace(process, coordinator=options.coordinator or "")


def take_jax() -> None:
    """Make JAX the back end of Keras, before Keras is imported.

    Raises:
        UsageError: the environment names another back end, or JAX is not installed.
    """
    if importlib.util.find_spec("jax") is None:
        raise UsageError(
            "--distribute needs the package jax, which is not installed here. Bring it with: "
            'pip install ".[training,distribute]"'
        )
    backend = os.environ.setdefault("KERAS_BACKEND", "jax")
    if backend != "jax":
        raise UsageError(
            "--distribute needs JAX, but KERAS_BACKEND is {backend}: Keras distributes a training on JAX alone (version 3.15 "
            "has nothing for it on PyTorch, and on TensorFlow a prototype marked “do not use”). Unset KERAS_BACKEND.",
            backend=backend,
        )


def _process(text: str) -> Process:
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and int(index) < int(count)):
        raise argparse.ArgumentTypeError(f"{text} is no process: for two processes, 0/2 and 1/2")
    return Process(int(index), int(count))


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not (host and port.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text} is not HOST:PORT")
    return text
