"""A second start of the program opens its image in the window of the first."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.start_times import ANSWERED, HELD_BACK, TAKES_INPUT
from desktop.system.crash import LOG_NAME
from tests.making import write_lesion
from tests.platforms import posix

ROOT = Path(__file__).resolve().parent.parent

pytestmark = posix  # on Windows no variable of the environment moves the log


class Home:
    """A user's account in which the program starts; its log shows how far it got."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "HOME": str(folder),
        }
        self._folder = folder

    @contextmanager
    def start(self, *images: Path) -> Iterator[subprocess.Popen[bytes]]:
        """Run the program within a `with` block, and clean up after it."""
        words = [sys.executable, "-m", "desktop", "--data-dir", str(self.data), *map(str, images)]
        process = subprocess.Popen(words, cwd=ROOT, env=self._environment)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @property
    def log(self) -> str:
        """The program's log so far."""
        return "".join(file.read_text(encoding="utf-8") for file in self._folder.rglob(LOG_NAME))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_with_blind_first_the_image_of_a_second_start_waits_for_an_assessment(home: Home, tmp_path: Path, qtbot: QtBot):
    image = write_lesion(tmp_path / "handed-over.png", 1)
    with home.start():
        qtbot.waitUntil(lambda: TAKES_INPUT in home.log)
        with home.start(image) as second:
            assert second.wait() == 0
        qtbot.waitUntil(lambda: HELD_BACK in home.log)
        assert ANSWERED not in home.log
        assert image.stem not in home.log


def test_without_blind_first_the_answer_of_a_second_start_is_shown(home: Home, tmp_path: Path, qtbot: QtBot):
    home.data.mkdir()
    (home.data / "settings.ini").write_text("[user]\nblind_first=false\n", encoding="utf-8")
    with home.start():
        qtbot.waitUntil(lambda: TAKES_INPUT in home.log)
        with home.start(write_lesion(tmp_path / "handed-over.png", 1)) as second:
            assert second.wait() == 0
        qtbot.waitUntil(lambda: ANSWERED in home.log)
