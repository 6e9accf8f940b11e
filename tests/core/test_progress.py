import io
import sys

import pytest

from desktop.core.progress import (
    ENVIRONMENT,
    MARK,
    ClassificationProgress,
    Progress,
    Step,
    WaitProgress,
    clock,
    read_step,
    say,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (7.4, "0:07"), (760, "12:40"), (3723, "1:02:03")])
def test_durations_are_written_as_people_write_them(seconds: float, words: str) -> None:
    assert clock(seconds) == words


def test_a_log_file_gets_only_complete_lines() -> None:
    stream = io.StringIO()
    progress = Progress("Opening images", 3, stream=stream)
    for _ in range(3):
        progress.advance()
    progress.note("something to know")
    progress.finish()
    assert stream.getvalue() == "something to know\nOpening images: 3 in 0:00\n"


def test_a_terminal_gets_one_line_that_is_redrawn() -> None:
    stream = Terminal()
    progress = Progress("Opening images", 2, stream=stream)
    progress.advance(detail="half")
    progress.advance(detail="all")
    drawn = stream.getvalue()
    assert "\n" not in drawn
    assert drawn.split("\r\x1b[2K")[-1] == "Opening images  2/2  all"
    progress.finish()
    assert stream.getvalue().endswith("\r\x1b[2KOpening images: 2 in 0:00\n")


def test_the_time_left_is_estimated_from_the_parts_done_in_this_run() -> None:
    progress = Progress("Training", 10, done=8, stream=io.StringIO())
    assert progress.left() == ""
    progress.advance()
    assert progress.left() == "0:00 left"
    progress.advance()
    assert progress.left() == ""


def test_a_sentence_replaces_the_line_that_is_redrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("desktop.core.progress._SECONDS_BETWEEN_UPDATES", 0)
    ClassificationProgress(2).count(failed=0)
    say("The cluster has no worker left: waiting for one.")
    assert terminal.getvalue().endswith(" 0 failed\x1b[K\r\x1b[KThe cluster has no worker left: waiting for one.\n")


def test_a_wait_is_redrawn_on_a_terminal_and_told_each_minute_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, lines in (
        (Terminal(), ["", "Gone. 0:00 of at most 30:00.\x1b[K", "Gone. 0:59 of at most 30:00.\x1b[K"]),
        (io.StringIO(), ["Gone. 0:00 of at most 30:00.", "Gone. 1:01 of at most 30:00."]),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        with WaitProgress("Gone.", 1800) as wait:
            for seconds in (0, 59, 61):
                wait.show(seconds)
        assert stream.getvalue().replace("\r", "\n").splitlines()[: len(lines)] == lines


def test_a_program_that_asks_for_it_gets_lines_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, "1")
    stream = io.StringIO()
    progress = Progress("Training", 8, done=2, stream=stream, epochs=4)
    for _ in range(6):
        progress.advance()
    progress.note("epoch 4/4  loss 0.100")
    lines = stream.getvalue().splitlines()
    steps = [step for line in lines if (step := read_step(line))]
    assert [line for line in lines if not line.startswith(MARK)] == ["epoch 4/4  loss 0.100"]
    assert steps[0] == Step("Training", 2, 8, None, 2, 4), "two of eight parts are the first of four epochs"
    assert (steps[-1].done, steps[-1].epoch, steps[-1].seconds_left) == (8, 4, 0)


@pytest.mark.parametrize("line", ["epoch 1/4", f"{MARK}no JSON", f'{MARK}{{"name": "Training"}}', f"{MARK}[1]", ""])
def test_other_lines_tell_no_step(line: str) -> None:
    assert read_step(line) is None
