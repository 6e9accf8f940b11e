import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.core.inference import watch
from desktop.core.inference.watch import NewImages
from tests.core.imaging.dicoms import dicom, jpeg
from tests.making import lesion
from tests.platforms import posix


class Looks(threading.Event):
    """A stop event that runs one step at each pause of the watch, and stops it after the last."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        super().__init__()
        self._steps = list(steps)
        self.pauses: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        if not self._steps:
            return True
        self._steps.pop(0)()
        return False


def nothing() -> None:
    """A step without changes."""


def told(folder: Path, *steps: Callable[[], object], seen: Sequence[Path] | None = None) -> list[list[str]]:
    found = NewImages(folder, seen=seen).until(Looks(*steps))
    return [[path.relative_to(folder).as_posix() for path in arrived.images] for arrived in found]


def write(path: Path, content: bytes = b"image", modified: int | None = None) -> Callable[[], None]:
    """Return a step that writes a file; `modified` stands in for the clock, so that no test waits for it."""

    def step() -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        if modified is not None:
            os.utime(path, (modified, modified))

    return step


def test_a_new_image_is_reported_once_when_a_second_look_finds_it_unchanged(tmp_path: Path) -> None:
    image = tmp_path / "a.jpg"
    assert told(tmp_path, write(image)) == []
    image.unlink()
    assert told(tmp_path, write(image), nothing) == [["a.jpg"]]
    image.unlink()
    assert told(tmp_path, write(image), nothing, nothing, nothing) == [["a.jpg"]]


def test_images_that_arrive_together_are_yielded_together_and_sorted(tmp_path: Path) -> None:
    def copy_a_card() -> None:
        for name in ("b.jpg", "a.PNG", "DCIM/c.tif", "notes.txt", ".hidden.jpg"):
            write(tmp_path / name)()

    assert told(tmp_path, copy_a_card, nothing, nothing) == [["DCIM/c.tif", "a.PNG", "b.jpg"]]


def test_images_present_at_the_start_are_not_new_unless_unseen(tmp_path: Path) -> None:
    write(tmp_path / "a.jpg")()
    write(tmp_path / "b.jpg")()
    assert told(tmp_path, nothing, nothing) == []
    assert told(tmp_path, nothing, nothing, seen=[]) == [["a.jpg", "b.jpg"]]
    assert told(tmp_path, nothing, nothing, seen=[tmp_path / "a.jpg"]) == [["b.jpg"]]


def test_an_image_that_comes_before_the_first_request_is_new(tmp_path: Path) -> None:
    images = NewImages(tmp_path).until(Looks(nothing, nothing))
    write(tmp_path / "a.jpg")()
    assert [arrived.images for arrived in images] == [[tmp_path / "a.jpg"]]


def test_a_file_that_is_still_being_written_is_not_reported_yet(tmp_path: Path) -> None:
    image = tmp_path / "slow.jpg"
    growing = [write(image, b"x" * size, 1_000) for size in (0, 10, 20, 30)]
    assert told(tmp_path, *growing) == []
    image.unlink()
    assert told(tmp_path, *growing, nothing) == [["slow.jpg"]]


def test_a_preallocated_file_is_recognised_by_its_time(tmp_path: Path) -> None:
    image = tmp_path / "reserved.jpg"
    filling = [write(image, b"x" * 100, seconds) for seconds in (1, 2, 3)]
    assert told(tmp_path, *filling) == []
    image.unlink()
    assert told(tmp_path, *filling, nothing) == [["reserved.jpg"]]


def test_a_file_continued_after_a_pause_is_reported_again(tmp_path: Path) -> None:
    image = tmp_path / "a.jpg"
    steps = [write(image, b"half", 1), nothing, write(image, b"half and half", 2), nothing, nothing]
    assert told(tmp_path, *steps) == [["a.jpg"], ["a.jpg"]]


def test_a_file_renamed_when_complete_is_new_from_then_on(tmp_path: Path) -> None:
    steps = [
        write(tmp_path / "a.jpg.part"),
        nothing,
        nothing,
        lambda: (tmp_path / "a.jpg.part").rename(tmp_path / "a.jpg"),
        nothing,
    ]
    assert told(tmp_path, *steps) == [["a.jpg"]]


def test_a_file_that_vanishes_before_it_is_complete_is_not_yielded(tmp_path: Path) -> None:
    image = tmp_path / "a.jpg"
    assert told(tmp_path, write(image), image.unlink, nothing, write(image)) == []


def test_an_empty_file_is_reported_after_a_while(tmp_path: Path) -> None:
    """Cameras create the file first, but one that stays empty must be reported."""
    assert told(tmp_path, write(tmp_path / "a.jpg", b""), *[nothing] * 10) == []
    (tmp_path / "a.jpg").unlink()
    assert told(tmp_path, write(tmp_path / "a.jpg", b""), *[nothing] * 40) == [["a.jpg"]]


@posix
def test_a_file_locked_by_another_program_is_not_reported_yet(tmp_path: Path) -> None:
    import fcntl  # noqa: PLC0415 - Windows has none

    image = tmp_path / "a.jpg"
    image.write_bytes(b"image")
    with image.open("ab") as camera:
        fcntl.flock(camera, fcntl.LOCK_EX)
        assert told(tmp_path, *[nothing] * 5, seen=[]) == []
        assert told(tmp_path, *[nothing] * 5, camera.close, nothing, seen=[]) == [["a.jpg"]]


def test_a_reconnected_drive_has_no_new_images(tmp_path: Path) -> None:
    drive, away = tmp_path / "drive", tmp_path / "away"
    write(drive / "a.jpg")()
    steps = [
        lambda: drive.rename(away),
        nothing,
        drive.mkdir,  # the empty folder that it is mounted on
        nothing,
        drive.rmdir,
        lambda: away.rename(drive),
        nothing,
        write(drive / "b.jpg"),
        nothing,
    ]
    assert told(drive, *steps) == [["b.jpg"]]


def test_missing_files_are_forgotten_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_REMEMBERED", 2)
    stays, goes, later = (tmp_path / name for name in ("stays.jpg", "goes.jpg", "later.jpg"))
    for path in (stays, goes):
        write(path)()
    steps = [goes.unlink, write(later), nothing, write(goes), nothing]
    assert told(tmp_path, *steps) == [["later.jpg"], ["goes.jpg"]]


@posix
@pytest.mark.parametrize(("name", "short"), [("a.dcm", "a"), ("1.2.276.0.3", "1.2.276.0.3")])
def test_the_frames_of_a_dicom_file_are_reported_once(tmp_path: Path, name: str, short: str) -> None:
    series = dicom([jpeg(lesion(seed)) for seed in (1, 2)], (160, 120))
    frames = [f"{name}/{short} frame {number}.dcm" for number in (1, 2)]
    assert told(tmp_path, write(tmp_path / name, series), nothing, nothing) == [frames]
    assert told(tmp_path, nothing, nothing, seen=[tmp_path / frame for frame in frames]) == []


def test_unsupported_images_are_reported_once(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in ("old.nef", "new.NEF", "more.cr2"))
    write(old)()
    steps = [write(new), nothing, write(tmp_path / "a.jpg"), write(other), new.unlink, write(new), nothing]
    assert [(arrived.images, arrived.passed_over) for arrived in NewImages(tmp_path).until(Looks(*steps))] == [
        ([], {new: "NEF"}),
        ([tmp_path / "a.jpg"], {other: "CR2"}),
    ]
    assert [arrived.passed_over for arrived in NewImages(tmp_path, seen=[]).until(Looks(nothing))] == [
        {old: "NEF", new: "NEF", other: "CR2"}
    ]


def test_circular_links_and_pipes_do_not_end_a_watch(tmp_path: Path) -> None:
    def make() -> None:
        (tmp_path / "circle").symlink_to(tmp_path)
        (tmp_path / "nowhere.jpg").symlink_to(tmp_path / "gone.jpg")
        os.mkfifo(tmp_path / "pipe.jpg")
        write(tmp_path / "a.jpg")()

    assert told(tmp_path, make, nothing, nothing) == [["a.jpg"]]


@pytest.mark.parametrize("name", ["gone", "file.jpg"])
def test_a_folder_that_cannot_be_watched_is_reported_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.jpg").touch()
    with pytest.raises(ImageError, match=rf"The folder “{name}” cannot be watched \(.+\)\. Choose another folder\."):
        NewImages(tmp_path / name)


def test_a_stop_ends_the_pause(tmp_path: Path) -> None:
    stop = threading.Event()
    ended = threading.Event()

    def watching() -> None:
        list(NewImages(tmp_path, seconds_between_looks=3600).until(stop))
        ended.set()

    threading.Thread(target=watching, daemon=True).start()
    stop.set()
    assert ended.wait(60)


def test_the_pause_has_the_requested_length(tmp_path: Path) -> None:
    looks = Looks(nothing)
    list(NewImages(tmp_path, seconds_between_looks=3600).until(looks))
    assert looks.pauses == [3600, 3600]
