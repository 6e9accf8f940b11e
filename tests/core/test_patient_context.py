"""The age that follows from the year of a birth."""

import pytest

from desktop.core.patient_context import age_band, band_in_year, bands_of_year, plausible_birth_year

YEAR = 2026


@pytest.mark.parametrize(
    ("born", "bands"),
    [
        (2027, ()),
        (2026, ("0-9",)),
        (2016, ("0-9", "10-19")),
        (2008, ("10-19",)),
        (2006, ("10-19", "20-29")),
        (1960, ("60-69",)),
        (1966, ("50-59", "60-69")),
        (1936, ("80-89", "90+")),
        (1900, ("90+",)),
    ],
)
def test_a_year_holds_the_bands_on_both_sides_of_the_birthday(born: int, bands: tuple[str, ...]) -> None:
    assert bands_of_year(born, YEAR) == bands


def test_where_the_birthday_decides_the_recorded_band_counts_if_it_is_possible_and_else_the_older() -> None:
    assert band_in_year(1966, YEAR) == "60-69"
    assert band_in_year(1966, YEAR, "50-59") == "50-59"
    assert band_in_year(1966, YEAR, "40-49") == "60-69"
    assert band_in_year(1960, YEAR, "50-59") == "60-69"
    assert band_in_year(None, YEAR, "50-59") == "50-59"
    assert band_in_year(2027, YEAR, "50-59") == "50-59"
    assert band_in_year(2027, YEAR) == ""


def test_whoever_may_be_under_18_is_in_a_band_that_counts_as_young() -> None:
    """Whatever the month of the birth, and whatever was recorded."""
    for born in range(YEAR - 30, YEAR + 1):
        may_be_under_18 = YEAR - born - 1 < 18
        for recorded in ("", "0-9", "10-19", "20-29", "60-69"):
            is_young = band_in_year(born, YEAR, recorded) in {"0-9", "10-19"}
            assert is_young or not may_be_under_18


def test_no_band_is_named_that_neither_age_has() -> None:
    for born in range(YEAR - 120, YEAR + 1):
        possible = {age_band(age) for age in (YEAR - born - 1, YEAR - born) if age >= 0}
        assert {band_in_year(born, YEAR, recorded) for recorded in ("", "0-9", "60-69", "90+")} <= possible


def test_a_year_that_nobody_of_today_is_born_in_is_none() -> None:
    found = [plausible_birth_year(year, YEAR) for year in (None, 1, 1905, 1906, 2026, 2027)]
    assert found == [None, None, None, 1906, 2026, None]
