"""How two images are aligned, in the history."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records import alignments
from desktop.core.records.alignments import KeptAlignment
from desktop.core.records.history import History
from desktop.core.registration.agreement import Agreement
from desktop.core.registration.registering import Registration
from desktop.core.registration.similarity import Similarity
from tests.core.records.history_contents import an_image, keep

FOUND = Registration(Similarity(0.5, 0.25, 20, 10), Agreement(21, 30))
ONE, TWO = (an_image(name).sha256 for name in ("one.jpg", "two.jpg"))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path) as opened:
        keep(opened, "one.jpg")
        keep(opened, "two.jpg")
        yield opened


def test_alignment_is_kept_with_its_quality_in_both_directions(history: History) -> None:
    assert history.alignments.of(ONE, TWO) is None
    history.alignments.keep(ONE, TWO, FOUND, by="MK")
    assert history.alignments.of(ONE, TWO) == KeptAlignment(FOUND.transform, FOUND.agreement)
    back = history.alignments.of(TWO, ONE)
    assert back is not None
    assert back.agreement == FOUND.agreement
    assert back.transform.map(*FOUND.transform.map(3, 4)) == pytest.approx((3, 4))


def test_newest_alignment_counts_whichever_image_was_first(history: History) -> None:
    history.alignments.keep(ONE, TWO, FOUND, by="MK")
    history.alignments.keep_by_hand(TWO, ONE, Similarity(right=5), by="MK")
    assert history.alignments.of(TWO, ONE) == KeptAlignment(Similarity(right=5), None)
    found = history.alignments.of(ONE, TWO)
    assert found is not None
    assert (found.transform.map(5, 0), found.agreement) == ((0, 0), None)


def test_what_registration_finds_meanwhile_does_not_replace_what_was_set_by_hand(history: History) -> None:
    history.alignments.keep_by_hand(ONE, TWO, Similarity(right=5), by="MK")
    history.alignments.keep(ONE, TWO, FOUND, by="MK")
    history.alignments.keep(TWO, ONE, FOUND, by="MK")
    assert history.alignments.of(ONE, TWO) == KeptAlignment(Similarity(right=5), None)


def test_what_an_earlier_registration_found_does_not_count(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.alignments.keep(ONE, TWO, FOUND, by="MK")
    monkeypatch.setattr(alignments.registering, "METHOD", alignments.registering.METHOD + 1)
    assert history.alignments.of(ONE, TWO) is None
    history.alignments.keep_by_hand(ONE, TWO, Similarity(right=5), by="MK")
    monkeypatch.setattr(alignments.registering, "METHOD", alignments.registering.METHOD + 1)
    assert history.alignments.of(ONE, TWO) == KeptAlignment(Similarity(right=5), None)


def test_nothing_from_before_counts_after_it_was_withdrawn(history: History) -> None:
    history.alignments.keep(ONE, TWO, FOUND, by="MK")
    history.alignments.keep_by_hand(ONE, TWO, Similarity(right=5), by="MK")
    history.alignments.withdraw(TWO, ONE, by="AB")
    assert history.alignments.of(ONE, TWO) is None
    history.alignments.keep(ONE, TWO, FOUND, by="MK")
    assert history.alignments.of(ONE, TWO) == KeptAlignment(FOUND.transform, FOUND.agreement)
    assert [row["initials"] for row in history._database.read("SELECT initials FROM alignment")] == [
        "MK",
        "MK",
        "AB",
        "MK",
    ]


def test_nothing_is_kept_of_an_image_that_is_not_in_the_history(history: History) -> None:
    history.alignments.keep(ONE, "f" * 64, FOUND, by="MK")
    assert history._database.read("SELECT id FROM alignment") == []
