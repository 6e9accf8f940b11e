import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop.core.imaging.opening import Header
from desktop.core.inference.batch import classify_files, find_images
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.judgement import judge
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


# Finding


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


# Classifying


def test_answers_come_in_order_with_the_figures_of_one_by_one(tmp_path: Path, classifier: Classifier) -> None:
    paths = [write_lesion(tmp_path / f"{seed:03}.{'jpg' if seed % 2 else 'png'}", seed) for seed in range(50)]
    answers = list(classify_files(paths, classifier))
    assert [answer.path for answer in answers] == paths
    for answer in answers:
        data = answer.path.read_bytes()
        alone = classifier.predict(classifier.prepare(data, answer.path.name)[np.newaxis])[0]
        assert answer.prediction is not None
        np.testing.assert_allclose(answer.prediction.probabilities, alone.probabilities, atol=1e-5)
        assert answer.judgement == judge(answer.prediction, classifier.contract)
        assert answer.prediction.quality is not None
        assert answer.prediction.quality.side == 120
        assert answer.sha256 == hashlib.sha256(data).hexdigest()
        assert answer.byte_size == len(data)
        assert answer.header == Header("JPEG" if answer.path.suffix == ".jpg" else "PNG", 160, 120)
        assert (answer.error, answer.message) == (None, "")


def test_bad_files_are_answers_and_stop_nothing(tmp_path: Path, classifier: Classifier) -> None:
    good = [write_lesion(tmp_path / f"good{seed}.jpg", seed) for seed in range(40)]
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(good[0].read_bytes()[:1500])
    text = tmp_path / "text.jpg"
    text.write_text("no image")
    empty = tmp_path / "empty.jpg"
    empty.touch()
    paths = sorted([*good, cut, text, empty, tmp_path / "gone.jpg"])
    answers = {answer.path: answer for answer in classify_files(paths, classifier)}
    assert list(answers) == paths
    assert all(answers[path].prediction is not None for path in good)
    assert "damaged or cut off" in answers[cut].message
    assert answers[cut].header == Header("JPEG", 160, 120)
    assert "is not an image" in answers[text].message
    assert answers[text].sha256 == hashlib.sha256(b"no image").hexdigest()
    assert "is empty" in answers[empty].message
    assert "is not there" in answers[tmp_path / "gone.jpg"].message
    assert all(answers[path].judgement is None for path in (cut, text, empty))


def test_a_folder_of_bad_files_alone_is_answered(tmp_path: Path, classifier: Classifier) -> None:
    touch(tmp_path, *(f"{number}.jpg" for number in range(40)))
    assert sum("is empty" in answer.message for answer in classify_files(find_images([tmp_path]), classifier)) == 40


def test_no_files_no_answers(classifier: Classifier) -> None:
    assert list(classify_files([], classifier)) == []


def test_files_are_read_only_a_little_ahead(tmp_path: Path, classifier: Classifier) -> None:
    path = write_lesion(tmp_path / "one.png")
    taken = 0

    def endless() -> Iterator[Path]:
        nonlocal taken
        while True:
            taken += 1
            yield path

    answers = classify_files(endless(), classifier, workers=2)
    for _ in range(100):
        next(answers)
    assert taken < 200
    answers.close()


def test_a_cancel_ends_the_answers_at_once(tmp_path: Path, classifier: Classifier) -> None:
    paths = [write_lesion(tmp_path / f"{seed:03}.png", seed) for seed in range(40)]
    cancelled = threading.Event()
    seen = []
    for answer in classify_files(paths, classifier, cancelled=cancelled):
        seen.append(answer.path)
        if len(seen) == 5:
            cancelled.set()
    assert seen == paths[:5]


def test_a_cancel_is_seen_while_a_file_is_being_read(tmp_path: Path, classifier: Classifier) -> None:
    """A network drive that hangs: the file never comes, and the cancel is obeyed all the same."""
    path = write_lesion(tmp_path / "slow.png")
    cancelled, reading, released = threading.Event(), threading.Event(), threading.Event()

    class SlowPath(type(path)):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            reading.set()
            released.wait()
            return path.read_bytes()

    seen: list[object] = []
    user = threading.Thread(
        target=lambda: seen.extend(classify_files([SlowPath(path)], classifier, cancelled=cancelled)), daemon=True
    )
    user.start()
    reading.wait()
    cancelled.set()
    user.join(timeout=60)  # though the file is still being read
    assert not user.is_alive()
    assert seen == []
    released.set()


def test_threads_end_with_the_answers(tmp_path: Path, classifier: Classifier) -> None:
    paths = [write_lesion(tmp_path / f"{seed}.png", seed) for seed in range(5)]
    list(classify_files(paths, classifier))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("prepare", "answer"))]


def test_each_frame_of_a_dicom_file_has_an_answer(tmp_path: Path, classifier: Classifier) -> None:
    images = [lesion(seed) for seed in (1, 2)]
    (tmp_path / "two.dcm").write_bytes(dicom([jpeg(image) for image in images], (160, 120)))
    for seed, image in enumerate(images):
        (tmp_path / f"{seed}.jpg").write_bytes(jpeg(image))
    answers = list(classify_files(find_images([tmp_path]), classifier))
    assert [answer.message for answer in answers] == [""] * 4
    of_jpeg, of_frame = answers[:2], answers[2:]
    for one, other in zip(of_jpeg, of_frame, strict=True):
        assert one.prediction == other.prediction
        assert other.header == Header("DICOM", 160, 120)
    assert len({answer.sha256 for answer in answers}) == 4
