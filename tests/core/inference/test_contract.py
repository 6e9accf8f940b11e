import json

import pytest

from desktop.core.errors import ModelError
from desktop.core.inference.contract import Figure, Flag, Group, Label, parse_contract
from desktop.core.labels import Malignancy
from tests.making import contract

WHOLE = contract(
    groups=(Group("keratosis", "Keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis")),),
    flags=(Flag("melanoma", "Melanoma", ("melanoma",), 0.07, 0.9, 0.6, 3, 30, "the test images"),),
    novelty_threshold=2.5,
    certainty_threshold=0.4,
    calibration_mix={"melanoma": 0.2, "nevus": 0.8},
    figures=(Figure("accuracy", "the test images", 0.5, 118, k=59, low=0.41, high=0.59),),
)


def changed(**changes: object) -> str:
    return json.dumps(json.loads(WHOLE.to_json()) | changes)


def without(name: str) -> str:
    return json.dumps({key: value for key, value in json.loads(WHOLE.to_json()).items() if key != name})


def test_a_contract_survives_its_file() -> None:
    assert parse_contract(WHOLE.to_json()) == WHOLE


def test_optional_parts_may_be_missing() -> None:
    small = parse_contract(contract().to_json())
    assert (small.groups, small.flags, small.figures) == ((), (), ())
    assert (small.novelty_threshold, small.certainty_threshold, small.calibration_mix) == (None, None, None)


def test_a_later_contract_may_say_more() -> None:
    assert parse_contract(changed(something_new=[1, 2])) == WHOLE


@pytest.mark.parametrize("name", ["version", "labels", "input_size", "fit", "intended_use", "training_data", "licence"])
def test_what_inference_needs_must_be_there(name: str) -> None:
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
        changed(labels=[{"id": "a", "name": "A", "malignancy": "harmless"}]),
        changed(labels=[{"id": "", "name": "A", "malignancy": "benign"}]),
    ],
)
def test_what_is_no_contract_gets_a_sentence(text: str) -> None:
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


def test_groups_and_flags_speak_of_labels_that_are_there() -> None:
    with pytest.raises(ModelError, match="speaks of labels under “Freckles” that it does not have"):
        parse_contract(contract(groups=(Group("freckles", "Freckles", ("nevus", "freckle")),)).to_json())
    with pytest.raises(ModelError, match="under “Nothing”"):
        parse_contract(contract(flags=(Flag("none", "Nothing", (), 0.1, 1, 1, 0, 1, "x"),)).to_json())
