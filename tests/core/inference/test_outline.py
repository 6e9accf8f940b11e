"""Outlines traced in a map, and outlines that a model file computes on request."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import helper

from desktop.core.errors import ModelError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.outline import trace
from tests.making import SIZE, contract, model_proto, outline_figures, with_outline

SIDE = 48


def disc(x: float, y: float, radius: float) -> NDArray[np.float64]:
    """A map of one round lesion with a soft edge, in map coordinates."""
    down, across = np.mgrid[:SIDE, :SIDE] + 0.5
    soft: NDArray[np.float64] = 1 / (1 + np.exp(np.hypot(across - x, down - y) - radius))
    return soft


def image_with_spot() -> NDArray[np.uint8]:
    images = np.full((1, SIZE, SIZE, 3), 230, np.uint8)
    images[:, 8:24, 12:28] = 20
    return images


def model_with_outline(folder: Path, *, promised: int = 8, real: int = 8) -> Path:
    model = with_outline(model_proto(contract(outline=outline_figures(promised))), real)
    path = folder / "outlines.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def test_a_round_lesion_is_traced_at_its_place_and_size() -> None:
    outline = trace(disc(20, 28, 10))
    assert outline is not None
    assert outline.area == pytest.approx(np.pi * 10**2 / SIDE**2, rel=0.01)
    assert outline.points.mean(axis=0) == pytest.approx([20 / SIDE, 28 / SIDE], abs=0.005)
    assert outline.on_edge == 0


def test_a_lesion_that_reaches_the_frame_runs_along_its_edge() -> None:
    outline = trace(disc(0, 24, 12))
    assert outline is not None
    assert outline.area == pytest.approx(np.pi * 12**2 / 2 / SIDE**2, rel=0.02)
    assert outline.on_edge == pytest.approx(2 / (2 + np.pi), rel=0.05), "the diameter of a half circle"


def test_a_lesion_that_fills_the_frame_is_all_on_the_edge() -> None:
    outline = trace(np.full((SIDE, SIDE), 0.9))
    assert outline is not None
    assert outline.area == pytest.approx(1, rel=0.001)
    assert outline.on_edge > 0.95


def test_the_largest_lesion_is_traced_and_holes_belong_to_it() -> None:
    ring = disc(15, 15, 12) - disc(15, 15, 5)
    outline = trace(np.maximum(ring, disc(40, 40, 4)))
    assert outline is not None
    assert outline.area == pytest.approx(np.pi * 12**2 / SIDE**2, rel=0.03)


def test_there_is_no_outline_where_nothing_is_likely_lesion() -> None:
    assert trace(np.full((SIDE, SIDE), 0.49)) is None


@pytest.mark.parametrize(("middle", "is_one"), [(0.9, True), (0.6, False)])
def test_lesions_that_touch_at_a_corner_are_one_if_the_middle_is_lesion(middle: float, is_one: bool) -> None:
    touching = np.zeros((6, 6))
    touching[1:3, 1:3] = touching[3:5, 3:5] = middle
    touching[3, 2] = touching[2, 3] = 0.3
    outline = trace(touching)
    assert outline is not None
    spread = np.ptp(outline.points, axis=0)
    assert bool(np.all(spread > 0.5)) == is_one


def test_every_map_is_traced_to_the_end() -> None:
    random = np.random.default_rng(0)
    for step in (1, 2, 3):
        outline = trace(random.random((16, 16)).round(step))
        assert outline is not None
        assert 0 < outline.area <= 1
        assert outline.points.min() >= 0
        assert outline.points.max() <= 1


def test_a_model_draws_an_outline_on_request_alone(tmp_path: Path) -> None:
    path = model_with_outline(tmp_path)
    classifier, images = Classifier(path), image_with_spot()
    (lesion,) = classifier.outline(images)
    outline = trace(lesion)
    assert outline is not None
    assert outline.area == pytest.approx(0.25, abs=0.03)
    assert classifier.run(images).probabilities.shape == (1, 9)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path.read_bytes(), options)
    assert session.run(["outline"], {"image": images})[0].shape == (0, 8, 8), "nothing was computed"


def test_a_model_without_outlines_is_asked_for_none(tmp_path: Path) -> None:
    path = tmp_path / "without.onnx"
    path.write_bytes(model_proto().SerializeToString())
    classifier = Classifier(path)
    assert classifier.contract.outline is None
    with pytest.raises(ValueError, match="draws no outlines"):
        classifier.outline(image_with_spot())


def test_a_file_whose_outline_is_not_what_it_promises_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no output “outline”, float32 \[batch, 16, 16\]"):
        Classifier(model_with_outline(tmp_path, promised=16))
    promised = contract(outline=outline_figures())
    path = tmp_path / "none.onnx"
    path.write_bytes(model_proto(promised).SerializeToString())
    with pytest.raises(ModelError, match="no output “outline”"):
        Classifier(path)


def test_a_file_that_can_be_given_more_than_the_request_is_refused(tmp_path: Path) -> None:
    model = with_outline(model_proto(contract(outline=outline_figures())))
    model.graph.input.append(helper.make_tensor_value_info("white", onnx.TensorProto.FLOAT, []))
    path = tmp_path / "more.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="not asked for by “outline_wanted”"):
        Classifier(path)


@pytest.mark.parametrize("steep", [np.nan, 1e9])
def test_a_file_whose_outline_is_made_of_no_probabilities_is_refused(tmp_path: Path, steep: float) -> None:
    model = with_outline(model_proto(contract(outline=outline_figures())))
    (branch,) = (part.g for part in model.graph.node[-1].attribute if part.name == "then_branch")
    last = next(node for node in branch.node if node.op_type == "Sigmoid")
    last.op_type = "Exp"
    for tensor in branch.initializer:
        if tensor.name == "steep":
            tensor.raw_data = np.float32(steep).tobytes()
    path = tmp_path / "odd.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="not made of probabilities"):
        Classifier(path)
