import dataclasses

import pytest

from desktop.core.imaging.quality import Aspect, Quality, Shortfall
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.contract import Contract, Flag, Group, Label, QualityLimits
from desktop.core.inference.judgement import Abstention, Judgement, judge
from desktop.core.labels import Malignancy
from tests.making import contract

GOOD = Quality(sharpness=0.6, dark=0.0, bright=0.0, glare=0.0, side=450)
LIMITS = QualityLimits("degraded test images", 0.05, 0.3, 0.2, 0.2, 0.05, 100)


def judged(
    description: Contract, novelty: float | None = None, quality: Quality | None = None, **probabilities: float
) -> Judgement:
    """Judge a prediction with these probabilities; the rest goes to dermatofibroma."""
    left = 1 - sum(probabilities.values())
    by_id = {"dermatofibroma": left} | probabilities
    figures = tuple(by_id.get(label, 0.0) for label in description.label_ids)
    return judge(Prediction(figures, novelty, "0" * 64, 1, quality), description)


def flag(threshold: float, *labels: str) -> Flag:
    return Flag("+".join(labels), "Flag", labels, threshold, 0.9, 0.5, 1, 10, "the test images")


def test_the_malignant_sum_is_melanoma_and_the_two_carcinomas() -> None:
    said = judged(
        contract(),
        melanoma=0.2,
        basal_cell_carcinoma=0.1,
        squamous_cell_carcinoma=0.05,
        actinic_keratosis=0.3,
        nevus=0.31,
    )
    assert said.malignant_probability == pytest.approx(0.35)
    assert (said.top, said.top_probability) == ("nevus", 0.31)


def test_labels_of_unknown_malignancy_have_no_malignant_sum() -> None:
    labels = (Label("a", "A", Malignancy.UNKNOWN), Label("b", "B", Malignancy.UNKNOWN))
    said = judge(Prediction((0.3, 0.7), None, "0" * 64, 1), contract(labels=labels))
    assert said.malignant_probability is None
    assert said.top == "b"


def test_the_malignant_sum_is_never_above_one() -> None:
    said = judged(contract(), melanoma=0.9000001, basal_cell_carcinoma=0.1, dermatofibroma=0)
    assert said.malignant_probability == 1


def test_a_flag_is_raised_at_its_threshold_whatever_is_most_probable() -> None:
    description = contract(flags=(flag(0.25, "melanoma"), flag(0.5, "melanoma", "basal_cell_carcinoma")))
    assert judged(description, melanoma=0.2, nevus=0.7).flags == ()
    raised = judged(description, melanoma=0.25, nevus=0.7).flags
    assert [(one.flag.id, one.probability) for one in raised] == [("melanoma", 0.25)]
    both = judged(description, melanoma=0.25, basal_cell_carcinoma=0.25, nevus=0.5).flags
    assert [one.flag.id for one in both] == ["melanoma", "melanoma+basal_cell_carcinoma"]


def test_without_thresholds_nothing_is_judged() -> None:
    said = judged(contract(), novelty=1e9, nevus=0.12, melanoma=0.11)
    assert (said.flags, said.abstention, said.kind_uncertain) == ((), None, False)


def test_an_uncertain_answer_is_withheld() -> None:
    description = contract(certainty_threshold=0.5)
    assert judged(description, nevus=0.5, melanoma=0.4).abstention is None
    said = judged(description, nevus=0.3, melanoma=0.45)
    assert said.abstention is Abstention.UNCERTAIN
    assert said.top == "melanoma"
    assert not said.kind_uncertain


def test_doubt_between_benign_labels_is_not_withheld() -> None:
    said = judged(contract(certainty_threshold=0.5), nevus=0.45, vascular_lesion=0.45, melanoma=0.1)
    assert said.abstention is None
    assert said.kind_uncertain


def test_benign_labels_that_only_together_exceed_melanoma_are_uncertain() -> None:
    said = judged(contract(certainty_threshold=0.5), melanoma=0.4, nevus=0.35, vascular_lesion=0.25)
    assert said.abstention is Abstention.UNCERTAIN
    assert not said.kind_uncertain


def test_certainty_uses_the_sum_of_a_group() -> None:
    keratoses = Group("k", "Keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis"))
    probabilities = {"pigmented_benign_keratosis": 0.3, "seborrheic_keratosis": 0.25, "nevus": 0.45}
    alone = judged(contract(certainty_threshold=0.5), **probabilities)
    assert (alone.abstention, alone.kind_uncertain) == (None, True)
    together = judged(contract(certainty_threshold=0.5, groups=(keratoses,)), **probabilities)
    assert (together.abstention, together.kind_uncertain) == (None, False)


def test_novelty_above_its_threshold_comes_before_uncertainty() -> None:
    description = contract(certainty_threshold=0.9, novelty_threshold=2.0)
    assert judged(description, novelty=2.0, nevus=0.95).abstention is None
    assert judged(description, novelty=2.1, nevus=0.95).abstention is Abstention.NOVELTY
    assert judged(description, novelty=2.1, melanoma=0.5).abstention is Abstention.NOVELTY


def test_a_flag_is_raised_even_if_the_answer_is_withheld() -> None:
    said = judged(contract(novelty_threshold=1.0, flags=(flag(0.1, "melanoma"),)), novelty=5, melanoma=0.2)
    assert said.abstention is Abstention.NOVELTY
    assert [one.flag.id for one in said.flags] == ["melanoma"]


@pytest.mark.parametrize(
    ("aspect", "changes", "limit"),
    [
        (Aspect.SHARPNESS, {"sharpness": 0.29}, 0.3),
        (Aspect.DARK, {"dark": 0.21}, 0.2),
        (Aspect.BRIGHT, {"bright": 0.21}, 0.2),
        (Aspect.GLARE, {"glare": 0.06}, 0.05),
        (Aspect.SIDE, {"side": 99}, 100),
    ],
)
def test_an_image_beyond_a_quality_limit_has_no_answer(aspect: Aspect, changes: dict[str, float], limit: float) -> None:
    poor = dataclasses.replace(GOOD, **changes)  # type: ignore[arg-type]
    said = judged(contract(quality=LIMITS), quality=poor, nevus=0.9)
    assert said.abstention is Abstention.QUALITY
    assert said.shortfalls == (Shortfall(aspect, *changes.values(), limit),)


def test_a_damaged_file_has_no_answer_in_any_model() -> None:
    damaged = dataclasses.replace(GOOD, is_damaged=True)
    for description in (contract(), contract(quality=LIMITS)):
        assert judged(description, quality=damaged, nevus=0.9).abstention is Abstention.DAMAGED
        assert judged(description, quality=GOOD, nevus=0.9).abstention is None


def test_images_of_good_or_unknown_quality_are_answered() -> None:
    for quality in (GOOD, None):
        said = judged(contract(quality=LIMITS), quality=quality, nevus=0.9)
        assert (said.abstention, said.shortfalls) == (None, ())
    blurred = dataclasses.replace(GOOD, sharpness=0.01)
    assert judged(contract(), quality=blurred, nevus=0.9).abstention is None


def test_damage_comes_before_quality_before_novelty_and_novelty_before_uncertainty_and_flags_survive_all() -> None:
    description = contract(
        quality=LIMITS, novelty_threshold=1.0, certainty_threshold=0.9, flags=(flag(0.1, "melanoma"),)
    )
    blurred = dataclasses.replace(GOOD, sharpness=0.1)
    damaged = dataclasses.replace(blurred, is_damaged=True)
    said = [
        judged(description, novelty=5, quality=damaged, melanoma=0.2),
        judged(description, novelty=5, quality=blurred, melanoma=0.2),
        judged(description, novelty=5, quality=GOOD, melanoma=0.2),
        judged(description, novelty=1, quality=GOOD, melanoma=0.2),
    ]
    assert [one.abstention for one in said] == list(Abstention)
    assert all(len(one.flags) == 1 for one in said)
    assert [one.abstention.hides_figures for one in said if one.abstention] == [True, True, True, False]


def test_among_equal_probabilities_the_worse_label_is_named() -> None:
    assert judged(contract(), nevus=0.5, melanoma=0.5).top == "melanoma"
    assert judged(contract(), actinic_keratosis=0.5, squamous_cell_carcinoma=0.5).leading == (
        "squamous_cell_carcinoma",
    )
    keratoses = Group("keratosis", "Keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis"))
    said = judged(
        contract(groups=(keratoses,)),
        pigmented_benign_keratosis=0.25,
        seborrheic_keratosis=0.25,
        basal_cell_carcinoma=0.5,
    )
    assert said.leading == ("basal_cell_carcinoma",)
