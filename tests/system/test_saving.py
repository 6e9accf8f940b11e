import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.errors import SaveError
from desktop.system.saving import save_file
from tests.platforms import posix


def test_what_was_there_before_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"before")
    save_file(target, b"after")
    assert target.read_bytes() == b"after"
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match=r"“there\.pdf” cannot be written \(.+\)\. Choose another place"):
        save_file(tmp_path / "not" / "there.pdf", b"")


FULL = """
import resource, signal, sys
from pathlib import Path
from desktop.core.errors import SaveError
from desktop.system.saving import save_file

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # writing on fails, as on a disk that fills
try:
    save_file(Path(sys.argv[1]), bytes(1_000_000))
except SaveError as error:
    print(error)
"""


@posix
def test_a_disk_that_fills_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"before")
    done = subprocess.run([sys.executable, "-c", FULL, str(target)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("“report.pdf” cannot be written (")
    assert target.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]
