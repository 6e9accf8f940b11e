"""What is told of a source that was left out: by the score and the threshold that the rest settled, by lesion."""

import dataclasses
from pathlib import Path

import msgspec
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from desktop.core.errors import DataError
from tests.making import NINE as LABELS
from tests.training.answers import made_up
from training.judging.alerts import Lesions
from training.judging.held_out import BIOPSIED, FILE, FOLLOWED, LEFT_OUT, HeldOutAnswers, read, write
from training.judging.recipe_files import recipe_of
from training.judging.thresholds import fit_thresholds
from training.measuring.card_figures import count_figures
from training.measuring.page.full_page import page
from training.measuring.unseen import UnseenFigures, kept_in, measure_unseen
from training.run.config import Config
from training.run.run_folder import RunRecord


def kept(folder: Path, out: HeldOutAnswers, without: str) -> Path:
    """Write what a training without a source leaves behind."""
    folder.mkdir()
    write(made_up(900, is_proved=True), folder / FILE)
    write(out, folder / LEFT_OUT)
    record = RunRecord(Config(calibration="root", epochs=5, input_size=128, without=without), "0" * 64, LABELS, {})
    (folder / "recipe.json").write_bytes(msgspec.json.encode(record))
    return folder


def unproved(found: HeldOutAnswers) -> HeldOutAnswers:
    images = tuple(dataclasses.replace(one, confirmed_by="") for one in found.images)
    return dataclasses.replace(found, images=images)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The answers of a network, and within its folder those of two trainings without a source; one source proves nothing."""
    folder = tmp_path_factory.mktemp("kept") / "ours"
    folder.mkdir()
    write(made_up(600, is_proved=True), folder / FILE)
    (folder / "recipe.json").write_bytes(msgspec.json.encode(RunRecord(Config(), "0" * 64, LABELS, {})))
    kept(folder / "without-clinic", made_up(700, seed=1, is_proved=True), "source=clinic")
    kept(folder / "without-archive", unproved(made_up(700, seed=2)), "source=archive")
    return folder


@pytest.fixture(scope="module")
def found(network: Path) -> dict[str, UnseenFigures]:
    return {one.value: one for one in kept_in(network)}


def test_score_and_threshold_are_those_that_the_rest_settled(network: Path, found: dict[str, UnseenFigures]) -> None:
    folder = network / "without-clinic"
    out, settled = read(folder / LEFT_OUT), fit_thresholds(read(folder / FILE), "root", "the rest")
    scores = settled.alerts["melanoma"].scores(settled.calibrated(out.probabilities), out.labels)
    lesions = Lesions(out, out.having(confirmed_by=BIOPSIED))
    score = lesions.mean(scores)
    melanoma, nevus = (lesions.any(out.having(label=label)) for label in ("melanoma", "nevus"))
    (alert, _) = found["clinic"].alerts
    row = alert.left_out
    assert (row.part, row.value, row.positives, row.nevi) == ("left out", "biopsied", melanoma.sum(), nevus.sum())
    both = melanoma | nevus
    assert row.auc_nevi is not None
    assert row.auc_nevi.value == pytest.approx(roc_auc_score(melanoma[both], score[both]))
    threshold = settled.alerts["melanoma"].thresholds[45]
    assert row.found is not None
    assert row.nevi_raised is not None
    assert (row.found.k, row.found.n) == ((score[melanoma] >= threshold).sum(), melanoma.sum())
    assert row.nevi_raised.k == (score[nevus] >= threshold).sum()
    assert alert.followed is not None
    assert alert.followed.n == Lesions(out, out.having(confirmed_by=FOLLOWED)).count


def test_what_it_does_to_the_rest_is_cross_fitted(network: Path, found: dict[str, UnseenFigures]) -> None:
    (alert, _) = found["clinic"].alerts
    held = count_figures("rest", network / "without-clinic").alerts[0]
    assert alert.held_out.auc_nevi == held.biopsied.auc_nevi
    assert alert.held_out_followed == held.points[0].followed_raised


def test_of_a_source_that_proves_nothing_all_lesions_are_asked_about(found: dict[str, UnseenFigures]) -> None:
    (alert, _) = found["archive"].alerts
    assert alert.left_out.value == "all; how they were proved is not known"
    assert alert.left_out.positives + alert.left_out.nevi + alert.left_out.others == found["archive"].lesions
    assert alert.followed is None


def test_images_that_answer_alike_are_not_told_apart_by_novelty(found: dict[str, UnseenFigures]) -> None:
    novelty = found["clinic"].novelty
    assert novelty is not None
    assert novelty.low < 0.5 < novelty.high


def test_page_tells_the_source_that_was_left_out_beside_the_rest(
    network: Path, found: dict[str, UnseenFigures]
) -> None:
    text = page([count_figures("ours", network)], "measured").partition("## A source left out")[2].partition("\n## ")[0]
    row = found["clinic"].alerts[0].left_out
    assert row.auc_nevi is not None
    about = f"| clinic | left out | biopsied | {row.positives} | {row.nevi} | {row.others} | ours | "
    assert f"{about}{row.auc_nevi.value:.3f} (" in text
    assert "| clinic | held out of the rest | biopsied |" in text
    assert "| source archive | 700 | 350 | ours | 5 | 128 × 128 | 900 |" in text
    assert "no training of these recipes left a source out" in page(
        [count_figures("alone", network / "without-clinic")], ""
    )


def test_answers_that_leave_nothing_out_get_a_sentence(network: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no run that was made --without a source or a label"):
        measure_unseen(network, recipe_of(network))
    folder = kept(tmp_path / "torn", made_up(20), "source=clinic")
    (folder / LEFT_OUT).unlink()
    with pytest.raises(DataError, match="cannot be read as the answers to held-out images"):
        measure_unseen(folder, recipe_of(folder))


def test_missing_label_is_told_by_what_its_images_are_called(tmp_path: Path) -> None:
    out = made_up(400, seed=3)
    chosen = out.subset(out.having(label="melanoma"))
    folder = kept(tmp_path / "label", chosen, "label=melanoma")
    one = measure_unseen(folder, recipe_of(folder))
    assert (one.kind, one.alerts) == ("label", ())
    assert sum(one.called.values()) == len(chosen.images)
    assert "melanoma" not in one.called
    assert np.argmax(list(one.called.values())) == 0
