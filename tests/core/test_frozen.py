"""A class that is `frozen` behaves as a frozen dataclass of Python's, but for what mypy alone checks."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

import msgspec
import pytest

from desktop.core.frozen import frozen


def classes(decorate: Callable[[type], type], decorate_by_name: Callable[[type], type]) -> tuple[type, type, type]:
    """Return a class with all kinds of fields, one that inherits from it, and one of one field."""

    @decorate
    class Lesion:
        name: str
        size: float = 0.5
        marks: dict[str, int] = field(default_factory=dict, compare=False)
        hidden: str = field(default="", repr=False)

    @decorate_by_name
    class Followed(Lesion):
        due: str

    @decorate
    class Day:
        text: str

    return Lesion, Followed, Day


OURS = classes(frozen, frozen(kw_only=True))
PYTHONS = classes(dataclass(frozen=True), dataclass(frozen=True, kw_only=True))
PAIRS = list(zip(OURS, PYTHONS, strict=True))


@pytest.mark.parametrize(("ours", "pythons"), PAIRS, ids=[one.__name__ for one in OURS])
def test_it_is_compared_hashed_and_shown_as_pythons(ours: type, pythons: type):
    values = {"due": "today"} if ours.__name__ == "Followed" else {}
    for one, other in ((ours("a", **values), ours("b", **values)), (pythons("a", **values), pythons("b", **values))):
        same = type(one)("a", **values)
        assert one == same
        assert hash(one) == hash(same)
        assert one != other
        assert one != "a"
    assert repr(ours("a", **values)) == repr(pythons("a", **values))
    assert len({ours("a", **values), ours("a", **values)}) == 1


def test_a_class_differs_from_one_that_inherits_from_it():
    lesion, followed, _ = OURS
    assert lesion("a") != followed("a", due="today")
    assert followed("a", due="today") != followed("a", due="later")


def test_a_field_may_be_left_out_of_comparing_and_of_the_text():
    lesion = OURS[0]
    assert lesion("a", marks={"x": 1}) == lesion("a")
    assert lesion("a", hidden="x") != lesion("a")
    assert "told" not in repr(lesion("a", hidden="told"))


def test_fields_by_name_alone_are_not_taken_by_place():
    with pytest.raises(TypeError):
        OURS[1]("a", 0.5, {}, "", "today")


def test_it_is_a_dataclass_to_others():
    lesion = OURS[0]
    assert replace(lesion("a"), name="b") == lesion("b")
    assert asdict(lesion("a", 1.0)) == {"name": "a", "size": 1.0, "marks": {}, "hidden": ""}
    assert msgspec.json.decode(msgspec.json.encode(lesion("a", 1.0)), type=lesion) == lesion("a", 1.0)
    match lesion("a", 1.0):
        case lesion(name, size):
            assert (name, size) == ("a", 1.0)


def test_a_method_of_its_own_stays():
    @frozen
    class Named:
        name: str

        def __repr__(self) -> str:
            return self.name

    assert repr(Named("a")) == "a"
