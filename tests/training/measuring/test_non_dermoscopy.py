"""The drawn pictures; photographs and histology come with packages that the tests do not need."""

import importlib.metadata

import numpy as np
import pytest

from desktop.core.errors import DataError
from training.measuring.non_dermoscopy import KINDS, pictures

DRAWN = ("screens", "charts", "drawn shapes", "noise")


@pytest.mark.parametrize("kind", DRAWN)
def test_every_kind_has_at_least_twenty_different_pictures(kind: str) -> None:
    some = [image.convert("RGB") for image in KINDS[kind](np.random.default_rng(1))]
    assert len(some) >= 20
    assert len({image.tobytes() for image in some}) == len(some)
    assert min(min(image.size) for image in some) >= 200


def test_a_kind_is_drawn_reproducibly() -> None:
    one, other = ([image.tobytes() for image in KINDS["noise"](np.random.default_rng(7))] for _ in range(2))
    assert one == other


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> importlib.metadata.Distribution:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    with pytest.raises(DataError, match="comes with the package scikit-image, which is not installed"):
        next(pictures())
