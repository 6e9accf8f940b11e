"""How images were taken, and outlines by hand, in the history."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.imaging.capture import Capture
from desktop.core.records.history import History
from tests.core.records.history_contents import an_image, keep

ONE, TWO = (an_image(name).sha256 for name in ("one.jpg", "two.jpg"))
TRIANGLE = [(10.0, 10.0), (90.04, 10.0), (50.0, 80.5)]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path) as opened:
        keep(opened, "one.jpg")
        keep(opened, "two.jpg")
        yield opened


def test_what_was_entered_last_of_an_image_counts(history: History) -> None:
    assert history.captures.of(ONE) is None
    for capture in (Capture("Scope", "contact", "polarised"), Capture("", "no contact", ""), Capture()):
        history.captures.give(ONE, capture, by="MK")
        assert history.captures.of(ONE) == capture
    assert history.captures.of(TWO) is None
    assert len(history._database.read("SELECT id FROM image_capture")) == 3


def test_newest_outline_by_hand_counts_and_can_be_removed(history: History) -> None:
    assert history.outlines.of(ONE) is None
    history.outlines.give(ONE, TRIANGLE, by="MK")
    assert history.outlines.of(ONE) == [(10.0, 10.0), (90.0, 10.0), (50.0, 80.5)]
    history.outlines.give(ONE, None, by="MK")
    assert history.outlines.of(ONE) is None
    assert history.outlines.of(TWO) is None


@pytest.mark.parametrize("text", ["no json", "[[1, 2], [3, 4]]", '{"points": 3}'])
def test_outline_that_cannot_be_read_is_none(history: History, text: str) -> None:
    with history._database.writing() as connection:
        connection.execute("INSERT INTO image_outline (image, points, initials, time) VALUES (1, ?, 'MK', '')", (text,))
    assert history.outlines.of(ONE) is None


def test_nothing_is_kept_of_an_image_that_is_not_in_the_history(history: History) -> None:
    history.captures.give("f" * 64, Capture("Scope"), by="MK")
    history.outlines.give("f" * 64, TRIANGLE, by="MK")
    for table in ("image_capture", "image_outline"):
        assert history._database.read(f"SELECT id FROM {table}") == []  # noqa: S608 - our tables
