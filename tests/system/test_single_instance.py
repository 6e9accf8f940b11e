"""A second start hands its files to the first; leftovers of a crash or of another user do no harm."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from desktop.system import single_instance
from desktop.system.single_instance import SingleInstance
from tests.platforms import NO_UNICODE, linux, posix

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.system.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
is_first = instance.claim([Path(name) for name in sys.argv[2:]])
instance.listen()
print(is_first, flush=True)
if sys.argv[2:] == ["wait"]:
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def first(tmp_path: Path, qtbot: QtBot):
    instance = SingleInstance(tmp_path / "data")
    assert instance.claim([])
    instance.listen()
    yield instance
    instance.close()


def start(data: Path, *names: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(data), *names],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ending(process: subprocess.Popen[str], qtbot: QtBot) -> str:
    """Wait for a start to end while this process handles events; return what it printed."""
    qtbot.waitUntil(lambda: process.poll() is not None)
    return process.communicate()[0].strip()


def test_a_second_start_hands_its_files_over(first: SingleInstance, tmp_path: Path, qtbot: QtBot):
    with qtbot.waitSignal(first.files_received) as received:
        second = start(tmp_path / "data", "a.jpg", "deeper/皮膚 b.png")
    assert received.args == [[ROOT / "a.jpg", ROOT / "deeper" / "皮膚 b.png"]]
    assert ending(second, qtbot) == "False"


@linux
def test_file_names_that_are_not_unicode_arrive(first: SingleInstance, tmp_path: Path, qtbot: QtBot):
    with qtbot.waitSignal(first.files_received) as received:
        second = start(tmp_path / "data", NO_UNICODE)
    assert received.args == [[ROOT / NO_UNICODE]]
    assert ending(second, qtbot) == "False"


def test_a_second_start_without_files_asks_for_the_window(first: SingleInstance, tmp_path: Path, qtbot: QtBot):
    with qtbot.waitSignal(first.files_received) as received:
        second = start(tmp_path / "data")
    assert received.args == [[]]
    assert ending(second, qtbot) == "False"


def test_another_data_folder_opens_another_window(first: SingleInstance, tmp_path: Path, qtbot: QtBot):
    assert ending(start(tmp_path / "other"), qtbot) == "True"


def test_the_next_start_is_first_after_the_first_has_ended(tmp_path: Path, qtbot: QtBot):
    for _ in range(2):
        instance = SingleInstance(tmp_path / "data")
        assert instance.claim([])
        instance.close()


@posix
def test_the_socket_left_by_a_crash_is_removed(tmp_path: Path, runtime_folder: Path, qtbot: QtBot):
    crashed = start(tmp_path / "data", "wait")
    assert crashed.stdout is not None
    assert crashed.stdout.readline() == "True\n"
    crashed.kill()
    crashed.communicate()
    assert len([*runtime_folder.iterdir()]) == 2, "a socket and a lock"
    instance = SingleInstance(tmp_path / "data")
    assert instance.claim([])
    instance.listen()
    with qtbot.waitSignal(instance.files_received):
        later = start(tmp_path / "data", "a.jpg")
    assert ending(later, qtbot) == "False"
    instance.close()


@posix
def test_a_second_window_opens_if_the_first_start_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot):
    monkeypatch.setattr(single_instance, "_PATIENCE", 200)
    hanging = start(tmp_path / "data", "wait")  # it runs no event loop
    assert hanging.stdout is not None
    assert hanging.stdout.readline() == "True\n"
    assert SingleInstance(tmp_path / "data").claim([Path("a.jpg")])
    hanging.communicate("")


@posix
def test_file_names_are_not_sent_to_another_user(
    first: SingleInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
):
    received: list[list[Path]] = []
    first.files_received.connect(received.append)
    with monkeypatch.context() as another_user:
        another_user.setattr(single_instance, "_PATIENCE", 200)
        another_user.setattr(os, "getuid", lambda: os.geteuid() + 1)
        assert SingleInstance(tmp_path / "data").claim([Path("a.jpg")])
    with qtbot.waitSignal(first.files_received):
        later = start(tmp_path / "data", "b.jpg")
    assert ending(later, qtbot) == "False"
    assert [[path.name for path in paths] for paths in received] == [["b.jpg"]]


@posix
def test_only_its_owner_can_use_the_socket(first: SingleInstance, runtime_folder: Path):
    (socket,) = (path for path in runtime_folder.iterdir() if path.is_socket())
    assert socket.stat().st_mode & 0o077 == 0


def test_a_window_opens_where_no_socket_can_be_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    assert SingleInstance(tmp_path / "data").claim([])


def test_it_dies_with_its_parent(tmp_path: Path, qtbot: QtBot):
    parent = QObject()
    instance = SingleInstance(tmp_path / "data", parent)
    assert instance.parent() is parent


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xfe\0\n",
        b"{}\n",
        b"[1, 2]\n",
        b"null\n",
        b"[" * 100_000 + b"\n",
        b'{"paths": "a.jpg", "activation": ""}\n',
        b'{"paths": [1], "activation": ""}\n',
        b'{"paths": ["a\\u0000b"], "activation": ""}\n',
        b'{"paths": ["\\ud800"], "activation": ""}\n',
        b'{"paths": [], "activation": {}}\n',
        b'{"paths": [], "activation": "a\\u0000"}\n',
        pytest.param(b"x" * 4_100_000, id="without end"),
    ],
)
def test_invalid_messages_are_dropped_without_a_reply(
    first: SingleInstance, qtbot: QtBot, garbage: bytes, caplog: pytest.LogCaptureFixture
):
    received: list[object] = []
    first.files_received.connect(received.append)
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    assert socket.waitForConnected(5_000)
    socket.write(garbage)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert received == []
    assert "it is dropped" in caplog.text
