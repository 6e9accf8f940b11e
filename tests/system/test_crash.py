"""Crash handling: a report for the user, a log without patient data, nothing lost and nothing sent."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import __version__
from desktop.system import crash
from tests.platforms import posix

ROOT = Path(__file__).resolve().parents[2]
PATIENT = "Miller-Anna-1971"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    file = crash.start_log(tmp_path)
    assert file is not None
    yield file
    for handler in set(root.handlers) - set(before[0]):
        root.removeHandler(handler)
        handler.close()
    root.level, sys.excepthook, threading.excepthook = before[1:]


def fail() -> None:
    try:
        {}[PATIENT]
    except KeyError as error:
        raise OSError(2, "No such file", f"/images/{PATIENT}.jpg") from error


def raised() -> Exception:
    try:
        fail()
    except OSError as error:
        return error
    raise AssertionError


def test_an_exception_message_is_in_the_report_but_not_in_the_log(log: Path):
    shown: list[tuple[str, Path | None]] = []
    crash.install(log.parent, lambda text, report: shown.append((text, report)))
    error = raised()
    sys.excepthook(type(error), error, error.__traceback__)
    ((text, report),) = shown
    assert report is not None
    written = report.read_text(encoding="utf-8")
    assert written.endswith(text)
    assert PATIENT in text
    assert f"LesionLens {__version__}" in written
    assert "sent to nobody" in written
    assert "read it before you send it" in written
    logged = log.read_text(encoding="utf-8")
    assert PATIENT not in logged
    for words in (
        "CRITICAL desktop.system.crash: unexpected",
        "FileNotFoundError",
        "KeyError",
        "test_crash.py",
        "in fail",
    ):
        assert words in logged


def test_an_exception_on_another_thread_is_reported(log: Path):
    shown: list[str] = []
    crash.install(log.parent, lambda text, _report: shown.append(text))
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "FileNotFoundError" in shown[0]


def test_ctrl_c_is_not_a_crash(log: Path, capsys: pytest.CaptureFixture[str]):
    crash.install(log.parent, lambda *_: pytest.fail("shown"))
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not [*log.parent.glob("crash-*")]


def test_ten_reports_are_kept(tmp_path: Path):
    reports = [crash.write_report(tmp_path, f"number {number}") for number in range(13)]
    kept = sorted(tmp_path.glob("crash-*.txt"))
    assert kept == sorted(report for report in reports[3:] if report is not None)


def test_a_report_that_cannot_be_written_returns_none(tmp_path: Path):
    (tmp_path / "file").touch()
    assert crash.write_report(tmp_path / "file", "text") is None


def test_the_log_rotates(log: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crash, "_LOG_BYTES", 2_000)
    for number in range(500):
        logging.getLogger("test").info("line %d", number)
    assert log.read_text(encoding="utf-8").endswith("line 499\n")
    assert "line 0\n" not in Path(f"{log}.4").read_text(encoding="utf-8")
    assert sorted(file.name for file in log.parent.iterdir()) == [log.name, *(f"{log.name}.{n}" for n in range(1, 5))]


@posix
def test_a_fault_in_a_library_is_reported_at_the_next_start(log: Path):
    program = (
        "import ctypes, sys; from pathlib import Path; from desktop.system import crash;"
        "crash.watch_for_faults(Path(sys.argv[1])); ctypes.string_at(0)"
    )
    done = subprocess.run([sys.executable, "-c", program, log.parent], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode < 0
    watch(log.parent)
    (report,) = log.parent.glob("crash-*.txt")
    assert "Segmentation fault" in report.read_text(encoding="utf-8")
    assert "the last start ended in a fault" in log.read_text(encoding="utf-8")
    watch(log.parent)
    assert len([*log.parent.glob("crash-*.txt")]) == 1


def test_an_orderly_exit_leaves_no_report(log: Path):
    watch(log.parent)
    watch(log.parent)
    assert sorted(file.name for file in log.parent.iterdir()) == [log.name]


def watch(folder: Path) -> None:
    """Start and exit in a separate process, because pytest itself uses faulthandler."""
    program = (
        "import sys; from pathlib import Path; from desktop.system import crash; folder = Path(sys.argv[1]);"
        "crash.start_log(folder); crash.watch_for_faults(folder); crash.end_watch(folder)"
    )
    subprocess.run([sys.executable, "-c", program, folder], cwd=ROOT, check=True)


def test_no_file_name_is_in_the_log(tmp_path: Path, model_file: Path):
    home = tmp_path / "home"
    ends = "--data-dir", tmp_path / "data", "--snapshot", tmp_path / "window.png"
    environment = os.environ | {"HOME": str(home), "XDG_STATE_HOME": str(home), "LOCALAPPDATA": str(home)}
    for name, content in ((f"{PATIENT}.jpg", b"\xff\xd8\xff no image"), (f"{PATIENT}.txt", b"words")):
        image = tmp_path / name
        image.write_bytes(content)
        subprocess.run(
            [sys.executable, "-m", "desktop", image, "--model", model_file, *ends],
            cwd=ROOT,
            env=environment,
            check=False,
            capture_output=True,
        )
    (log,) = home.rglob(crash.LOG_NAME)
    text = log.read_text(encoding="utf-8")
    assert "starts" in text
    assert PATIENT not in text


@posix
def test_no_image_of_the_memory_is_written() -> None:
    code = (
        "import resource; from desktop.system.crash import keep_memory_off_the_disk;"
        "_soft, hard = resource.getrlimit(resource.RLIMIT_CORE); resource.setrlimit(resource.RLIMIT_CORE, (hard, hard));"
        "keep_memory_off_the_disk(); print(resource.getrlimit(resource.RLIMIT_CORE)[0] in (0, 1))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "True\n"
