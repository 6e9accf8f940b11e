"""Networks on the same images: the figures of the page, their differences by the same draws, and no other images."""

import dataclasses
import re
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from desktop.core.errors import DataError
from tests.making import NINE as LABELS
from tests.training.answers import made_up
from training.__main__ import main
from training.judging.alerts import AIMS, Lesions
from training.judging.held_out import BIOPSIED, FILE, LEFT_OUT, HeldOutAnswers, write
from training.judging.thresholds import fit_thresholds
from training.measuring.card_figures import count_figures
from training.measuring.comparison import Compared, compared
from training.measuring.comparison_page import names_of
from training.run.config import Config
from training.run.run_folder import RunFolder, RunRecord


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
    return {one.name: one for one in compared(folders)}


def test_figures_are_those_of_the_page(folders: tuple[Path, Path], found: dict[str, Compared]) -> None:
    melanoma = count_figures("sharp", folders[0]).alerts[0]
    one = found["Melanoma alert, biopsied: AUC against nevi"]
    assert melanoma.biopsied.auc_nevi is not None
    assert one.figures[0].value == pytest.approx(melanoma.biopsied.auc_nevi.value)
    assert one.n == melanoma.biopsied.positives + melanoma.biopsied.nevi
    raised, point = found["Melanoma alert, biopsied: raised for nevi"], melanoma.points[0].nevi_raised
    assert point is not None
    assert (raised.n, round(raised.figures[0].value * raised.n)) == (point.n, point.k)
    balanced = count_figures("sharp", folders[0]).classes["seven"].figures["balanced accuracy"]
    assert found["all images: balanced accuracy, seven classes"].figures[0] == balanced


def test_worse_network_is_told_as_worse_and_the_difference_is_that_of_the_figures(found: dict[str, Compared]) -> None:
    area = found["Melanoma alert, biopsied: AUC against nevi"]
    first, second = area.figures
    (difference,) = area.differences
    assert difference.value == pytest.approx(second.value - first.value)
    assert difference.high < 0


def test_network_does_not_differ_from_itself(folders: tuple[Path, Path]) -> None:
    for one in compared([folders[0], folders[0]]):
        assert [dataclasses.astuple(difference) for difference in one.differences] == [(0, 0, 0)]
        assert one.figures[0] == one.figures[1]


def test_each_of_several_networks_is_compared_with_the_first(
    folders: tuple[Path, Path], found: dict[str, Compared], tmp_path: Path
) -> None:
    third = kept(tmp_path / "third", made_up(900, is_proved=True))
    several = compared([*folders, third])
    assert [one.name for one in several] == list(found)
    for one in several:
        two = found[one.name]
        assert (one.figures[:2], one.differences[:1]) == (two.figures, two.differences)
        assert one.figures[2] == one.figures[0]
        assert dataclasses.astuple(one.differences[1]) == (0, 0, 0)


def test_images_of_the_source_that_both_left_out_are_compared_too(tmp_path: Path) -> None:
    held, out = made_up(900, is_proved=True), made_up(600, seed=8, is_proved=True)
    folders = []
    for name, by in (("sharp", 0.0), ("blurred", 4.0)):
        folders.append(kept(tmp_path / name, blurred(held, by)))
        write(blurred(out, by), folders[-1] / LEFT_OUT)
    found = {one.name: one for one in compared(folders)}
    fitted = fit_thresholds(held, Config().calibration, "the rest")
    lesions = Lesions(out, out.having(confirmed_by=BIOPSIED))
    is_melanoma = lesions.any(out.having(label="melanoma"))
    scores = lesions.mean(fitted.alerts["melanoma"].scores(fitted.calibrated(out.probabilities), out.labels))
    hits = scores[is_melanoma] >= fitted.alerts["melanoma"].thresholds[AIMS.index(0.95)]
    one = found["left out: Melanoma alert, biopsied: found"]
    assert one.n == is_melanoma.sum()
    assert one.figures[0].value == pytest.approx(hits.mean())
    assert found["left out: Melanoma alert, biopsied: AUC against nevi"].differences[0].high < 0


def test_answers_to_other_images_do_not_compare(folders: tuple[Path, Path], tmp_path: Path) -> None:
    fewer = kept(tmp_path / "fewer", made_up(900, is_proved=True).subset(np.arange(900) < 890))
    with pytest.raises(DataError, match="hold answers to other images or labels"):
        compared([folders[0], fewer])


def test_command_prints_and_writes_a_table_and_draws_the_differences(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"  # as a training leaves it, without what keep adds
    run.mkdir()
    write(made_up(900, is_proved=True), run / FILE)
    RunFolder(run).save_record(RunRecord(Config(), "0" * 64, LABELS, {}))
    call = ["compare", *map(str, folders), str(run), "--out", str(tmp_path / "out")]
    assert main(call) == 0
    printed = capsys.readouterr().out
    assert "|  | n | sharp | blurred | difference | run | difference |" in printed
    assert printed.startswith((tmp_path / "out/comparison.md").read_text(encoding="utf-8"))
    lines = [line.split(" | ") for line in printed.splitlines() if line.startswith("| all images: AUC")]
    assert re.fullmatch(r"-0\.\d{3} \(-0\.\d{3} to -0\.\d{3}\)", lines[0][4])
    assert lines[0][6] == "0.000 (0.000 to 0.000) |"
    with Image.open(tmp_path / "out/comparison.png") as picture:
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 20


def test_folders_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    folders = [tmp_path / "ours/without-milk10k", tmp_path / "paper/without-milk10k"]
    assert names_of(folders) == ("ours/without-milk10k", "paper/without-milk10k")
    assert names_of([tmp_path / "ours", tmp_path / "paper"]) == ("ours", "paper")


@pytest.mark.parametrize("runs", [("ours",), ("ours", "paper", "ours")])
def test_fewer_than_two_different_runs_are_refused(
    runs: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *(str(tmp_path / run) for run in runs)]) == 2
    assert "Give two or more different runs to compare." in capsys.readouterr().err
