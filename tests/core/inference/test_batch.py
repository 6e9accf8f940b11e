import hashlib
import io
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from onnx import numpy_helper
from PIL import Image
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

from desktop.core.imaging.opening import ImageHeader
from desktop.core.imaging.pydicom import dcmread, dcmwrite
from desktop.core.inference import batch
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import find_images
from desktop.core.inference.judgement import Abstention, judge
from tests.core.imaging.dicoms import dicom, jpeg, photograph
from tests.making import lesion, model_proto, torn, write_lesion


@pytest.fixture
def classifier(model_file: Path) -> Classifier:
    return Classifier(model_file)


def test_answers_come_in_order_and_equal_those_of_single_images(tmp_path: Path, classifier: Classifier) -> None:
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
        assert answer.header == ImageHeader("JPEG" if answer.path.suffix == ".jpg" else "PNG", 160, 120)
        assert (answer.error, answer.message) == (None, "")


def test_only_the_damaged_file_is_withheld(tmp_path: Path, classifier: Classifier) -> None:
    paths = [write_lesion(tmp_path / f"{seed}.jpg", seed, (320, 240)) for seed in range(6)]
    paths[2].write_bytes(torn(paths[2].read_bytes()))
    reasons = [answer.judgement and answer.judgement.abstention for answer in classify_files(paths, classifier)]
    assert reasons == [None, None, Abstention.DAMAGED, None, None, None]


def test_bad_files_give_rows_and_stop_nothing(tmp_path: Path, classifier: Classifier) -> None:
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
    assert answers[cut].header == ImageHeader("JPEG", 160, 120)
    assert "is not an image" in answers[text].message
    assert answers[text].sha256 == hashlib.sha256(b"no image").hexdigest()
    assert "is empty" in answers[empty].message
    assert "is not there" in answers[tmp_path / "gone.jpg"].message
    assert all(answers[path].judgement is None for path in (cut, text, empty))


def test_an_unexpected_exception_becomes_the_files_row(
    tmp_path: Path, classifier: Classifier, caplog: pytest.LogCaptureFixture
) -> None:
    class OddPath(type(tmp_path)):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            raise RuntimeError("a file system of its own kind")

    paths = [write_lesion(tmp_path / f"{seed}.png", seed) for seed in range(9)]
    odd = OddPath(paths[4])
    answers = list(classify_files([*paths[:4], odd, *paths[5:]], classifier))
    assert [answer.path.name for answer in answers] == [path.name for path in paths]
    assert [answer.prediction is not None for answer in answers] == [number != 4 for number in range(9)]
    assert answers[4].message == (
        "“4.png” cannot be read: LesionLens met something in it that it does not know. Details are in the log."
    )
    assert "a file system of its own kind" in caplog.text
    assert "Traceback" in caplog.text


def test_lack_of_memory_becomes_the_files_row(tmp_path: Path, classifier: Classifier) -> None:
    class LargePath(type(tmp_path)):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            raise MemoryError

    paths = [LargePath(write_lesion(tmp_path / "large.png")), write_lesion(tmp_path / "small.png")]
    large, small = classify_files(paths, classifier)
    assert "needs more memory than is free" in large.message
    assert small.message == ""


@pytest.mark.parametrize("keyword", ["SOPClassUID", "SOPInstanceUID", "PatientID", "ICCProfile", "Columns"])
def test_a_dicom_attribute_of_several_values_stops_nothing(
    tmp_path: Path, classifier: Classifier, keyword: str
) -> None:
    image = lesion(1)
    odd = photograph(image)
    dataset = dcmread(io.BytesIO(odd))
    tag = Tag(keyword)
    vr = "UI" if keyword.endswith("UID") else "LO"
    dataset[tag] = RawDataElement(tag, vr, 8, b"1.2\\3.4\0", 0, False, True)
    with (tmp_path / "b.dcm").open("wb") as file:
        dcmwrite(file, dataset, implicit_vr=False, little_endian=True)
    good = [write_lesion(tmp_path / name, 2) for name in ("a.png", "c.png")]
    answers = {answer.path: answer for answer in classify_files(find_images([tmp_path]).images, classifier)}
    assert len(answers) == 3
    assert all(answers[path].prediction is not None for path in good)
    odd_answer = answers[tmp_path / "b.dcm"]
    assert (odd_answer.prediction is None) == bool(odd_answer.message)


def test_a_model_that_fails_on_one_image_classifies_the_others(tmp_path: Path) -> None:
    model = model_proto()
    for tensor in model.graph.initializer:
        if tensor.name == "weights":  # finite for skin, infinite for white: the softmax gives NaN
            weights = np.zeros(tuple(tensor.dims), np.float32)
            weights[:, 0] = 1.2e38
            tensor.CopyFrom(numpy_helper.from_array(weights, "weights"))
    (tmp_path / "wild.onnx").write_bytes(model.SerializeToString())
    Image.new("RGB", (64, 64), "white").save(tmp_path / "2.png")
    for seed in (0, 1, 3, 4):
        write_lesion(tmp_path / f"{seed}.png", seed)
    answers = list(
        classify_files([tmp_path / f"{number}.png" for number in range(5)], Classifier(tmp_path / "wild.onnx"))
    )
    assert [answer.prediction is not None for answer in answers] == [True, True, False, True, True]
    assert "“wild.onnx” gave an answer that cannot be used" in answers[2].message
    assert answers[2].sha256 == hashlib.sha256((tmp_path / "2.png").read_bytes()).hexdigest()


def test_a_folder_of_only_bad_files_gives_their_rows(tmp_path: Path, classifier: Classifier) -> None:
    for number in range(40):
        (tmp_path / f"{number}.jpg").touch()
    assert (
        sum("is empty" in answer.message for answer in classify_files(find_images([tmp_path]).images, classifier)) == 40
    )


def test_no_files_give_no_answers(classifier: Classifier) -> None:
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
    """A network drive hangs and the file never comes, but the cancel still works."""
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


def test_a_batch_starts_nothing_while_something_else_has_priority(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_PATIENCE", 600.0)
    paths = [write_lesion(tmp_path / f"{seed}.png", seed) for seed in range(9)]
    calm, seen = threading.Event(), queue.SimpleQueue[Path]()

    def work() -> None:
        for answer in classify_files(paths, classifier, calm=calm):
            seen.put(answer.path)

    user = threading.Thread(target=work)
    user.start()
    with pytest.raises(queue.Empty):
        seen.get(timeout=0.5)
    calm.set()
    user.join()
    assert [seen.get() for _ in paths] == paths


def test_a_permanently_busy_window_does_not_stop_a_batch(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_PATIENCE", 0.01)
    paths = [write_lesion(tmp_path / f"{seed}.png", seed) for seed in range(9)]
    assert [answer.path for answer in classify_files(paths, classifier, calm=threading.Event())] == paths


def test_threads_end_with_the_answers(tmp_path: Path, classifier: Classifier) -> None:
    paths = [write_lesion(tmp_path / f"{seed}.png", seed) for seed in range(5)]
    list(classify_files(paths, classifier))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("prepare", "answer"))]


def test_each_frame_of_a_dicom_file_has_an_answer(tmp_path: Path, classifier: Classifier) -> None:
    images = [lesion(seed) for seed in (1, 2)]
    (tmp_path / "two.dcm").write_bytes(dicom([jpeg(image) for image in images], (160, 120)))
    for seed, image in enumerate(images):
        (tmp_path / f"{seed}.jpg").write_bytes(jpeg(image))
    answers = list(classify_files(find_images([tmp_path]).images, classifier))
    assert [answer.message for answer in answers] == [""] * 4
    of_jpeg, of_frame = answers[:2], answers[2:]
    for one, other in zip(of_jpeg, of_frame, strict=True):
        assert one.prediction == other.prediction
        assert other.header == ImageHeader("DICOM", 160, 120)
    assert len({answer.sha256 for answer in answers}) == 4
