"""The names of changes say whose things they are about."""

import pytest

from desktop.widgets.common.change_subjects import image_names, patients_name


@pytest.mark.parametrize(
    ("pseudonyms", "name"),
    [
        ({"P-1"}, "P-1"),
        ({"P-2", "P-1"}, "P-1 and P-2"),
        ({"P-1", ""}, "P-1 and no patient"),
        ({"P-1", "P-2", "P-3"}, "3 patients"),
        ({"P-1", "P-2", "P-3", ""}, "3 patients and no patient"),
        ({""}, "no patient"),
    ],
)
def test_patients_are_named_or_counted_and_images_of_nobody_are_told(pseudonyms: set[str], name: str) -> None:
    assert patients_name(pseudonyms) == name


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["one.png"], "one.png"),
        (["one.png", "two.png"], "one.png and two.png"),
        (["one.png", "two.png", "three.png"], "3 images"),
    ],
)
def test_images_are_named_as_far_as_a_line_has_room(names: list[str], text: str) -> None:
    assert image_names(names) == text
