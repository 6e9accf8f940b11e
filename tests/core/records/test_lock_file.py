import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.records.lock_file import held
from tests.platforms import posix

ROOT = Path(__file__).resolve().parents[3]

_CLASH = """
import sys
from pathlib import Path
from desktop.core.records.lock_file import held
lock, inside = Path(sys.argv[1]), Path(sys.argv[2])
entered = 0
while entered < 300:
    try:
        with held(lock):
            inside.touch(exist_ok=False)  # fails where somebody else is in there too
            inside.unlink()
            entered += 1
    except BlockingIOError:
        pass
print(entered)
"""

_TRY = """
import sys
from pathlib import Path
from desktop.core.records.lock_file import held
try:
    with held(Path(sys.argv[1])):
        print("entered")
except BlockingIOError:
    print("refused")
"""


def started(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_only_one_process_at_a_time_holds_the_lock(tmp_path: Path) -> None:
    running = [started(_CLASH, tmp_path / "x.lock", tmp_path / "inside") for _ in range(4)]
    assert [one.communicate()[0] for one in running] == [b"300\n"] * 4
    assert list(tmp_path.iterdir()) == []


def test_a_second_lock_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with held(tmp_path / "x.lock"):
        with pytest.raises(BlockingIOError), held(tmp_path / "x.lock"):
            pass
        assert [path.name for path in tmp_path.iterdir()] == ["x.lock"]
    with held(tmp_path / "x.lock"):
        pass


def test_a_refusal_in_the_same_process_lets_no_other_process_in(tmp_path: Path) -> None:
    with held(tmp_path / "x.lock"):
        with pytest.raises(BlockingIOError), held(tmp_path / "x.lock"):
            pass
        other = started(_TRY, tmp_path / "x.lock")
        assert other.communicate()[0] == b"refused\n"


@posix
def test_lock_file_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    hold = (
        "import sys; from pathlib import Path; from desktop.core.records.lock_file import held\n"
        "with held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with started(hold, lock) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"held\n"
        with pytest.raises(BlockingIOError), held(lock):
            pass
        running.kill()
    assert lock.exists()
    with held(lock):
        pass
    assert not lock.exists()


@pytest.mark.parametrize("content", ["mine", "mine" * 1000])
def test_foreign_file_is_left_unchanged(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.lock").write_text(content)
    with pytest.raises(OSError, match="not a database"), held(tmp_path / "x.lock"):
        pass
    assert (tmp_path / "x.lock").read_text() == content


def test_a_folder_where_no_lock_file_can_be_created(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), held(tmp_path / "nowhere" / "x.lock"):
        pass
