"""How images were taken, and outlines by hand, in the history."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.imaging.capture import Capture
from desktop.core.records.history import History
from desktop.core.records.verifying import check_history
from tests.core.records.history_contents import an_image, keep
from tests.core.records.tampering import by_hand
from tests.core.records.test_backup import back_up, bring_back

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


def test_both_are_in_a_backup_and_sealed(tmp_path: Path) -> None:
    with History.open(tmp_path / "data") as history:
        keep(history, "one.jpg")
        history.captures.give(ONE, Capture("Scope", "contact", "polarised"), by="MK")
        history.outlines.give(ONE, TRIANGLE, by="MK")
    back_up(tmp_path / "data", tmp_path / "backup.zip")
    bring_back(tmp_path / "backup.zip", tmp_path / "new")
    with History.open(tmp_path / "new") as history:
        assert history.captures.of(ONE) == Capture("Scope", "contact", "polarised")
        assert history.outlines.of(ONE) is not None
    assert check_history(tmp_path / "new").faults == []
    with by_hand(tmp_path / "new") as connection:
        connection.execute("UPDATE image_capture SET light = 'not polarised'")
        connection.execute("UPDATE image_outline SET points = NULL")
    assert {fault.rows for fault in check_history(tmp_path / "new").faults} == {"image_capture 1", "image_outline 1"}
