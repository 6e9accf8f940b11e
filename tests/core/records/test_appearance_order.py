"""Which lesions of a visit are in the order by appearance, and by which images."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.capture import Capture
from desktop.core.inference.judgement import Abstention
from desktop.core.records.appearance_order import AppearanceOrder, LeftOut, VisitLesion, plan_order, put_in_order
from desktop.core.records.people import Lesion, PlacedImage
from desktop.core.records.values import Entry, StoredAnswer
from tests.core.inference.test_unlikeness import at
from tests.core.records.history_contents import START, an_answer, an_image

DEVICE, OTHER = Capture("DermLite", "contact", "polarised"), Capture("Handyscope")
Seen = tuple[float, Capture, StoredAnswer | None]
"""An image: the angle of its vector, how it was taken, and the answer to it."""


def an_entry(name: str, answer: StoredAnswer) -> Entry:
    return Entry(1, START, "MK", an_image(name), "", "LL", answer, is_binned=False)


def order_of(*lesions: list[Seen], without: tuple[str, ...] = ()) -> AppearanceOrder | None:
    """Put lesions L0, L1 ... in order, whose images are called "0.0", "0.1" ...; those in `without` have no vector."""
    captures: dict[str, Capture] = {}
    vectors: dict[str, NDArray[np.float32]] = {}
    found = []
    for number, images in enumerate(lesions):
        placed = []
        for place, (degrees, capture, answer) in enumerate(images):
            name = f"{number}.{place}"
            image = an_image(name)
            captures[image.sha256] = capture
            if name not in without:
                vectors[image.sha256] = at(degrees)[0]
            entries = () if answer is None else (an_entry(name, answer),)
            placed.append(PlacedImage(1, image, "dermoscopy", number, 1, entries, START))
        found.append(VisitLesion(Lesion(number, 1, f"L{number}", ""), tuple(placed)))
    return put_in_order(plan_order(found, captures), vectors)


def names(order: AppearanceOrder | None) -> list[str]:
    assert order is not None
    return [lesion.name for lesion, _image in order.ordered]


def left_out(order: AppearanceOrder | None) -> Mapping[str, LeftOut]:
    assert order is not None
    return {lesion.name: reason for lesion, reason in order.left_out}


def usual(count: int) -> list[list[Seen]]:
    return [[(0, DEVICE, an_answer())] for _ in range(count)]


def test_lesions_of_one_device_are_put_in_order_from_ten_on() -> None:
    assert names(order_of(*usual(8), [(20, DEVICE, None)], [(50, DEVICE, None)])) == [
        *("L9", "L8"),
        *(f"L{number}" for number in range(8)),
    ]
    assert order_of(*usual(9)) is None
    assert order_of(*usual(9), [(50, OTHER, None)]) is None


def test_an_image_of_another_device_changes_nothing() -> None:
    own = [*usual(8), [(20, DEVICE, None)], [(50, DEVICE, None)]]
    with_another = [[*images, (90, OTHER, None)] for images in own]
    order = order_of(*with_another)
    assert names(order) == names(order_of(*own))
    assert order is not None
    assert {image.image.name for _lesion, image in order.ordered} == {f"{number}.0" for number in range(10)}


def test_lesions_of_another_device_follow_as_they_stood() -> None:
    order = order_of([(90, OTHER, None)], *usual(9), [(50, DEVICE, None)], [(70, Capture(), None)])
    assert names(order)[0] == "L10"
    assert left_out(order) == {"L0": LeftOut.OTHER_CAPTURE, "L11": LeftOut.OTHER_CAPTURE}


def test_a_withheld_answer_leaves_its_image_out() -> None:
    withheld = an_answer(abstention=Abstention.NOVELTY)
    order = order_of([(90, DEVICE, withheld)], *usual(10), [(90, DEVICE, withheld), (10, DEVICE, an_answer())])
    assert names(order)[0] == "L11"
    assert left_out(order) == {"L0": LeftOut.NOT_ANSWERED}
    uncertain = an_answer(abstention=Abstention.UNCERTAIN)
    assert names(order_of(*usual(9), [(40, DEVICE, uncertain)]))[0] == "L9"
    assert order_of(*usual(9), [(40, DEVICE, withheld)]) is None


def test_an_image_without_a_vector_leaves_its_lesion_out_unless_it_has_another() -> None:
    two = [(90.0, DEVICE, None), (10.0, DEVICE, None)]
    order = order_of([(90, DEVICE, None)], *usual(10), two, without=("0.0", "11.0"))
    assert names(order)[0] == "L11"
    assert left_out(order) == {"L0": LeftOut.NOT_READABLE}
    assert order is not None
    assert order.ordered[0][1].image.name == "11.1"
    assert order_of(*usual(10), without=("3.0",)) is None
