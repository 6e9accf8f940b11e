"""Judging in one go, as the window does: its progress, and that it stops wherever it is."""

import threading
from pathlib import Path

import pytest

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import QualityLimits
from desktop.core.judging.judged_images import LabelledData, read_labelled
from desktop.core.judging.judging import judge_images
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures
from desktop.core.labelled_images.audit import open_images
from desktop.core.labelled_images.labelled import LabelledImage
from tests.judged import draw_blotches
from tests.making import contract, write_model


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    """A model that learned from one other image, as is noted beside it."""
    learned = LabelledImage(draw_blotches(tmp_path / "learned.png", 9_999), "", "")
    thumbnail = open_images([learned], lambda: None)[0].thumbnail
    model = write_model(tmp_path / "model.onnx")
    model.with_suffix(SUFFIX).write_bytes(TrainingPictures.of("0" * 64, thumbnail[None]).to_bytes())
    return Classifier(model)


@pytest.fixture
def data(classifier: Classifier, tmp_path: Path) -> LabelledData:
    for number, label in enumerate(("melanoma", "nevus")):
        for seed in range(5):
            draw_blotches(tmp_path / "images" / label / f"{seed}.png", 100 * number + seed)
    return read_labelled(tmp_path / "images", classifier.contract)


def test_its_progress_only_grows_and_reaches_the_end(classifier: Classifier, data: LabelledData) -> None:
    steps: list[tuple[int, int]] = []
    judged = judge_images(
        "images", data, classifier, cancelled=threading.Event(), progress=lambda *step: steps.append(step)
    )
    assert judged is not None
    assert judged.figures.n == 10
    done = [now for now, _ in steps]
    assert done == sorted(done)
    assert steps[-1][0] == steps[-1][1]


def test_images_that_are_too_small_are_told_first(data: LabelledData, tmp_path: Path) -> None:
    limits = QualityLimits("drawn", 0.05, side_least=200)
    classifier = Classifier(write_model(tmp_path / "limited.onnx", contract(quality=limits)))
    judged = judge_images("images", data, classifier, cancelled=threading.Event(), progress=lambda *_step: None)
    assert judged is not None
    assert any(str(one).startswith("Images counted: 10, all of them smaller than") for one in judged.first_words())


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.8, 1.0])
def test_it_stops_while_opening_comparing_and_answering(
    share: float, classifier: Classifier, data: LabelledData
) -> None:
    cancelled = threading.Event()

    def stop(now: int, total: int) -> None:
        if now >= share * total:
            cancelled.set()

    assert judge_images("images", data, classifier, cancelled=cancelled, progress=stop) is None
