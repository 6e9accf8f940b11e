"""The practice system that is connected by GDT: its requests come in, and results go out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.exchange import gdt_folder, gdt_lines, gdt_records
    from desktop.core.exchange.gdt_folder import Connection
    from desktop.core.exchange.gdt_records import Result
else:
    gdt_folder = Late("desktop.core.exchange.gdt_folder")
    gdt_lines = Late("desktop.core.exchange.gdt_lines")
    gdt_records = Late("desktop.core.exchange.gdt_records")

PAUSE = 1.0
"""Seconds between two looks into the folder. A file that did not change from one to the next is written whole."""


class PracticeSystem(QObject):
    """Watches the folder of one practice system while it is connected."""

    requested = Signal(object)
    """A Request; its file is deleted."""
    failed = Signal(object)
    """AppError: a file cannot be understood and was put aside, or the folder cannot be read."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self.connection: Connection | None = None
        """How the practice system is reached; None while it is not connected."""

    def connect_to(self, connection: Connection | None) -> None:
        """Connect a practice system in place of any other; None connects none."""
        if self._task is not None:
            self._task.abandon()
            self._task = None
        self.connection = connection
        if connection is not None:
            self._task = self._tasks.run(
                Lane.PRACTICE_SYSTEM,
                lambda task: _watch(connection, task),
                lambda _nothing: None,
                self.failed.emit,
                self._receive,
            )

    def send(
        self,
        connection: Connection,
        result: Result,
        write_attachments: Callable[[], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Write a result into the folder of the practice system that asked, after its attachments."""

        def write(_task: Task) -> None:
            write_attachments()
            gdt_folder.put_result(result, connection)

        # On a lane that is waited for at the end: what was begun is written before the program closes.
        self._tasks.run(Lane.BACKUP, write, lambda _nothing: None, failed)

    def try_out(self, connection: Connection, done: Callable[[None], None], failed: Callable[[AppError], None]) -> None:
        """Write a file into the folder of a practice system, read it and delete it."""
        self._tasks.run(Lane.BACKUP, lambda _task: gdt_folder.try_out(connection), done, failed)

    def _receive(self, found: object) -> None:
        if isinstance(found, AppError):
            self.failed.emit(found)
        else:
            self.requested.emit(found)


def connection_of(settings: Settings) -> Connection:
    """Return the connection that the settings describe; a value of no meaning is the default's."""
    character_sets = {one.number: one for one in gdt_lines.CharacterSet}
    fields = {one.value: one for one in gdt_records.FindingsField}
    return gdt_folder.Connection(
        Path(settings.get(keys.GDT_FOLDER)),
        settings.get(keys.GDT_OWN_ID),
        settings.get(keys.GDT_SYSTEM_ID),
        character_sets.get(settings.get(keys.GDT_CHARACTER_SET), gdt_lines.CharacterSet.ISO_8859_1),
        settings.get(keys.GDT_TEST),
        fields.get(settings.get(keys.GDT_FINDINGS), gdt_records.FindingsField.FINDING),
    )


def _watch(connection: Connection, task: Task) -> None:
    seen: dict[Path, tuple[int, int]] = {}
    told: set[str] = set()
    while not task.cancelled.is_set():
        now: dict[Path, tuple[int, int]] = {}
        errors: list[AppError] = []
        try:
            connection.check()
            for path in gdt_folder.waiting_requests(connection):
                found = path.stat()
                now[path] = (found.st_size, found.st_mtime_ns)
                if seen.get(path) == now[path] and not task.cancelled.is_set():
                    try:
                        task.report(gdt_folder.take_request(path, connection))
                    except AppError as error:
                        errors.append(error)
        except OSError:  # the file has gone between the two looks at it
            pass
        except AppError as error:
            errors.append(error)
        for one in errors:
            if str(one) not in told:  # said once, however long it lasts
                task.report(one)
        told = set(map(str, errors))
        seen = now
        task.cancelled.wait(PAUSE)
