"""Words of other programs become places of the body map where they name a single one."""

from pathlib import Path

import pytest

from desktop.core.body_places import ROWS, places
from desktop.core.place_words import is_place, recognised


def test_every_place_is_recognised_by_its_id_and_name() -> None:
    for place in places().values():
        assert recognised(place.id) == recognised(place.name.upper()) == place.id
        assert is_place(place.id)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Right lower back", "back-lower-right"),
        ("lower back (R)", "back-lower-right"),
        ("L. scapula", "scapula-left"),
        ("Back of right hand", "hand-back-right"),
        ("Skin of buttock, left", "buttock-left"),
        ("nail of the left thumb", "nail-thumb-left"),
        ("Nape", "neck-back"),
        ("left axilla", "armpit-left"),
    ],
)
def test_words_that_name_a_single_place_are_recognised(text: str, place: str) -> None:
    assert recognised(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "back",
        "lower back",
        "left upper back",
        "left arm",
        "left foot",
        "left great toe",
        "hallux left",
        "lip",
        "naevus",
        "?",
        "L",
    ],
)
def test_other_words_and_parts_of_words_are_not(text: str) -> None:
    assert recognised(text) == ""
    assert not is_place(text)


def test_the_documentation_lists_the_words_that_count() -> None:
    listed = " ".join(Path("docs/exchange.md").read_text("utf-8").split())
    for row in ROWS:
        sides, terms = " ↔" if row.sided else "", f" ({row.also.replace(',', '').strip()})" if row.also else ""
        assert f"{row.name}{sides}{terms}" in listed
