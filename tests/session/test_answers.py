"""Answers of a model to a picture, and their cache."""

import dataclasses
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.core.imaging.preprocessing import Box
from desktop.core.inference.classifier import Classifier
from desktop.session.answers import answer_picture
from desktop.session.image_vectors import vector_of
from desktop.session.last_answer import LastAnswer
from desktop.session.picture import Picture, load_picture
from tests.alerts import ALWAYS, MELANOMA, NEVER, at_two_points
from tests.making import contract, write_lesion, write_model


def picture(path: Path, seed: int) -> Picture:
    write_lesion(path, seed=seed)
    return load_picture(path.name, path, path.read_bytes())


def test_same_picture_is_classified_once_per_model(model_file: Path, tmp_path: Path) -> None:
    model = Classifier(model_file)
    other = Classifier(write_model(tmp_path / "other.onnx", contract(certainty_threshold=0.99)))
    first, second = (picture(tmp_path / f"{seed}.png", seed) for seed in (1, 2))
    last = LastAnswer()
    answer = last.answer(first, model)
    assert answer == answer_picture(first, model)
    assert last.answer(picture(tmp_path / "copy.png", 1), model) is answer
    assert last.answer(second, model) == answer_picture(second, model) != answer
    assert last.answer(first, model) == answer
    assert last.answer(first, other).contract == other.contract


def test_same_picture_is_judged_again_at_another_working_point(tmp_path: Path) -> None:
    description = contract(alerts=(at_two_points(MELANOMA, NEVER, ALWAYS),))
    model = Classifier(write_model(tmp_path / "model.onnx", description))
    one, last = picture(tmp_path / "1.png", 1), LastAnswer()
    at_default, at_other = last.answer(one, model), last.answer(one, model.at({"melanoma": 0.98}))
    assert at_default.prediction == at_other.prediction
    assert [bool(answer.judgement.flags) for answer in (at_default, at_other)] == [False, True]
    assert at_other.judgement.working_points == {"melanoma": 0.98}


def test_an_answer_tells_how_the_whole_image_looks_to_the_model_and_never_a_region(
    model_file: Path, tmp_path: Path
) -> None:
    model, one = Classifier(model_file), picture(tmp_path / "1.png", 1)
    whole, region = answer_picture(one, model), answer_picture(one, model, Box(0, 0, 40, 40))
    assert whole.vector is not None
    assert whole.vector.tolist() == vector_of(one.data, one.name, model).tolist()
    assert region.vector is None


def test_any_error_while_classifying_becomes_a_sentence(model_file: Path, tmp_path: Path) -> None:
    without_pixels = dataclasses.replace(picture(tmp_path / "1.png", 1), levels=())
    with pytest.raises(ImageError, match=r"“1\.png” cannot be read: LesionLens met"):
        answer_picture(without_pixels, Classifier(model_file))
