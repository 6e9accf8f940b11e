import dataclasses
import json
import math
from pathlib import Path

import pytest

from desktop.core.errors import ModelError
from desktop.core.inference.alerts import FLOOR, Alert, AlertTerm, out_of_hundred, working_points
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier, Prediction
from desktop.core.inference.contract import Flag
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.inference.judgement import judge
from tests.alerts import ALWAYS, MELANOMA, NEVER, POINT, at_two_points, cancer_alert, melanoma_alert
from tests.making import contract, write_lesion, write_model

LABELS = contract().label_ids
ONE_OF = Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.9, 0.5, 1, 10, "test images")


def answer(**probabilities: float) -> dict[str, float]:
    return dict.fromkeys(LABELS, 0.0) | probabilities


def prediction(**probabilities: float) -> Prediction:
    return Prediction(tuple(answer(**probabilities).values()), None, "0" * 64, 1)


def test_score_is_linear_in_the_logarithms_of_the_summed_probabilities() -> None:
    shares = answer(melanoma=0.2, pigmented_benign_keratosis=0.1, seborrheic_keratosis=0.3, nevus=0.4)
    assert MELANOMA.score(shares) == pytest.approx(0.5 + math.log(0.2) - 0.5 * math.log(0.4))


def test_probability_below_the_floor_counts_as_the_floor() -> None:
    assert MELANOMA.score(answer(nevus=1)) == pytest.approx(0.5 + math.log(FLOOR) - 0.5 * math.log(FLOOR))


def test_alert_is_raised_when_its_score_reaches_the_threshold() -> None:
    score = MELANOMA.score(answer(melanoma=0.2, nevus=0.8))
    for threshold, is_raised in ((score, True), (score + 1e-9, False)):
        raised = judge(prediction(melanoma=0.2, nevus=0.8), contract(alerts=(melanoma_alert(threshold),))).flags
        assert [one.flag.id for one in raised] == (["melanoma"] if is_raised else [])


def test_raised_alert_has_its_working_point_and_the_probability_of_its_labels() -> None:
    (raised,) = judge(prediction(melanoma=0.2, nevus=0.8), contract(alerts=(melanoma_alert(ALWAYS),))).flags
    assert (raised.probability, raised.point) == (0.2, POINT)


def test_model_with_alerts_raises_no_flags() -> None:
    description = contract(flags=(ONE_OF,), alerts=(melanoma_alert(NEVER), cancer_alert(ALWAYS)))
    assert [one.flag.id for one in judge(prediction(nevus=1), description).flags] == ["malignant"]
    assert [one.flag.id for one in judge(prediction(nevus=1), contract(flags=(ONE_OF,))).flags] == ["melanoma"]


def test_working_point_is_the_default_until_another_is_chosen() -> None:
    other = dataclasses.replace(POINT, aim=0.98, threshold=-3.0)
    alert = dataclasses.replace(MELANOMA, curve=(POINT, other), working_points=(0.95, 0.98))
    assert (alert.point(), alert.point(0.98), alert.point(0.5)) == (POINT, other, POINT)


def test_alert_is_raised_at_the_working_point_that_is_wanted() -> None:
    description = contract(alerts=(at_two_points(MELANOMA, NEVER, ALWAYS), cancer_alert(NEVER)))
    one = prediction(melanoma=0.2, nevus=0.8)
    assert not judge(one, description).flags
    judged = judge(one, description, {"melanoma": 0.98, "no such alert": 0.5})
    assert [(raised.flag.id, raised.point and raised.point.aim) for raised in judged.flags] == [("melanoma", 0.98)]
    assert judged.working_points == {"melanoma": 0.98, "malignant": 0.95}


def test_working_point_that_the_model_does_not_have_is_the_default() -> None:
    alerts = (at_two_points(MELANOMA, NEVER, ALWAYS), cancer_alert(NEVER))
    assert working_points(alerts, {"melanoma": 0.9, "malignant": 0.98}) == {"melanoma": 0.95, "malignant": 0.95}
    assert working_points(alerts) == {"melanoma": 0.95, "malignant": 0.95}
    assert working_points(()) == {}


def test_model_at_another_working_point_is_the_same_model(tmp_path: Path) -> None:
    description = contract(alerts=(at_two_points(MELANOMA, NEVER, ALWAYS),))
    model = Classifier(write_model(tmp_path / "model.onnx", description))
    other = model.at({"melanoma": 0.98})
    assert (model.working_points, other.working_points) == ({"melanoma": 0.95}, {"melanoma": 0.98})
    assert other.sha256 == model.sha256
    image = write_lesion(tmp_path / "lesion.png")
    ((first,), (second,)) = (list(classify_files([image], one, workers=1)) for one in (model, other))
    assert first.prediction == second.prediction
    assert [bool(one.judgement and one.judgement.flags) for one in (first, second)] == [False, True]


def test_alerts_are_read_back_from_the_model_file() -> None:
    whole = contract(alerts=(melanoma_alert(0.3), cancer_alert(-1.5)))
    assert parse_contract(whole.to_json()) == whole


@pytest.mark.parametrize(
    "wrong",
    [
        dataclasses.replace(MELANOMA, terms=()),
        dataclasses.replace(MELANOMA, default=0.98),
        dataclasses.replace(MELANOMA, working_points=(0.95, 0.98)),
        dataclasses.replace(MELANOMA, curve=(dataclasses.replace(POINT, found=201),)),
        dataclasses.replace(MELANOMA, curve=(dataclasses.replace(POINT, positives=0, found=0),)),
    ],
)
def test_alert_that_contradicts_itself_is_refused(wrong: Alert) -> None:
    with pytest.raises(ModelError, match="“Melanoma alert” contradicts itself"):
        parse_contract(contract(alerts=(wrong,)).to_json())


@pytest.mark.parametrize(
    "wrong",
    [
        dataclasses.replace(MELANOMA, labels=("no_such",)),
        dataclasses.replace(MELANOMA, terms=(AlertTerm(("no_such",), 1.0),)),
        dataclasses.replace(MELANOMA, terms=(AlertTerm((), 1.0),)),
    ],
)
def test_alert_of_labels_that_the_model_lacks_is_refused(wrong: Alert) -> None:
    with pytest.raises(ModelError, match="speaks of labels under “Melanoma alert”"):
        parse_contract(contract(alerts=(wrong,)).to_json())


def test_score_that_is_not_a_number_is_refused() -> None:
    whole = json.loads(contract(alerts=(MELANOMA,)).to_json())
    whole["alerts"][0]["intercept"] = None
    with pytest.raises(ModelError, match="cannot be read"):
        parse_contract(json.dumps(whole))


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 300, 0), (1, 300, 1), (150, 300, 50), (299, 300, 99), (300, 300, 100), (947, 1000, 95)],
)
def test_only_none_and_all_are_shown_as_0_and_100(part: int, whole: int, told: int) -> None:
    assert out_of_hundred(part, whole) == told
