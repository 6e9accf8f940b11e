"""Other DICOM programs on the network, at the addresses that were typed: an archive, and a worklist."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.exchange import dicom_peer, worklist_items
    from desktop.core.exchange.dicom_peer import Peer, Role
    from desktop.core.exchange.worklist_items import Worklist
    from desktop.network import echo, sending, worklist
else:
    dicom_peer = Late("desktop.core.exchange.dicom_peer")
    worklist_items = Late("desktop.core.exchange.worklist_items")
    echo = Late("desktop.network.echo")
    sending = Late("desktop.network.sending")
    worklist = Late("desktop.network.worklist")


def is_installed() -> bool:
    """Return whether this installation can speak DICOM over a network."""
    return importlib.util.find_spec("pynetdicom") is not None


def load() -> bool:
    """Load what reaches other programs, without connecting; return whether this installation has it."""
    return is_installed() and all((echo.echo, sending.send, worklist.ask_worklist))


def archive_of(settings: Settings) -> Peer:
    """Return the archive that the settings describe; its address is empty if none is set."""
    return _peer(
        settings,
        settings.get(keys.DICOM_ARCHIVE_TITLE),
        settings.get(keys.DICOM_ARCHIVE_HOST),
        settings.get(keys.DICOM_ARCHIVE_PORT),
        dicom_peer.Role.ARCHIVE,
    )


def worklist_of(settings: Settings) -> Peer:
    """Return the worklist that the settings describe; its address is empty if none is set."""
    return _peer(
        settings,
        settings.get(keys.DICOM_WORKLIST_TITLE),
        settings.get(keys.DICOM_WORKLIST_HOST),
        settings.get(keys.DICOM_WORKLIST_PORT),
        dicom_peer.Role.WORKLIST,
    )


def _peer(settings: Settings, title: str, host: str, port: int, role: Role) -> Peer:
    authority = settings.get(keys.DICOM_AUTHORITY)
    return dicom_peer.Peer(
        title,
        host,
        port,
        settings.get(keys.DICOM_OWN_TITLE),
        settings.get(keys.DICOM_TLS),
        Path(authority) if authority else None,
        role,
    )


def try_out(tasks: Tasks, peer: Peer, done: Callable[[None], None], failed: Callable[[AppError], None]) -> Task:
    """Ask another program whether it hears us (C-ECHO)."""
    return tasks.run(Lane.NETWORK, lambda task: echo.echo(peer, task.cancelled), done, failed)


def ask_worklist(
    tasks: Tasks,
    peer: Peer,
    day: dt.date,
    station: str,
    done: Callable[[Worklist], None],
    failed: Callable[[AppError], None],
) -> Task:
    """Ask for the entries of a day; `station` is the AE title for which they are planned, empty for any."""
    return tasks.run(
        Lane.NETWORK,
        lambda task: worklist.ask_worklist(peer, worklist_items.wanted(day, station), task.cancelled),
        done,
        failed,
    )
