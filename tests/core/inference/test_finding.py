import os
import threading
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.finding import find_images
from tests.core.imaging.dicoms import dicom, jpeg, photograph
from tests.making import lesion, write_lesion
from tests.platforms import ODD_NAMES, common_folder, posix, unprivileged


@pytest.fixture
def classifier(model_file: Path) -> Classifier:
    return Classifier(model_file)


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(found: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in found]


def test_images_are_found_by_extension_in_all_folders_and_sorted_by_path(tmp_path: Path) -> None:
    touch(tmp_path, "b.JPG", "a.jpeg", "a-1/x.png", "a/z.tif", "a/y/w.webp", "a/notes.txt", "c.jpg.bak", "jpg", "d.dcm")
    assert names(find_images([tmp_path]), tmp_path) == [
        "a-1/x.png",
        "a.jpeg",
        "a/y/w.webp",
        "a/z.tif",
        "b.JPG",
        "d.dcm",
    ]


def test_dicom_files_without_an_extension_and_frames_are_found(tmp_path: Path) -> None:
    touch(tmp_path, "README")
    (tmp_path / "IM000001").write_bytes(photograph(lesion(1)))
    (tmp_path / "two.dcm").write_bytes(dicom([jpeg(lesion(2)), jpeg(lesion(3))], (160, 120)))
    assert names(find_images([tmp_path]), tmp_path) == [
        "IM000001",
        "two.dcm/two frame 1.dcm",
        "two.dcm/two frame 2.dcm",
    ]


def test_hidden_files_and_folders_are_left_out_unless_they_are_named(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "._a.jpg", ".Trash/b.jpg", ".hidden.jpg")
    assert names(find_images([tmp_path]), tmp_path) == ["a.jpg"]
    assert names(find_images([tmp_path / ".hidden.jpg", tmp_path / ".Trash"]), tmp_path) == [
        ".Trash/b.jpg",
        ".hidden.jpg",
    ]


def test_a_file_that_is_named_is_always_taken_and_only_once(tmp_path: Path) -> None:
    touch(tmp_path, "export.dat", "sub/a.jpg")
    found = find_images(
        [tmp_path / "sub/a.jpg", tmp_path, tmp_path / "export.dat", tmp_path / "sub", tmp_path / "gone"]
    )
    assert names(found, tmp_path) == ["export.dat", "gone", "sub/a.jpg"]


def test_paths_stay_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "in/a.jpg")
    monkeypatch.chdir(tmp_path)
    assert find_images([Path("in")]) == [Path("in/a.jpg")]


@posix
def test_links_never_give_a_file_twice_and_circles_end(tmp_path: Path) -> None:
    touch(tmp_path, "in/real/a.jpg", "in/real/b.jpg", "outside/c.jpg")
    links = {
        "in/0-first.jpg": "in/real/a.jpg",
        "in/again.jpg": "in/real/a.jpg",
        "in/circle": "in",
        "in/other-name-of-real": "in/real",
        "in/out": "outside",
        "in/out-too": "outside",
        "outside/back": "in",
        "in/z.jpg": "outside/c.jpg",
    }
    for link, target in links.items():
        (tmp_path / link).symlink_to(tmp_path / target)
    (tmp_path / "in/self.jpg").symlink_to(tmp_path / "in/self.jpg")
    found = names(find_images([tmp_path / "in"]), tmp_path)
    # A file is listed under its own name; what is only linked, under one of its links.
    assert found == ["in/real/a.jpg", "in/real/b.jpg", "in/self.jpg", "in/z.jpg"]


@posix
def test_a_pipe_in_a_folder_is_no_image(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "b.jpg")
    assert names(find_images([tmp_path]), tmp_path) == ["a.jpg"]


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    assert find_images([tmp_path]) == []


@posix
def test_a_search_ends_where_it_is_when_it_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A share that takes its time over each folder: the cancel comes while the second of a hundred is looked at."""
    for number in range(100):
        write_lesion(tmp_path / f"{number:03}" / "a.jpg")
    cancelled, seen, scandir = threading.Event(), [], os.scandir

    def slow(folder: Path) -> object:
        seen.append(folder)
        if len(seen) == 3:
            cancelled.set()
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", slow)
    assert find_images([tmp_path], cancelled) == []
    assert len(seen) == 3


def test_a_folder_that_cannot_be_listed_is_answered_for(classifier: Classifier) -> None:
    with common_folder() as folder:
        touch(folder, "shut/a.jpg", "open/b.jpg")
        (folder / "shut").chmod(0)
        with unprivileged():
            found = find_images([folder])
        assert names(found, folder) == ["open/b.jpg", "shut"]
        answer = next(classify_files([folder / "shut"], classifier))
        assert answer.message == "The folder “shut” cannot be read. Check its permissions."


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_in_any_alphabet(tmp_path: Path, classifier: Classifier, name: str) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "plain.jpg")
    (tmp_path / "plain.jpg").rename(tmp_path / name)
    found = find_images([tmp_path])
    assert found == [tmp_path / name]
    assert next(classify_files(found, classifier)).error is None
