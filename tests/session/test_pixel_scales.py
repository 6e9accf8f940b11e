"""Scales wait for their image and are written once; invalid devices in the settings are ignored."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from desktop.core.imaging.capture import Optics
from desktop.core.imaging.scale import Device, Scale
from desktop.core.records.history import History
from desktop.session.history_service import HistoryService
from desktop.session.pixel_scales import PixelScales
from desktop.system.settings import SCALE_DEVICES, Settings
from desktop.system.tasks import Tasks
from tests.core.records.history_contents import an_answer, an_image, keep
from tests.making import contract

SHA256 = an_image("lesion.jpg").sha256
DEVICE = Device("Dermatoscope, 10×", 640, 480, 0.02)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def history_service(qtbot: QtBot, tmp_path: Path) -> Iterator[HistoryService]:
    tasks = Tasks()
    made = HistoryService(tasks, tmp_path / "data", lambda: "MK")
    yield made
    made.close()
    tasks.close()


def written(folder: Path) -> list[float | None]:
    with History.open(folder / "data") as history:
        rows = history._database.read("SELECT mm_per_pixel FROM image_scale ORDER BY id")
        return [row["mm_per_pixel"] for row in rows]


def test_scale_waits_for_its_image_and_is_written_once(
    history_service: HistoryService, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    scales = PixelScales(history_service, settings)
    scales.give(SHA256, Scale(0.02))(lambda _reverse: None, pytest.fail)
    qtbot.waitUntil(lambda: scales.of(SHA256) == Scale(0.02))
    history_service.write(
        lambda history, by: history.save(an_image("lesion.jpg"), an_answer(), contract(), by=by),
        lambda _kept: history_service.changed.emit(),  # told twice: the second time it is being written already
        pytest.fail,
    )
    qtbot.waitUntil(lambda: written(tmp_path) == [0.02])
    told: list[bool] = []
    history_service.ask(lambda _history: True, told.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(told))  # and with it, before it, that the first one is written
    scales.give(SHA256, None)(lambda _reverse: None, pytest.fail)
    scales.give(SHA256, Scale(0.03))(lambda _reverse: None, pytest.fail)
    qtbot.waitUntil(lambda: written(tmp_path)[-1] == 0.03)
    assert written(tmp_path) == [0.02, None, 0.03]
    qtbot.waitUntil(lambda: scales.of(SHA256) == Scale(0.03))


def test_scale_of_a_kept_image_is_found(
    history_service: HistoryService, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    with History.open(tmp_path / "data") as history:
        keep(history, "lesion.jpg")
        image_id = history.people.image_id_of(SHA256)
        assert image_id is not None
        history.scales.give(image_id, Scale(0.05, "Camera"), by="MK")
    scales = PixelScales(history_service, settings)
    with qtbot.waitSignal(scales.changed):
        scales.look_up(SHA256)
    assert scales.of(SHA256) == Scale(0.05, "Camera")


@pytest.mark.parametrize("line", ["", "{", "[]", '{"mm_per_pixel": 0.02}', '{"name": 1, "width": 640, "height": 480}'])
def test_invalid_devices_in_the_settings_are_left_out(
    history_service: HistoryService, settings: Settings, line: str
) -> None:
    settings.put(SCALE_DEVICES, [line, "also none"])
    scales = PixelScales(history_service, settings)
    assert scales.devices(640, 480, Optics()) == []
    scales.keep_device(DEVICE)
    assert scales.devices(480, 640, Optics()) == [DEVICE]
