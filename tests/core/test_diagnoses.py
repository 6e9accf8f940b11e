"""What a clinician may say is kept by ids that do not collide, and its plans are those that the history knows."""

import pytest

from desktop.core.diagnoses import BY_KEY, CONFIDENCES, OTHERS, PLANS, diagnosis_name, diagnosis_of, plan_name
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN, REFERRAL


def test_every_id_is_its_own() -> None:
    for terms in ((*BY_KEY, *OTHERS), PLANS, CONFIDENCES):
        assert len({term.id for term in terms}) == len(terms)
        assert len({term.name.casefold() for term in terms}) == len(terms)


def test_plans_are_those_of_the_history() -> None:
    assert [plan.id for plan in PLANS] == [NO_PLAN, FOLLOW_UP, EXCISION, REFERRAL]


def test_nine_diagnoses_have_a_key() -> None:
    assert len(BY_KEY) == 9


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("keratoacanthoma", "keratoacanthoma"), (" SPITZ nevus ", "spitz_nevus"), ("odd lump", "odd lump"), ("", "")],
)
def test_what_is_on_the_list_is_kept_by_its_id_and_the_rest_as_typed(typed: str, kept: str) -> None:
    assert diagnosis_of(typed) == kept


def test_names_of_what_is_not_known_are_what_was_typed() -> None:
    assert diagnosis_name("spitz_nevus") == "Spitz nevus"
    assert diagnosis_name("odd lump") == "odd lump"
    assert plan_name("") == ""
