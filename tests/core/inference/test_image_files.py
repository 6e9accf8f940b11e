import os
import threading
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.imaging.frames import frame_path, order_of
from desktop.core.imaging.opening import read_file
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import FoundFiles, find_images, passed_over_remark
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


def names(found: FoundFiles, folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in found.images]


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


@pytest.mark.parametrize(
    "name", ["IM000001", "1.2.276.0.7230010.3", "a.ima", "a.dic", "a.dcm", "a.ex1", "Doe. left arm"]
)
def test_dicom_files_are_found_whatever_they_are_named_with_all_their_frames(tmp_path: Path, name: str) -> None:
    touch(tmp_path, "README", "notes.4")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / name).write_bytes(photograph(lesion(1)))
    (tmp_path / name).write_bytes(dicom([jpeg(lesion(2)), jpeg(lesion(3))], (160, 120)))
    short = name.removesuffix(".ima").removesuffix(".dic").removesuffix(".dcm")
    found = find_images([tmp_path])
    assert names(found, tmp_path) == sorted([
        f"{name}/{short} frame 1.dcm",
        f"{name}/{short} frame 2.dcm",
        f"one/{name}",
    ])  # fmt: skip
    assert len({read_file(path) for path in found.images}) == 3
    assert find_images([tmp_path / name]).images == [path for path in found.images if path.parent.name == name]


def test_frames_follow_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(dicom([jpeg(lesion(2))] * 11, (160, 120)))
    touch(tmp_path, "a.dcm!.jpg", "b.jpg")
    in_order = [frame_path(tmp_path / "a.dcm", number) for number in range(1, 12)]
    in_order += [tmp_path / "a.dcm!.jpg", tmp_path / "b.jpg"]
    assert find_images([tmp_path]).images == in_order
    assert sorted(map(str, in_order[::-1]), key=order_of) == list(map(str, in_order))


def test_frames_of_a_uid_are_found_under_the_name_that_older_histories_have(tmp_path: Path) -> None:
    path = tmp_path / "1.2.276.0.3"
    path.write_bytes(dicom([jpeg(lesion(2)), jpeg(lesion(3))], (160, 120)))
    assert read_file(path / "1.2.276.0 frame 2.dcm") == read_file(frame_path(path, 2))


def test_images_without_an_extension_are_recognised_by_their_first_bytes(tmp_path: Path) -> None:
    for number, kind in enumerate(("JPEG", "PNG", "TIFF", "BMP", "WEBP")):
        lesion(number).save(tmp_path / f"{number}", kind)
    (tmp_path / "bill").write_bytes(b"BMI and age of all patients" * 9)
    (tmp_path / "DICOMDIR").write_bytes(bytes(128) + b"DICM")
    lesion().save(tmp_path / "old.jpg_original", "JPEG")
    assert names(find_images([tmp_path]), tmp_path) == ["0", "1", "2", "3", "4"]


def test_unsupported_images_are_reported(tmp_path: Path) -> None:
    touch(tmp_path, "a.NEF", "b.nef", "sub/c.cr2", "d.psd", "notes.txt", "film.mp4", "._a.nef", "e.jpg", "f.nef")
    lesion().save(tmp_path / "IMAGE", "GIF")
    (tmp_path / "raw").write_bytes(b"\0\0\0\x18ftypcrx " + bytes(200))
    (tmp_path / "clip").write_bytes(b"\0\0\0\x18ftypisom" + bytes(200))
    found = find_images([tmp_path, tmp_path / "f.nef"])
    assert names(found, tmp_path) == ["e.jpg", "f.nef"], "a file that is named is taken, and answered for"
    assert {path.relative_to(tmp_path).as_posix(): kind for path, kind in found.passed_over.items()} == {
        "a.NEF": "NEF",
        "b.nef": "NEF",
        "sub/c.cr2": "CR2",
        "d.psd": "PSD",
        "IMAGE": "GIF",
        "raw": "CR3",
    }
    assert str(passed_over_remark(found.passed_over.values())) == (
        "6 files of kinds that LesionLens does not open: 2 NEF, 1 CR2, 1 CR3, 1 GIF, 1 PSD. Export them as JPEG or PNG."
    )


def test_singular_and_absence_of_unsupported_images_are_worded_correctly() -> None:
    assert str(passed_over_remark(["GIF"])) == (
        "1 file of a kind that LesionLens does not open: GIF. Export it as JPEG or PNG."
    )
    assert passed_over_remark([]) is None


@posix
def test_a_linked_unsupported_image_is_reported_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.nef")
    (tmp_path / "b.nef").symlink_to(tmp_path / "a.nef")
    assert find_images([tmp_path]) == FoundFiles([], {tmp_path / "a.nef": "NEF"})


def test_hidden_files_and_folders_are_skipped_unless_named(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "._a.jpg", ".Trash/b.jpg", ".hidden.jpg")
    assert names(find_images([tmp_path]), tmp_path) == ["a.jpg"]
    assert names(find_images([tmp_path / ".hidden.jpg", tmp_path / ".Trash"]), tmp_path) == [
        ".Trash/b.jpg",
        ".hidden.jpg",
    ]


def test_a_named_file_is_always_included_once(tmp_path: Path) -> None:
    touch(tmp_path, "export.dat", "sub/a.jpg")
    found = find_images(
        [tmp_path / "sub/a.jpg", tmp_path, tmp_path / "export.dat", tmp_path / "sub", tmp_path / "gone"]
    )
    assert names(found, tmp_path) == ["export.dat", "gone", "sub/a.jpg"]


def test_paths_are_kept_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "in/a.jpg")
    monkeypatch.chdir(tmp_path)
    assert find_images([Path("in")]).images == [Path("in/a.jpg")]


@posix
def test_links_give_no_file_twice_and_circular_links_end(tmp_path: Path) -> None:
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
def test_a_pipe_in_a_folder_is_not_an_image(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "b.jpg")
    assert names(find_images([tmp_path]), tmp_path) == ["a.jpg"]


def test_an_empty_folder_has_no_images(tmp_path: Path) -> None:
    assert find_images([tmp_path]) == FoundFiles([], {})


@posix
def test_a_cancelled_search_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow share: the cancel comes while the second of a hundred folders is searched."""
    for number in range(100):
        write_lesion(tmp_path / f"{number:03}" / "a.jpg")
    cancelled, seen, scandir = threading.Event(), [], os.scandir

    def slow(folder: Path) -> object:
        seen.append(folder)
        if len(seen) == 3:
            cancelled.set()
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", slow)
    assert find_images([tmp_path], cancelled) == FoundFiles([], {})
    assert len(seen) == 3


def test_a_folder_that_cannot_be_listed_is_reported(classifier: Classifier) -> None:
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
    found = find_images([tmp_path]).images
    assert found == [tmp_path / name]
    assert next(classify_files(found, classifier)).error is None
