"""The body map as regions on a canvas: two whole figures, and details of places that these show too small or not at all.

Everything was drawn for this program, as seen by somebody who faces the patient, or for the figure's back stands behind. The
midline of a figure is x = 0; in front views the patient's right side is at negative x. Shapes of one side are mirrored for the
other.
"""

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from desktop.widgets.common.body import body_outlines
from desktop.widgets.common.body.body_curves import box, capsule, ellipse, mirrored, placed, smooth, upside_down

CANVAS = QRectF(0, 0, 1000, 640)

TOES = QRectF(754, 508, 212, 100)
"""The part with the toes and their nails, and nothing else; they reach equally far up and down from its middle."""


@dataclass(frozen=True)
class BodyShape:
    """One drawing of a place, which may be drawn more than once."""

    place: str
    path: QPainterPath
    text: str = ""
    """The text of a region that is a button, not a drawing."""


@dataclass(frozen=True)
class BodyCaption:
    """A word centred at `at`; it names a drawing or, in small type, the patient's side."""

    text: str
    at: QPointF
    is_side: bool = False


@dataclass(frozen=True)
class BodyDrawing:
    """Everything on the canvas."""

    regions: tuple[BodyShape, ...]
    captions: tuple[BodyCaption, ...]


def _cut(whole: QPainterPath, pieces: tuple[tuple[str, QPainterPath], ...]) -> list[BodyShape]:
    """Cut pieces out of a drawing, each without what was cut before."""
    regions, rest = [], whole
    for place, piece in pieces:
        cut = rest.intersected(piece)
        rest = rest.subtracted(piece)
        if not cut.isEmpty():
            regions.append(BodyShape(place, cut))
    return regions


def _sided(regions: list[BodyShape], side: str) -> list[BodyShape]:
    return [BodyShape(f"{region.place}-{side}", region.path) for region in regions]


def _mirrored(regions: list[BodyShape]) -> list[BodyShape]:
    return [BodyShape(region.place, mirrored(region.path)) for region in regions]


def _figure(
    half: tuple[tuple[str, QPainterPath], ...], middle: tuple[tuple[str, QPainterPath], ...], sides: tuple[str, str]
) -> list[BodyShape]:
    """Draw a whole figure; `sides` are the patient's sides at the viewer's left and right."""
    body = smooth(body_outlines.HALF, body_outlines.HALF_CORNERS)
    both = body.united(mirrored(body))
    regions = _cut(both, middle)
    for region in regions:
        body = body.subtracted(region.path)
    cut = _cut(body, half)
    return [*regions, *_sided(_mirrored(cut), sides[0]), *_sided(cut, sides[1])]


def _front() -> list[BodyShape]:
    ears = smooth(body_outlines.EAR)
    head = smooth(body_outlines.HEAD)
    return [
        *_figure(body_outlines.FRONT_HALF, body_outlines.FRONT_MIDDLE, ("right", "left")),
        BodyShape("face", head),
        BodyShape("ear-left", ears.subtracted(head)),
        BodyShape("ear-right", mirrored(ears).subtracted(head)),
    ]


def _back() -> list[BodyShape]:
    ears = smooth(body_outlines.EAR)
    head = smooth(body_outlines.HEAD)
    return [
        *_figure(body_outlines.BACK_HALF, body_outlines.BACK_MIDDLE, ("left", "right")),
        BodyShape("scalp-back", head),
        BodyShape("ear-right", ears.subtracted(head)),
        BodyShape("ear-left", mirrored(ears).subtracted(head)),
    ]


def _face() -> list[BodyShape]:
    whole = smooth(body_outlines.FACE)
    ear = smooth(body_outlines.FACE_EAR).subtracted(whole)
    middle = _cut(whole, body_outlines.FACE_MIDDLE[:2])
    for region in middle:
        whole = whole.subtracted(region.path)
    eyes = [("eye", body_outlines.FACE_HALF[0][1])]
    left_eye = _cut(whole, tuple(eyes))
    whole = whole.subtracted(eyes[0][1]).subtracted(mirrored(eyes[0][1]))
    rest = _cut(whole, body_outlines.FACE_MIDDLE[2:5])
    for region in rest:
        whole = whole.subtracted(region.path)
    half = _cut(
        whole.intersected(box(0, -5, 60, 130)).subtracted(body_outlines.FACE_MIDDLE[5][1]), body_outlines.FACE_HALF[1:]
    )
    chin = _cut(whole, body_outlines.FACE_MIDDLE[5:])
    left = [*left_eye, *half, BodyShape("ear", ear)]
    return [*middle, *rest, *chin, *_sided(left, "left"), *_sided(_mirrored(left), "right")]


def _profile(side: str) -> list[BodyShape]:
    middle = {"nose", "lips", "chin", "forehead", "scalp-front", "scalp-back", "neck-back", "neck-front"}
    regions = _cut(smooth(body_outlines.PROFILE, body_outlines.PROFILE_CORNERS), body_outlines.PROFILE_PIECES)
    named = [BodyShape(r.place if r.place in middle else f"{r.place}-{side}", r.path) for r in regions]
    return named if side == "right" else _mirrored(named)


def _crown() -> list[BodyShape]:
    """Draw the scalp from above, with the face towards the viewer."""
    whole = smooth(body_outlines.CROWN)
    regions = _cut(whole, body_outlines.CROWN_PIECES)
    for region in regions:
        whole = whole.subtracted(region.path)
    side = _cut(whole, (("scalp-side", box(0, 0, 60, 120)),))
    return [*regions, *_sided(side, "left"), *_sided(_mirrored(side), "right")]


def _palm() -> list[BodyShape]:
    palm = smooth(body_outlines.HAND, frozenset({0, 9}))
    fingers = smooth(body_outlines.THUMB)
    for left, top, width in body_outlines.FINGER_BOXES:
        fingers = fingers.united(capsule(left, top, width, 66 - top))
    return [BodyShape("palm", palm), BodyShape("fingers-front", fingers.subtracted(palm))]


def _hand_back() -> list[BodyShape]:
    """Draw the back of a right hand held up, with the thumb at negative x, away from the head."""
    hand = smooth(body_outlines.HAND, frozenset({0, 9}))
    fingers = smooth(body_outlines.THUMB)
    nails = [("thumb", ellipse(51, 48, 4, 5.5))]
    for (left, top, width), name in zip(body_outlines.FINGER_BOXES, body_outlines.NAIL_IDS, strict=True):
        fingers = fingers.united(capsule(left, top, width, 66 - top))
        nails.append((name, ellipse(left + width / 2, top + 8.5, 4, 6)))
    fingers = fingers.subtracted(hand)
    for _name, nail in nails:
        fingers = fingers.subtracted(nail)
    regions = [BodyShape("hand-back", hand), BodyShape("fingers-back", fingers)]
    regions += [BodyShape(f"nail-{name}", nail) for name, nail in nails]
    return _mirrored(regions)


def _sole() -> list[BodyShape]:
    foot = smooth(body_outlines.FOOT)
    toes = QPainterPath()
    for left, top, width in body_outlines.TOE_BOXES:
        toes = toes.united(capsule(left, top, width, 22))
    return [*_cut(foot, body_outlines.SOLE_PIECES), BodyShape("toes-under", toes.subtracted(foot))]


def _toes() -> list[BodyShape]:
    """Draw the toes of a right foot from above, pointing to the viewer, with the great toe at positive x."""
    foot = smooth(body_outlines.FOOT).intersected(box(-40, 0, 40, 70))
    nails = []
    for (left, top, width), name in zip(body_outlines.TOE_BOXES, body_outlines.TOE_IDS, strict=True):
        foot = foot.united(capsule(left, top, width, 26))
        nails.append((name, ellipse(left + width / 2, top + 6, width * 0.36, 4.6)))
    for _name, nail in nails:
        foot = foot.subtracted(nail)
    regions = [BodyShape("foot-back", foot), *(BodyShape(f"nail-toe-{name}", nail) for name, nail in nails)]
    return [BodyShape(region.place, upside_down(region.path, 70)) for region in regions]


def _pair(regions: list[BodyShape], x: float, y: float, gap: float, scale: float) -> list[BodyShape]:
    """Place a right and a left shape side by side around `x`, the patient's right at the viewer's left."""
    right, left = _sided(regions, "right"), _sided(_mirrored(regions), "left")
    return [*_at(right, x - gap, y, scale), *_at(left, x + gap, y, scale)]


def _at(regions: list[BodyShape], x: float, y: float, scale: float) -> list[BodyShape]:
    return [BodyShape(region.place, placed(region.path, x, y, scale)) for region in regions]


def _buttons(left: float, top: float, width: float) -> list[BodyShape]:
    regions, x = [], left
    widths = (0.14, 0.14, 0.17, 0.2, 0.35)
    for (place, text), share in zip(body_outlines.BUTTONS, widths, strict=True):
        path = QPainterPath()
        path.addRoundedRect(QRectF(x, top, share * width - 6, 26), 8, 8)
        regions.append(BodyShape(place, path, text))
        x += share * width
    return regions


@cache
def drawing() -> BodyDrawing:
    """Return the whole map, which is cached."""
    regions = [
        *_at(_front(), 140, 40, 1.34),
        *_at(_back(), 420, 40, 1.34),
        *_at(_profile("right"), 632, 34, 0.94),
        *_at(_face(), 780, 34, 1.06),
        *_at(_profile("left"), 928, 34, 0.94),
        *_at(_crown(), 632, 232, 1.0),
        *_pair(_palm(), 860, 230, 62, 1.0),
        *_pair(_sole(), 632, 386, 34, 1.3),
        *_pair(_hand_back(), 860, 384, 40, 1.08),
        *_pair(_toes(), 860, 516, 40, 1.2),
        *_buttons(566, 610, 434),
    ]
    captions = [BodyCaption(text, QPointF(x, y)) for text, x, y in body_outlines.TITLES]
    captions += [BodyCaption(text, QPointF(x, y), is_side=True) for text, x, y in body_outlines.SIDES]
    return BodyDrawing(tuple(regions), tuple(captions))
