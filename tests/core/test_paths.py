from pathlib import Path

import pytest

from desktop.core.paths import extended, reachable

LONG = "folder\\" * 40 + "a.jpg"


@pytest.mark.parametrize(
    ("path", "opened"),
    [
        ("C:\\images\\a.jpg", "C:\\images\\a.jpg"),
        (f"C:\\{LONG}", f"\\\\?\\C:\\{LONG}"),
        (f"\\\\server\\share\\{LONG}", f"\\\\?\\UNC\\server\\share\\{LONG}"),
        (f"\\\\?\\C:\\{LONG}", f"\\\\?\\C:\\{LONG}"),
    ],
)
def test_a_long_windows_path_gets_the_prefix_that_removes_the_limit(path: str, opened: str) -> None:
    assert extended(path) == opened


def test_a_file_at_the_end_of_a_long_path_is_reached(tmp_path: Path) -> None:
    folder = tmp_path
    while len(str(folder)) < 300:
        folder /= "a folder of forty characters, more or less"
    reachable(folder).mkdir(parents=True)
    file = folder / "a.txt"
    reachable(file).write_text("reached", encoding="utf-8")
    assert reachable(file).read_text(encoding="utf-8") == "reached"
