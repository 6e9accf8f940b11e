"""The log records the milestones of a start; work begins once the window is shown, or will not be painted."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop import start_times
from desktop.start_times import ANSWERED, HELD_BACK, LOADED, TAKES_INPUT, StartTimes
from tests.making import write_lesion
from tests.widgets.conftest import Desk


def watch(desk: Desk) -> StartTimes:
    return StartTimes(desk.parts.window, desk.parts.model, desk.parts.open_image)


def test_each_milestone_is_logged_once(desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, start_times.__name__)
    with desk.qtbot.waitSignal(watch(desk).take_input):
        desk.parts.window.repaint()
    desk.parts.model.use(desk.parts.model.classifier)
    for seed in range(2):
        desk.open_and_keep(write_lesion(tmp_path / f"{seed}.png", seed))
    desk.parts.model.use(desk.parts.model.classifier)
    assert [record.message for record in caplog.records] == [TAKES_INPUT, LOADED, ANSWERED]


def test_a_concealed_answer_is_logged_before_it_is_shown(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """This is the default, and then the only sign from outside that an image has arrived."""
    caplog.set_level(logging.INFO, start_times.__name__)
    desk = make_desk(model_file, blind=True)
    watching = watch(desk)
    desk.parts.window.open_files([write_lesion(tmp_path / "a.png", 1)])
    desk.wait(lambda: HELD_BACK in caplog.messages)
    assert ANSWERED not in caplog.messages
    desk.parts.blinding.skip()
    desk.wait(lambda: ANSWERED in caplog.messages)
    assert watching.parent() is desk.parts.window


def test_an_unpainted_window_does_not_delay_the_model(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(start_times, "_LATEST", 10)
    desk.parts.window.hide()
    watching = watch(desk)
    taken: list[None] = []
    watching.take_input.connect(lambda: taken.append(None))
    desk.wait(lambda: taken)
    desk.parts.window.show()
    desk.parts.window.repaint()
    desk.parts.window.hide()
    with desk.qtbot.waitSignal(watch(desk).take_input):  # by a timer that was started after those of the first
        pass
    assert len(taken) == 1


def test_the_model_looks_at_the_image_while_the_panel_is_laid_out(desk: Desk, tmp_path: Path):
    desk.open(write_lesion(tmp_path / "a.png"))
    calm = desk.parts.tasks.calm  # not set while somebody waits for a model
    desk.wait(calm.is_set)
    seen: list[bool] = []
    desk.parts.open_image.answering.connect(lambda: seen.append(calm.is_set()))
    classifier = desk.parts.model.classifier
    assert classifier is not None
    desk.parts.open_image.use(classifier)
    assert seen == [False]
