"""A Dask cluster of real processes on this machine: a scheduler, and workers that can be added and killed at any moment."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import psutil
from distributed.security import Security

_ROOT = Path(__file__).resolve().parent.parent
_SECONDS_TO_START = 120
_SECONDS_BETWEEN_LOOKS = 0.05


class Cluster:
    """A scheduler at `address`, which is known once the block is entered, with TLS by the files of `tls`."""

    def __init__(self, folder: Path) -> None:
        """Keep certificates and output in a folder."""
        self._folder = folder
        self._stack = ExitStack()
        self._started = 0
        self.address = ""
        self.tls = certificates(folder)

    def __enter__(self) -> Self:
        self._scheduler, self.address = self._start("scheduler", "Scheduler at:", "--port", "0")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add_worker(self, path: str = "") -> subprocess.Popen[bytes]:
        """Start a worker of one thread, which also imports from `path`; return its process when it is connected."""
        options = (self.address, "--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder))
        return self._start("worker", "Registered to:", *options, path=path)[0]

    def end_scheduler(self) -> None:
        """Kill the scheduler."""
        self._scheduler.kill()
        self._scheduler.wait()

    def start_scheduler_again(self) -> None:
        """Start another scheduler at the address of the one that was killed; it has no workers."""
        port = self.address.rpartition(":")[2]
        self._scheduler, _address = self._start("scheduler", "Scheduler at:", "--port", port)

    @contextmanager
    def scheduler_stopped(self) -> Iterator[None]:
        """Let the scheduler hang while the block runs."""
        process = psutil.Process(self._scheduler.pid)
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    def _start(self, kind: str, sign: str, *options: str, path: str = "") -> tuple[subprocess.Popen[bytes], str]:
        """Start a process; return it when it says `sign`, with what it says behind it."""
        self._started += 1
        output = self._folder / f"{kind}-{self._started}.log"
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
        command += ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0", *self.tls]
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, (path, str(_ROOT)))),
            "DASK_LOGGING__DISTRIBUTED": "info",
        }
        process = self._stack.enter_context(_running(command, output, environment))
        until = time.monotonic() + _SECONDS_TO_START
        while sign not in (said := output.read_text(encoding="utf-8")):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"the {kind} does not start: {said}")
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        return process, said.partition(sign)[2].split()[0]


def certificates(folder: Path) -> list[str]:
    """Write a certificate for all sides into a folder; return the options by which Dask and lesionlens-classify take it."""
    made = Security.temporary().get_tls_config_for_role("client")
    names = {"ca_file": "--tls-ca-file", "cert": "--tls-cert", "key": "--tls-key"}
    options = []
    for name, option in names.items():
        file = folder / f"{name}.pem"
        file.write_text(made[name], encoding="ascii")
        options += [option, str(file)]
    return options


@contextmanager
def _running(command: list[str], output: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with output.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
