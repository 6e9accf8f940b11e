"""The body map: every place can be clicked, found by words, and seen on the overview."""

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from desktop.widgets.common.body_places import find_places, place_called, place_name, places
from desktop.widgets.patient.body.body_map import BodyMap


@pytest.mark.parametrize("size", [(830, 531), (1000, 640)])
def test_a_click_in_the_middle_of_a_place_chooses_it(qtbot: QtBot, size: tuple[int, int]) -> None:
    body = BodyMap()
    qtbot.addWidget(body)
    body.resize(*size)
    chosen: list[str] = []
    body.place_chosen.connect(chosen.append)
    for place in places():
        qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.centre_of(place).toPoint())
        assert chosen[-1] == place


def test_a_click_beside_the_body_chooses_nothing(qtbot: QtBot) -> None:
    body = BodyMap()
    qtbot.addWidget(body)
    body.resize(1000, 640)
    assert body.place_at(QPointF(5, 600)) == ""


def test_the_overview_has_a_point_for_every_place(qtbot: QtBot) -> None:
    overview = BodyMap(overview=True)
    qtbot.addWidget(overview)
    overview.resize(200, 190)
    for place in places():
        assert overview.rect().contains(overview.centre_of(place).toPoint())


def test_detail_and_figure_show_the_same_sides(qtbot: QtBot) -> None:
    body = BodyMap()
    qtbot.addWidget(body)
    body.resize(1000, 640)
    seen_from_the_front = (
        "chest",
        "palm",
        "fingers-front",
        "sole",
        "nail-thumb",
        "nail-toe-great",
        "scalp-side",
        "cheek",
    )
    for place in seen_from_the_front:
        assert body.centre_of(f"{place}-right").x() < body.centre_of(f"{place}-left").x()
    for place in ("scapula", "buttock", "elbow", "calf"):
        assert body.centre_of(f"{place}-left").x() < body.centre_of(f"{place}-right").x()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("left scapula", "scapula-left"),
        ("shoulder blade right", "scapula-right"),
        ("left sole", "sole-left"),
        ("plantar", "sole-right"),
        ("right thumb nail", "nail-thumb-right"),
        ("hallux left", "nail-toe-great-left"),
        ("vertex", "scalp-top"),
        ("umbilicus", "navel"),
        ("vulva", "vulva"),
        ("left upper back", "scapula-left"),
        ("right upper arm back", "arm-upper-back-right"),
        ("left back of the hand", "hand-back-left"),
        ("left forearm palm side", "forearm-front-left"),
        ("back left middle", "back-middle-left"),
    ],
)
def test_places_are_found_by_name_and_by_clinical_terms(words: str, first: str) -> None:
    assert find_places(words)[0].id == first


@pytest.mark.parametrize("words", ["left upper back", "right forearm", "palm", "left"])
def test_words_shared_by_several_places_name_none(words: str) -> None:
    assert len(find_places(words)) > 1
    assert place_called(words) is None


@pytest.mark.parametrize("words", [place.name for place in places().values()])
def test_full_name_names_only_that_place(words: str) -> None:
    called = place_called(words.upper())
    assert called is not None
    assert called.name == words


def test_no_place_is_found_for_other_words() -> None:
    assert find_places("carburettor") == []
    assert len(find_places("")) == len(places())


def test_a_site_of_another_version_is_shown_as_saved() -> None:
    assert place_name("scapula-left") == "left scapula"
    assert place_name("") == ""
    assert place_name("third-arm") == "third-arm"
