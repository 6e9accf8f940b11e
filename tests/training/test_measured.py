"""The page of figures, from answers that are made up: what it counts, and that it says what was not measured."""

import dataclasses
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.making import NINE as LABELS
from tests.training.answers import NINE, made_up
from training import out_of_fold, tested
from training.config import Config
from training.measured import MALIGNANT, SEVEN_CLASSES, Measured, measure
from training.measured_page import page
from training.run_folder import Record


def kept(folder: Path, calibration: str, *, has_novelty: bool, is_tested: bool) -> Path:
    """Write what a recipe leaves behind."""
    folder.mkdir()
    found = made_up(600, too_sure=1.6)
    if not has_novelty:
        found = dataclasses.replace(found, novelty=None)
    out_of_fold.write(found, folder / out_of_fold.FILE)
    record = Record(Config(calibration=calibration), "0" * 64, LABELS, {})  # type: ignore[arg-type]
    (folder / "recipe.json").write_bytes(msgspec.json.encode(record))
    if is_tested:
        some = tested.Tested(
            NINE,
            "ab" * 32,
            tuple(f"T{place}" for place in range(60)),
            ("isic9 Test",) * 30 + ("ISIC 2017 validation",) * 30,
            found.truth[:60],
            np.arange(60) < 6,
            found.probabilities[:60],
        )
        tested.write(some, folder / tested.FILE)
    return folder


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, Measured]:
    """A recipe with all that can be had but a probe, and one without novelty, temperature and test."""
    root = tmp_path_factory.mktemp("kept")
    ours = kept(root / "ours", "balanced", has_novelty=True, is_tested=True)
    paper = kept(root / "paper", "none", has_novelty=False, is_tested=False)
    return measure("ours", ours), measure("paper", paper)


def test_recipes_stand_beside_each_other_in_every_table_of_all_images(both: tuple[Measured, Measured]) -> None:
    text = page(both, "measured")
    for classes in (SEVEN_CLASSES, MALIGNANT):
        assert classes in both[0].classes
    for section in ("## All images", "## Calibration", "## Flags", "## Answers withheld"):
        part = text.partition(section)[2].partition("\n## ")[0]
        assert "ours" in part
        assert "paper" in part


def test_what_was_not_measured_is_said(both: tuple[Measured, Measured]) -> None:
    text = page(both, "measured")
    assert text.partition("## Image quality")[2].strip().startswith("Not measured yet.")
    assert "Not measured" in page(both[1:], "measured").partition("## Test images")[2]
    assert "these networks have no novelty" in page(both[1:], "measured")


def test_a_balanced_mix_is_told_beside_the_images_as_they_are(both: tuple[Measured, Measured]) -> None:
    figures = both[0].classes["nine"].figures
    assert "ECE, images as they are" in figures
    assert "ECE, images as they are" not in both[1].classes["nine"].figures
    assert all(one.temperature != 1 for one in both[0].by_fold.values())
    assert all(one.temperature == 1 for one in both[1].by_fold.values())
    assert "ours all labels alike; paper no calibration" in page(both, "measured")


def test_images_are_counted_once_by_every_way_to_part_them(both: tuple[Measured, Measured]) -> None:
    for by in ("copy", "source", "sex"):
        assert sum(part.images for part in both[0].parts if part.by == by) == 600
    assert sum(part.images for part in both[0].parts if part.by == "age (years)") == 480


def test_test_images_are_told_whole_and_without_the_conflicting(both: tuple[Measured, Measured]) -> None:
    named = {one.source: one for one in both[0].tests}
    assert set(named) == {"isic9 Test", "isic9 Test without conflicting images", "ISIC 2017 validation"}
    assert named["isic9 Test"].right.n == 30
    assert named["isic9 Test without conflicting images"].right.n == 24
    assert "`" + "ab" * 32 + "`" in page(both, "measured")


def test_the_surest_answers_are_wrong_least_often(both: tuple[Measured, Measured]) -> None:
    errors = [risk.error for risk in both[0].risks]
    assert errors[0] == pytest.approx(both[0].certainty.error_all)
    assert errors[-1] < errors[0]
    assert both[0].certainty.error_answered < both[0].certainty.error_all


def test_what_flags_and_certainty_do_stands_with_its_interval(both: tuple[Measured, Measured]) -> None:
    text = page(both, "measured")
    flag = both[0].flag_figures["melanoma"]["specificity"]
    assert f"{100 * flag.value:.1f} % ({100 * flag.low:.1f} – {100 * flag.high:.1f})" in text
    error = both[0].certainty_figures["error of the answered"]
    assert f"{100 * error.value:.1f} % ({100 * error.low:.1f} – {100 * error.high:.1f})" in text
    assert error.low < error.value < error.high
