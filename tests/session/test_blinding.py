"""What is concealed before the answer was seen, and while the history is not read yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from desktop.core.records.history import History
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.system.settings import BLIND_FIRST, Settings
from desktop.system.tasks import Tasks
from tests.core.records.history_contents import an_image, keep

KEPT = an_image("kept.jpg").sha256
NEW = an_image("new.jpg").sha256


@pytest.fixture
def history_service(qtbot: QtBot, tmp_path: Path) -> Iterator[HistoryService]:
    tasks = Tasks()
    yield HistoryService(tasks, tmp_path / "data", lambda: "MK")
    tasks.close()


@pytest.fixture
def blinding(history_service: HistoryService, tmp_path: Path) -> Blinding:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.put(BLIND_FIRST, True)
    return Blinding(history_service, settings, OpenPatient(history_service))


def test_nothing_shows_while_the_history_cannot_be_read(
    history_service: HistoryService, blinding: Blinding, qtbot: QtBot, tmp_path: Path
) -> None:
    """An image whose answer nobody has seen may also be in a row of a batch."""
    (tmp_path / "data").write_bytes(b"in the way of the folder")
    with qtbot.waitSignal(history_service.failed):
        history_service.open()
    history_service.changed.emit()  # as the end of any write tells it
    with qtbot.waitSignal(history_service.failed):
        history_service.open()
    assert blinding.conceals(KEPT)
    assert blinding.conceals(NEW)

    (tmp_path / "data").unlink()
    with History.open(tmp_path / "data") as history:
        keep(history, "kept.jpg")
    with qtbot.waitSignal(blinding.changed):
        history_service.open()
    assert blinding.conceals(KEPT)
    assert not blinding.conceals(NEW)  # of which the history knows nothing
