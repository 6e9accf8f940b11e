"""The limit within which images are called similar: of the shipped model, and of files made from it without training."""

import dataclasses
import hashlib

from desktop.core.inference.contract import Recalibration
from desktop.core.inference.near_limits import near_limit
from desktop.core.inference.similarity import METHOD
from desktop.core.paths import SHIPPED_MODEL
from tests.making import contract

SHIPPED = hashlib.sha256(SHIPPED_MODEL.read_bytes()).hexdigest()
MADE_FROM_SHIPPED = Recalibration("2026-11-29", SHIPPED, 1.0, False, 40, 40, 20, "0" * 64, (), (), ())


def test_shipped_model_was_measured_with_this_reduction() -> None:
    found = near_limit(SHIPPED, contract())
    assert found is not None, "run scripts/measure_look_alikes.py"
    assert found.method == METHOD
    assert 0 < found.limit < 1


def test_recalibrated_model_has_the_limit_of_its_origin() -> None:
    recalibrated = contract(recalibration=MADE_FROM_SHIPPED)
    assert near_limit("1" * 64, recalibrated) == near_limit(SHIPPED, contract())


def test_model_that_was_not_measured_has_no_limit() -> None:
    other = dataclasses.replace(MADE_FROM_SHIPPED, model_sha256="2" * 64)
    assert near_limit("1" * 64, contract()) is None
    assert near_limit("1" * 64, contract(recalibration=other)) is None
