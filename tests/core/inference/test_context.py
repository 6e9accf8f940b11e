"""Age, sex and site: what they add to the image's answer, and which alerts they may raise."""

import dataclasses
import math

import pytest

from desktop.core.errors import UsageError
from desktop.core.inference.alerts import AlertTerm
from desktop.core.inference.context import (
    AGE,
    SITE,
    Context,
    ContextFactor,
    ContextTest,
    ContextValue,
    age_band_of,
    sex_of,
    site_of,
)
from desktop.core.patient_context import AGE_BANDS, PatientContext
from tests.alerts import MELANOMA, NEVER, melanoma_alert

LAYER = Context(
    "3 images",
    "3 images, cross-fitted",
    (
        ContextFactor(AGE, (ContextValue("20-29", {"melanoma": -1.0}), ContextValue("70-79", {"melanoma": 1.0}))),
        ContextFactor(SITE, (ContextValue("trunk", {"nevus": 0.5}),)),
    ),
    ("melanoma",),
    (),
    (),
)
ANSWER = {"melanoma": 0.2, "nevus": 0.8}


def test_what_is_given_multiplies_the_odds() -> None:
    answer = LAYER.apply(ANSWER, PatientContext("70-79", "male", "trunk"))
    assert sum(answer.values()) == pytest.approx(1)
    assert answer["melanoma"] / answer["nevus"] == pytest.approx(0.25 * math.exp(1.0 - 0.5))


def test_what_is_not_given_or_not_known_to_the_layer_adds_nothing() -> None:
    assert LAYER.apply(ANSWER, PatientContext()) == pytest.approx(ANSWER)
    assert LAYER.apply(ANSWER, PatientContext("40-49", "female", "leg")) == pytest.approx(ANSWER)
    assert LAYER.given(PatientContext("70-79", "female", "leg")) == PatientContext("70-79")
    assert not LAYER.given(PatientContext("40-49", "female", "leg"))


def test_only_the_alerts_that_the_layer_may_raise_are_raised() -> None:
    by_melanoma = dataclasses.replace(MELANOMA, terms=(AlertTerm(("melanoma",), 1.0),))
    cancer = dataclasses.replace(by_melanoma, id="malignant")
    assert LAYER.raised((by_melanoma, cancer), ANSWER) == (by_melanoma,)
    assert LAYER.raised((dataclasses.replace(melanoma_alert(NEVER), terms=by_melanoma.terms),), ANSWER) == ()


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("71", "70-79"),
        ("45.0", "40-49"),
        ("0", "0-9"),
        ("104", "90+"),
        ("60-69", "60-69"),
        ("60–69", "60-69"),
        ("", ""),
    ],
)
def test_age_is_read_as_years_or_as_a_band(text: str, band: str) -> None:
    assert age_band_of(text) == band


@pytest.mark.parametrize("text", ["old", "-3", "900", "nan", "inf"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no age"):
        age_band_of(text)


def test_sex_and_site_are_read_as_public_collections_write_them() -> None:
    assert [sex_of(text) for text in ("Female", "m", "unknown", "other", "")] == ["female", "male", "", "", ""]
    assert [site_of(text) for text in ("scalp", "Lower extremity", "back", "hand", "genital", "")] == [
        "head and neck",
        "leg",
        "trunk",
        "arm",
        "",
        "",
    ]
    for read in (sex_of, site_of):
        with pytest.raises(UsageError, match="elbow room"):
            read("elbow room")


def test_layer_that_contradicts_itself_is_told_from_one_that_does_not() -> None:
    fewer_than_alone = ContextTest("melanoma", 0.95, "all", 10, 9, 8, 10, 1, 1, 10, 1, 1)
    for factors, tests in (
        (LAYER.factors, (fewer_than_alone,)),
        ((ContextFactor("skin tone", ()),), ()),
        ((LAYER.factors[0], LAYER.factors[0]), ()),
        ((ContextFactor(AGE, (ContextValue(AGE_BANDS[0], {"melanoma": 1e9}),)),), ()),
    ):
        assert not Context("x", "x", factors, ("melanoma",), tests, ()).is_consistent
    assert LAYER.is_consistent
