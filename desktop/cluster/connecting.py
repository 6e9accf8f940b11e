"""The connection to a Dask scheduler: one that is there, or one of this machine for this run alone."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dask
from distributed import Client, LocalCluster
from distributed.security import Security

from desktop.core.errors import UsageError
from desktop.core.marking import tr

_SECONDS_TO_ANSWER = 30
_LOOPBACK = "127.0.0.1"

_NOTHING_SERVED: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
"""Dask opens a port for a web page beside each of its own; here it is bound to this machine and has no page."""


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
        UsageError: nobody answers there, or not with these certificates.
    """
    with _quiet():
        try:
            client = Client(
                address, security=_security(tls), timeout=_SECONDS_TO_ANSWER, set_as_default=False, name="lesionlens"
            )
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            raise UsageError(
                tr(
                    "No scheduler answers at {address} ({detail}). Check that it runs, its address and the TLS options."
                ),
                address=address,
                detail=str(error).strip().partition("\n")[0] or type(error).__name__,
            ) from error
        with client:
            yield client


@contextmanager
def local_workers(count: int) -> Iterator[Client]:
    """Run a scheduler and so many workers, each a process with one core, while the block runs.

    They listen to this machine alone, and speak TLS with a certificate of this run: another user of the machine gets no
    answer.
    """
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        stack.enter_context(dask.config.set(_NOTHING_SERVED))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lesionlens-", ignore_cleanup_errors=True))
        security = Security.temporary()
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
                preload=["desktop.cluster.local_worker"],
                silence_logs=logging.CRITICAL,
            )
        )
        yield stack.enter_context(Client(cluster, security=security, set_as_default=False, name="lesionlens"))


def _security(tls: TlsFiles) -> Security:
    given = {"tls_ca_file": tls.ca_file, "tls_client_cert": tls.cert, "tls_client_key": tls.key}
    return Security(**{name: str(path) for name, path in given.items() if path is not None})


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own lines from the user's: what matters of them is said in a sentence."""
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
