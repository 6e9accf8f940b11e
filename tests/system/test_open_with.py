from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from pytestqt.qtbot import QtBot

from desktop.system.open_with import OpenWith


def test_only_file_open_events_are_consumed(qtbot: QtBot, tmp_path: Path):
    application = QCoreApplication.instance()
    assert application is not None
    open_with = OpenWith()
    application.installEventFilter(open_with)
    received: list[Path] = []
    open_with.file_received.connect(received.append)
    image = tmp_path / "häßlich.jpg"
    application.sendEvent(application, QFileOpenEvent(QUrl.fromLocalFile(str(image))))
    application.sendEvent(application, QEvent(QEvent.Type.User))
    application.removeEventFilter(open_with)
    assert received == [image]
