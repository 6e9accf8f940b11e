"""Networks trained elsewhere: the paper's own listing, from drawn folders to the answer."""

import re
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.judgement import judge
from desktop.core.inference.loading import load_model
from desktop.core.labels import KNOWN_LABELS, Malignancy
from export.__main__ import main
from tests.making import SIZE, write_lesion

CLASSES = sorted(label.name.casefold() for label in KNOWN_LABELS)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the paper's listing, after one epoch on drawn images: `Train/<class>/*` and skin_cancer_model.h5."""
    folder = tmp_path_factory.mktemp("paper")
    for number, name in enumerate(CLASSES):
        for seed in range(2):
            write_lesion(folder / "Train" / name / f"{seed}.jpg", 10 * number + seed)
    generator = tf.keras.preprocessing.image.ImageDataGenerator(
        rescale=1.0 / 255,
        rotation_range=20,
        width_shift_range=0.2,
        height_shift_range=0.2,
        shear_range=0.2,
        zoom_range=0.2,
        horizontal_flip=True,
    )
    images = generator.flow_from_directory(
        str(folder / "Train"), target_size=(128, 128), batch_size=32, class_mode="categorical"
    )
    keras.utils.set_random_seed(1)
    model = keras.models.Sequential(
        [
            keras.layers.Input((128, 128, 3)),
            keras.layers.Conv2D(32, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D(2, 2),
            keras.layers.Conv2D(64, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D(2, 2),
            keras.layers.Conv2D(128, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D(2, 2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(9, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the generator asks scipy for a name that has moved, Keras warns of .h5
        model.fit(images, epochs=1, verbose=0)
        model.save(folder / "skin_cancer_model.h5")
    return folder


@pytest.fixture(scope="module")
def converted(paper: Path) -> Path:
    """Its model file for LesionLens."""
    output = paper / "paper.onnx"
    assert main([str(paper / "skin_cancer_model.h5"), "--labels", str(paper / "Train"), "-o", str(output)]) == 0
    return output


def test_the_papers_export_opens_and_answers_as_its_network_does(paper: Path, converted: Path) -> None:
    classifier = load_model(converted)
    image = next((paper / "Train/melanoma").iterdir())
    pixels = classifier.prepare(image.read_bytes(), image.name)[None]
    (prediction,) = classifier.predict(pixels)
    network = keras.saving.load_model(paper / "skin_cancer_model.h5", compile=False)
    assert prediction.probabilities == pytest.approx(np.asarray(network(pixels / 255.0))[0], abs=1e-5)
    assert classifier.contract.label_ids == tuple(name.replace(" ", "_") for name in CLASSES)
    assert judge(prediction, classifier.contract).flags == ()


def test_the_contract_states_what_is_unknown(converted: Path) -> None:
    contract = Classifier(converted).contract
    assert (contract.name, contract.intended_use, contract.licence) == (
        "skin_cancer_model",
        "demonstration",
        "not stated",
    )
    assert (contract.input_size, contract.fit, contract.architecture.parameters) == (128, "stretch", 3_305_801)
    assert (contract.raisable, contract.figures, contract.certainty_threshold) == ((), (), None)
    assert contract.labels[CLASSES.index("melanoma")].malignancy is Malignancy.MALIGNANT
    assert "outside of LesionLens" in contract.limits[0]
    assert "pixels 0..1, squashed to a square" in contract.limits[1]


def network(activation: str | None = "softmax", *, scales: bool = False, units: int = 2) -> keras.Sequential:
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [
            keras.layers.Input((SIZE, SIZE, 3)),
            *([keras.layers.Rescaling(1 / 255)] if scales else []),
            keras.layers.Conv2D(4, 3, activation="relu", name="embedding"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(units, activation=activation),
        ]
    )


@pytest.mark.parametrize(
    ("scales", "options", "scale", "offset"),
    [
        (False, [], 1 / 255, 0),
        (True, [], 1, 0),
        (False, ["--pixels", "signed"], 1 / 127.5, -1),
        (False, ["--pixels", "0..255"], 1, 0),
    ],
)
@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_a_network_gets_pixels_in_the_range_it_was_trained_on(
    tmp_path: Path, ending: str, scales: bool, options: list[str], scale: float, offset: float
) -> None:
    own = network(scales=scales)
    own.save(tmp_path / f"own{ending}")
    output = tmp_path / "own.onnx"
    assert main([str(tmp_path / f"own{ending}"), "--labels", "nevus", "melanoma", *options, "-o", str(output)]) == 0
    pixels = np.random.default_rng(3).integers(0, 256, (2, SIZE, SIZE, 3), np.uint8)
    expected = np.asarray(own(pixels * scale + offset))
    assert Classifier(output).run(pixels).probabilities == pytest.approx(expected, abs=1e-5)


def test_own_labels_get_the_given_malignancy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network(units=3).save(tmp_path / "own.h5")
    call = [str(tmp_path / "own.h5"), "--labels", "Spitz nevus", "Melanoma", "Scar", "-o", str(tmp_path / "own.onnx")]
    assert main([*call, "--malignancy", "spitz  nevus=benign"]) == 0
    assert "Labels in the order of the outputs: Spitz nevus, Melanoma, Scar." in capsys.readouterr().out
    labels = Classifier(tmp_path / "own.onnx").contract.labels
    assert [(label.name, label.malignancy.value) for label in labels] == [
        ("Spitz nevus", "benign"),
        ("Melanoma", "malignant"),
        ("Scar", "unknown"),
    ]


@pytest.mark.parametrize(
    ("built", "sentence"),
    [
        (network(None), "answers are no probabilities"),
        (network("sigmoid"), "answers are no probabilities"),
        (network("relu"), "answers are no probabilities"),
        (network("sigmoid", units=1), "answers with (None, 1), and 2 labels were given"),
        (keras.Sequential([keras.layers.Input((SIZE, 20, 3)), keras.layers.Flatten()]), "one square colour image"),
        (keras.Sequential([keras.layers.Input((8, 8, 3)), keras.layers.Flatten()]), "of 16 to 2048 pixels"),
        (keras.Sequential([keras.layers.Input((SIZE, SIZE, 3)), keras.layers.Lambda(abs)]), "it holds a Lambda layer"),
    ],
)
@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_unsuitable_networks_are_refused_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], built: keras.Model, sentence: str, ending: str
) -> None:
    built.save(tmp_path / f"own{ending}")
    call = [str(tmp_path / f"own{ending}"), "--labels", "nevus", "melanoma", "-o", str(tmp_path / "own.onnx")]
    assert main(call) == 1
    error = capsys.readouterr().err.strip()
    assert re.search(re.escape(sentence), error)
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "own.onnx").exists()


@pytest.mark.parametrize(
    ("malignancy", "sentence"),
    [
        ("Spitz nevus", "“Spitz nevus” is no label with its malignancy"),
        ("Spitz nevus=good", "KIND is one of malignant, precursor, benign, unknown"),
        ("Scar=benign; SCAR=malignant", "“SCAR” is malignant in one place and benign in another"),
        ("Melanoma=benign", "“Melanoma” is benign in one place and malignant in another"),
    ],
)
def test_an_invalid_malignancy_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], malignancy: str, sentence: str
) -> None:
    call = [str(tmp_path / "own.h5"), "--labels", "a", "b", "-o", str(tmp_path / "o.onnx"), "--malignancy", malignancy]
    assert main(call) == 1
    assert sentence in capsys.readouterr().err
