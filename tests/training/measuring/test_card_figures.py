"""The page of figures, from random answers: its figures, and its statements about missing measurements."""

import dataclasses
import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

from desktop.core.inference.contract import QualityLimits
from desktop.core.statistics.bootstrap import Estimate
from tests.making import NINE as LABELS
from tests.training.answers import NINE, made_up
from training.judging import held_out, probe_results
from training.judging.probe_results import DegradationStep
from training.measuring import public_tests
from training.measuring.card_figures import CardFigures, count_figures
from training.measuring.copy_agreement import agreement
from training.measuring.page.full_page import page
from training.measuring.readme_summary import summary
from training.run.config import Config
from training.run.run_folder import RunRecord


def kept(folder: Path, calibration: str, *, has_novelty: bool, is_tested: bool) -> Path:
    """Write the committed files of a recipe."""
    folder.mkdir()
    found = made_up(600, too_sure=1.6, is_proved=is_tested)
    if not has_novelty:
        found = dataclasses.replace(found, novelty=None)
    held_out.write(found, folder / held_out.FILE)
    record = RunRecord(Config(calibration=calibration), "0" * 64, LABELS, {})  # type: ignore[arg-type]
    (folder / "recipe.json").write_bytes(msgspec.json.encode(record))
    if is_tested:
        some = public_tests.PublicTestAnswers(
            NINE,
            "ab" * 32,
            tuple(f"T{place}" for place in range(60)),
            ("isic9 Test",) * 30 + ("ISIC 2017 validation",) * 30,
            found.truth[:60],
            np.arange(60) < 6,
            found.probabilities[:60],
            taught=400,
        )
        public_tests.write(some, folder / public_tests.FILE)
        shares = found.probabilities
        asked = probe_results.ProbeResults(
            (agreement("saved as JPEG 50", shares, shares, NINE),),
            probe_results.DegradationResults(
                600, 0.7, (DegradationStep("blur", 2.0, 0.4, 0.6),), QualityLimits("600 images", 0.05, 0.45), 0.01
            ),
            (probe_results.PictureNovelty("charts", "a chart", (3.0, 4.0, 5.0)),),
            (probe_results.PictureNovelty("drawn samples", "a drawing", (3.0, 4.0, 5.0)),),
            (probe_results.NevusProofs("HAM10000", 70, 30, Estimate(0.95, 0.9, 0.99)),),
        )
        probe_results.save_probe(asked, folder / probe_results.PROBE_FILE)
    return folder


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[CardFigures, CardFigures]:
    """A recipe with everything, and one without novelty, calibration, tests, probe and known histology."""
    root = tmp_path_factory.mktemp("kept")
    ours = kept(root / "ours", "balanced", has_novelty=True, is_tested=True)
    paper = kept(root / "paper", "none", has_novelty=False, is_tested=False)
    return count_figures("ours", ours), count_figures("paper", paper)


def tables(text: str) -> list[tuple[str, str]]:
    """Return the tables of a page, each with the heading above it."""
    heading, found = "", []
    for block in text.split("\n\n"):
        heading = block if block.startswith("#") else heading
        if block.startswith("|"):
            found.append((heading, block))
    return found


def test_every_table_compares_the_recipes(both: tuple[CardFigures, CardFigures]) -> None:
    found = tables(page(both, "measured"))
    assert len({heading for heading, _ in found}) > 15
    for heading, table in found:
        if "a row for each label, a column for each answer" not in heading:
            assert "ours" in table, heading
            assert "paper" in table, heading
        widths = {line.count("|") for line in table.splitlines()}
        assert len(widths) == 1, heading


def test_missing_measurements_are_stated(both: tuple[CardFigures, CardFigures]) -> None:
    alone = page(both[1:], "measured")
    for section in ("## Alerts", "## Image quality", "## Changed copies", "## Followed and", "## Test images"):
        assert "Not measured" in alone.partition(section)[2][:120]
    assert "these networks have no novelty" in alone
    beside = page(both, "measured")
    assert "| charts (1) | 1.000 | – |" in beside
    assert "| sharpness at least | 0.45 | – |" in beside
    assert "| HAM10000 | 70 | 30 | ours | 0.950 (0.900 – 0.990) |" in beside
    assert "| ours | 400 | `" in beside


def test_a_recipe_measured_on_other_images_is_marked_as_not_comparable(
    both: tuple[CardFigures, CardFigures], tmp_path: Path
) -> None:
    beside = page(both, "measured")
    assert "paper: the same images under the same labels." in beside
    assert "each has a row of its own" not in beside
    joined = dataclasses.replace(both[1], groups=both[1].groups - 1)
    beside = page((both[0], joined), "measured")
    assert f"paper (in {joined.groups:,} groups): the same images" in beside
    assert "each has a row of its own" in beside
    folder = kept(tmp_path / "fewer", "none", has_novelty=False, is_tested=False)
    found = held_out.read(folder / held_out.FILE)
    held_out.write(found.subset(np.arange(600) < 590), folder / held_out.FILE)
    assert "**fewer: other images or labels** (590 images)" in page(
        (both[0], count_figures("fewer", folder)), "measured"
    )


def test_page_says_if_there_is_only_one_network(both: tuple[CardFigures, CardFigures]) -> None:
    assert "There is no other network to compare with" in page(both[:1], "measured")


def test_alerts_are_counted_by_lesion_and_flags_replace_missing_alerts(both: tuple[CardFigures, CardFigures]) -> None:
    assert [one.id for one in both[0].alerts] == ["melanoma", "malignant"]
    assert (both[0].flags, both[1].alerts) == ({}, ())
    text = page(both, "measured")
    row = both[0].alerts[0].biopsied
    assert row.auc_nevi is not None
    assert f"| biopsied, all | {row.positives} | {row.nevi} | {row.others} | ours | {row.auc_nevi.value:.3f} (" in text
    flags = text.partition("## Flags")[2].partition("\n## ")[0]
    assert "paper" in flags
    assert "| ours | – |" in flags


def test_subgroups_have_figures_for_every_set_of_classes(both: tuple[CardFigures, CardFigures]) -> None:
    (part,) = [part for part in both[0].parts if (part.by, part.value) == ("sex", "male")]
    assert set(part.figures) == {"nine", "seven", "malignant"}
    assert "AUC: malignant" in part.figures["malignant"]
    assert "accuracy" not in part.figures["malignant"]
    assert part.figures["nine"]["accuracy"].value <= part.figures["seven"]["accuracy"].value


def test_calibration_error_is_given_for_the_assumed_prior_and_the_images_own(
    both: tuple[CardFigures, CardFigures],
) -> None:
    figures = both[0].classes["nine"].figures
    assert "ECE, images as they are" in figures
    assert "ECE, images as they are" not in both[1].classes["nine"].figures
    assert all(one.temperature != 1 for one in both[0].by_fold.values())
    assert all(one.temperature == 1 for one in both[1].by_fold.values())
    assert "(ours: all labels equally frequent; paper: no calibration" in page(both, "measured")


def test_each_criterion_counts_every_image_once(both: tuple[CardFigures, CardFigures]) -> None:
    for by in ("source", "sex"):
        assert sum(part.images for part in both[0].parts if part.by == by) == 600
    assert sum(part.images for part in both[0].parts if part.by == "age (years)") == 480


def test_test_images_have_figures_with_and_without_conflicting_ones(both: tuple[CardFigures, CardFigures]) -> None:
    named = {one.source: one for one in both[0].tests}
    assert set(named) == {"isic9 Test", "isic9 Test without conflicting images", "ISIC 2017 validation"}
    assert named["isic9 Test"].right.n == 30
    assert named["isic9 Test without conflicting images"].right.n == 24
    assert "`" + "ab" * 32 + "`" in page(both, "measured")


def test_the_surest_answers_are_wrong_least_often(both: tuple[CardFigures, CardFigures]) -> None:
    errors = [risk.error for risk in both[0].risks]
    assert errors[0] == pytest.approx(both[0].certainty.error_all)
    assert errors[-1] < errors[0]
    assert both[0].certainty.error_answered < both[0].certainty.error_all


def test_figures_of_flags_and_certainty_have_intervals(both: tuple[CardFigures, CardFigures]) -> None:
    text = page(both, "measured")
    flag = both[1].flag_figures["melanoma"]["specificity"]
    assert f"{100 * flag.value:.1f} % ({100 * flag.low:.1f} – {100 * flag.high:.1f})" in text
    error = both[0].certainty_figures["error of the answered"]
    assert f"{100 * error.value:.1f} % ({100 * error.low:.1f} – {100 * error.high:.1f})" in text
    assert error.low < error.value < error.high


def test_readme_has_the_figures_of_the_page(both: tuple[CardFigures, CardFigures]) -> None:
    told, text = summary(both[0]), page(both[:1], "measured")
    intervals = re.findall(r"\([\d.]+ – [\d.]+\)", told)
    assert len(intervals) > 10
    assert [one for one in intervals if one not in text] == []
    assert "Melanoma alert" not in summary(both[1])
