"""The body map: every place can be clicked, found by words, and seen on the overview."""

from itertools import groupby

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.records.people import Lesion, Pin
from desktop.widgets.common.body.body_captions import caption_font, captions_in_view
from desktop.widgets.common.body.body_marks import BodyMark, marks_of, middle_of, shows, to_pin, unmarked
from desktop.widgets.common.body.body_shapes import drawing
from desktop.widgets.common.body.body_views import DETAILS
from desktop.widgets.common.body_places import find_places, place_called, place_name, places
from desktop.widgets.patient.body.body_map import BodyMap
from desktop.widgets.patient.place_dialog import PlaceDialog


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


def test_the_ring_of_a_place_stands_near_its_middle() -> None:
    """That of a slanted forearm stood at the elbow, where it has most room."""
    for region in drawing().regions:
        box = region.path.boundingRect()
        middle = middle_of(region.place, box.adjusted(-1, -1, 1, 1))
        assert middle is not None
        assert (middle - box.center()).manhattanLength() <= 0.28 * max(box.width(), box.height()), region.place


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


def box_of(place: str, view: QRectF) -> QRectF:
    """Return the box around a place as a detail shows it."""
    (box,) = [one.path.boundingRect() for one in drawing().regions if one.place == place and shows(view, one)]
    return box


@pytest.mark.parametrize(
    ("back", "first", "last"), [("hand-back", "thumb", "little"), ("foot-back", "toe-great", "toe-fifth")]
)
@pytest.mark.parametrize("side", ["right", "left"])
def test_nails_are_those_of_the_hand_and_foot_that_the_letter_names(
    back: str, first: str, last: str, side: str
) -> None:
    nails = DETAILS[4]
    digits = box_of(f"nail-{last}-{side}", nails).center() - box_of(f"{back}-{side}", nails).center()
    across = box_of(f"nail-{first}-{side}", nails).center() - box_of(f"nail-{last}-{side}", nails).center()
    turn = digits.x() * across.y() - digits.y() * across.x()  # negative: to the left, seen along the digits
    assert turn < 0 if side == "right" else turn > 0, (
        "thumb and great toe are at the left of a right one seen from above"
    )


@pytest.mark.parametrize("side", ["right", "left"])
def test_thumbs_of_palms_and_great_toes_of_soles_point_to_each_other(side: str) -> None:
    palm, fingers = (box_of(f"{place}-{side}", DETAILS[2]) for place in ("palm", "fingers-front"))
    assert fingers.center().y() < palm.center().y()
    (toes,) = [one.path for one in drawing().regions if one.place == f"toes-under-{side}"]
    sole = box_of(f"sole-front-{side}", DETAILS[3])
    top = min((toes.elementAt(n) for n in range(toes.elementCount())), key=lambda point: point.y)
    assert top.y < sole.top(), "toes up"
    if side == "right":
        assert fingers.right() > palm.right() + 10
        assert top.x > sole.center().x()
    else:
        assert fingers.left() < palm.left() - 10
        assert top.x < sole.center().x()


@pytest.mark.parametrize(
    ("site", "pin"),
    [
        ("nail-toe-great-right", (0.8434, 0.8175)),
        ("nail-toe-fifth-left", (0.9252, 0.85125)),
        ("nail-thumb-right", (0.7649, 0.681)),
    ],
)
def test_pins_of_a_drawing_with_its_toes_up_stay_in_their_nails(qtbot: QtBot, site: str, pin: Pin) -> None:
    body = a_map(qtbot)
    body.mark([a_mark(1, site, pin)])
    assert (body.point_of(1) - body.centre_of(site)).manhattanLength() < 2
    pins: list[tuple[str, Pin]] = []
    body.pin_chosen.connect(lambda place, at: pins.append((place, at)))
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.point_of(1).toPoint())
    assert pins == [(site, pytest.approx(pin, abs=0.002))]


def a_map(qtbot: QtBot, *, overview: bool = False) -> BodyMap:
    body = BodyMap(overview=overview)
    qtbot.addWidget(body)
    body.resize(*((560, 536) if overview else (1000, 640)))
    return body


def a_mark(lesion_id: int, site: str, pin: Pin | None = None) -> BodyMark:
    return BodyMark(lesion_id, f"L{lesion_id}", site, pin, f"L{lesion_id} {place_name(site)}")


def test_a_click_gives_the_very_point_as_a_share_of_the_drawing_at_any_size_and_zoom(qtbot: QtBot) -> None:
    body = a_map(qtbot)
    pins: list[tuple[str, Pin]] = []
    body.pin_chosen.connect(lambda place, pin: pins.append((place, pin)))
    at = body.centre_of("scapula-left") + QPointF(9, -7)
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=at.toPoint())
    ((place, pin),) = pins
    assert place == "scapula-left"
    assert pin == pytest.approx((at.toPoint().x() / 1000, at.toPoint().y() / 640))
    body.mark([a_mark(1, place, pin)])
    assert (body.point_of(1) - at).manhattanLength() <= 1
    body.zoom(5, at)
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.point_of(1).toPoint())
    assert pins[-1][1] == pytest.approx(pin, abs=0.0005)


def test_a_place_without_a_pin_keeps_its_dot_in_the_region(qtbot: QtBot) -> None:
    body = a_map(qtbot)
    body.mark([a_mark(1, "calf-right"), a_mark(2, "calf-right"), a_mark(3, "")])
    assert body.point_of(1) == body.centre_of("calf-right")
    assert body.point_of(2).x() > body.point_of(1).x()
    assert body.point_of(3).isNull()


def test_a_pin_on_a_detail_stands_in_its_part_of_the_figure_in_the_overview(qtbot: QtBot) -> None:
    whole, overview = a_map(qtbot), a_map(qtbot, overview=True)
    at = whole.centre_of("sole-left")
    mark = a_mark(1, "sole-left", (at.x() / 1000, at.y() / 640))
    whole.mark([mark])
    overview.mark([mark])
    assert (whole.point_of(1) - at).manhattanLength() < 1
    assert overview.point_of(1) == overview.centre_of("heel-left")
    pinned = overview.grab().toImage()
    overview.mark([a_mark(1, "sole-left")])
    assert overview.grab().toImage() == pinned, "a ring: a dot would be the exact point"
    middle = overview.centre_of("heel-left")
    overview.mark([a_mark(1, "heel-left", to_pin(overview._to_canvas(middle)))])
    assert overview.grab().toImage() != pinned


def test_zoom_shows_a_region_large_and_goes_back(qtbot: QtBot) -> None:
    body = a_map(qtbot)
    before = body.centre_of("nail-ring-left"), body.centre_of("nail-little-left")
    body.zoom_to("nail-ring-left")
    after = body.centre_of("nail-ring-left"), body.centre_of("nail-little-left")
    assert (after[0] - after[1]).manhattanLength() > 5 * (before[0] - before[1]).manhattanLength()
    chosen: list[str] = []
    body.place_chosen.connect(chosen.append)
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=after[0].toPoint())
    assert chosen == ["nail-ring-left"]
    body.fit()
    assert body.centre_of("nail-ring-left") == before[0]
    body.zoom(-3)
    assert body.centre_of("nail-ring-left") == before[0], "the whole map is the smallest"


def test_a_drag_moves_the_zoomed_map_and_chooses_nothing(qtbot: QtBot) -> None:
    body = a_map(qtbot)
    body.zoom(4)
    chosen: list[str] = []
    body.place_chosen.connect(chosen.append)
    before = body.centre_of("navel")
    left, start = Qt.MouseButton.LeftButton, QPointF(500, 320)
    for kind, at in ((QEvent.Type.MouseButtonPress, start), (QEvent.Type.MouseMove, start + QPointF(60, 30))):
        QApplication.sendEvent(body, QMouseEvent(kind, at, at, left, left, Qt.KeyboardModifier.NoModifier))
    qtbot.mouseRelease(body, left, pos=(start + QPointF(60, 30)).toPoint())
    assert (body.centre_of("navel") - before - QPointF(60, 30)).manhattanLength() < 1
    assert chosen == []


def test_lesions_are_found_under_the_pointer_and_clicked(qtbot: QtBot) -> None:
    body = a_map(qtbot, overview=True)
    body.mark([a_mark(7, "scapula-left", (0.4, 0.3)), a_mark(8, "calf-right")])
    clicked: list[int] = []
    body.mark_clicked.connect(clicked.append)
    for lesion_id in (7, 8):
        at = body.point_of(lesion_id)
        assert body.mark_at(at + QPointF(3, 3)) == lesion_id
        qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert clicked == [7, 8]
    assert body.mark_at(QPointF(2, 2)) is None


def test_two_hundred_pins_are_pointed_at_without_drawing_the_body_again(qtbot: QtBot) -> None:
    body = a_map(qtbot, overview=True)
    marks = [a_mark(n, "chest-left", (0.1 + n % 20 * 0.004, 0.2 + n // 20 * 0.03)) for n in range(200)]
    body.mark(marks)
    body.show()
    qtbot.waitExposed(body)
    body.grab()
    drawn = body.ground.cacheKey()
    for mark in marks:
        assert body.mark_at(body.point_of(mark.lesion_id)) == mark.lesion_id
        body.mark(marks, mark.lesion_id)
        body.grab()
    assert body.ground.cacheKey() == drawn
    body.zoom(1)
    body.grab()
    assert body.ground.cacheKey() != drawn


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


def test_the_name_of_a_place_leaves_out_what_has_its_words_here_and_there() -> None:
    assert [place.id for place in find_places("lower back")] == ["back-lower-right", "back-lower-left"]
    assert {place.id for place in find_places("ear")} == {
        f"{place}-{side}" for place in ("ear", "behind-ear") for side in ("left", "right")
    }
    assert "toes-under-left" in {place.id for place in find_places("left toe")}


def test_a_place_chosen_by_words_is_a_ring_on_the_place_of_the_same_colour(qtbot: QtBot) -> None:
    lesion = Lesion(1, 1, "L1", "")
    asking = PlaceDialog(lesion, [lesion])
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(asking)
    asking.show()
    asking.search.setText("right lower back")
    assert (asking.place, asking.pin) == ("back-lower-right", None)
    at, pixels = asking.map.point_of(1).toPoint(), asking.map.grab().toImage()
    beside = [pixels.pixelColor(at - QPoint(distance, 0)).red() > 128 for distance in range(12)]
    assert [is_light for is_light, _same in groupby(beside)] == [True, False, True, False], "a ring on the chosen place"


def test_a_place_in_words_is_on_the_map_if_it_names_one_and_else_missing() -> None:
    named, other, pinned = (
        Lesion(1, 1, "L1", "right lower back"),
        Lesion(2, 1, "L2", "back"),
        Lesion(3, 1, "L3", "back", pin=(0.5, 0.5)),
    )
    lesions = [named, other, pinned, Lesion(4, 1, "L4", "")]
    assert [mark.site for mark in marks_of(lesions)] == ["back-lower-right", "back"]
    assert unmarked(lesions) == [other]


def test_no_place_is_found_for_other_words() -> None:
    assert find_places("carburettor") == []
    assert len(find_places("")) == len(places())


def test_a_site_of_another_version_is_shown_as_saved() -> None:
    assert place_name("scapula-left") == "left scapula"
    assert place_name("") == ""
    assert place_name("third-arm") == "third-arm"


def test_map_of_the_smallest_dialog_stays_in_place_whatever_name_is_shown(qtbot: QtBot) -> None:
    lesion = Lesion(1, 1, "L1", "")
    asking = PlaceDialog(lesion, [lesion])
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(asking)
    asking.show()
    asking.resize(asking.minimumSizeHint())
    QApplication.processEvents()
    before = asking.map.geometry()
    for place in places():
        asking.map.place_hovered.emit(place)
        QApplication.processEvents()
        assert asking.map.geometry() == before, place


def overview_shown(qtbot: QtBot) -> BodyMap:
    body = a_map(qtbot, overview=True)
    body.show()
    qtbot.waitExposed(body)
    return body


def in_view(body: BodyMap, place: str) -> float:
    """Return how much of the map's width a place takes."""
    box = next(region.path.boundingRect() for region in drawing().regions if region.place == place)
    return body._transform().mapRect(box).width() / body.width()


def test_click_on_a_place_of_the_overview_enlarges_it_and_again_shows_the_whole(qtbot: QtBot) -> None:
    body = overview_shown(qtbot)
    before = in_view(body, "scapula-left")
    at = body.centre_of("scapula-left").toPoint()
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=at)
    assert body.is_zoomed
    assert in_view(body, "scapula-left") > 3 * before
    assert body.rect().contains(body.centre_of("scapula-left").toPoint())
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.centre_of("scapula-left").toPoint())
    assert not body.is_zoomed


def test_click_on_a_pin_of_an_enlarged_place_opens_its_lesion(qtbot: QtBot) -> None:
    body = overview_shown(qtbot)
    body.mark([a_mark(7, "scapula-left")])
    body.zoom_to("scapula-left")
    clicked: list[int] = []
    body.mark_clicked.connect(clicked.append)
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.point_of(7).toPoint())
    assert clicked == [7]
    assert body.is_zoomed


def test_keys_zoom_and_move_the_map(qtbot: QtBot) -> None:
    body = overview_shown(qtbot)
    qtbot.keyClick(body, Qt.Key.Key_Right)
    assert not body.is_zoomed
    qtbot.keyClick(body, Qt.Key.Key_Plus)
    assert body.is_zoomed
    qtbot.keyClick(body, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert body.is_zoomed
    before = body.centre_of("navel")
    qtbot.keyClick(body, Qt.Key.Key_Right)
    qtbot.keyClick(body, Qt.Key.Key_Down)
    assert body.centre_of("navel").x() < before.x()
    assert body.centre_of("navel").y() < before.y()
    qtbot.keyClick(body, Qt.Key.Key_Escape)
    assert not body.is_zoomed
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
        qtbot.keyClick(body, key)
    assert not body.is_zoomed


def test_small_map_is_not_enlarged(qtbot: QtBot) -> None:
    body = BodyMap(overview=True, is_small=True)
    qtbot.addWidget(body)
    body.resize(180, 206)
    body.show()
    chosen: list[str] = []
    body.place_chosen.connect(chosen.append)
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.centre_of("navel").toPoint())
    assert (chosen, body.is_zoomed) == ([""], False)


def captions(body: BodyMap) -> dict[str, list[QPointF]]:
    """Return where each caption stands in a map."""
    transform = body._transform()
    found: dict[str, list[QPointF]] = {}
    font = caption_font(body.font(), transform)
    for one in captions_in_view(body._area, transform, QRectF(body.rect()), font):
        found.setdefault(one.text, []).append(one.at)
    return found


def test_overview_names_the_views_and_the_patients_sides(qtbot: QtBot) -> None:
    body = overview_shown(qtbot)
    found = captions(body)
    assert {text: len(places) for text, places in found.items()} == {"Front": 1, "Back": 1, "R": 2, "L": 2}
    (front,), (back,) = found["Front"], found["Back"]
    assert front.x() < back.x()
    head = min(
        region.path.boundingRect().top()
        for region in drawing().regions
        if body._area.contains(region.path.boundingRect())
    )
    assert front.y() < body._transform().map(QPointF(0, head)).y()
    right, left = (sorted(found[side], key=QPointF.x) for side in ("R", "L"))
    assert right[0].x() < body.centre_of("navel").x() < left[0].x()
    assert left[1].x() < back.x() < right[1].x()


@pytest.mark.parametrize(
    ("place", "view", "sides"),
    [("calf-left", "Back", "LR"), ("knee-right", "Front", "RL"), ("nail-toe-great-left", "Nails", "RL")],
)
def test_captions_stay_in_an_enlarged_map_and_name_what_is_in_view(
    qtbot: QtBot, place: str, view: str, sides: str
) -> None:
    body = BodyMap()
    qtbot.addWidget(body)
    body.resize(485, 568)
    body.zoom_to(place)
    found = captions(body)
    assert found.keys() == {view, *sides}
    left, right = (found[side][0].x() for side in sides)
    assert left < right
    assert all(body.rect().adjusted(4, 4, -4, -4).contains(at.toPoint()) for places in found.values() for at in places)
    assert all(at.y() > found[view][0].y() + 10 for side in sides for at in found[side])  # none covers the view's name


def test_captions_are_drawn(qtbot: QtBot) -> None:
    body = overview_shown(qtbot)
    body.grab()
    shown = body.ground.toImage()
    (at,) = captions(body)["Front"]
    box = QRect(at.toPoint() - QPoint(15, 8), QSize(30, 16))
    assert any(
        shown.pixelColor(x, y).alpha() for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom())
    )
