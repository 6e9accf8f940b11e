"""Diagnoses have unique ids, and plans agree with the history."""

import pytest

from desktop.core.diagnoses import (
    BY_KEY,
    CONFIDENCES,
    OTHER_BENIGN,
    OTHER_MALIGNANT,
    OTHERS,
    PLANS,
    UNCERTAIN_POTENTIAL,
    TypedDiagnosis,
    counts_as,
    diagnosis_name,
    is_invasive_melanoma,
    is_malignant,
    needs_label,
    plan_name,
    read_diagnosis,
    severity,
)
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN, REFERRAL


def test_ids_are_unique() -> None:
    for terms in ((*BY_KEY, *OTHERS), PLANS, CONFIDENCES):
        assert len({term.id for term in terms}) == len(terms)
        assert len({term.name.casefold() for term in terms}) == len(terms)


@pytest.mark.parametrize(
    ("diagnosis", "label", "is_invasive"),
    [
        ("melanoma", "melanoma", True),
        ("nodular_melanoma", "melanoma", True),
        ("melanoma_in_situ", "melanoma", False),
        ("lentigo_maligna", "melanoma", False),
        ("melanoma_metastasis", "melanoma", False),
        ("nevus", "melanoma", False),
        ("collision", "melanoma", True),
        ("collision", "nevus", False),
        ("Lentigo maligna melanoma", None, True),
        ("SSM", None, True),
        ("MIS", "melanoma", False),
        ("superficial spreading, pT1a", "melanoma", True),
        ("lentigo maligna, cheek", "melanoma", False),
        ("melanoma in-situ, cheek", "melanoma", False),
        ("scar", None, False),
    ],
)
def test_breslow_belongs_to_primary_invasive_melanomas(diagnosis: str, label: str | None, *, is_invasive: bool) -> None:
    assert is_invasive_melanoma(diagnosis, label) is is_invasive


def test_plans_agree_with_the_history() -> None:
    assert [plan.id for plan in PLANS] == [NO_PLAN, FOLLOW_UP, EXCISION, REFERRAL]


def test_nine_diagnoses_have_a_key() -> None:
    assert len(BY_KEY) == 9


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("keratoacanthoma", "keratoacanthoma"),
        (" SPITZ  nevus ", "spitz_nevus"),
        ("odd lump", "odd lump"),
        ("Paget's disease", "Paget's disease"),  # the end of a name on the list is another disease
        ("melanoma", "melanoma"),
        ("melanoma in situ", "melanoma_in_situ"),
        ("Hutchinson", "lentigo_maligna"),
        ("dysplastic nevus", "atypical_nevus"),
        ("meltump", "meltump"),
        ("", ""),
    ],
)
def test_diagnoses_on_the_list_are_saved_by_id_and_others_as_typed(typed: str, kept: str) -> None:
    assert read_diagnosis(typed) == TypedDiagnosis(kept)


@pytest.mark.parametrize(
    ("typed", "begun"),
    [
        ("melanoma in", ("melanoma_in_situ",)),
        ("lentigo m", ("lentigo_maligna", "lentigo_maligna_melanoma")),
        ("superficial", ("superficial_spreading_melanoma",)),
        ("Spitz tumour", ("atypical_spitz", "spitz_nevus")),  # a word that two diagnoses go by names neither
        ("dysplastic", ("high_grade_dysplasia", "atypical_nevus")),  # it begins a word of the one alone, and is in both
    ],
)
def test_half_a_word_is_not_a_diagnosis(typed: str, begun: tuple[str, ...]) -> None:
    assert read_diagnosis(typed) == TypedDiagnosis("", begun)


def test_no_name_on_the_list_is_read_as_another_diagnosis() -> None:
    for term in (*BY_KEY, *OTHERS):
        assert read_diagnosis(term.name).diagnosis == term.id


@pytest.mark.parametrize(
    ("diagnosis", "label"),
    [
        ("nevus", "nevus"),
        *((id_, "melanoma") for id_ in ("melanoma_in_situ", "lentigo_maligna", "melanoma_metastasis")),
        *((id_, "melanoma") for id_ in ("nodular_melanoma", "amelanotic_melanoma", "acral_melanoma")),
        *((id_, "squamous_cell_carcinoma") for id_ in ("bowen_disease", "keratoacanthoma")),
        *((id_, UNCERTAIN_POTENTIAL) for id_ in ("atypical_spitz", "meltump", "high_grade_dysplasia")),
        ("atypical_melanocytic_proliferation", UNCERTAIN_POTENTIAL),
        ("spitz_nevus", None),
        ("no_residual_tumour", None),
        ("odd lump", None),
        ("collision", None),
        ("Nevus + basal cell carcinoma", "basal_cell_carcinoma"),
        ("seborrheic keratosis / MELTUMP", UNCERTAIN_POTENTIAL),
        ("nevus + odd lump", None),
    ],
)
def test_label_for_statistics_is_proposed_where_pathology_leaves_no_choice(diagnosis: str, label: str | None) -> None:
    assert counts_as(diagnosis) == label


def test_unknown_diagnoses_keep_their_typed_name() -> None:
    assert diagnosis_name("spitz_nevus") == "Spitz nevus"
    assert diagnosis_name("odd lump") == "odd lump"
    assert plan_name("") == ""


@pytest.mark.parametrize(
    ("typed", "kept", "label"),
    [
        ("SSM", "superficial_spreading_melanoma", "melanoma"),
        ("Superficial spreading melanoma", "superficial_spreading_melanoma", "melanoma"),
        ("mm", "melanoma", "melanoma"),
        ("NM", "nodular_melanoma", "melanoma"),
        ("LM", "lentigo_maligna", "melanoma"),
        ("LMM", "lentigo_maligna_melanoma", "melanoma"),
        ("ALM", "acral_melanoma", "melanoma"),
        ("MIS", "melanoma_in_situ", "melanoma"),
        ("BCC", "basal_cell_carcinoma", "basal_cell_carcinoma"),
        ("scc", "squamous_cell_carcinoma", "squamous_cell_carcinoma"),
        ("cSCC", "squamous_cell_carcinoma", "squamous_cell_carcinoma"),
        ("SCC in situ", "bowen_disease", "squamous_cell_carcinoma"),
        ("KA", "keratoacanthoma", "squamous_cell_carcinoma"),
        ("AK", "actinic_keratosis", "actinic_keratosis"),
        ("SK", "seborrheic_keratosis", "seborrheic_keratosis"),
        ("DF", "dermatofibroma", "dermatofibroma"),
        ("MCC", "merkel_cell_carcinoma", None),
        ("DFSP", "dermatofibrosarcoma", None),
        ("EMPD", "extramammary_paget", None),
        ("CTCL", "cutaneous_lymphoma", None),
    ],
)
def test_an_abbreviation_names_its_diagnosis(typed: str, kept: str, label: str | None) -> None:
    assert read_diagnosis(typed) == TypedDiagnosis(kept)
    assert counts_as(typed) == label
    assert is_malignant(typed, None) is is_malignant(kept, None)  # also as it was kept before the list had it
    assert not needs_label(typed)


def test_two_abbreviations_count_as_the_worse() -> None:
    assert counts_as("BCC + nevus") == "basal_cell_carcinoma"


@pytest.mark.parametrize(
    ("diagnosis", "label", "bad"),
    [
        ("SSM", None, True),
        ("odd lump", None, None),
        ("odd lump", OTHER_MALIGNANT, True),
        ("odd lump", OTHER_BENIGN, False),
        ("odd lump", UNCERTAIN_POTENTIAL, None),
        ("undecided", OTHER_MALIGNANT, True),
        ("spitz_nevus", None, False),
        ("no_residual_tumour", None, None),
    ],
)
def test_a_label_says_whether_a_typed_diagnosis_is_malignant(
    diagnosis: str, label: str | None, *, bad: bool | None
) -> None:
    assert is_malignant(diagnosis, label) is bad


def test_the_worst_of_several_findings_is_the_greatest() -> None:
    worst_first = (
        ("nodular_melanoma", None),
        ("melanoma_in_situ", "melanoma"),
        ("bowen_disease", None),
        ("basal_cell_carcinoma", None),
        ("merkel_cell_carcinoma", OTHER_MALIGNANT),
        ("odd lump", None),  # not known to be benign
        ("nevus", None),
        ("no_residual_tumour", None),
    )
    found = [severity(diagnosis, label) for diagnosis, label in worst_first]
    assert found == sorted(set(found), reverse=True)
    assert severity("odd lump", UNCERTAIN_POTENTIAL) == severity("odd lump", None)
    assert severity("actinic_keratosis", None) == severity("odd lump", OTHER_BENIGN) == severity("nevus", None)


@pytest.mark.parametrize(
    "diagnosis", ["odd lump", "spreading", "melanoma arising in a nevus", "undecided", "collision"]
)
def test_only_the_user_can_say_what_a_diagnosis_without_a_name_counts_as(diagnosis: str) -> None:
    assert needs_label(diagnosis)


@pytest.mark.parametrize("diagnosis", ["", "melanoma", "spitz_nevus", "merkel_cell_carcinoma", "nevus + SSM"])
def test_a_diagnosis_with_a_name_needs_no_label(diagnosis: str) -> None:
    assert not needs_label(diagnosis)
