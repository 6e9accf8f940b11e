"""Which two images of a film are compared."""

import datetime as dt
from itertools import combinations
from pathlib import Path

import pytest

from desktop.core.records.people import PlacedImage
from desktop.core.records.values import KeptImage
from desktop.widgets.follow_up.film import Frame, Pair, first_pair, newest_pair, stepped, with_newer, with_older

DAY = dt.date(2026, 11, 23)


def frames(*days: int) -> list[Frame]:
    """Return images of these days, counted from the first."""
    made = []
    for number, day in enumerate(days):
        image = KeptImage(f"{number:064}", f"{number}.png", "PNG", 640, 480, 1_000, Path("a.png"), stored=True)
        placed = PlacedImage(number, image, "dermoscopy", 1, 1, (), dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
        made.append(Frame(DAY + dt.timedelta(days=day), placed))
    return made


def test_newest_stands_beside_the_last_of_an_earlier_day() -> None:
    assert newest_pair(frames(0, 90, 180)) == Pair(1, 2)
    assert newest_pair(frames(0, 90, 180, 180)) == Pair(1, 3)
    assert newest_pair(frames(5, 5, 5)) == Pair(1, 2)
    assert newest_pair(frames(5)) is None


def test_newest_stands_beside_the_first() -> None:
    assert first_pair(frames(0, 90, 180)) == Pair(0, 2)
    assert first_pair(frames(0)) is None


def test_chosen_image_takes_its_side() -> None:
    pair = Pair(1, 3)
    assert with_older(pair, 2) == Pair(2, 3)
    assert with_older(pair, 4) == Pair(1, 4)
    assert with_older(pair, 3) == pair
    assert with_newer(pair, 2) == Pair(1, 2)
    assert with_newer(pair, 0) == Pair(0, 3)
    assert with_newer(pair, 1) == pair


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_older_image_stays_older_whatever_is_chosen(count: int) -> None:
    for older, newer in combinations(range(count), 2):
        pair = Pair(older, newer)
        found = [with_(pair, place) for with_ in (with_older, with_newer) for place in range(count)]
        found += [
            stepped(pair, steps, count, of_newer=of_newer) for steps in (-9, -1, 1, 9) for of_newer in (True, False)
        ]
        assert all(0 <= one.older < one.newer < count for one in found)
