"""Settings keep their values and types."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from desktop.system.settings import GEOMETRY, INITIALS, RECENT_LIMIT, SEEN_FRAME, THEME, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def settings(file: Path) -> Settings:
    return Settings(QSettings(str(file), QSettings.Format.IniFormat))


def test_values_are_read_as_written(file: Path) -> None:
    first = settings(file)
    first.put(SEEN_FRAME, value=False)
    first.put(INITIALS, "MK")
    first.put(GEOMETRY, QByteArray(b"\x00\x01\xff"))
    first.sync()
    again = settings(file)
    assert again.get(SEEN_FRAME) is False
    assert again.get(INITIALS) == "MK"
    assert again.get(GEOMETRY) == QByteArray(b"\x00\x01\xff")
    assert again.get(THEME) == "system"


def test_invalid_values_give_the_default(file: Path) -> None:
    file.write_text("[window]\ngeometry=12\n[view]\noutline=maybe\n")
    assert settings(file).get(GEOMETRY) in {QByteArray(b"12"), QByteArray()}
    assert isinstance(settings(file).get(SEEN_FRAME), bool)


def test_recent_files_are_newest_first_without_duplicates_and_limited(file: Path) -> None:
    first = settings(file)
    for number in range(RECENT_LIMIT + 3):
        first.add_recent_file(Path(f"/images/{number}, left.jpg"))
    first.add_recent_file(Path("/images/5, left.jpg"))
    first.sync()
    recent = settings(file).recent_files()
    assert recent[:2] == [Path("/images/5, left.jpg"), Path(f"/images/{RECENT_LIMIT + 2}, left.jpg")]
    assert len(recent) == len(set(recent)) == RECENT_LIMIT


def test_one_recent_file_is_read_as_a_list(file: Path) -> None:
    first = settings(file)
    first.add_recent_file(Path("/images/only one.jpg"))
    first.sync()
    assert settings(file).recent_files() == [Path("/images/only one.jpg")]
