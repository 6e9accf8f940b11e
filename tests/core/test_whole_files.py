import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.errors import SaveError
from desktop.core.whole_files import save_file, whole_file
from tests.platforms import common_folder, posix, unprivileged


@pytest.mark.parametrize("durable", [True, False])
def test_a_finished_file_is_moved_into_place(tmp_path: Path, durable: bool) -> None:
    target = tmp_path / "image.png"
    target.write_bytes(b"before")
    with whole_file(target, durable=durable) as written:
        written.write_bytes(b"after")
        assert target.read_bytes() == b"before"
    assert target.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("reason", [OSError("full"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, reason: BaseException) -> None:
    target = tmp_path / "image.png"
    target.write_bytes(b"before")

    def write() -> None:
        with whole_file(target) as written:
            written.write_bytes(b"half")
            raise reason

    with pytest.raises(type(reason)):
        write()
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_two_writers_can_write_the_same_file(tmp_path: Path) -> None:
    target = tmp_path / "image.png"
    with whole_file(target) as one:
        with whole_file(target) as other:
            other.write_bytes(b"second")
        one.write_bytes(b"first")
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_the_remains_of_a_killed_program_are_found_by_the_name_of_the_file(tmp_path: Path) -> None:
    with whole_file(tmp_path / "image.png") as written:
        assert written.name.startswith("image.png.")


def test_a_saved_file_replaces_the_old_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"before")
    save_file(target, b"after")
    assert target.read_bytes() == b"after"
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]


def test_a_missing_folder_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match=r"“there\.pdf” cannot be written \(.+\)\. Choose another place"):
        save_file(tmp_path / "not" / "there.pdf", b"")


FULL = """
import resource, signal, sys
from pathlib import Path
from desktop.core.errors import SaveError
from desktop.core.whole_files import save_file

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # writing on fails, as on a disk that fills
try:
    save_file(Path(sys.argv[1]), bytes(1_000_000))
except SaveError as error:
    print(error)
"""


@posix
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"before")
    done = subprocess.run([sys.executable, "-c", FULL, str(target)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("“report.pdf” cannot be written (")
    assert target.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]


@posix
def test_a_saved_file_has_the_permissions_of_its_kind(tmp_path: Path) -> None:
    new, known = tmp_path / "new.pdf", tmp_path / "known.pdf"
    known.write_bytes(b"before")
    known.chmod(0o640)
    before = os.umask(0o022)
    try:
        save_file(new, b"")
        save_file(known, b"after")
    finally:
        os.umask(before)
    assert [stat.S_IMODE(file.stat().st_mode) for file in (new, known)] == [0o644, 0o640]


@posix
def test_saving_to_a_link_keeps_the_link(tmp_path: Path) -> None:
    target, link = tmp_path / "report.pdf", tmp_path / "link.pdf"
    link.symlink_to(target)
    save_file(link, b"content")
    assert link.is_symlink()
    assert target.read_bytes() == b"content"


@posix
def test_a_file_without_write_permission_is_kept() -> None:
    with common_folder() as folder:
        target = folder / "report.pdf"
        target.write_bytes(b"before")
        target.chmod(0o444)
        with unprivileged(), pytest.raises(SaveError, match="cannot be written"):
            save_file(target, b"after")
        assert target.read_bytes() == b"before"
