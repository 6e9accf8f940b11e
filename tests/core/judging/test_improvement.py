"""What was found of a new model is read back as it was written, and holds for these two files alone."""

import json
import math
from pathlib import Path

import msgspec
import pytest

from desktop.core.errors import DataError
from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import MELANOMAS, Verdict
from desktop.core.judging.improvement import improvement_from, improvement_of
from tests.alerts import at_two_points, melanoma_alert
from tests.improved import CLINICS, improvement, of_nothing, write_improvement
from tests.making import contract, write_model


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write_model(tmp_path / "old.onnx", contract(alerts=(melanoma_alert(-1.0),)), seed=5)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return write_model(tmp_path / "new.onnx", contract(alerts=(melanoma_alert(-1.0),)), seed=21)


@pytest.mark.parametrize("verdict", CLINICS)
def test_each_verdict_is_read_with_its_figures(old: Path, new: Path, verdict: Verdict) -> None:
    written = improvement(verdict, old, new, missed=("0123456789abcdef",))
    write_improvement(written, new)
    assert improvement_of(Classifier(new), Classifier(old)) == written


def test_what_was_not_counted_is_read_as_no_number(old: Path, new: Path) -> None:
    write_improvement(of_nothing(improvement(Verdict.BETTER, old, new)), new)
    found = improvement_of(Classifier(new), Classifier(old))
    assert found is not None
    assert math.isnan(found.clinic[MELANOMAS].difference)
    kept = msgspec.json.decode(msgspec.json.encode(found.figures()))
    again = improvement_from(kept)
    assert again is not None
    assert (again.verdict, again.clinic[MELANOMAS].n) == (found.verdict, 0)


def test_what_is_kept_with_a_decision_names_no_lesion(old: Path, new: Path) -> None:
    found = improvement(Verdict.WORSE, old, new, missed=("0123456789abcdef",))
    kept = found.figures()
    assert "0123456789abcdef" not in json.dumps(kept)
    again = improvement_from(kept)
    assert again is not None
    assert len(again.missed) == 1
    assert improvement_from(kept | {"rules": "none"}) is None
    assert improvement_from({}) is None


def test_a_model_beside_which_nothing_lies_has_none(old: Path, new: Path) -> None:
    assert improvement_of(Classifier(new), Classifier(old)) is None


@pytest.mark.parametrize(
    ("name", "value"), [("verdict", "better"), ("look", 1), ("lesions", 201), ("clinic", {}), ("more", "x")]
)
def test_what_was_changed_is_refused(old: Path, new: Path, name: str, value: object) -> None:
    path = write_improvement(improvement(Verdict.WORSE, old, new, look=3), new)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content), encoding="utf-8")
    assert improvement_of(Classifier(new), Classifier(old)) is not None, "another layout of the text changes nothing"
    path.write_text(json.dumps(content | {name: value}), encoding="utf-8")
    with pytest.raises(DataError, match=r"“new\.verdict” was changed"):
        improvement_of(Classifier(new), Classifier(old))


@pytest.mark.parametrize("content", [b"", b"nothing", b"[]", b"{"])
def test_what_cannot_be_read_is_refused(old: Path, new: Path, content: bytes) -> None:
    write_improvement(improvement(Verdict.BETTER, old, new), new).write_bytes(content)
    with pytest.raises(DataError, match=r"“new\.verdict” cannot be read .* whether “new\.onnx” is better"):
        improvement_of(Classifier(new), Classifier(old))


def test_it_holds_for_these_two_files_alone(old: Path, new: Path, tmp_path: Path) -> None:
    write_improvement(improvement(Verdict.BETTER, old, new), new)
    third = write_model(tmp_path / "third.onnx", contract(alerts=(melanoma_alert(-1.0),)), seed=8)
    with pytest.raises(DataError, match="was compared with another model than the one in use"):
        improvement_of(Classifier(new), Classifier(third))
    new.write_bytes(third.read_bytes())
    with pytest.raises(DataError, match=r"is about another model file than “new\.onnx”"):
        improvement_of(Classifier(new), Classifier(old))


def test_at_other_alert_limits_it_does_not_hold(tmp_path: Path) -> None:
    described = contract(alerts=(at_two_points(melanoma_alert(-1.0), -1.0, -1.5),))
    old, new = (
        write_model(tmp_path / f"{name}.onnx", described, seed=seed) for name, seed in (("old", 5), ("new", 21))
    )
    write_improvement(improvement(Verdict.BETTER, old, new), new)
    assert improvement_of(Classifier(new), Classifier(old)) is not None
    usual, other = {"melanoma": 0.95}, {"melanoma": 0.98}
    for of_new, of_old in ((other, usual), (usual, other), (other, other)):
        with pytest.raises(DataError, match="at the models' own alert limits"):
            improvement_of(Classifier(new).at(of_new), Classifier(old).at(of_old))
