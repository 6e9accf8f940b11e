import dataclasses

import numpy as np
import pytest

from desktop.core.inference.contract import Architecture, Contract, Flag, Group
from desktop.core.statistics.calibration import Calibration, CalibrationErrors
from desktop.core.statistics.proportions import proportion
from tests.making import NINE, contract
from training.figures import split_figures
from training.report import as_markdown
from training.report_data import RunReport, SourceFigures, WhileTraining, figures_for_contract, settled_by
from training.run.config import Config
from training.run.run_folder import RunRecord

KERATOSES = Group("benign_keratosis", "Benign keratosis", (NINE[5].id, NINE[6].id))
MELANOMA = Flag("melanoma", "Melanoma", ("melanoma",), 0.0312, 0.95, 0.5, 1, 20, "validation split, 40 images")


def report(
    description: Contract, *, conflicts: str = "keep", with_test: bool = True, is_papers_set: bool = False
) -> RunReport:
    random = np.random.default_rng(0)
    splits = tuple(
        split_figures(
            split,
            random.dirichlet(np.ones(9), 40).astype(np.float32),
            random.integers(0, 9, 40),
            np.arange(40),
            description,
        )
        for split in (("train", "validation", "test") if with_test else ("train", "validation"))
    )
    return RunReport(
        command="lesionlens-train run --data isic9",
        record=RunRecord(Config(conflicts=conflicts), "0" * 64, NINE, {}),  # type: ignore[arg-type]
        contract=description,
        model_sha256="f" * 64,
        while_training=WhileTraining(25, proportion(20, 40), 1.5),
        splits=splits,
        empty=("Seborrheic keratosis",),
        leaked={"train": 13, "validation": 5},
        contradicted=231,
        left_out={"unreadable": 2},
        settled=settled_by(description, None),
        is_papers_set=is_papers_set,
    )


@pytest.fixture
def paper() -> Contract:
    return contract(architecture=Architecture("paper-cnn", 3_305_801, ()), groups=(KERATOSES,), flags=(MELANOMA,))


def test_the_papers_figures_are_shown_only_for_its_network_on_its_images(paper: Contract) -> None:
    text = as_markdown(report(paper, is_papers_set=True))
    rows = [line for line in text.splitlines() if line.startswith(("| T", "| V"))]
    beside = {row.split("|")[1].split(", which")[0].strip(): row.split("|")[-3:-1] for row in rows[:4]}
    assert [cell.strip() for cell in beside["Training images in epoch 25, while training"]] == ["48.96 %", "1.38"]
    assert [cell.strip() for cell in beside["Training images, measured afterwards"]] == ["", ""]
    assert [cell.strip() for cell in beside["Validation images"]] == ["51.34 %", "1.49"]
    assert [cell.strip() for cell in beside["Test images"]] == ["47.35 %", "1.57"]
    assert "the paper's" not in as_markdown(report(contract(), is_papers_set=True))
    assert "the paper's" not in as_markdown(report(paper))


def test_every_proportion_is_k_of_n_with_its_interval(paper: Contract) -> None:
    text = as_markdown(report(paper, is_papers_set=True))
    assert "| 20 / 40 | 50.00 % (35.2 – 64.8 %) | 1.500 | 48.96 % | 1.38 |" in text


def test_the_report_warns_about_the_data(paper: Contract) -> None:
    text = as_markdown(report(paper))
    assert "Contradictory images were kept in training" in text
    assert "231 training images show a picture that also carries another label" in text
    assert "13 test images share a picture or a lesion with training, and so measure memory." in text
    half = as_markdown(dataclasses.replace(report(paper), leaked={"train": 0, "validation": 5}))
    assert "5 test images share a picture or a lesion with validation." in half
    assert "measure memory" not in half
    assert "2 images were left out: unreadable" in text
    assert "Seborrheic keratosis is practically empty: it has 1 training images" in text


def test_groups_and_flags_have_their_figures(paper: Contract) -> None:
    text = as_markdown(report(paper))
    assert "Test images, benign keratosis as one" in text
    assert "### Flags on the test images" in text
    assert "| Melanoma | 0.0312 | validation split, 40 images |" in text


def test_without_test_images_validation_is_the_main_split(paper: Contract) -> None:
    one = report(paper, with_test=False)
    assert one.main_split.split == "validation"
    assert "There are no test images, and the validation images also set the thresholds of the flags." in as_markdown(
        one
    )
    assert {figure.measured_on for figure in figures_for_contract(one)} == {
        "validation images, which set the thresholds of the flags",
        "training images",
    }
    plain = report(contract(), with_test=False)
    assert "There are no test images." in as_markdown(plain)
    assert {figure.measured_on for figure in figures_for_contract(plain)} == {"validation images", "training images"}


def test_the_contract_gets_the_test_figures_first(paper: Contract) -> None:
    first, second, *_ = figures_for_contract(report(paper))
    assert (first.name, first.measured_on, first.n) == ("accuracy", "test images", 40)
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.value < first.high
    assert second.name == "accuracy, groups as one"


def test_sources_and_copies_and_the_calibration_have_their_tables(paper: Contract) -> None:
    errors = CalibrationErrors(0.12, 0.05, None)
    whole = dataclasses.replace(
        report(paper),
        by_source=(SourceFigures("test", "HAM10000", "224", proportion(30, 40), 0.5),),
        calibration=Calibration(1.8, 200, {}, errors, CalibrationErrors(0.02, 0.01, None)),
    )
    text = as_markdown(whole)
    assert "| test | HAM10000 | 224 | 30 / 40 = 75.0 % (59.8 – 85.8 %) | 50.0 % |" in text
    assert "Temperature 1.800, fitted on 200 images" in text
    offset = dataclasses.replace(whole.calibration, offsets=(0.5, *[0.0] * 8))  # type: ignore[type-var]
    offsets = as_markdown(dataclasses.replace(whole, calibration=offset))
    assert "Temperature 1.800 and an offset for each label, fitted on 200 images" in offsets
    assert "| the most probable label | 0.120 | 0.020 |" in text
    assert "| malignant, the sum | – | – |" in text
    for heading in ("By source", "Calibration"):
        assert heading not in as_markdown(report(paper))


def test_what_was_fitted_on_the_validation_images_is_told_of_their_figures(paper: Contract) -> None:
    fitted = Calibration(1.8, 200, {}, CalibrationErrors(0, None, None), CalibrationErrors(0, None, None), (0.1,))
    settled = settled_by(dataclasses.replace(paper, certainty_threshold=0.5), fitted)
    one = dataclasses.replace(report(paper), settled=settled)
    told = "which set the temperature and the offsets of the labels, the thresholds of the flags and the certainty threshold"
    assert f"| Validation images, {told} | " in as_markdown(one)
    assert f"| Validation images, {told}, benign keratosis as one | " in as_markdown(one)
    assert f"validation images, {told}" in {figure.measured_on for figure in figures_for_contract(one)}
    assert settled_by(contract(), None) == ()


def test_a_clean_run_has_no_warnings(paper: Contract) -> None:
    text = as_markdown(report(paper, conflicts="refuse"))
    assert "kept in training" not in text
    clean = dataclasses.replace(report(paper), contradicted=0, leaked={"train": 0, "validation": 0})
    assert "kept in training" not in as_markdown(clean), "--conflicts keep kept nothing"
