"""The shipped model gives its original answers on other machines and with other versions of its dependencies."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from desktop import self_test
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SAMPLES, SHIPPED_MODEL


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(SHIPPED_MODEL)


def test_the_golden_file_belongs_to_the_shipped_model():
    golden = self_test.read_golden()
    assert golden.model_sha256 == hashlib.sha256(SHIPPED_MODEL.read_bytes()).hexdigest(), "run scripts/write_golden.py"
    assert set(golden.probabilities) == {path.name for path in SAMPLES.glob("*.png")}


def test_the_samples_are_answered_as_stored(classifier: Classifier):
    found = self_test.answers(classifier)
    assert self_test.largest_difference(found, self_test.read_golden()) <= 1e-4
    for row in found.values():
        assert sum(row.values()) == pytest.approx(1, abs=1e-6)


def test_the_card_belongs_to_the_shipped_model_and_states_its_use(classifier: Classifier):
    card = (SHIPPED_MODEL.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert classifier.contract.name in card
    assert re.search(classifier.contract.intended_use, card, re.IGNORECASE)
    assert "not a certified medical device" in " ".join(card.split())


def test_other_labels_or_samples_differ_from_the_golden_file():
    golden = self_test.read_golden()
    found = {name: dict(row) for name, row in golden.probabilities.items()}
    assert self_test.largest_difference(found, golden) == 0
    first = next(iter(found))
    found[first]["nevus"] += 0.25
    assert self_test.largest_difference(found, golden) == pytest.approx(0.25)
    found[first]["wart"] = found[first].pop("nevus")
    with pytest.raises(self_test.FailedError, match="labels"):
        self_test.largest_difference(found, golden)
    del found[first]
    with pytest.raises(self_test.FailedError, match="samples"):
        self_test.largest_difference(found, golden)


def test_the_golden_file_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "golden.json"
    file.write_text(json.dumps({"model_sha256": "ab", "probabilities": {"a.png": {"nevus": 0.5}}}), encoding="utf-8")
    monkeypatch.setattr(self_test, "GOLDEN", file)
    assert self_test.read_golden() == self_test.GoldenAnswers("ab", {"a.png": {"nevus": 0.5}})
