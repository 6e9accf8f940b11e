"""Time, memory and the machine, for the benchmarks: each measurement in a process of its own."""

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.material import ROOT
from desktop.core.inference.batch import usable_cores


@dataclass(frozen=True)
class Measured:
    """The time for `images` images; `cpu_seconds` counts every core, `peak_mb` is the peak resident memory."""

    images: int
    seconds: float
    cpu_seconds: float
    peak_mb: float

    @property
    def rate(self) -> float:
        """Images per second."""
        return self.images / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of one core for an image: steadier than the rate next to other programs."""
        return 1000 * self.cpu_seconds / self.images

    def __add__(self, other: "Measured") -> "Measured":
        """Combine two rounds of the same measurement."""
        return Measured(
            self.images + other.images,
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            max(self.peak_mb, other.peak_mb),
        )


def measure(work: Callable[[], int]) -> Measured:
    """Measure some work, which returns its number of images."""
    begin, cpu = time.perf_counter(), time.process_time()
    images = work()
    return Measured(images, time.perf_counter() - begin, time.process_time() - cpu, peak_mb())


def peak_mb() -> float:
    """Return the peak resident memory of this process so far, in MB of 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # on Linux, getrusage includes the process that started this one
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
    memory = psutil.Process().memory_info()
    return float(getattr(memory, "peak_wset", memory.rss)) / 1e6


def tell(measured: Measured) -> None:
    """Print a measurement for `in_own_process` to read."""
    print(json.dumps(asdict(measured)))


def in_own_process(script: str, *arguments: object) -> Measured:
    """Run a benchmark's script in a new process, with arguments that make it `tell` one measurement; return that."""
    command = [sys.executable, script, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    if done.returncode:  # otherwise TensorFlow's messages are of no interest
        sys.exit(done.stderr.decode(errors="replace"))
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def machine(packages: Sequence[str]) -> str:
    """Return a description of the machine, its load and the package versions."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{usable_cores()} cores ({_processor()}), {memory:.0f} GiB{load('at the start')}\n"
        f"{platform.system()}, Python {platform.python_version()}, {versions}"
    )


def load(moment: str) -> str:
    """Return the load average of the last minute as text; empty on Windows, which has none."""
    return f", load {os.getloadavg()[0]:.1f} {moment}" if hasattr(os, "getloadavg") else ""


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
