"""How far down the figures of the body map a place is."""

from __future__ import annotations

from desktop.widgets.common.body.body_marks import shows
from desktop.widgets.common.body.body_shapes import drawing
from desktop.widgets.common.body.body_views import FIGURES
from desktop.widgets.common.body_places import places


def height_of(place: str) -> int:
    """Return how far down a place of the map is on the figures, in units of the canvas.

    A place that only a detail shows is as high as the one that contains it.
    """
    boxes = [one.path.boundingRect() for one in drawing().regions if one.place == place and shows(FIGURES, one)]
    return min(round(box.center().y()) for box in boxes) if boxes else height_of(places()[place].part_of)
