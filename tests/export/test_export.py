"""The export command: what it writes, and that it writes nothing unverified."""

from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import pytest

from desktop.core.errors import ExportError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import METADATA_KEY, Figure
from desktop.core.inference.contract_reading import parse_contract
from export.__main__ import main
from export.convert import MAPS, OPSET, convert, with_named_outputs
from export.on_request import compute_on_request
from export.seal import save, seal
from export.verify import check, verify
from tests.making import SIZE, contract, model_proto


def network(size: int = SIZE, labels: int = 9, seed: int = 0) -> keras.Model:
    """Build a small network with a named embedding."""
    keras.utils.set_random_seed(seed)
    image = keras.Input((size, size, 3))
    x = keras.layers.Rescaling(1 / 255)(image)
    x = keras.layers.Conv2D(4, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    return keras.Model(image, keras.layers.Dense(labels, activation="softmax", name="probabilities")(x))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A folder with the files of a finished training."""
    network().save(tmp_path / "model.keras")
    (tmp_path / "contract.json").write_text(contract().to_json(), encoding="utf-8")
    return tmp_path


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"model.keras", "contract.json"}


def test_the_file_answers_as_the_network_and_contains_its_contract(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = run / "new folder/classifier.onnx"
    assert main([str(run / "model.keras"), "-o", str(output)]) == 0
    assert "largest difference to the network" in capsys.readouterr().out
    classifier = Classifier(output)
    assert classifier.contract == contract()
    images = np.random.default_rng(1).integers(0, 256, (5, SIZE, SIZE, 3), np.uint8)
    outputs = classifier.run(images)
    assert np.abs(outputs.probabilities - np.asarray(network()(images.astype(np.float32)))).max() < 1e-5
    assert outputs.embedding is not None
    assert outputs.embedding.shape == (5, 4)


def test_the_graph_agrees_with_the_contract(run: Path) -> None:
    output = run / "classifier.onnx"
    assert main([str(run / "model.keras"), "-o", str(output)]) == 0
    model = onnx.load(output)
    onnx.checker.check_model(model, full_check=True)
    assert [value.name for value in model.graph.input] == ["image"]
    assert model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8
    for value in (*model.graph.input, *model.graph.output):
        assert value.type.tensor_type.shape.dim[0].dim_param == "batch"
    assert {value.name for value in model.graph.output} == {"probabilities", "embedding", "activation"}
    assert [entry.version for entry in model.opset_import if not entry.domain] == [OPSET]
    assert model.model_version == 1
    assert [path.name for path in run.iterdir() if path.name.startswith("part-")] == []


def test_a_contract_from_elsewhere_can_be_given(run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(contract(name="Renamed").to_json(), encoding="utf-8")
    arguments = [str(run / "model.keras"), "-o", str(run / "c.onnx"), "--contract", str(other)]
    assert main(arguments) == 0
    assert Classifier(run / "c.onnx").contract.name == "Renamed"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"labels": contract().labels[:4]}, "the contract says"),
        ({"input_size": 48}, "the contract says"),
    ],
)
def test_a_contract_that_does_not_fit_leaves_no_file(
    run: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], sentence: str
) -> None:
    (run / "contract.json").write_text(contract(**change).to_json(), encoding="utf-8")
    assert main([str(run / "model.keras"), "-o", str(run / "c.onnx")]) == 1
    assert sentence in capsys.readouterr().err
    assert left_in(run) == set()


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04 a zip that is none"])
def test_a_file_that_is_not_a_network_is_refused_with_a_sentence(
    run: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (run / "model.keras").write_bytes(content)
    assert main([str(run / "model.keras"), "-o", str(run / "c.onnx")]) == 1
    assert "is not a Keras model that can be loaded safely" in capsys.readouterr().err
    assert left_in(run) == set()


def test_a_network_with_code_is_not_run(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Lambda(lambda pixels: pixels * 2)(image)
    x = keras.layers.GlobalAveragePooling2D()(x)
    keras.Model(image, keras.layers.Dense(9, activation="softmax")(x)).save(run / "model.keras")
    assert main([str(run / "model.keras"), "-o", str(run / "c.onnx")]) == 1
    assert "loaded safely" in capsys.readouterr().err
    assert left_in(run) == set()


def test_missing_files_give_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "model.keras"), "-o", str(tmp_path / "c.onnx")]) == 1
    assert "contract.json” cannot be read" in capsys.readouterr().err
    (tmp_path / "contract.json").write_text(contract().to_json(), encoding="utf-8")
    assert main([str(tmp_path / "model.keras"), "-o", str(tmp_path / "c.onnx")]) == 1
    assert "There is no model" in capsys.readouterr().err


def test_a_path_that_cannot_be_written_gives_a_sentence(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "taken").write_text("a file where a folder should be")
    assert main([str(run / "model.keras"), "-o", str(run / "taken/c.onnx")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_verification_fails_for_another_network() -> None:
    named = [with_named_outputs(network(seed=seed), contract()) for seed in (0, 1)]
    model = convert(named[0], SIZE)
    differences = verify(model, named[0], SIZE)
    assert all(difference < 1e-5 for difference in differences.values())
    with pytest.raises(ExportError, match="does not answer as the network does"):
        verify(model, named[1], SIZE)


def tempered_network() -> keras.Model:
    """Build a network with dropout and temperature scaling after its embedding, as training makes it."""
    keras.utils.set_random_seed(3)
    image = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, activation="relu")(keras.layers.Rescaling(1 / 255)(image))
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(x)
    x = keras.layers.Dense(9, name="logits", bias_initializer="normal")(keras.layers.Dropout(0.2)(x))
    x = keras.layers.Rescaling(1 / 1.7, name="temperature")(x)
    return keras.Model(image, keras.layers.Softmax(name="probabilities")(x))


def test_the_activation_maps_sum_to_the_logits_before_the_temperature() -> None:
    trained = tempered_network()
    named = with_named_outputs(trained, contract())
    assert "sum of activation" in verify(convert(named, SIZE), named, SIZE)
    images = np.random.default_rng(5).integers(0, 256, (3, SIZE, SIZE, 3)).astype(np.float32)
    outputs = named(images, training=False)
    logits = keras.Model(trained.input, trained.get_layer("logits").output)(images, training=False)
    assert outputs["activation"].shape == (3, 15, 15, 9)
    assert np.abs(np.asarray(outputs["activation"]).sum(axis=(1, 2)) - np.asarray(logits)).max() < 1e-5
    powers = np.exp(np.asarray(logits) / 1.7)
    assert np.abs(np.asarray(outputs["probabilities"]) - powers / powers.sum(axis=1, keepdims=True)).max() < 1e-6


def test_verification_fails_if_maps_do_not_sum_to_the_logits() -> None:
    named = with_named_outputs(tempered_network(), contract())
    kernel, bias = named.get_layer(MAPS).get_weights()
    named.get_layer(MAPS).set_weights([kernel, bias + 1])
    with pytest.raises(ExportError, match="its sum of activation differ"):
        verify(convert(named, SIZE), named, SIZE)


def test_a_network_whose_logits_are_not_linear_in_the_maps_has_no_activation_maps() -> None:
    image = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.GlobalAveragePooling2D(name="embedding")(keras.layers.Conv2D(4, 3)(image))
    x = keras.layers.Dense(8, activation="relu")(x)
    trained = keras.Model(image, keras.layers.Dense(9, activation="softmax", name="probabilities")(x))
    assert set(with_named_outputs(trained, contract()).output_names) >= {"probabilities", "embedding"}
    assert "activation" not in with_named_outputs(trained, contract()).output


def test_an_output_that_hardly_varies_is_compared_relative_to_its_size() -> None:
    """Equally novel pictures, such as noise for a network trained on few images, all have one large distance."""
    small = network()
    embedding = small.get_layer("embedding").output
    far = keras.ops.sqrt(keras.ops.sum(keras.ops.square(embedding * 1e3 + 1e3), axis=-1))
    named = keras.Model(small.input, {"probabilities": small.output, "embedding": embedding, "novelty": far})
    assert verify(convert(named, SIZE), named, SIZE)["novelty"] < 1e-6


def test_what_the_outline_alone_needs_is_computed_on_request() -> None:
    small = network()
    features = small.layers[2].output
    drawn = keras.layers.Conv2D(1, 3, activation="sigmoid", name="drawing")(features)
    outline = keras.layers.Reshape(drawn.shape[1:3], name="outline")(drawn)
    trained = keras.Model(small.input, {"probabilities": small.output, "outline": outline})
    named = with_named_outputs(trained, contract())
    model = convert(named, SIZE)
    before = len(model.graph.node)
    compute_on_request(model)
    check(model)
    assert model.graph.node[-1].op_type == "If"
    assert len(model.graph.node) < before
    assert len([node for node in model.graph.node if node.op_type == "Conv"]) == 2, "features and activation"
    assert verify(model, named, SIZE)["outline"] < 1e-5
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    assert [one.name for one in session.get_inputs()] == ["image"]
    found = session.run(["outline"], {"image": np.zeros((3, SIZE, SIZE, 3), np.uint8)})
    assert found[0].shape == (0, *drawn.shape[1:3])


def test_a_graph_without_outline_stays_as_it_is() -> None:
    model = convert(with_named_outputs(network(), contract()), SIZE)
    before = model.SerializeToString(deterministic=True)
    compute_on_request(model)
    assert model.SerializeToString(deterministic=True) == before


def test_verification_fails_for_nan() -> None:
    named = with_named_outputs(network(), contract())
    model = convert(named, SIZE)
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) == 2:
            tensor.raw_data = np.full(tuple(tensor.dims), np.nan, np.float32).tobytes()
    with pytest.raises(ExportError, match="differ by nan"):
        verify(model, named, SIZE)


def test_operations_unknown_to_onnx_are_found() -> None:
    model = model_proto()
    model.graph.node[0].op_type = "MaxPoolGrad"
    with pytest.raises(ExportError, match="not valid ONNX"):
        check(model)


def test_figures_are_added_to_the_contract_and_change_nothing_else(run: Path) -> None:
    path = run / "c.onnx"
    save(model_proto(), path)
    before = onnx.load(path)
    figure = Figure("accuracy", "test images", 0.5, 4, 2, 0.15, 0.85)
    seal(path, [figure], [])
    after = onnx.load(path)
    assert after.graph == before.graph
    text = {entry.key: entry.value for entry in after.metadata_props}[METADATA_KEY]
    assert parse_contract(text) == contract(figures=(figure,))
    assert onnxruntime.InferenceSession(path).get_modelmeta().custom_metadata_map[METADATA_KEY] == text


def test_a_network_whose_answers_are_not_probabilities_is_refused(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = keras.Input((SIZE, SIZE, 3))
    embedding = keras.layers.GlobalAveragePooling2D(name="embedding")(image)
    keras.Model(image, keras.layers.Dense(9, name="probabilities")(embedding)).save(run / "model.keras")
    assert main([str(run / "model.keras"), "-o", str(run / "classifier.onnx")]) == 1
    assert "The network's answers are no probabilities" in capsys.readouterr().err
    assert left_in(run) == set()
