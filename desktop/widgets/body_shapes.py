"""The body map as regions on a canvas: two whole figures, and details of what they show too small or not at all.

Everything was drawn for this program. A figure's own midline is x = 0; where it is seen from the front its right side, the
patient's, lies at negative x. What is drawn for one side is mirrored for the other.
"""

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from desktop.core.marking import tr
from desktop.widgets.body_curves import box, capsule, ellipse, mirrored, placed, polygon, smooth

CANVAS = QRectF(0, 0, 1000, 640)
FIGURES = QRectF(0, 36, 560, 536)
"""The part of the canvas that holds the two whole figures."""


@dataclass(frozen=True)
class Region:
    """A place as it is drawn once; a place may be drawn more than once."""

    place: str
    path: QPainterPath
    text: str = ""
    """What stands in it, where it is no drawing but a button."""


@dataclass(frozen=True)
class Caption:
    """A word on the canvas, its middle at `at`; it names a drawing or, small, the patient's side."""

    text: str
    at: QPointF
    is_side: bool = False


@dataclass(frozen=True)
class Drawing:
    """All that stands on the canvas."""

    regions: tuple[Region, ...]
    captions: tuple[Caption, ...]


_HALF = (
    # from the neck down the outside of the arm, up its inside, down the outside of the leg, up its inside
    (0, 44), (10.5, 47), (11, 60), (25, 68), (43, 73), (55, 84), (59, 104), (64, 130), (69, 150), (76, 172), (82, 196),
    (90, 204), (98, 213), (102, 224), (97, 226), (97, 240), (93, 250), (86, 249), (80, 236), (76, 220), (74, 200),
    (66, 178), (56, 156), (50, 136),
    (43, 108), (39, 128), (34, 150), (36, 170), (42, 190), (46, 216), (42, 250), (37, 276), (39, 300), (36, 326), (28, 356),
    (29, 372), (36, 386), (33, 392), (18, 391), (13, 378), (15, 354), (12, 326), (9, 300), (11, 276), (8, 246), (2, 208),
    (0, 204),
)  # fmt: skip
_HALF_CORNERS = frozenset({0, 15, 24, 45, 46})
_HEAD = ((0, 2), (14, 6), (20, 20), (18.5, 36), (11, 50), (0, 55), (-11, 50), (-18.5, 36), (-20, 20), (-14, 6))
_EAR = ((19, 24), (23, 22), (23.5, 30), (20, 36), (18, 35))

# Pieces of one half, cut out of it in this order: what was cut before is not cut again.
_FRONT_HALF = (
    ("palm", polygon(((70, 204), (110, 200), (110, 260), (70, 260)))),
    ("forearm-front", polygon(((58, 165), (84, 158), (96, 204), (70, 206)))),
    ("elbow-crease", polygon(((50, 147), (76, 141), (82, 160), (58, 167)))),
    ("armpit", ellipse(42.5, 106, 6.5, 9)),
    ("arm-upper-front", polygon(((43, 102), (66, 97), (76, 141), (50, 147)))),
    ("shoulder", polygon(((19, 58), (70, 58), (70, 98), (43, 102), (38, 84)))),
    ("neck-side", polygon(((7.5, 50), (20, 50), (19, 66), (7.5, 62)))),
    ("chest", polygon(((7, 62), (19, 62), (38, 84), (43, 102), (43, 122), (7, 122)))),
    ("flank", polygon(((26, 122), (46, 122), (46, 178), (30, 176)))),
    ("abdomen-upper", polygon(((0, 122), (26, 122), (28, 150), (0, 150)))),
    ("abdomen-lower", polygon(((0, 150), (28, 150), (30, 177), (46, 178), (46, 184), (12, 190), (0, 190)))),
    ("groin", polygon(((12, 190), (48, 182), (48, 188), (9, 213), (9, 190)))),
    ("thigh-front", polygon(((9, 213), (50, 186), (52, 258), (0, 258), (0, 206)))),
    ("knee", box(0, 258, 50, 286)),
    ("shin", box(0, 286, 50, 346)),
    ("ankle", box(0, 346, 50, 362)),
    ("foot-back", box(0, 362, 50, 400)),
)
_FRONT_MIDDLE = (
    ("navel", ellipse(0, 153, 5.5, 6.5)),
    ("genital", smooth(((-10, 188), (10, 188), (8, 202), (0, 214), (-8, 202)), frozenset({0, 1}))),
    ("sternum", polygon(((-7, 64), (7, 64), (7, 122), (-7, 122)))),
    ("neck-front", polygon(((-7.5, 46), (7.5, 46), (7.5, 64), (-7.5, 64)))),
)
_BACK_HALF = (
    ("hand-back", polygon(((70, 204), (110, 200), (110, 260), (70, 260)))),
    ("forearm-back", polygon(((58, 165), (84, 158), (96, 204), (70, 206)))),
    ("elbow", polygon(((50, 147), (76, 141), (82, 160), (58, 167)))),
    ("arm-upper-back", polygon(((42, 102), (66, 97), (76, 141), (50, 147)))),
    ("shoulder", polygon(((11, 58), (70, 58), (70, 98), (42, 102), (40, 82), (14, 74)))),
    ("scapula", polygon(((9, 72), (14, 74), (40, 82), (44, 104), (44, 120), (9, 120)))),
    ("back-middle", polygon(((0, 120), (46, 120), (46, 150), (0, 150)))),
    ("back-lower", polygon(((0, 150), (46, 150), (50, 184), (14, 176), (0, 176)))),
    ("buttock", polygon(((0, 176), (14, 176), (50, 184), (50, 212), (0, 218)))),
    ("thigh-back", polygon(((0, 218), (54, 211), (54, 260), (0, 260)))),
    ("knee-back", box(0, 260, 50, 284)),
    ("calf", box(0, 284, 50, 346)),
    ("ankle", box(0, 346, 50, 364)),
    ("heel", box(0, 364, 50, 400)),
)
_BACK_MIDDLE = (
    ("sacrum", polygon(((-12, 168), (12, 168), (0, 192)))),
    ("back-upper-middle", polygon(((-14, 66), (14, 66), (9, 76), (9, 120), (-9, 120), (-9, 76)))),
    ("neck-back", polygon(((-16, 46), (16, 46), (12, 66), (-12, 66)))),
)

_FACE = (
    (0, 0), (26, 4), (42, 22), (47, 48), (45, 74), (38, 98), (22, 118), (0, 125), (-22, 118), (-38, 98), (-45, 74),
    (-47, 48), (-42, 22), (-26, 4),
)  # fmt: skip
_FACE_HALF = (
    ("eye", smooth(((8, 50), (20, 44), (35, 49), (36, 58), (22, 64), (10, 60)))),
    ("temple", polygon(((37, 22), (60, 22), (60, 60), (37, 58)))),
    ("cheek", polygon(((0, 50), (37, 50), (37, 58), (60, 60), (60, 88), (19, 88), (9, 76)))),
    ("jaw", polygon(((19, 88), (60, 88), (60, 130), (22, 130), (16, 104)))),
)
_FACE_MIDDLE = (
    ("nose", smooth(((-4, 50), (4, 50), (6, 64), (11, 76), (6, 83), (-6, 83), (-11, 76), (-6, 64)), frozenset({0, 1}))),
    ("lips", smooth(((-17, 95), (-6, 90), (0, 92), (6, 90), (17, 95), (8, 102), (-8, 102)), frozenset({0, 4}))),
    ("scalp-front", polygon(((-60, -5), (60, -5), (60, 22), (37, 22), (20, 17), (-20, 17), (-37, 22), (-60, 22)))),
    ("forehead", polygon(((-37, 10), (37, 10), (37, 50), (-37, 50)))),
    ("lips", polygon(((-19, 76), (19, 76), (19, 92), (-19, 92)))),
    ("chin", polygon(((-22, 92), (22, 92), (24, 130), (-24, 130)))),
)
_FACE_EAR = ((45, 48), (52, 44), (55, 54), (52, 68), (46, 74))

_PROFILE = (
    # the right side of a head, which looks to the right: crown, forehead, nose, lips, chin, throat, nape, back of the head
    (-8, 0), (22, 5), (40, 24), (43, 44), (46, 52), (57, 70), (54, 75), (47, 77), (50, 84), (48, 89), (50, 95), (45, 100),
    (46, 110), (38, 117), (22, 114), (12, 122), (12, 142), (-36, 142), (-35, 118), (-44, 100), (-52, 74), (-54, 44), (-38, 14),
)  # fmt: skip
_PROFILE_CORNERS = frozenset({5, 7, 9, 11, 16, 17})
_PROFILE_PIECES = (
    ("ear", smooth(((-14, 58), (-6, 51), (2, 55), (1, 68), (-6, 81), (-12, 78)))),
    ("behind-ear", smooth(((-14, 48), (-6, 52), (-6, 82), (-14, 90), (-24, 80), (-24, 58)))),
    ("eye", smooth(((26, 54), (34, 47), (43, 49), (43, 60), (33, 63)))),
    ("scalp-front", polygon(((4, -5), (60, -5), (60, 16), (36, 16), (20, 30), (4, 30)))),
    ("forehead", polygon(((36, 16), (60, 16), (60, 51), (40, 48), (25, 52), (20, 30)))),
    ("temple", polygon(((20, 30), (25, 52), (30, 62), (0, 62), (0, 46), (8, 38)))),
    ("nose", polygon(((42, 49), (70, 49), (70, 78), (41, 78)))),
    ("cheek", polygon(((0, 62), (42, 62), (41, 78), (36, 98), (0, 90)))),
    ("lips", polygon(((41, 78), (70, 78), (70, 98), (36, 98)))),
    ("chin", polygon(((36, 98), (70, 98), (70, 125), (33, 125)))),
    ("jaw", polygon(((-8, 84), (0, 90), (36, 98), (33, 125), (16, 122), (-8, 104)))),
    ("scalp-back", polygon(((-70, 30), (-32, 30), (-24, 58), (-26, 100), (-70, 106)))),
    ("neck-back", polygon(((-26, 90), (-60, 100), (-60, 150), (-22, 150), (-22, 90)))),
    ("neck-side", polygon(((-22, 80), (-8, 80), (-8, 104), (4, 114), (0, 150), (-22, 150)))),
    ("neck-front", polygon(((-4, 104), (30, 114), (30, 150), (-4, 150)))),
    ("scalp-side", box(-70, -5, 24, 100)),
)
_CROWN = ((0, 0), (30, 8), (46, 38), (46, 70), (34, 100), (0, 112), (-34, 100), (-46, 70), (-46, 38), (-30, 8))
_CROWN_PIECES = (
    ("scalp-back", box(-60, -5, 60, 26)),
    ("scalp-front", box(-60, 84, 60, 120)),
    ("scalp-top", box(-20, 26, 20, 84)),
)
_HAND = (
    # a right palm without its fingers: wrist, thumb side at positive x
    (-20, 112), (-25, 84), (-27, 58), (-25, 52), (-8, 48), (10, 49), (25, 54), (28, 68), (26, 88), (20, 112),
)  # fmt: skip
_FINGER_BOXES = ((-27, 16, 11), (-14, 4, 11.5), (-1.5, 0, 11.5), (11.5, 8, 11.5))
_THUMB = ((24, 62), (34, 60), (46, 46), (52, 42), (55, 49), (50, 64), (40, 82), (28, 92))
_FOOT = (
    # a right sole without its toes: the great toe at positive x
    (-20, 34), (-4, 26), (14, 24), (24, 32), (23, 52), (15, 74), (18, 96), (13, 112), (0, 118), (-14, 112), (-18, 94),
    (-21, 66), (-24, 46),
)  # fmt: skip
_TOE_BOXES = ((-25, 18, 8), (-16, 11, 8.5), (-6.5, 6, 8.5), (3, 3, 9), (13, 0, 13))
_SOLE_PIECES = (
    ("sole-front", box(-40, 0, 40, 54)),
    ("sole", box(-40, 54, 40, 88)),
    ("heel", box(-40, 88, 40, 130)),
)
_NAIL_IDS = ("little", "ring", "middle", "index")
_TOE_IDS = ("fifth", "fourth", "third", "second", "great")

_TITLES = (
    (tr("Front"), 140, 18),
    (tr("Back"), 420, 18),
    (tr("Head"), 780, 18),
    (tr("Scalp from above"), 632, 216),
    (tr("Palms"), 860, 216),
    (tr("Soles"), 632, 370),
    (tr("Nails"), 860, 370),
)
_R, _L = tr("R"), tr("L")
_SIDES = (
    (_R, 50, 90), (_L, 230, 90), (_L, 330, 90), (_R, 510, 90), (_R, 700, 40), (_L, 860, 40), (_R, 572, 290), (_L, 692, 290),
    (_R, 748, 250), (_L, 972, 250), (_R, 599, 560), (_L, 665, 560), (_R, 770, 400), (_L, 950, 400), (_R, 772, 560),
    (_L, 948, 560),
)  # fmt: skip
_BUTTONS = (
    ("vulva", tr("Vulva")),
    ("penis", tr("Penis")),
    ("scrotum", tr("Scrotum")),
    ("anal", tr("Anal area")),
    ("mouth", tr("Inside of the mouth")),
)


def _cut(whole: QPainterPath, pieces: tuple[tuple[str, QPainterPath], ...]) -> list[Region]:
    """Cut pieces out of a drawing, each without what was cut before."""
    regions, rest = [], whole
    for place, piece in pieces:
        cut = rest.intersected(piece)
        rest = rest.subtracted(piece)
        if not cut.isEmpty():
            regions.append(Region(place, cut))
    return regions


def _sided(regions: list[Region], side: str) -> list[Region]:
    return [Region(f"{region.place}-{side}", region.path) for region in regions]


def _mirrored(regions: list[Region]) -> list[Region]:
    return [Region(region.place, mirrored(region.path)) for region in regions]


def _figure(
    half: tuple[tuple[str, QPainterPath], ...], middle: tuple[tuple[str, QPainterPath], ...], sides: tuple[str, str]
) -> list[Region]:
    """Draw a whole figure; `sides` are the patient's sides at the viewer's left and right."""
    body = smooth(_HALF, _HALF_CORNERS)
    both = body.united(mirrored(body))
    regions = _cut(both, middle)
    for region in regions:
        body = body.subtracted(region.path)
    cut = _cut(body, half)
    return [*regions, *_sided(_mirrored(cut), sides[0]), *_sided(cut, sides[1])]


def _front() -> list[Region]:
    ears = smooth(_EAR)
    head = smooth(_HEAD)
    return [
        *_figure(_FRONT_HALF, _FRONT_MIDDLE, ("right", "left")),
        Region("face", head),
        Region("ear-left", ears.subtracted(head)),
        Region("ear-right", mirrored(ears).subtracted(head)),
    ]


def _back() -> list[Region]:
    ears = smooth(_EAR)
    head = smooth(_HEAD)
    return [
        *_figure(_BACK_HALF, _BACK_MIDDLE, ("left", "right")),
        Region("scalp-back", head),
        Region("ear-right", ears.subtracted(head)),
        Region("ear-left", mirrored(ears).subtracted(head)),
    ]


def _face() -> list[Region]:
    whole = smooth(_FACE)
    ear = smooth(_FACE_EAR).subtracted(whole)
    middle = _cut(whole, _FACE_MIDDLE[:2])
    for region in middle:
        whole = whole.subtracted(region.path)
    eyes = [("eye", _FACE_HALF[0][1])]
    left_eye = _cut(whole, tuple(eyes))
    whole = whole.subtracted(eyes[0][1]).subtracted(mirrored(eyes[0][1]))
    rest = _cut(whole, _FACE_MIDDLE[2:5])
    for region in rest:
        whole = whole.subtracted(region.path)
    half = _cut(whole.intersected(box(0, -5, 60, 130)).subtracted(_FACE_MIDDLE[5][1]), _FACE_HALF[1:])
    chin = _cut(whole, _FACE_MIDDLE[5:])
    left = [*left_eye, *half, Region("ear", ear)]
    return [*middle, *rest, *chin, *_sided(left, "left"), *_sided(_mirrored(left), "right")]


def _profile(side: str) -> list[Region]:
    middle = {"nose", "lips", "chin", "forehead", "scalp-front", "scalp-back", "neck-back", "neck-front"}
    regions = _cut(smooth(_PROFILE, _PROFILE_CORNERS), _PROFILE_PIECES)
    named = [Region(r.place if r.place in middle else f"{r.place}-{side}", r.path) for r in regions]
    return named if side == "right" else _mirrored(named)


def _crown() -> list[Region]:
    """The scalp from above, the face towards the viewer."""
    whole = smooth(_CROWN)
    regions = _cut(whole, _CROWN_PIECES)
    for region in regions:
        whole = whole.subtracted(region.path)
    side = _cut(whole, (("scalp-side", box(0, 0, 60, 120)),))
    return [*regions, *_sided(side, "left"), *_sided(_mirrored(side), "right")]


def _palm() -> list[Region]:
    palm = smooth(_HAND, frozenset({0, 9}))
    fingers = smooth(_THUMB)
    for left, top, width in _FINGER_BOXES:
        fingers = fingers.united(capsule(left, top, width, 66 - top))
    return [Region("palm", palm), Region("fingers-front", fingers.subtracted(palm))]


def _hand_back() -> list[Region]:
    """The back of a right hand, held up: its thumb at negative x, away from the head."""
    hand = smooth(_HAND, frozenset({0, 9}))
    fingers = smooth(_THUMB)
    nails = [("thumb", ellipse(51, 48, 4, 5.5))]
    for (left, top, width), name in zip(_FINGER_BOXES, _NAIL_IDS, strict=True):
        fingers = fingers.united(capsule(left, top, width, 66 - top))
        nails.append((name, ellipse(left + width / 2, top + 8.5, 4, 6)))
    fingers = fingers.subtracted(hand)
    for _name, nail in nails:
        fingers = fingers.subtracted(nail)
    regions = [Region("hand-back", hand), Region("fingers-back", fingers)]
    regions += [Region(f"nail-{name}", nail) for name, nail in nails]
    return _mirrored(regions)


def _sole() -> list[Region]:
    foot = smooth(_FOOT)
    toes = QPainterPath()
    for left, top, width in _TOE_BOXES:
        toes = toes.united(capsule(left, top, width, 22))
    return [*_cut(foot, _SOLE_PIECES), Region("toes-under", toes.subtracted(foot))]


def _toes() -> list[Region]:
    """The toes of a right foot from above, as its owner holds it up: the great toe at positive x."""
    foot = smooth(_FOOT).intersected(box(-40, 0, 40, 70))
    nails = []
    for (left, top, width), name in zip(_TOE_BOXES, _TOE_IDS, strict=True):
        foot = foot.united(capsule(left, top, width, 26))
        nails.append((name, ellipse(left + width / 2, top + 6, width * 0.36, 4.6)))
    for _name, nail in nails:
        foot = foot.subtracted(nail)
    return [Region("foot-back", foot), *(Region(f"nail-toe-{name}", nail) for name, nail in nails)]


def _pair(regions: list[Region], x: float, y: float, gap: float, scale: float) -> list[Region]:
    """Place a right and a left one side by side around `x`, the patient's right at the viewer's left."""
    right, left = _sided(regions, "right"), _sided(_mirrored(regions), "left")
    return [*_at(right, x - gap, y, scale), *_at(left, x + gap, y, scale)]


def _at(regions: list[Region], x: float, y: float, scale: float) -> list[Region]:
    return [Region(region.place, placed(region.path, x, y, scale)) for region in regions]


def _buttons(left: float, top: float, width: float) -> list[Region]:
    regions, x = [], left
    widths = (0.14, 0.14, 0.17, 0.2, 0.35)
    for (place, text), share in zip(_BUTTONS, widths, strict=True):
        path = QPainterPath()
        path.addRoundedRect(QRectF(x, top, share * width - 6, 26), 8, 8)
        regions.append(Region(place, path, text))
        x += share * width
    return regions


@cache
def drawing() -> Drawing:
    """Return the whole map, made once."""
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
    captions = [Caption(text, QPointF(x, y)) for text, x, y in _TITLES]
    captions += [Caption(text, QPointF(x, y), is_side=True) for text, x, y in _SIDES]
    return Drawing(tuple(regions), tuple(captions))
