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
    """So many images took so long; `cpu_seconds` counts every core, `peak_mb` is the resident memory at its highest."""

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
        """Milliseconds of one core for an image: steadier than the rate where other programs run beside."""
        return 1000 * self.cpu_seconds / self.images

    def __add__(self, other: "Measured") -> "Measured":
        """Put two rounds of the same together."""
        return Measured(
            self.images + other.images,
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            max(self.peak_mb, other.peak_mb),
        )


def measure(work: Callable[[], int]) -> Measured:
    """Do some work, which returns how many images it was, and measure it."""
    begin, cpu = time.perf_counter(), time.process_time()
    images = work()
    return Measured(images, time.perf_counter() - begin, time.process_time() - cpu, peak_mb())


def peak_mb() -> float:
    """Return the highest resident memory of this process so far, in MB of 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # what getrusage says on Linux includes the process that started this one
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
    memory = psutil.Process().memory_info()
    return float(getattr(memory, "peak_wset", memory.rss)) / 1e6


def tell(measured: Measured) -> None:
    """Print what was measured for `in_own_process` to read."""
    print(json.dumps(asdict(measured)))


def in_own_process(script: str, *arguments: object) -> Measured:
    """Run a benchmark's script with arguments that make it `tell` one measurement; return that."""
    command = [sys.executable, script, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    if done.returncode:  # TensorFlow's chatter is of interest only then
        sys.exit(done.stderr.decode(errors="replace"))
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def machine(packages: Sequence[str]) -> str:
    """Say what it was measured on, and how busy that was with other things."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{usable_cores()} cores ({_processor()}), {memory:.0f} GiB{load('at the start')}\n"
        f"{platform.system()}, Python {platform.python_version()}, {versions}"
    )


def load(moment: str) -> str:
    """Say how many programs wanted a core in the last minute, where the system counts them; Windows does not."""
    return f", load {os.getloadavg()[0]:.1f} {moment}" if hasattr(os, "getloadavg") else ""


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
