"""Two networks on the same images: the figures of the page, their difference by the same draws, and no other images."""

import dataclasses
from pathlib import Path

import msgspec
import numpy as np
import pytest

from desktop.core.errors import DataError
from tests.making import NINE as LABELS
from tests.training.answers import made_up
from training.__main__ import main
from training.judging.alerts import AIMS, Lesions
from training.judging.held_out import BIOPSIED, FILE, LEFT_OUT, HeldOutAnswers, write
from training.judging.thresholds import fit_thresholds
from training.measuring.card_figures import count_figures
from training.measuring.comparison import Compared, compared
from training.run.config import Config
from training.run.run_folder import RunRecord


def kept(folder: Path, found: HeldOutAnswers) -> Path:
    folder.mkdir(parents=True)
    write(found, folder / FILE)
    (folder / "recipe.json").write_bytes(msgspec.json.encode(RunRecord(Config(), "0" * 64, LABELS, {})))
    return folder


def blurred(found: HeldOutAnswers, by: float) -> HeldOutAnswers:
    """Return the answers with noise on their logarithms, in another order and with other numbers of the groups."""
    random = np.random.default_rng(5)
    powers = found.probabilities * np.exp(random.normal(0, by, found.probabilities.shape))
    order = random.permutation(len(found.images))
    images = tuple(dataclasses.replace(found.images[place], group=found.images[place].group + 7000) for place in order)
    return dataclasses.replace(
        found, images=images, probabilities=(powers / powers.sum(axis=1, keepdims=True))[order], novelty=None
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root, found = tmp_path_factory.mktemp("kept"), made_up(900, is_proved=True)
    return kept(root / "sharp", found), kept(root / "blurred", blurred(found, 4.0))


@pytest.fixture(scope="module")
def found(folders: tuple[Path, Path]) -> dict[str, Compared]:
    return {one.name: one for one in compared(*folders)}


def test_figures_are_those_of_the_page(folders: tuple[Path, Path], found: dict[str, Compared]) -> None:
    melanoma = count_figures("sharp", folders[0]).alerts[0]
    one = found["Melanoma alert, biopsied: AUC against nevi"]
    assert melanoma.biopsied.auc_nevi is not None
    assert one.first.value == pytest.approx(melanoma.biopsied.auc_nevi.value)
    assert one.n == melanoma.biopsied.positives + melanoma.biopsied.nevi
    raised, point = found["Melanoma alert, biopsied: raised for nevi"], melanoma.points[0].nevi_raised
    assert point is not None
    assert (raised.n, round(raised.first.value * raised.n)) == (point.n, point.k)
    balanced = count_figures("sharp", folders[0]).classes["seven"].figures["balanced accuracy"]
    assert found["all images: balanced accuracy, seven classes"].first == balanced


def test_worse_network_is_told_as_worse_and_the_difference_is_that_of_the_figures(found: dict[str, Compared]) -> None:
    area = found["Melanoma alert, biopsied: AUC against nevi"]
    assert area.difference.value == pytest.approx(area.second.value - area.first.value)
    assert area.difference.high < 0


def test_network_does_not_differ_from_itself(folders: tuple[Path, Path]) -> None:
    for one in compared(folders[0], folders[0]):
        assert (one.difference.value, one.difference.low, one.difference.high) == (0, 0, 0)
        assert one.first == one.second


def test_images_of_the_source_that_both_left_out_are_compared_too(tmp_path: Path) -> None:
    held, out = made_up(900, is_proved=True), made_up(600, seed=8, is_proved=True)
    folders = []
    for name, by in (("sharp", 0.0), ("blurred", 4.0)):
        folders.append(kept(tmp_path / name, blurred(held, by)))
        write(blurred(out, by), folders[-1] / LEFT_OUT)
    found = {one.name: one for one in compared(*folders)}
    fitted = fit_thresholds(held, Config().calibration, "the rest")
    lesions = Lesions(out, out.having(confirmed_by=BIOPSIED))
    is_melanoma = lesions.any(out.having(label="melanoma"))
    scores = lesions.mean(fitted.alerts["melanoma"].scores(fitted.calibrated(out.probabilities), out.labels))
    hits = scores[is_melanoma] >= fitted.alerts["melanoma"].thresholds[AIMS.index(0.95)]
    one = found["left out: Melanoma alert, biopsied: found"]
    assert one.n == is_melanoma.sum()
    assert one.first.value == pytest.approx(hits.mean())
    assert found["left out: Melanoma alert, biopsied: AUC against nevi"].difference.high < 0


def test_answers_to_other_images_do_not_compare(folders: tuple[Path, Path], tmp_path: Path) -> None:
    fewer = kept(tmp_path / "fewer", made_up(900, is_proved=True).subset(np.arange(900) < 890))
    with pytest.raises(DataError, match="hold answers to other images or labels"):
        compared(folders[0], fewer)


def test_command_prints_a_table(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--first", str(folders[0]), "--second", str(folders[1])]) == 0
    assert "|  | n | sharp | blurred | difference |" in capsys.readouterr().out
