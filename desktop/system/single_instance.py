"""One window for each user and data folder: a second start hands its files to the first over a local socket, and ends.

The socket is a Unix domain socket, or a named pipe on Windows. No network is involved.
"""

from __future__ import annotations

import getpass
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDeadlineTimer, QDir, QLockFile, QObject, QThread, Signal

from desktop.core.late import Late

if TYPE_CHECKING:
    import json

    from PySide6 import QtNetwork
else:
    json = Late("json")
    QtNetwork = Late("PySide6.QtNetwork")

logger = logging.getLogger(__name__)

_PATIENCE = 5_000
"""Milliseconds to wait for the first start, which may not listen yet although it holds the lock, or be busy painting."""
_STEP = 50
_TAKEN = b"taken\n"
_LONGEST = 4_000_000
"""Maximum bytes of a message: a command line has at most 2 MB, and JSON writes some characters with six bytes."""
_ACTIVATION = "XDG_ACTIVATION_TOKEN"
"""The token by which the desktop permits a start to bring a window to the front (Wayland, and X11 through Qt)."""


class SingleInstance(QObject):
    """Determines whether this start is the first, and hands the files of later starts to the first."""

    files_received = Signal(object)
    """The list[Path] of a later start; if it is empty, the window should only come to the front."""

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        key = f"{getpass.getuser()}\0{data_folder.resolve()}".encode("utf-8", "surrogatepass")
        # Qt's, not hashlib's, which loads OpenSSL first.
        digest = QCryptographicHash.hash(key, QCryptographicHash.Algorithm.Sha256).data().hex()
        name = f"lesionlens-{digest[:16]}"
        folder = Path(os.environ.get("XDG_RUNTIME_DIR") or QDir.tempPath())
        self._name = name if sys.platform == "win32" else str(folder / name)
        # Two simultaneous starts both find no socket, so a lock decides. Qt releases the lock of a process that has died.
        self._lock = QLockFile(str(folder / f"{name}.lock"))
        self._lock.setStaleLockTime(0)
        self._server: QtNetwork.QLocalServer | None = None
        self._is_first = False

    def claim(self, paths: list[Path]) -> bool:
        """Return True if this start must open a window, False if the first start has taken its files.

        If the first start does not answer, or no socket can be created, a second window is better than none.
        """
        deadline = QDeadlineTimer(_PATIENCE)
        while not self._lock.tryLock(0):
            if self._hand_over(paths):
                return False
            if self._lock.error() != QLockFile.LockError.LockFailedError or deadline.hasExpired():
                logger.warning("no other window answers: this start opens one of its own")
                return True
            QThread.msleep(_STEP)
        self._is_first = True
        return True

    def listen(self) -> None:
        """Accept files from later starts, which wait for this. To be called once the window is there."""
        if not self._is_first:
            return
        QtNetwork.QLocalServer.removeServer(self._name)  # a crash leaves it behind; we hold the lock, so nobody listens
        self._server = QtNetwork.QLocalServer(self)
        self._server.setSocketOptions(QtNetwork.QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._receive)
        if not self._server.listen(self._name):
            logger.warning("later starts will open a window of their own: %s", self._server.serverError().name)

    def close(self) -> None:
        """Stop listening, so that the next start opens a window."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _hand_over(self, paths: list[Path]) -> bool:
        socket = QtNetwork.QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE) or not _is_ours(socket.fullServerName()):
            return False
        _let_come_to_the_front()
        message = {"paths": [str(path.absolute()) for path in paths], "activation": os.environ.get(_ACTIVATION, "")}
        socket.write(json.dumps(message).encode() + b"\n")
        while not socket.canReadLine():
            if not socket.waitForReadyRead(_PATIENCE):
                return False
        return bytes(socket.readLine().data()) == _TAKEN

    def _receive(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(_LONGEST)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QtNetwork.QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() >= _LONGEST:
                _drop(socket)
            return
        message = _message_in(bytes(socket.readLine().data()))
        if message is None:
            _drop(socket)
            return
        paths, activation = message
        socket.write(_TAKEN)
        socket.flush()
        if activation:
            os.environ[_ACTIVATION] = activation
        self.files_received.emit(paths)


def _message_in(line: bytes) -> tuple[list[Path], str] | None:
    """Return the files and the activation token of a later start; None if this is not a message of ours."""
    try:
        message = json.loads(line)
        paths, activation = message["paths"], message["activation"]
        are_words = isinstance(paths, list) and all(isinstance(word, str) for word in (*paths, activation))
        if not are_words or any(b"\0" in os.fsencode(word) for word in (*paths, activation)):
            return None
        return [Path(word) for word in paths], activation
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _drop(socket: QtNetwork.QLocalSocket) -> None:
    logger.warning("what came over the socket is no message of a later start; it is dropped")
    socket.abort()


def _is_ours(server: str) -> bool:
    """Return whether the socket belongs to this user: in a shared folder, another user could listen for file names."""
    if sys.platform == "win32":
        return True
    try:
        return Path(server).stat().st_uid == os.getuid()
    except OSError:
        return False


def _let_come_to_the_front() -> None:
    """Permit the first start to come to the front: on Windows only the foreground process, this one, can do so."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - on Windows alone

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # ASFW_ANY
