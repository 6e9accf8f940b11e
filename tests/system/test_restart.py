"""The program starts itself again: a real second process, from the same sources."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.__main__ import kept_arguments, parse_arguments
from desktop.system.restart import Restart
from tests.making import write_lesion
from tests.platforms import posix


@posix  # on Windows no variable of the environment moves the log
def test_requested_restart_runs_the_program_with_its_arguments(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    image, picture = write_lesion(tmp_path / "lesion.png"), tmp_path / "window.png"
    restart = Restart(["--data-dir", str(tmp_path / "data"), "--snapshot", str(picture), str(image)])
    restart.request()
    restart.start()
    qtbot.waitUntil(picture.exists)


def test_a_restart_keeps_the_options_and_leaves_out_the_images() -> None:
    chosen = parse_arguments(["--theme", "dark", "--data-dir", "data", "lesion.png"])
    assert kept_arguments(chosen) == ["--data-dir", "data", "--theme", "dark"]
    assert kept_arguments(parse_arguments(["lesion.png"])) == []
