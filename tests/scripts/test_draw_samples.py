"""The sample images are those that the script draws, and are called synthetic."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def draw_samples():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "scripts")
        yield importlib.import_module("draw_samples")
        for name in ("draw_samples", "brushes"):
            sys.modules.pop(name)


def test_the_script_draws_every_sample(draw_samples):
    assert sorted(draw_samples.SAMPLES.glob("*.png")) == [draw_samples.file_of(draw) for draw in draw_samples.DRAWINGS]


def test_redrawing_gives_the_committed_pixels(draw_samples):
    for draw in draw_samples.DRAWINGS:
        redrawn = np.asarray(draw().picture(), dtype=int)
        committed = np.asarray(Image.open(draw_samples.file_of(draw)), dtype=int)
        # Identical on one machine; floating point on another may round a few pixels differently.
        assert np.abs(redrawn - committed).max() <= 1, draw.__name__
        assert (redrawn != committed).mean() < 0.001, draw.__name__


def test_samples_are_called_synthetic_in_name_and_metadata(draw_samples):
    for draw in draw_samples.DRAWINGS:
        file = draw_samples.file_of(draw)
        with Image.open(file) as image:
            assert image.text["Description"] == "Synthetic drawing by the LesionLens project, not a patient"
            assert (image.mode, image.size) == ("RGB", (900, 675))
        assert file.name.startswith("synthetic-")
        assert file.stat().st_size < 700_000
