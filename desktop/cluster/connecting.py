"""The connection to a Dask scheduler: one that is there, or one of this machine for this run alone."""

from __future__ import annotations

import logging
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path

import dask
from distributed import Client, LocalCluster
from distributed.security import Security
from distributed.utils import LoopRunner
from tornado.ioloop import IOLoop

from desktop.cluster.outages import SIGNS
from desktop.core.ctrl_c import ctrl_c_later
from desktop.core.errors import UsageError
from desktop.core.marking import tr

_SECONDS_TO_CONNECT = 30
_SECONDS_TO_CLOSE = 5
_LOOPBACK = "127.0.0.1"

_LOCAL: dict[str, object] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1},
}
"""Dask opens a port for a web page beside each of its own; here it is bound to this machine and has no page. Dask also lets
glibc return freed memory at once (MALLOC_TRIM_THRESHOLD_), so that each image's pixels are on new pages; here it does not."""

_PATIENT = {"distributed.deploy.lost-worker-timeout": "1 hour"}
"""A worker that died and does not run again in this time is ended for good. By default it is 15 s, which a busy machine takes
to start one."""


class NoSchedulerError(UsageError):
    """Nobody answers at a scheduler's address, or not with these certificates."""


@dataclass(frozen=True)
class TlsFiles:
    """What proves this program to a scheduler, in files as Dask's own commands take them; None: as Dask is configured."""

    ca_file: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@contextmanager
def scheduler_at(address: str, tls: TlsFiles) -> Iterator[Client]:
    """Connect to a scheduler while the block runs.

    Raises:
        NoSchedulerError: nobody answers there, or not with these certificates.
    """
    with _quiet():
        try:
            client = Client(
                address, security=_security(tls), timeout=_SECONDS_TO_CONNECT, set_as_default=False, name="lesionlens"
            )
        except (OSError, ValueError, RuntimeError, TypeError, ImportError) as error:  # the last: of another version
            raise NoSchedulerError(
                tr(
                    "No scheduler answers at {address} ({detail}). Check that it runs, its address and the TLS options."
                ),
                address=address,
                detail=str(error).strip().partition("\n")[0] or type(error).__name__,
            ) from error
        try:
            yield client
        finally:
            with suppress(*SIGNS):  # one that is gone, or hangs, is not waited for
                client.close(timeout=_SECONDS_TO_CLOSE)


@contextmanager
def connected(client: Client) -> Iterator[Client]:
    """Take the connection that is there already, where one is to be made."""
    yield client


@contextmanager
def local_workers(count: int) -> Iterator[Client]:
    """Run a scheduler and so many workers, each a process with one core, while the block runs.

    They listen to this machine alone, and speak TLS with a certificate of this run: another user of the machine gets no
    answer.
    """
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        stack.enter_context(dask.config.set(_LOCAL | _PATIENT))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lesionlens-", ignore_cleanup_errors=True))
        security = Security.temporary()
        loop = stack.enter_context(_loop_without_ctrl_c())
        with ctrl_c_later():  # a cluster that has begun is closed as a whole, one that begins is not
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    processes=True,
                    host=_LOOPBACK,
                    dashboard_address=f"{_LOOPBACK}:0",
                    scheduler_kwargs={"dashboard": False},
                    security=security,
                    local_directory=folder,
                    loop=loop,
                    preload=["desktop.cluster.local_worker"],
                    silence_logs=logging.CRITICAL,
                )
            )
        yield stack.enter_context(Client(cluster, security=security, set_as_default=False, name="lesionlens"))


@contextmanager
def _loop_without_ctrl_c() -> Iterator[IOLoop]:
    """Run a loop for Dask whose thread blocks Ctrl-C, and so do the processes that it starts.

    A terminal sends it to them too, and those that just begin would end with a traceback each; see also `local_worker`.
    """
    resource_tracker.ensure_running()  # begun on the loop's thread it would let that hear Ctrl-C again
    runner = LoopRunner()
    with _ctrl_c_blocked():
        runner.start()
    try:
        yield runner.loop
    finally:
        runner.stop()


@contextmanager
def _ctrl_c_blocked() -> Iterator[None]:
    if sys.platform == "win32":  # it has no such mask
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _security(tls: TlsFiles) -> Security:
    given = {"tls_ca_file": tls.ca_file, "tls_client_cert": tls.cert, "tls_client_key": tls.key}
    return Security(**{name: str(path) for name, path in given.items() if path is not None})


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own lines from the user's: what matters of them is said in a sentence."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    levels = {name: logging.getLogger(name).level for name in names}  # Dask gives some a level of their own
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
