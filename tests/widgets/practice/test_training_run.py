"""Train here: the command of the message as a process of its own, its progress, its end, and how it goes on."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton

from desktop.core.inference.classifier import Classifier
from desktop.core.labelled_images.improve_command import ImproveCommand
from desktop.core.progress import Step
from desktop.session.training_run import TrainingState
from desktop.system.settings import TRAINING
from desktop.widgets.practice.training_bar import TrainingBar
from desktop.widgets.practice.training_page_dialog import TrainingPageDialog
from desktop.widgets.practice.training_run_words import state_text, step_text
from tests.platforms import posix
from tests.training.improving import test_improve
from tests.training.improving.exported import write_export
from tests.widgets.conftest import Desk
from tests.widgets.practice.trial_history import page
from training.improving.data import read_data
from training.improving.preparing import prepared
from training.run.run_folder import RunFolder

EPOCHS = 40
SMALL = {
    "recipe": "paper",
    "input_size": 24,
    "batch_size": 2,  # an epoch takes so long that a stop comes before the last one
    "epochs": EPOCHS,
    "folds": 3,
    "weights": "none",
}
TRAINING_TIME = 600_000
"""Milliseconds: TensorFlow is loaded twice, on a machine that may be busy."""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return test_improve.base_model(tmp_path / "base")


@pytest.fixture
def desk(make_desk: Callable[..., Desk], tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A window whose dialog for a folder chooses one that is there."""
    desk = make_desk(base)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.staged_start.finish()
    (tmp_path / "chosen").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "chosen"))
    return desk


def exported(desk: Desk, base: Path, folder: Path) -> ImproveCommand:
    """Write an export of a few lesions, too few to train on, and have it offered as after Practice > Export for training."""
    command = ImproveCommand(write_export(folder, {"melanoma": 6, "nevus": 6}, Classifier(base).sha256), base)
    desk.parts.window.features.training.offer(command, "Lesions written: 12; images: 12.")
    return command


def buttons(desk: Desk) -> dict[str, QPushButton]:
    """Return the buttons of the message, by their texts."""
    bar = desk.parts.window.workspaces.messages
    return {one.text().replace("&", ""): one for one in bar.findChildren(QPushButton) if one.isVisible()}


def message(desk: Desk) -> str:
    return desk.parts.window.workspaces.messages.text()


def bar_of(desk: Desk) -> TrainingBar:
    return desk.parts.window.workspaces.own_figures.page.training_bar


def test_the_command_can_be_copied_and_started(desk: Desk, base: Path, tmp_path: Path, questions: list[str]) -> None:
    command = exported(desk, base, tmp_path / "few")
    assert command.text() in message(desk)
    assert "training extra" not in message(desk)
    buttons(desk)["Copy the command"].click()
    assert QGuiApplication.clipboard().text() == command.text()
    buttons(desk)["Train here…"].click()
    assert f"The new model comes into “{command.out}”. Start now?" in questions[-1]
    assert desk.parts.window.workspaces.current == "own_figures"
    assert desk.parts.training.state.is_running
    desk.wait(lambda: not desk.parts.training.state.is_running)
    assert "The lesions to learn from are too few to make a model of" in message(desk), "the command's own sentence"
    bar = bar_of(desk)
    assert bar.go_on.isVisible()
    assert not bar.show_page.isVisible()
    bar.drop.click()
    assert bar.isHidden()
    assert desk.parts.settings.get(TRAINING) == []


@pytest.mark.parametrize("is_packaged", [False, True])
def test_where_training_is_not_installed_it_is_said(
    desk: Desk, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_packaged: bool
) -> None:
    if is_packaged:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    else:
        monkeypatch.setitem(sys.modules, "tensorflow", None)  # as if it were not installed
    command = exported(desk, base, tmp_path / "few")
    assert command.text() in message(desk)
    assert 'pip install ".[training]"' in message(desk)
    assert ("The training extra is not installed here" in message(desk)) is not is_packaged
    assert set(buttons(desk)) == {"Copy the command"}


def test_a_training_is_stopped_goes_on_and_ends_with_its_page_and_a_trial(
    desk: Desk, base: Path, tmp_path: Path, questions: list[str]
) -> None:
    clinic = tmp_path / "clinic"
    clinic.mkdir()
    test_improve.fill(clinic, desk.folder)
    desk.parts.window.menus.actions["export training"].trigger()
    desk.wait(lambda: "Train here…" in buttons(desk))
    (folder,) = (tmp_path / "chosen").iterdir()
    command = ImproveCommand(folder, base)
    assert command.text() in message(desk)
    old, run = Classifier(base), RunFolder(command.out / "run")
    table = command.out / "images.csv"
    prepared(read_data(folder, old, None), old, run, table, str(base), SMALL, lambda _config: None)
    buttons(desk)["Train here…"].click()
    training, bar = desk.parts.training, bar_of(desk)
    steps: list[Step] = []
    training.changed.connect(lambda: steps.append(training.state.step) if training.state.step else None)

    def trains() -> bool:
        return any(one.name == "Training" and one.epoch > 2 for one in steps)

    desk.qtbot.waitUntil(trains, timeout=TRAINING_TIME)
    assert f"of {EPOCHS}" in bar.text.text()
    assert "epoch" in bar.detail.text(), "the last line is that of an epoch"
    assert not run.model.exists()
    bar.stop.click()
    desk.wait(lambda: not training.state.is_running)
    assert f"in a terminal: {command.text(is_resumed=True)}" in bar.detail.text()
    assert not message(desk), "that it was stopped is no failure"
    done_before = len(run.load_history())
    assert 0 < done_before < EPOCHS
    steps.clear()
    bar.go_on.click()
    desk.qtbot.waitUntil(trains, timeout=TRAINING_TIME)
    first = next(one for one in steps if one.name == "Training")
    assert first.epoch > done_before, "it goes on where it was"
    assert desk.parts.window.close() is True
    assert len([one for one in questions if "A new model is being made; it is stopped" in one]) == 1
    desk.parts.window.show()
    desk.qtbot.waitUntil(lambda: training.state.is_done or not training.state.is_running, timeout=TRAINING_TIME)
    assert training.state.is_done
    dialogs = [one for one in desk.parts.window.findChildren(TrainingPageDialog) if one.isVisible()]
    assert len(dialogs) == 1
    told = json.loads((command.out / "report.json").read_text(encoding="utf-8"))
    text = dialogs[0].page.toPlainText()
    assert "Is the new model better?" in text
    assert f"Of the clinic {told['lesions']} lesions for judging" in text
    assert len(run.load_history()) == EPOCHS
    dialogs[0].try_on_history.click()
    dialog = page(desk)
    assert dialog.found.new.path == command.new_model == run.classifier
    assert dialog.found.improvement is not None
    assert dialog.found.improvement.verdict == told["verdict"]


def test_a_training_that_was_not_finished_is_there_after_a_restart(
    make_desk: Callable[..., Desk], base: Path, tmp_path: Path
) -> None:
    desk = make_desk(base)
    command = ImproveCommand(tmp_path / "LesionLens training", None)
    desk.parts.training.begin(command)
    desk.parts.training.stop()
    desk.wait(lambda: not desk.parts.training.state.is_running)
    desk = make_desk(base)
    assert desk.parts.training.state == TrainingState(command)
    assert bar_of(desk).go_on.isVisibleTo(bar_of(desk))


@posix
def test_the_program_ends_with_its_training(make_desk: Callable[..., Desk], base: Path, tmp_path: Path) -> None:
    desk = make_desk(base)
    desk.parts.training.begin(ImproveCommand(tmp_path / "none", None))
    process = desk.parts.training._process
    assert process is not None
    assert process.waitForStarted()
    number = process.processId()
    desk.parts.training.close()
    assert process.state() is process.ProcessState.NotRunning
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Step("Training", 30, 100, None, 2, 5), "epoch 2 of 5."),
        (Step("Training", 30, 100, 4_900.0, 2, 5), "epoch 2 of 5, about 1 h 22 min left."),
        (Step("Training", 30, 100, 725.0, 2, 5), "epoch 2 of 5, about 12 min left."),
        (Step("Training", 99, 100, 20.0, 5, 5), "epoch 5 of 5, less than a minute left."),
        (Step("Training", 100, 100, 0.0, 5, 5), "epoch 5 of 5."),
        (Step("Answering", 1_200, 4_000, 60.0), "images are answered, 1\u202f200 of 4\u202f000, about 1 min left."),
        (Step("Another", 1, 2), "Another, 1 of 2."),
    ],
)
def test_steps_are_told_in_plain_words(step: Step, told: str) -> None:
    assert step_text(step) == told
    command = ImproveCommand(Path("LesionLens training"), None)
    shown = state_text(TrainingState(command, is_running=True, step=step), command)
    assert shown == f"A new model is made of “LesionLens training”: {told}"
