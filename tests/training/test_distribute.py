"""One network trained by several processes, on the loopback, and on several devices of one process."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.core.errors import UsageError
from tests.platforms import posix
from tests.training.drawn import draw_classes
from tests.training.normalised_network import ENTRY
from training.__main__ import main
from training.networks import checkpoint
from training.networks.architectures import BY_NAME
from training.networks.share import Share
from training.prepare import prepare
from training.run import process
from training.run.config import Config
from training.run.recipes import with_recipe
from training.run.run_folder import EpochFigures, RunFolder

TOLERANCE = 1e-5
"""Of losses and weights, relative: the devices add up in another order than one does."""

_COMPILED_SOON = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"

SETTINGS = {
    "architecture": ENTRY.name,
    "weights": "none",
    "input_size": 24,
    "batch_size": 8,
    "epochs": 12,
    "small_epochs": 0,
    "frozen_epochs": 0,
    "averaging": 0.9,
    "mixup": 0.2,
}
"""With mixup, which needs images of the other process. The last batch of an epoch does not divide by two."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    classes = {"melanoma": 16, "nevus": 13, "pigmented benign keratosis": 11, "seborrheic keratosis": 8}
    data = draw_classes(tmp_path_factory.mktemp("data"), classes)
    run = RunFolder(tmp_path_factory.mktemp("prepared"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BY_NAME, ENTRY.name, ENTRY)
        prepare(Config(**with_recipe({"recipe": "dermoscopy", "data": str(data), **SETTINGS})), run)
    return run


def copy(run: RunFolder, path: Path) -> RunFolder:
    return RunFolder(Path(shutil.copytree(run.path, path)))


@contextmanager
def training(run: RunFolder, *options: str, devices: int = 1) -> Iterator["subprocess.Popen[str]"]:
    """Train in another process, which believes that it has so many devices."""
    command = [sys.executable, "-m", "tests.training.normalised_network", "fit", "--out", str(run.path), *options]
    environment = os.environ | {
        "KERAS_BACKEND": "jax",
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices} {_COMPILED_SOON}",
    }
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as begun:
        try:
            yield begun
        finally:
            begun.kill()


def together(count: int) -> list[tuple[str, ...]]:
    """Return the options of each of so many processes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    return [("--distribute", f"{index}/{count}", "--coordinator", address) for index in range(count)]


def ended(begun: "subprocess.Popen[str]") -> str:
    """Return what a training wrote until it ended."""
    _, written = begun.communicate()
    return written


def losses(history: Sequence[EpochFigures]) -> list[float | None]:
    return [figure for epoch in history for figure in (epoch.loss, epoch.val_loss)]


def weights(path: Path) -> list[NDArray[np.float32]]:
    found: list[NDArray[np.float32]] = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    return found


def assert_same(run: RunFolder, expected: RunFolder) -> None:
    assert losses(run.load_history()) == pytest.approx(losses(expected.load_history()), rel=TOLERANCE)
    for own, other in zip(weights(run.weights), weights(expected.weights), strict=True):
        assert np.abs(own - other).max() <= TOLERANCE * np.abs(other).max()


@pytest.fixture(scope="module")
def alone(prepared: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run trained in one process on one device."""
    run = copy(prepared, tmp_path_factory.mktemp("alone") / "run")
    with training(run) as begun:
        ended(begun)
    assert begun.returncode == 0
    return run


@posix
def test_two_processes_train_as_one_and_the_first_alone_writes(
    prepared: RunFolder, alone: RunFolder, tmp_path: Path
) -> None:
    run, other = copy(prepared, tmp_path / "run"), copy(prepared, tmp_path / "other")
    options = together(2)
    with training(run, *options[0]) as first, training(other, *options[1]) as second:
        assert ended(second).count("epoch ") == ended(first).count("epoch ") == SETTINGS["epochs"]
    assert (first.returncode, second.returncode) == (0, 0)
    assert_same(run, alone)
    for path in prepared.path.iterdir():
        assert (other.path / path.name).read_bytes() == path.read_bytes()
    assert len(list(other.path.iterdir())) == len(list(prepared.path.iterdir()))


@posix
def test_a_killed_process_leaves_a_run_that_one_process_carries_on_with_two_devices_or_one(
    prepared: RunFolder, alone: RunFolder, tmp_path: Path
) -> None:
    run = copy(prepared, tmp_path / "run")
    options = together(2)
    with training(run, *options[0]) as first, training(run, *options[1]) as second:
        assert first.stderr
        assert any(line.startswith("epoch 2/") for line in first.stderr)
        second.kill()
        assert "Another process of this training has ended or cannot be reached" in ended(first)
        assert first.returncode == 1
    assert 1 < checkpoint.read(run.checkpoint).steps // 5 < SETTINGS["epochs"]
    for options_again, devices in ((("--distribute",), 2), ((), 1)):
        left = copy(run, tmp_path / f"left to {devices}")
        with training(left, "--resume", *options_again, devices=devices) as again:
            ended(again)
        assert again.returncode == 0
        assert_same(left, alone)


@posix
def test_processes_that_differ_are_refused(prepared: RunFolder, tmp_path: Path) -> None:
    run = copy(prepared, tmp_path / "run")
    options = together(2)
    with training(run, *options[0]) as first, training(run, *options[1], "--learning-rate", "0.1") as second:
        assert all("The processes of this training differ in their" in ended(one) for one in (first, second))
    assert not run.checkpoint.exists()


def test_a_batch_that_the_devices_cannot_divide_is_refused() -> None:
    with pytest.raises(UsageError, match="3 devices in 1 processes cannot share a step of 8 images evenly"):
        Share(0, 1, 3).refuse_uneven(8)
    with pytest.raises(UsageError, match="3 devices in 2 processes cannot share a step of 12 images evenly"):
        Share(1, 2, 3).refuse_uneven(12)
    Share(1, 2, 4).refuse_uneven(12)


def test_a_call_that_cannot_work_is_refused_before_anything_is_imported(
    prepared: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    for options, told in (
        (["--distribute", "0/2"], "with both --distribute I/N and --coordinator HOST:PORT"),
        (["--coordinator", "there:1"], "with both --distribute I/N and --coordinator HOST:PORT"),
        (["--distribute", "0/2", "--coordinator", "there:1"], "holds no prepared run"),
    ):
        assert main(["fit", "--out", str(tmp_path / "none"), *options]) == 2
        assert told in capsys.readouterr().err
    for value in ("2/2", "1"):
        with pytest.raises(SystemExit):
            main(["fit", "--out", str(prepared.path), "--distribute", value])
    with pytest.raises(SystemExit):
        main(["fit", "--out", str(prepared.path), "--distribute", "0/2", "--coordinator", "there"])


def test_several_processes_are_refused_on_windows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    options = ("--distribute", "0/2", "--coordinator", "there:1")
    assert main(["fit", "--out", str(tmp_path), *options]) == 2
    assert "on Linux and macOS alone" in capsys.readouterr().err


@pytest.mark.parametrize("backend", ["torch", "tensorflow"])
def test_other_back_ends_are_refused(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", backend)
    with pytest.raises(UsageError, match=f"KERAS_BACKEND is {backend}: Keras distributes a training on JAX alone"):
        process.take_jax()
