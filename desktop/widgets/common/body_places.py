"""The places of the body map in the user's language."""

from desktop.core import body_places, place_words
from desktop.core.body_places import BodyPlace
from desktop.widgets.common.wording import translated


def places() -> dict[str, BodyPlace]:
    """Return every place by id, in the order of the table, right before left."""
    return body_places.places(translated)


def place_name(site: str) -> str:
    """Return the name of a lesion's site; empty if it has none, the id itself if it is unknown here."""
    return places()[site].name if site in places() else site


def find_places(text: str) -> list[BodyPlace]:
    """Return the places that match every word of a text, best match first; all places for an empty text."""
    return place_words.matching(text, places().values())


def place_called(text: str) -> BodyPlace | None:
    """Return the place that a text names in full, or the only one that matches it; None if several match."""
    return place_words.called(text, places().values())
