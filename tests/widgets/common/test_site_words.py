"""The ids of the body map's places consist of words that a de-identified export keeps."""

from desktop.core.exchange.deidentifying import SITE_WORDS
from desktop.widgets.common.body_places import places


def test_every_place_of_the_body_map_stays() -> None:
    assert [place for place in places() if not set(place.split("-")) <= SITE_WORDS] == []
