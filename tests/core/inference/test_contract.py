import dataclasses
import json

import pytest

from desktop.core.errors import ModelError
from desktop.core.inference.context import Context, ContextFactor, ContextValue
from desktop.core.inference.contract import (
    CertaintyTest,
    Figure,
    Flag,
    Group,
    Label,
    NoveltyKind,
    NoveltyTest,
    QualityLimits,
    Recall,
    ReliabilityCurve,
    ReliabilityPoint,
)
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.inference.prior import PriorPoint, PriorTest
from desktop.core.labels import Malignancy
from tests.alerts import NEVER, melanoma_alert
from tests.making import contract

WHOLE = contract(
    groups=(Group("keratosis", "Keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis")),),
    flags=(Flag("melanoma", "Melanoma", ("melanoma",), 0.07, 0.9, 0.6, 3, 30, "the test images"),),
    novelty_threshold=2.5,
    certainty_threshold=0.4,
    calibration_mix={"melanoma": 0.2, "nevus": 0.8},
    figures=(Figure("accuracy", "the test images", 0.5, 118, k=59, low=0.41, high=0.59),),
    effective_resolution=64,
    quality=QualityLimits("degraded test images", 0.05, sharpness_least=0.3, glare_most=0.1, side_least=90),
    certainty_test=CertaintyTest("the test images", 90, 118, 0.2, 0.3, 2, 30, 0.8, 0.95),
    novelty_test=NoveltyTest("the test images", 2, 118, 0.97, (NoveltyKind("charts", 20, 0.99),)),
    reliability=(ReliabilityCurve("top", "the test images", (ReliabilityPoint(0.4, 0.35, 59),), ece=0.05),),
    recalls=(Recall("nevus", "the test images", 20, 30, 0.5, 0.8),),
    limits=("Skin types were not measured.",),
)


def changed(**changes: object) -> str:
    return json.dumps(json.loads(WHOLE.to_json()) | changes)


def without(name: str) -> str:
    return json.dumps({key: value for key, value in json.loads(WHOLE.to_json()).items() if key != name})


def test_a_contract_is_read_back_from_its_file() -> None:
    assert parse_contract(WHOLE.to_json()) == WHOLE


def test_optional_parts_may_be_missing() -> None:
    small = parse_contract(contract().to_json())
    assert (small.groups, small.flags, small.figures) == ((), (), ())
    assert (small.novelty_threshold, small.certainty_threshold, small.calibration_mix) == (None, None, None)


def test_a_file_of_an_older_export_still_opens() -> None:
    """Version 1 of the contract, as written before it had these fields."""
    later = ("effective_resolution", "quality", "certainty_test", "novelty_test", "reliability", "recalls", "limits")
    old = {key: value for key, value in json.loads(WHOLE.to_json()).items() if key not in later}
    read = parse_contract(json.dumps(old))
    assert (read.effective_resolution, read.quality, read.certainty_test, read.novelty_test) == (None,) * 4
    assert (read.reliability, read.recalls, read.limits) == ((), (), ())
    assert read.flags == WHOLE.flags


def test_unknown_fields_of_a_later_contract_are_ignored() -> None:
    assert parse_contract(changed(something_new=[1, 2])) == WHOLE


@pytest.mark.parametrize("name", ["version", "labels", "input_size", "fit", "intended_use", "training_data", "licence"])
def test_fields_that_inference_needs_are_required(name: str) -> None:
    with pytest.raises(ModelError, match=f"cannot be read .*`{name}`.* Export the model again"):
        parse_contract(without(name))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        changed(fit="squash"),
        changed(intended_use="diagnosis"),
        changed(input_size=0),
        changed(input_size="128"),
        changed(certainty_threshold=40),
        changed(effective_resolution=0),
        changed(quality={"glare_most": 0.1}),
        changed(labels=[{"id": "a", "name": "A", "malignancy": "harmless"}]),
        changed(labels=[{"id": "", "name": "A", "malignancy": "benign"}]),
    ],
)
def test_text_that_is_not_a_contract_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="The model's description cannot be read"):
        parse_contract(text)


def test_another_version_is_refused() -> None:
    with pytest.raises(ModelError, match="keeps version 2 of the contract, this app needs 1"):
        parse_contract(changed(version=2))


def test_labels_are_at_least_two_and_all_different() -> None:
    nevus = Label("nevus", "Nevus", Malignancy.BENIGN)
    for labels in ((), (nevus,), (nevus, nevus)):
        with pytest.raises(ModelError, match="fewer than two or not all different"):
            parse_contract(contract(labels=labels).to_json())


def test_groups_and_flags_refer_to_existing_labels() -> None:
    with pytest.raises(ModelError, match="speaks of labels under “Freckles” that it does not have"):
        parse_contract(contract(groups=(Group("freckles", "Freckles", ("nevus", "freckle")),)).to_json())
    with pytest.raises(ModelError, match="under “Nothing”"):
        parse_contract(contract(flags=(Flag("none", "Nothing", (), 0.1, 1, 1, 0, 1, "x"),)).to_json())


def test_recalls_refer_to_existing_labels() -> None:
    with pytest.raises(ModelError, match="under “freckle”"):
        parse_contract(contract(recalls=(Recall("freckle", "the test images", 1, 2),)).to_json())


NINTHS = dict.fromkeys((label.id for label in contract().labels), 1 / 9)


def prior_test_of(**right: int) -> PriorTest:
    images = dict.fromkeys(NINTHS, 10)
    return PriorTest("90 images", images, images | right, (PriorPoint(0.03, images),))


def context_of(**changes: object) -> Context:
    factor = ContextFactor("age", (ContextValue("70-79", {"melanoma": 0.3}),))
    return dataclasses.replace(Context("x", "x", (factor,), ("melanoma",), (), ()), **changes)  # type: ignore[arg-type]


def test_test_of_other_priors_and_layer_of_context_survive_the_file() -> None:
    whole = contract(
        calibration_mix=NINTHS,
        prior_test=prior_test_of(),
        context=context_of(),
        alerts=(melanoma_alert(NEVER),),
    )
    assert parse_contract(whole.to_json()) == whole
    assert whole.prior == NINTHS
    assert contract(calibration_mix={"melanoma": 0.2, "nevus": 0.8}).prior is None, "labels without a share"


@pytest.mark.parametrize(
    "changes",
    [
        {"prior_test": prior_test_of()},
        {"prior_test": prior_test_of(nevus=11), "calibration_mix": NINTHS},
        {"context": context_of()},
        {"context": context_of(factors=(ContextFactor("skin tone", ()),)), "alerts": (melanoma_alert(NEVER),)},
    ],
)
def test_parts_for_the_practice_that_contradict_themselves_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ModelError, match="contradicts itself"):
        parse_contract(contract(**changes).to_json())


def test_layer_of_context_speaks_of_labels_that_are_there() -> None:
    factor = ContextFactor("age", (ContextValue("70-79", {"freckle": 0.3}),))
    with pytest.raises(ModelError, match="speaks of labels"):
        parse_contract(contract(context=context_of(factors=(factor,), raises=())).to_json())
