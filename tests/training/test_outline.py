"""The outline decoder: training, evaluation, and export."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.classifier import Classifier
from tests.training.drawn import draw_classes
from training.__main__ import main
from training.fit import fit
from training.images.outlines import find_outlines, read_outline
from training.judging.outlines import DETAIL, compared, cut_off_share, judged
from training.networks.architectures import BY_NAME, ArchitectureEntry, build
from training.networks.outline import maps_of
from training.networks.outline_data import view
from training.prepare import prepare
from training.run.config import Config
from training.run.recipes import with_recipe
from training.run.run_folder import RunFolder

LIGHT = 450
"""The sum of a pixel's channels above which the tests' drawings show skin."""


def outline_images(images: Path, folder: Path) -> Path:
    """Write the outline of each drawn image, as large as the image."""
    folder.mkdir()
    for number, path in enumerate(sorted(images.rglob("*.png"))):
        with Image.open(path) as image:
            dark = np.asarray(image).sum(axis=2) < LIGHT
        Image.fromarray(dark.astype(np.uint8) * 255).save(folder / f"{path.stem}{'_segmentation' * (number % 2)}.png")
    return folder


@pytest.fixture(scope="module")
def outlines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outlines")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, outlines: Path) -> RunFolder:
    """A small network after one epoch; each drawn image has a name of its own and an outline."""
    root = tmp_path_factory.mktemp("trained")
    images = draw_classes(root / "images", {"melanoma": 40, "nevus": 40})
    for path in sorted(images.rglob("*.png")):
        path.rename(path.with_name(f"{path.parent.name}-{path.name}"))
    outline_images(images, outlines / "drawn")
    run = RunFolder(root / "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BY_NAME, "small", ArchitectureEntry("small", "tests.training.small_network", 32, "crop"))
        own = {"architecture": "small", "weights": "none", "data": str(images), "folds": 2}
        size = {"input_size": 32, "small_size": 0, "small_epochs": 0, "epochs": 1, "batch_size": 16}
        record = prepare(Config(**with_recipe({"recipe": "dermoscopy", **own, **size})), run)
        fit(run, record)
    return run


def test_a_network_learns_to_draw_and_its_answers_stay(
    trained: RunFolder, outlines: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(BY_NAME, "small", ArchitectureEntry("small", "tests.training.small_network", 32, "crop"))
    pixels = np.array(trained.load_array("validation"))
    before = keras.saving.load_model(trained.model, compile=False).predict_on_batch(pixels.astype(np.float32))
    taught = ["--out", str(trained.path), "--outlines", str(outlines / "drawn"), "--by", "the tests"]
    assert main(["outline", *taught, "--epochs", "40"]) == 0
    assert "(the tests)" in capsys.readouterr().out
    assert [path for path in trained.path.iterdir() if path.is_dir()] == [], "the feature maps are gone"
    assert main(["finish", "--out", str(trained.path)]) == 0

    classifier = Classifier(trained.classifier)
    assert classifier.contract.outline is not None
    assert classifier.contract.outline.sources == "the tests"
    assert classifier.contract.outline.dice > 0.8
    assert classifier.run(pixels).probabilities == pytest.approx(before["probabilities"], abs=1e-5)
    held = sorted((one for one in trained.load_images() if one.split == "validation"), key=lambda one: one.row)
    files = find_outlines(outlines / "drawn")
    drawn = [
        read_outline(files[Path(one.path).stem], DETAIL * classifier.contract.outline.size, "crop") for one in held
    ]
    found = compared(classifier.outline(pixels), np.stack(drawn))
    assert found.dice.mean() == pytest.approx(classifier.contract.outline.dice, abs=1e-3)


def test_outlines_of_other_weights_are_not_exported(
    trained: RunFolder, outlines: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(BY_NAME, "small", ArchitectureEntry("small", "tests.training.small_network", 32, "crop"))
    taught = ["--out", str(trained.path), "--outlines", str(outlines / "drawn")]
    assert main(["outline", *taught, "--epochs", "1", "--images", "8"]) == 0
    model = trained.model.read_bytes()
    trained.weights.write_bytes(trained.weights.read_bytes() + b"other")
    assert main(["finish", "--out", str(trained.path)]) == 1
    assert "taught on other weights" in capsys.readouterr().err
    assert trained.model.read_bytes() == model


def test_outlines_that_cannot_teach_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no outlines"):
        find_outlines(tmp_path)
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(DataError, match=r"torn\.png.*cannot be read"):
        read_outline(tmp_path / "torn.png", 32, "crop")


def test_a_network_without_maps_for_outlines_is_refused() -> None:
    config = Config(architecture="paper-cnn", input_size=32)
    with pytest.raises(UsageError, match="learns no outlines"):
        maps_of(build(config, 2), config)


def test_a_decoder_works_on_the_last_block_of_each_size() -> None:
    config = Config(architecture="efficientnet-lite0", input_size=64)
    shapes = [tuple(one.shape[1:]) for one in maps_of(build(config, 2), config)]
    assert shapes == [(16, 16, 24), (8, 8, 40), (4, 4, 112), (2, 2, 320)]


@pytest.mark.parametrize("row", range(4))
def test_an_image_and_its_outline_are_moved_alike(row: int) -> None:
    lesion = np.zeros((64, 64), bool)
    lesion[20:40, 10:34] = True
    image = np.where(lesion[..., None], np.uint8(30), np.uint8(220)).repeat(3, axis=2)
    moved, outline = view(image, lesion, row, Config(**with_recipe({"recipe": "dermoscopy", "input_size": 64})))
    assert not np.array_equal(outline > 128, lesion)
    assert np.mean((moved.mean(axis=2) < 125) == (outline > 128)) > 0.97


def test_outlines_are_judged_by_lesion() -> None:
    down, across = np.mgrid[:64, :64] + 0.5
    small, large = (np.hypot(across - 32, down - 32) < radius for radius in (10, 20))
    maps = np.stack([lesion.reshape(16, DETAIL, 16, DETAIL).mean((1, 3)) for lesion in (small, large, large)])
    found = compared(maps, np.stack([small, large, small]))
    assert found.dice[:2] == pytest.approx([1, 1], abs=0.05)
    assert found.dice[2] == pytest.approx(2 * 10**2 / (10**2 + 20**2), abs=0.01), "one lies in the other"
    assert found.error[2] == pytest.approx(3, abs=0.1), "four times the area"
    told = judged(found, [7, 9, 9], 16, "these", "the tests")
    assert (told.lesions, told.images) == (2, 3)
    assert told.dice == pytest.approx((found.dice[0] + found.dice[1:].mean()) / 2)
    assert told.dice_low <= told.dice <= told.dice_high


def test_a_lesion_of_which_half_is_cut_off_ends_at_its_diameter() -> None:
    assert cut_off_share(0.5) == pytest.approx(2 / (2 + np.pi), abs=1e-3)
    assert cut_off_share(0.0) == pytest.approx(0, abs=1e-3)
    assert cut_off_share(0.05) < cut_off_share(0.1)
