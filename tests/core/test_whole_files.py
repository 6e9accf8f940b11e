from pathlib import Path

import pytest

from desktop.core.whole_files import whole_file


@pytest.mark.parametrize("durable", [True, False])
def test_what_was_written_takes_its_place(tmp_path: Path, durable: bool) -> None:
    target = tmp_path / "image.png"
    target.write_bytes(b"before")
    with whole_file(target, durable=durable) as written:
        written.write_bytes(b"after")
        assert target.read_bytes() == b"before"
    assert target.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("reason", [OSError("full"), KeyboardInterrupt()])
def test_whatever_ends_the_writing_leaves_what_was_there(tmp_path: Path, reason: BaseException) -> None:
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


def test_two_may_write_the_same_file(tmp_path: Path) -> None:
    target = tmp_path / "image.png"
    with whole_file(target) as one:
        with whole_file(target) as other:
            other.write_bytes(b"second")
        one.write_bytes(b"first")
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_program_left_goes_by_the_name_of_the_file(tmp_path: Path) -> None:
    with whole_file(tmp_path / "image.png") as written:
        assert written.name.startswith("image.png.")
