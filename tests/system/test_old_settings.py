"""Settings written by 0.1.0 are read by every later version."""

import shutil
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from desktop.system.settings import GEOMETRY, IMAGE_FOLDER, INITIALS, MODEL, SEEN_FRAME, THEME, Settings

STORED = Path(__file__).parent / "settings-0.1.0.ini"


def test_settings_of_0_1_0_are_read(tmp_path: Path):
    file = tmp_path / "settings.ini"
    shutil.copy(STORED, file)
    settings = Settings(QSettings(str(file), QSettings.Format.IniFormat))
    assert settings.get(THEME) == "dark"
    assert settings.get(SEEN_FRAME) is False
    assert settings.get(INITIALS) == "MK"
    assert settings.get(MODEL) == "/models/ours.onnx"
    assert settings.get(GEOMETRY) == QByteArray(b"\x01\xd9\xd0\xcb")
    assert settings.get(IMAGE_FOLDER) == "/images/Läsionen"
    assert settings.recent_files() == [Path("/images/皮膚.png"), Path("/images/a, b.jpg")]
    settings.put(THEME, "light")
    settings.sync()
    again = Settings(QSettings(str(file), QSettings.Format.IniFormat))
    assert (again.get(THEME), again.get(INITIALS)) == ("light", "MK")
