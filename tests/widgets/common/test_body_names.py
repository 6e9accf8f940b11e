"""Names on the body map: beside their dots, and apart from each other while there is room."""

from itertools import combinations

from PySide6.QtCore import QPointF, QRectF, QSizeF

from desktop.widgets.common.body.body_names import apart

BOUNDS = QRectF(0, 0, 300, 300)
SIZE = QSizeF(24, 18)


def placed(*points: tuple[float, float]) -> list[QRectF]:
    """Place names of the same size at points."""
    found = apart({n: QPointF(*at) for n, at in enumerate(points)}, dict.fromkeys(range(len(points)), SIZE), BOUNDS)
    return [found[number] for number in range(len(points))]


def test_a_name_stands_at_the_right_of_its_dot_and_inside_the_map() -> None:
    alone, at_the_edge = placed((100, 100), (295, 200))
    assert alone == QRectF(108, 91, 24, 18)
    assert at_the_edge == QRectF(263, 191, 24, 18)


def test_names_of_neighbours_cover_neither_each_other_nor_a_dot() -> None:
    points = [(100.0, 100.0), (107.0, 107.0), (93.0, 108.0), (120.0, 100.0)]
    names = placed(*points)
    assert not [pair for pair in combinations(names, 2) if pair[0].intersects(pair[1])]
    for number, name in enumerate(names):
        others = [QPointF(*at) for other, at in enumerate(points) if other != number]
        assert not [dot for dot in others if name.contains(dot)]


def test_a_name_without_room_stays_beside_its_dot() -> None:
    names = placed(*((150.0, 150.0),) * 20)
    assert len(names) == 20
    assert names[-1] == QRectF(158, 141, 24, 18)
