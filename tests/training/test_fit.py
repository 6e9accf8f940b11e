import csv
import dataclasses
import errno
import re
import shutil
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from desktop.core.errors import DataError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.progress import Progress
from tests.platforms import HEAR_CTRL_C
from tests.training.drawn import draw_classes
from training.fit import fit, train
from training.judging import held_out as held_out_answers
from training.networks import checkpoint
from training.networks.architectures import BY_NAME, ArchitectureEntry, build
from training.networks.weights import load
from training.prepare import prepare
from training.run.config import Config
from training.run.recipes import with_recipe
from training.run.run_folder import EpochFigures, PreparedImage, RunFolder

CLASSES = {"melanoma": 16, "nevus": 14, "pigmented benign keratosis": 12, "seborrheic keratosis": 6}


def weights(run: RunFolder) -> list[NDArray[np.float32]]:
    model = keras.saving.load_model(run.model, compile=False)
    return [keras.ops.convert_to_numpy(weight) for weight in model.weights]


def held_out(run: RunFolder) -> list[PreparedImage]:
    return [image for image in run.load_images() if image.split == "validation" and image.row >= 0]


def known(epoch: EpochFigures) -> dict[str, float]:
    return {name: value for name, value in dataclasses.asdict(epoch).items() if value is not None}


def contract_of(run: RunFolder) -> Contract:
    return parse_contract(run.contract.read_bytes())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_classes(tmp_path_factory.mktemp("data"), CLASSES)


@pytest.fixture(scope="module")
def prepared(data: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = RunFolder(tmp_path_factory.mktemp("prepared"))
    prepare(Config(data=str(data), input_size=24, batch_size=8, epochs=3), run)
    return run


@pytest.fixture(scope="module")
def at_once(prepared: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run trained for three epochs without interruption."""
    return fitted(prepared, tmp_path_factory.mktemp("at-once") / "run")


def fitted(prepared: RunFolder, path: Path, **settings: object) -> RunFolder:
    run = RunFolder(Path(shutil.copytree(prepared.path, path)))
    record = run.load_record()
    settings_of_run = dataclasses.replace(record.settings, **settings)  # type: ignore[arg-type]
    fit(run, dataclasses.replace(record, settings=settings_of_run))
    return run


def interrupt(run: RunFolder, line: str) -> str:
    """Train in another process and interrupt it at an output line; return its further output.

    When the line of the second epoch appears, the checkpoint contains the first epoch, and perhaps the second.
    """
    command = [sys.executable, "-m", "training", "fit", "--out", str(run.path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=HEAR_CTRL_C) as interrupted:
        assert interrupted.stderr
        for written in interrupted.stderr:
            if written.startswith(line):
                interrupted.send_signal(signal.SIGINT)
                break
        rest = interrupted.stderr.read()
    assert interrupted.returncode == 130
    assert run.checkpoint.exists()
    return rest


def test_each_epoch_has_its_figures_in_history_and_log(prepared: RunFolder, tmp_path: Path) -> None:
    run = fitted(prepared, tmp_path / "run", epochs=2, calibration="none")
    history = run.load_history()
    with run.log.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    for row, epoch in zip(rows, history, strict=True):
        assert {name: float(value) if value else None for name, value in row.items()} == dataclasses.asdict(epoch)
    # The last epoch's figures again, from the network and by other means.
    truth = np.array([one.label for one in sorted(held_out(run), key=lambda image: image.row)])
    model = keras.saving.load_model(run.model, compile=False)
    answers = np.asarray(model(run.load_array("validation").astype(np.float32), training=False)["probabilities"])
    labels = list(contract_of(run).label_ids)
    own = answers[np.arange(len(truth)), [labels.index(label) for label in truth]]
    assert history[-1].val_loss == pytest.approx(-np.log(own).mean(), abs=1e-5)
    assert history[-1].val_accuracy == (np.array(labels)[answers.argmax(axis=1)] == truth).mean()
    melanoma = roc_auc_score(truth == "melanoma", answers[:, labels.index("melanoma")])
    assert history[-1].val_auc_melanoma == pytest.approx(melanoma, abs=1e-9)
    assert history[-1].val_auc_malignant is None, "melanoma is the only malignant label"


def test_an_auc_is_of_the_malignant_sum_too(tmp_path: Path) -> None:
    data = draw_classes(tmp_path / "data", {"melanoma": 12, "basal cell carcinoma": 12, "nevus": 12})
    run = RunFolder(tmp_path / "run")
    prepare(Config(data=str(data), input_size=24, batch_size=8, epochs=1), run)
    fit(run, run.load_record())
    found = held_out_answers.read(run.path / held_out_answers.FILE)
    sums = found.probabilities[:, [found.labels.index(label) for label in ("melanoma", "basal_cell_carcinoma")]].sum(1)
    area = roc_auc_score([one.label != "nevus" for one in found.images], sums)
    assert run.load_history()[-1].val_auc_malignant == pytest.approx(area, abs=1e-9)


def test_the_same_settings_give_the_same_weights(prepared: RunFolder, at_once: RunFolder, tmp_path: Path) -> None:
    again = fitted(prepared, tmp_path / "again")
    assert all(np.array_equal(one, other) for one, other in zip(weights(at_once), weights(again), strict=True))
    assert again.load_history() == at_once.load_history()


def test_an_interrupted_run_resumes_to_the_same_weights(
    prepared: RunFolder, at_once: RunFolder, tmp_path: Path
) -> None:
    run = RunFolder(Path(shutil.copytree(prepared.path, tmp_path / "run")))
    rest = interrupt(run, "epoch 2/3")
    assert f"Carry on with: lesionlens-train fit --out {run.path} --resume" in rest
    assert not run.model.exists()

    # As if killed between writing the history and the checkpoint: the checkpoint says which epochs are done.
    run.save_history([*run.load_history(), EpochFigures(99, 0.0, 1.0, 0.0, 1.0)])
    fit(run, run.load_record(), resume=True)
    assert run.load_history() == at_once.load_history()
    assert all(np.array_equal(one, other) for one, other in zip(weights(at_once), weights(run), strict=True))


class Forgotten:
    """Something that a weak reference is to."""


@pytest.mark.usefixtures("hearing")
@pytest.mark.parametrize(("after", "epochs"), [("a batch", 0), ("the validation", 1)])
def test_ctrl_c_ends_a_training_even_in_the_callback_of_a_weak_reference(
    prepared: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str, epochs: int
) -> None:
    """Raised there, Python would print it and go on; Keras and TensorFlow have many such."""
    run = RunFolder(Path(shutil.copytree(prepared.path, tmp_path / "run")))
    forgotten = [Forgotten()]
    kept = weakref.ref(forgotten[0], lambda _: signal.raise_signal(signal.SIGINT))
    advance = Progress.advance

    def advanced(progress: Progress, count: int, detail: str) -> None:
        advance(progress, count, detail)
        if after == "a batch":
            forgotten.clear()

    def watch(*_: object) -> bool:
        forgotten.clear()
        return True

    monkeypatch.setattr(Progress, "advance", advanced)
    with pytest.raises(KeyboardInterrupt):
        train(run, run.load_record(), watch=watch)
    assert kept() is None
    assert len(run.load_history()) == epochs


class FullDisk(RunFolder):
    """A run on a disk that is full after a number of checkpoints."""

    def __init__(self, path: Path, checkpoints: int) -> None:
        super().__init__(path)
        self._left = checkpoints

    def replace(self, path: Path, save: Callable[[Path], object]) -> None:  # type: ignore[override]
        if path == self.checkpoint:
            if not self._left:
                raise OSError(errno.ENOSPC, "No space left on device")
            self._left -= 1
        RunFolder.replace(path, save)


def stopped(run: RunFolder, checkpoints: int) -> RunFolder:
    """Train until a number of checkpoints has been written."""
    with pytest.raises(OSError, match="No space left"):
        fit(FullDisk(run.path, checkpoints), run.load_record())
    return run


def test_a_run_interrupted_inside_an_epoch_resumes_from_there(
    dermoscopy: RunFolder, dermoscopy_at_once: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.fit.BATCHES_PER_CHECKPOINT", 2)
    run = stopped(RunFolder(Path(shutil.copytree(dermoscopy.path, tmp_path / "run"))), 4)
    saved = checkpoint.read(run.checkpoint)
    assert (len(run.load_history()), len(saved.parts)) == (1, 1)
    fit(run, run.load_record(), resume=True)
    for one, other in zip(run.load_history(), dermoscopy_at_once.load_history(), strict=True):
        assert known(one) == pytest.approx(known(other), rel=1e-5)
    assert all(np.array_equal(one, other) for one, other in zip(weights(run), weights(dermoscopy_at_once), strict=True))


@pytest.mark.parametrize("checkpoints", [2, 3])
def test_a_run_interrupted_around_the_change_of_image_size_resumes_to_the_same_weights(
    checkpoints: int, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With two batches an epoch and a checkpoint after each, it stops before the image size changes or in the epoch after."""
    monkeypatch.setattr("training.fit.BATCHES_PER_CHECKPOINT", 1)
    monkeypatch.setitem(BY_NAME, "small", ArchitectureEntry("small", "tests.training.small_network", 32, "crop"))
    growing = {
        "input_size": 40,
        "training_size": 32,
        "small_size": 24,
        "small_epochs": 1,
        "epochs": 2,
        "batch_size": 24,
    }
    own = {"architecture": "small", "weights": "none", "averaging": 0.9, "data": str(data)}
    prepared = RunFolder(tmp_path / "prepared")
    prepare(Config(**with_recipe({"recipe": "dermoscopy", **own, **growing})), prepared)
    at_once = fitted(prepared, tmp_path / "at-once")
    run = stopped(RunFolder(Path(shutil.copytree(prepared.path, tmp_path / "run"))), checkpoints)
    assert checkpoint.read(run.checkpoint).steps == checkpoints
    fit(run, run.load_record(), resume=True)
    assert run.load_history() == at_once.load_history()
    assert all(np.array_equal(one, other) for one, other in zip(weights(run), weights(at_once), strict=True))
    assert np.load(run.array("train", 24)).shape[1:] == (24, 24, 3)
    assert np.load(run.array("train", 32)).shape[1:] == (32, 32, 3)
    assert keras.saving.load_model(run.model).input_shape == (None, 40, 40, 3), (
        "it trained on smaller images than it answers"
    )


def test_a_training_shuffled_by_block_resumes_inside_a_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.fit.BATCHES_PER_CHECKPOINT", 2)
    data = draw_classes(tmp_path / "data", {"melanoma": 100, "nevus": 100})
    prepared = RunFolder(tmp_path / "prepared")
    prepare(Config(data=str(data), input_size=24, batch_size=8, epochs=2, window=64), prepared)
    at_once = fitted(prepared, tmp_path / "at-once")
    run = stopped(RunFolder(Path(shutil.copytree(prepared.path, tmp_path / "run"))), 3)
    fit(run, run.load_record(), resume=True)
    losses = [[epoch.loss for epoch in one.load_history()] for one in (run, at_once)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert all(np.array_equal(one, other) for one, other in zip(weights(run), weights(at_once), strict=True))


def test_images_beyond_the_memory_are_shuffled_by_block_and_the_run_says_so(
    prepared: RunFolder, at_once: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = psutil.virtual_memory()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory._replace(total=1000))
    run = fitted(prepared, tmp_path / "run")
    assert run.load_record().settings.window == 8192
    assert run.load_history() == at_once.load_history(), "they are all of one window"


def test_a_training_begun_by_an_earlier_version_is_not_resumed(prepared: RunFolder, tmp_path: Path) -> None:
    run = RunFolder(Path(shutil.copytree(prepared.path, tmp_path / "run")))
    run.earlier_checkpoint.write_bytes(b"")
    assert run.began
    with pytest.raises(DataError, match="was begun by an earlier version of LesionLens"):
        fit(run, run.load_record(), resume=True)


def test_a_finished_run_has_its_network_and_no_checkpoint(at_once: RunFolder) -> None:
    names = {path.name for path in at_once.path.iterdir()}
    assert {"model.keras", "contract.json", "history.json", "config.json", "images.csv", "audit.csv"} <= names
    assert not any(name.startswith(("checkpoint", "best", "part")) for name in names)
    assert len(at_once.load_history()) == 3
    assert at_once.load_record().backend == keras.backend.backend()


def test_the_contract_describes_network_and_training_data(at_once: RunFolder) -> None:
    contract = contract_of(at_once)
    assert contract.label_ids == ("melanoma", "nevus", "pigmented_benign_keratosis", "seborrheic_keratosis")
    assert [group.labels for group in contract.groups] == [("pigmented_benign_keratosis", "seborrheic_keratosis")]
    assert (contract.input_size, contract.fit, contract.intended_use) == (24, "stretch", "demonstration")
    assert contract.training_data.fingerprint == at_once.load_record().fingerprint
    assert sum(contract.training_data.label_counts.values()) == len(at_once.load_array("train"))
    assert sum(layer.parameters for layer in contract.architecture.layers) == contract.architecture.parameters
    assert contract.flags == (), "three melanomas in the validation split set no threshold"
    assert re.fullmatch(r"paper-cnn \d{4}-\d\d-\d\d", contract.name)


def test_the_card_has_what_the_user_states(prepared: RunFolder, tmp_path: Path) -> None:
    run = fitted(prepared, tmp_path / "run", epochs=1, name="Ours", licence="CC0-1.0", sources="Clinic A; Clinic B")
    contract = contract_of(run)
    assert (contract.name, contract.licence) == ("Ours", "CC0-1.0")
    assert contract.training_data.sources == ("Clinic A", "Clinic B")


def test_early_stopping_keeps_the_best_epoch(prepared: RunFolder, tmp_path: Path) -> None:
    run = fitted(prepared, tmp_path / "run", epochs=12, early_stopping=1, learning_rate=0.05)
    history = run.load_history()
    best = min(range(len(history)), key=lambda epoch: history[epoch].val_loss)
    assert len(history) == best + 2 < 12
    held = [image for image in run.load_images() if image.split == "validation"]
    truth = [contract_of(run).label_ids.index(image.label) for image in sorted(held, key=lambda image: image.row)]
    model = keras.saving.load_model(run.model, compile=False)
    answers = np.asarray(model(run.load_array("validation").astype(np.float32), training=False)["probabilities"])
    of_truth = answers[np.arange(len(truth)), truth].clip(keras.config.epsilon(), 1)
    assert -np.log(of_truth).mean() == pytest.approx(history[best].val_loss, abs=1e-4)


def test_class_weights_change_what_is_learned(prepared: RunFolder, at_once: RunFolder, tmp_path: Path) -> None:
    run = fitted(prepared, tmp_path / "run", epochs=1, class_weights=True)
    assert run.load_history()[0].loss != at_once.load_history()[0].loss


def test_a_training_in_bfloat16_resumes_and_saves_a_float32_network(
    prepared: RunFolder, at_once: RunFolder, tmp_path: Path
) -> None:
    run = RunFolder(Path(shutil.copytree(prepared.path, tmp_path / "run")))
    record = run.load_record()
    run.save_record(
        dataclasses.replace(record, settings=dataclasses.replace(record.settings, precision="mixed_bfloat16"))
    )
    interrupt(run, "epoch 2/3")
    fit(run, run.load_record(), resume=True)
    losses = [epoch.loss for epoch in run.load_history()]
    exact = [epoch.loss for epoch in at_once.load_history()]
    assert losses != exact
    assert losses == pytest.approx(exact, rel=0.05)
    assert {weight.dtype for weight in weights(run)} == {np.dtype(np.float32)}
    layers = keras.saving.load_model(run.model, compile=False).layers
    assert {layer.compute_dtype for layer in layers} == {"float32"}


@pytest.fixture(scope="module")
def dermoscopy(data: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Data prepared for the dermoscopy recipe, in which every training knob is on, with a small network."""
    run = RunFolder(tmp_path_factory.mktemp("dermoscopy"))
    small = {"architecture": "paper-cnn", "input_size": 24, "batch_size": 8, "epochs": 4, "weights": "none"}
    phases = {"small_epochs": 0, "frozen_epochs": 1, "averaging": 0.9}
    prepare(Config(**with_recipe({"recipe": "dermoscopy", "data": str(data), **phases, **small})), run)
    return run


@pytest.fixture(scope="module")
def dermoscopy_at_once(dermoscopy: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return fitted(dermoscopy, tmp_path_factory.mktemp("at-once") / "run")


def test_a_training_in_two_phases_resumes_to_the_same_weights(
    dermoscopy: RunFolder, dermoscopy_at_once: RunFolder, tmp_path: Path
) -> None:
    run = RunFolder(Path(shutil.copytree(dermoscopy.path, tmp_path / "run")))
    interrupt(run, "epoch 2/4")
    fit(run, run.load_record(), resume=True)
    assert run.load_history() == dermoscopy_at_once.load_history()
    assert all(np.array_equal(one, other) for one, other in zip(weights(run), weights(dermoscopy_at_once), strict=True))


def test_a_finished_training_saves_its_averaged_weights(dermoscopy_at_once: RunFolder) -> None:
    names = {path.name for path in dermoscopy_at_once.path.iterdir()}
    assert {"model.keras", "model.weights.h5", "contract.json", "calibration.json"} <= names
    assert not any(name.startswith(("checkpoint", "best", "part", "average")) for name in names)


def test_the_temperature_is_inside_the_network_and_its_prior_in_the_contract(dermoscopy_at_once: RunFolder) -> None:
    calibration = dermoscopy_at_once.load_calibration()
    assert calibration is not None
    contract = contract_of(dermoscopy_at_once)
    assert contract.calibration_mix == calibration.mix
    assert contract.architecture.layers[-3].name == "logits"
    model = keras.saving.load_model(dermoscopy_at_once.model, compile=False)
    assert 1 / model.get_layer("temperature").scale == pytest.approx(calibration.temperature)
    raw = build(dermoscopy_at_once.load_record().settings, 4)
    raw.load_weights(dermoscopy_at_once.weights)
    images = dermoscopy_at_once.load_array("validation").astype(np.float32)
    expected = calibration.apply(np.asarray(raw(images, training=False)))
    assert np.abs(np.asarray(model(images, training=False)["probabilities"]) - expected).max() < 1e-5


def test_the_first_phase_trains_the_last_layer_alone(dermoscopy: RunFolder, tmp_path: Path) -> None:
    first = fitted(dermoscopy, tmp_path / "run", epochs=2, frozen_epochs=1, learning_rate=1e-30, averaging=0.0)
    keras.utils.set_random_seed(42)
    untrained = build(first.load_record().settings, 4)
    trained = build(first.load_record().settings, 4)
    trained.load_weights(first.weights)
    for layer in untrained.layers:
        kernels = layer.get_weights()[:1]
        same = all(
            np.allclose(one, other, atol=1e-6)
            for one, other in zip(kernels, trained.get_layer(layer.name).get_weights(), strict=False)
        )
        assert same == (layer.name != "probabilities"), layer.name


def test_training_can_start_from_an_earlier_run(at_once: RunFolder, prepared: RunFolder, tmp_path: Path) -> None:
    run = fitted(prepared, tmp_path / "run", epochs=1, learning_rate=1e-30, weights=str(at_once.weights))
    assert all(np.allclose(one, other) for one, other in zip(weights(run), weights(at_once), strict=True))


def test_training_can_start_from_the_shipped_weights(
    at_once: RunFolder, prepared: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.networks.weights.SHIPPED", at_once.weights)
    run = fitted(
        prepared, tmp_path / "run", epochs=1, learning_rate=1e-30, weights="shipped", sources="Clinic", licence="MIT"
    )
    *features, kernel, _ = weights(run)
    *earlier, earlier_kernel, _ = weights(at_once)
    assert all(np.allclose(one, other) for one, other in zip(features, earlier, strict=True))
    assert not np.allclose(kernel, earlier_kernel), "the shipped head is of other labels"
    contract = contract_of(run)
    assert contract.licence == contract.training_data.licence == f"MIT AND {Classifier(SHIPPED_MODEL).contract.licence}"
    assert contract.training_data.sources[0] == "Clinic"
    shipped = Classifier(SHIPPED_MODEL).contract
    assert len(contract.training_data.sources) == 1 + len(shipped.training_data.sources)
    assert all(source.endswith(f"(through {shipped.name})") for source in contract.training_data.sources[1:])


def test_a_head_is_taken_over_only_from_a_model_of_the_same_labels(at_once: RunFolder, tmp_path: Path) -> None:
    earlier = Path(shutil.copytree(at_once.path, tmp_path / "earlier"))
    config = dataclasses.replace(at_once.load_record().settings, weights=str(earlier / "model.weights.h5"))
    labels = contract_of(at_once).label_ids
    head = weights(at_once)[-2]
    for own, is_taken in ((labels, True), (("nevus", "other", *labels[2:]), False)):
        model = build(config, len(labels))
        load(model, config, own)
        assert np.allclose(model.get_layer("probabilities").get_weights()[0], head) == is_taken
    (earlier / "contract.json").unlink()
    model = build(config, len(labels))
    load(model, config, labels)
    assert not np.allclose(model.get_layer("probabilities").get_weights()[0], head), "nobody says which labels they are"


def test_a_loss_that_is_no_number_ends_the_run(prepared: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"The loss is no longer a number in batch .* Start another run with a lower"):
        fitted(prepared, tmp_path / "run", epochs=2, learning_rate=1e30)
    assert not (tmp_path / "run/model.keras").exists()
