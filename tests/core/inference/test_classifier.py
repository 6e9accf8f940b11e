import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, external_data_helper, helper, numpy_helper

from desktop.core.errors import ModelError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import METADATA_KEY, Label
from desktop.core.labels import Malignancy
from tests.making import SIZE, contract, lesion, model_proto, write_lesion, write_model


def saved(path: Path, model: onnx.ModelProto) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


def set_weights(model: onnx.ModelProto, weights: list[float]) -> None:
    """Make the first label's logit this function of the mean colour, and the others' zero."""
    for tensor in model.graph.initializer:
        if tensor.name == "weights":
            array = np.zeros(tuple(tensor.dims), np.float32)
            array[:, 0] = weights
            tensor.CopyFrom(numpy_helper.from_array(array, "weights"))


def test_a_model_file_classifies_images(model_file: Path, tmp_path: Path) -> None:
    classifier = Classifier(model_file)
    assert classifier.sha256 == hashlib.sha256(model_file.read_bytes()).hexdigest()
    assert classifier.contract == contract()
    inputs = []
    for seed in range(3):
        path = write_lesion(tmp_path / f"{seed}.png", seed)
        inputs.append(classifier.prepare(path.read_bytes(), path.name))
        expected = lesion(seed).resize((SIZE, SIZE), 2)
        np.testing.assert_array_equal(inputs[-1], np.asarray(expected))
    predictions = classifier.predict(np.stack(inputs))
    assert len(predictions) == 3
    for prediction in predictions:
        assert sum(prediction.probabilities) == pytest.approx(1, abs=1e-6)
        assert prediction.model_sha256 == classifier.sha256
        assert prediction.preprocessing_version == 1
        assert prediction.novelty is None
    assert predictions[0] != predictions[1]


def test_any_number_of_labels_works(tmp_path: Path) -> None:
    labels = tuple(Label(f"own_{index}", f"Own {index}", Malignancy.UNKNOWN) for index in range(23))
    classifier = Classifier(write_model(tmp_path / "own.onnx", contract(labels=labels)))
    assert len(classifier.predict(np.zeros((1, SIZE, SIZE, 3), np.uint8))[0].probabilities) == 23


def test_answers_include_novelty_if_the_model_has_it(tmp_path: Path) -> None:
    classifier = Classifier(write_model(tmp_path / "novel.onnx", contract(novelty_threshold=1.0), novelty=3.5))
    assert [one.novelty for one in classifier.predict(np.zeros((2, SIZE, SIZE, 3), np.uint8))] == [3.5, 3.5]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"The model “gone\.onnx” cannot be read \(No such file or directory\)"):
        Classifier(tmp_path / "gone.onnx")
    with pytest.raises(ModelError, match="is not a file"):
        Classifier(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no model", b"\x89PNG\r\n\x1a\n", b"\x08\x08" * 500, b"\xff" * 4096])
def test_a_file_that_is_not_a_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"“model\.onnx” is (not an ONNX model that can be run|an ONNX model without)"):
        Classifier(path)


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_truncated_model_is_refused(tmp_path: Path, model_file: Path, quarter: int) -> None:
    content = model_file.read_bytes()
    path = tmp_path / "cut.onnx"
    path.write_bytes(content[: len(content) * quarter // 4])
    with pytest.raises(ModelError, match=r"“cut\.onnx” is not an ONNX model that can be run"):
        Classifier(path)


def test_a_model_without_a_contract_is_refused(tmp_path: Path) -> None:
    model = model_proto()
    del model.metadata_props[:]
    with pytest.raises(ModelError, match="is an ONNX model without LesionLens' description"):
        Classifier(saved(tmp_path / "plain.onnx", model))


def test_an_unreadable_contract_is_refused(tmp_path: Path) -> None:
    model = model_proto()
    helper.set_model_props(model, {METADATA_KEY: "{}"})
    with pytest.raises(ModelError, match="The model's description cannot be read"):
        Classifier(saved(tmp_path / "broken.onnx", model))


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    model = model_proto()
    external_data_helper.convert_model_to_external_data(model, location="weights.bin", size_threshold=0)
    path = tmp_path / "outside.onnx"
    onnx.save_model(model, str(path))
    assert (tmp_path / "weights.bin").exists()
    with pytest.raises(ModelError, match=r"“outside\.onnx” keeps a part of itself in another file"):
        Classifier(path)


def test_weights_in_another_file_are_found_inside_a_constant(tmp_path: Path) -> None:
    model = model_proto()
    tensor = TensorProto(name="hidden", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    model.graph.node.append(helper.make_node("Constant", [], ["hidden"], value=tensor))
    with pytest.raises(ModelError, match="keeps a part of itself in another file"):
        Classifier(saved(tmp_path / "hidden.onnx", model))


def rename_input(model: onnx.ModelProto) -> None:
    model.graph.input[0].name = "pixels_in"
    model.graph.node[0].input[0] = "pixels_in"


def float_input(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT


def other_size(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = SIZE + 1


def second_input(model: onnx.ModelProto) -> None:
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, ["batch"]))


def no_probabilities(model: onnx.ModelProto) -> None:
    model.graph.node[-1].output[0] = model.graph.output[0].name = "figures"


def no_softmax(model: onnx.ModelProto) -> None:
    model.graph.node[-1].op_type = "Relu"
    del model.graph.node[-1].attribute[:]


def fixed_batch(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (rename_input, "its input is not “image”, uint8"),
        (float_input, "its input is not “image”, uint8"),
        (other_size, "its input is not “image”, uint8"),
        (second_input, "its input is not “image”, uint8"),
        (no_probabilities, "it has no output “probabilities” of float32"),
        (no_softmax, "its probabilities are negative or do not sum to one"),
    ],
)
def test_a_graph_that_breaks_the_contract_is_refused(
    tmp_path: Path, change: Callable[[onnx.ModelProto], None], detail: str
) -> None:
    model = model_proto()
    change(model)
    with pytest.raises(ModelError, match=f"“odd.onnx” does not keep the contract of LesionLens' models: {detail}"):
        Classifier(saved(tmp_path / "odd.onnx", model))


def test_a_graph_that_answers_one_image_at_a_time_is_refused(tmp_path: Path) -> None:
    model = model_proto()
    fixed_batch(model)
    with pytest.raises(ModelError, match=r"“odd.onnx” failed on an image \(.*invalid dimensions"):
        Classifier(saved(tmp_path / "odd.onnx", model))


def test_a_model_needs_one_probability_for_each_label(tmp_path: Path) -> None:
    model = model_proto(contract())
    helper.set_model_props(model, {METADATA_KEY: contract(labels=contract().labels[:4]).to_json()})
    with pytest.raises(ModelError, match="not one probability for each label"):
        Classifier(saved(tmp_path / "nine.onnx", model))


def test_a_novelty_threshold_needs_a_novelty_output(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="names a threshold of novelty but has no such output"):
        Classifier(write_model(tmp_path / "model.onnx", contract(novelty_threshold=1.0)))


def test_another_preprocessing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="prepares images otherwise \\(2, here 1\\)"):
        Classifier(write_model(tmp_path / "model.onnx", contract(preprocessing_version=2)))


def test_outputs_that_are_not_probabilities_are_refused(tmp_path: Path) -> None:
    model = model_proto()
    set_weights(model, [1.5e38] * 3)  # finite on the grey image of the trial, infinite on white: the softmax gives NaN
    classifier = Classifier(saved(tmp_path / "wild.onnx", model))
    white = np.full((1, SIZE, SIZE, 3), 255, np.uint8)
    with pytest.raises(ModelError, match=r"“wild\.onnx” gave an answer that cannot be used: its probabilities"):
        classifier.predict(white)
