"""The names of changes say whose things they are about."""

import pytest

from desktop.widgets.common.change_subjects import patients_name


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
