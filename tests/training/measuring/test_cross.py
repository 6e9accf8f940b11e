"""Cross-validation as it is called: every image answered once by a network that never saw it, in steps if need be."""

import csv
import dataclasses
import gzip
import io
import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SAMPLES
from tests.making import contract
from tests.training.drawn import draw, write_csv
from training.__main__ import main
from training.finish import finish
from training.folds.out_of_fold import read
from training.folds.probed import Probed, load_probe, save_probe
from training.folds.recipe import earlier_recipes_of, recipe_of
from training.folds.thresholds import thresholds
from training.measuring import tested
from training.measuring.cross import finished_folds
from training.measuring.model_card import blocks_of
from training.measuring.pictures import KINDS, Picture
from training.measuring.probe import probe
from training.measuring.spoiling import SERIES
from training.run.run_folder import RunFolder

LABELS = ("melanoma", "nevus")
QUICK = ["--input-size", "24", "--batch-size", "16", "--epochs", "1", "--folds", "2"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lesions with two images each, and a second copy of every image."""
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for name in ("melanoma", "nevus"):
        for number in range(20):
            for copy, suffix in (("small", "jpg"), ("large", "png")):
                path = draw(folder / f"{copy}/{name} {number}.{suffix}", name, number)
                about = {"label": name, "group": f"{name} {number // 2}", "picture": f"{name} {number}", "copy": copy}
                rows.append({"path": path.relative_to(folder).as_posix(), "source": "drawn", **about})
    return write_csv(folder / "all.csv", rows)


@pytest.fixture(scope="module")
def crossed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folds, asked for one after the other."""
    out = tmp_path_factory.mktemp("crossed") / "folds"
    for only in ("1", "2"):
        assert main(["cross", "--data", str(data), "--out", str(out), *QUICK, "--only", only]) == 0
        assert (out / "out_of_fold.csv.gz").exists() == (only == "2")
    return out


def rows_of(path: Path) -> list[dict[str, str]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_every_image_is_answered_once_and_no_lesion_by_a_network_that_saw_it(crossed: Path, data: Path) -> None:
    rows = rows_of(crossed / "out_of_fold.csv.gz")
    given = sorted((row["picture"], row["copy"]) for row in rows_of(data))
    assert sorted((row["image"], row["copy"]) for row in rows) == given
    folds: dict[str, set[str]] = {}
    for row in rows:
        folds.setdefault(row["group"], set()).add(row["fold"])
    assert len(folds) == 20
    assert all(len(numbers) == 1 for numbers in folds.values())
    for number in ("1", "2"):
        trained = {row["group"] for row in rows_of(crossed / f"fold-{number}/images.csv") if row["split"] == "train"}
        assert trained.isdisjoint(row["group"] for row in rows if row["fold"] == number)


def test_the_answers_are_those_of_the_folds_own_model_file(crossed: Path) -> None:
    rows = {(row["image"], row["copy"]): row for row in rows_of(crossed / "out_of_fold.csv.gz")}
    for number in ("1", "2"):
        named = {row["path"]: (row["picture"], row["copy"]) for row in rows_of(crossed / f"fold-{number}/images.csv")}
        for row in rows_of(crossed / f"fold-{number}/predictions.csv"):
            if row["split"] == "validation":
                kept = rows[named[row["path"]]]
                assert float(kept["p_melanoma"]) == pytest.approx(float(row["p_melanoma"]), rel=1e-3)
                assert float(kept["novelty"]) == pytest.approx(float(row["novelty"]), rel=1e-3)


def test_what_is_kept_of_the_folds_names_no_place_on_this_machine(crossed: Path, data: Path) -> None:
    assert recipe_of(crossed).settings.data == data.name
    assert str(data.parent) not in (crossed / "recipe.json").read_text(encoding="utf-8")


def some_pictures() -> list[Picture]:
    """Two kinds that are drawn: the tests do without the packages that ship photographs."""
    made = []
    for kind in ("charts", "noise"):
        for number, image in enumerate(KINDS[kind](np.random.default_rng(0))):
            file = io.BytesIO()
            image.convert("RGB").save(file, "PNG")
            made.append(Picture(kind, str(number), file.getvalue()))
    return made


@pytest.fixture(scope="module")
def probed(crossed: Path, data: Path) -> Probed:
    """The folds asked about changed, spoilt and strange pictures; the large copies stand for originals too."""
    originals = crossed.parent / "originals"
    originals.mkdir()
    for path in sorted((data.parent / "large").iterdir())[:12]:
        shutil.copy(path, originals)
    found = probe(finished_folds(crossed), [originals], SAMPLES, some_pictures)
    save_probe(found, crossed / "probe.json")
    return found


def test_every_fold_is_asked_about_images_that_it_held_out(probed: Probed) -> None:
    original, *changed = probed.agreements
    assert [one.change for one in probed.agreements if one.change.startswith("“originals”")] == [
        "“originals” against “large”",
        "“originals” against “small”",
    ]
    assert (original.same.n, original.largest_change) == (12, 0), "the same file is answered alike"
    assert all(one.same.n == 80 for one in changed[1:])
    assert probed.spoilt.images == 80
    assert {step.series for step in probed.spoilt.steps} == set(SERIES)
    assert {one.kind for one in probed.far} == {"charts", "noise"}
    assert all(len(one.novelty) == 2 for one in (*probed.far, *probed.drawn))
    assert len(probed.drawn) == len(list(SAMPLES.glob("*.png")))


def test_what_was_asked_is_not_asked_again(probed: Probed, crossed: Path) -> None:
    def never() -> list[Picture]:
        raise AssertionError("asked again")

    assert probe(finished_folds(crossed), [], SAMPLES, never) == probed
    assert load_probe(crossed / "probe.json") == probed


@pytest.fixture(scope="module")
def final(probed: Probed, crossed: Path, data: Path) -> Path:
    """The network that every image taught, judged by the folds."""
    out = crossed.parent / "final"
    limits = crossed.parent / "limits.txt"
    limits.write_text("Skins were not measured.\n\nNor were nails.\n", encoding="utf-8")
    call = ["run", "--data", str(data), "--out", str(out), *QUICK, "--fold", "0", "--judged-by", str(crossed)]
    assert main([*call, "--calibration", "validation", "--limits", str(limits)]) == 0
    return out


def test_the_final_network_learns_from_every_image_and_is_judged_by_the_folds(final: Path, crossed: Path) -> None:
    rows = rows_of(final / "images.csv")
    assert {row["split"] for row in rows} == {"train"}
    contract = Classifier(final / "classifier.onnx").contract
    assert sum(contract.training_data.label_counts.values()) == 80
    found = read(crossed / "out_of_fold.csv.gz")
    settled = thresholds(found, "validation", "80 images out of fold")
    assert contract.calibration_mix == pytest.approx({"melanoma": 0.5, "nevus": 0.5})
    assert [(flag.id, flag.threshold) for flag in contract.flags] == [("melanoma", settled.flags[0].threshold)]
    assert (contract.certainty_threshold, contract.novelty_threshold) == (settled.certainty, settled.novelty)
    assert contract.certainty_test is not None
    assert contract.certainty_test.n == 80
    assert contract.novelty_test is not None
    assert [kind.name for kind in contract.novelty_test.kinds] == ["charts", "noise"]
    assert contract.quality is not None
    assert [curve.name for curve in contract.reliability] == ["top", "melanoma"]
    assert [recall.n for recall in contract.recalls] == [40, 40]
    assert contract.limits == ("Skins were not measured.", "Nor were nails.")
    assert {figure.measured_on for figure in contract.figures} == {"training images", "80 images out of fold"}


def test_a_finished_network_is_judged_anew_without_training(final: Path, crossed: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(final, tmp_path / "run"))
    weights = (run / "model.weights.h5").read_bytes()
    assert main(["finish", "--out", str(run), "--name", "Ours", "--calibration", "none"]) == 0
    contract = Classifier(run / "classifier.onnx").contract
    assert (contract.name, contract.calibration_mix) == ("Ours", None)
    assert (run / "model.weights.h5").read_bytes() == weights


def test_folds_of_another_recipe_judge_nothing(
    crossed: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["run", "--data", str(data), "--out", str(tmp_path / "run"), *QUICK, "--fold", "0"]
    assert main([*call, "--judged-by", str(crossed), "--rotation", "30"]) == 1
    error = capsys.readouterr().err
    assert "were made with --rotation 20.0, this run with 30.0" in error
    assert not (tmp_path / "run/model.weights.h5").exists(), "it is said before the training"


def test_what_training_settled_cannot_be_finished_otherwise(final: Path) -> None:
    with pytest.raises(SystemExit):
        main(["finish", "--out", str(final), "--epochs", "3"])


def test_every_figure_is_counted_again_from_what_is_kept(
    final: Path, crossed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "ours"
    kept.mkdir()
    for name in ("out_of_fold.csv.gz", "recipe.json", "probe.json"):
        shutil.copy(crossed / name, kept)
    card = tmp_path / "CARD.md"
    card.write_text("# Card\n\n<!-- figures -->\n<!-- /figures -->\n", encoding="utf-8")
    paper = shutil.copytree(kept, tmp_path / "paper")
    call = ["measure", "--folds", str(kept), str(paper), "--out", str(tmp_path / "measured.md")]
    assert main(["measure", "--folds", str(kept), str(kept), "--out", str(tmp_path / "measured.md")]) == 2
    assert "Two of the folders have one name" in capsys.readouterr().err
    test_file = kept / "test.csv"
    some = tested.Tested(
        LABELS, "ab" * 32, ("T1",), ("isic9 Test",), np.zeros(1, int), np.zeros(1, bool), np.ones((1, 2)) / 2
    )
    tested.write(some, test_file)
    of_card = [*call, "--card", str(card), "--model", str(final / "classifier.onnx")]
    assert main(of_card) == 1
    assert "holds the answers of another model file than the card is of" in capsys.readouterr().err
    test_file.unlink()
    assert main(of_card) == 0
    page = (tmp_path / "measured.md").read_text(encoding="utf-8")
    found = read(kept / "out_of_fold.csv.gz")
    right = int((found.probabilities.argmax(axis=1) == found.truth).sum())
    assert f"| accuracy | {100 * right / 80:.1f} % (" in page
    assert "| charts (24) |" in page
    assert "“large” against “small”" in page
    assert "saved as JPEG 50" in page
    assert (tmp_path / "measured/reliability.svg").stat().st_size > 1000
    figures = json.loads((tmp_path / "measured/figures.json").read_text(encoding="utf-8"))
    assert figures[0]["classes"]["nine"]["figures"]["accuracy"]["value"] == pytest.approx(right / 80)
    assert "### All images" in card.read_text(encoding="utf-8")
    before = page
    assert main(call) == 0
    assert (tmp_path / "measured.md").read_text(encoding="utf-8") == before


def test_finished_folds_are_not_made_again_and_the_copies_are_compared(
    crossed: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in crossed.glob("fold-*/*")}
    assert main(["cross", "--data", str(data), "--out", str(crossed), *QUICK]) == 0
    table = capsys.readouterr().out
    assert "“large” against “small”" in table
    assert [line.split()[0] for line in table.splitlines()[1:4]] == ["all", "large", "small"]
    assert " / 80 = " in table
    assert {path: path.stat().st_mtime_ns for path in crossed.glob("fold-*/*")} == before


def test_what_is_left_is_told(crossed: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(crossed / "fold-2", tmp_path / "folds/fold-2")
    arguments = ["cross", "--data", str(data), "--out", str(tmp_path / "folds"), *QUICK, "--only", "2"]
    assert main(arguments) == 0
    assert "Left of 2 folds: 1." in capsys.readouterr().out


def test_folds_of_different_data_are_not_put_together(
    crossed: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(crossed, tmp_path / "folds")
    images = tmp_path / "folds/fold-1/images.csv"
    kept = [line for line in images.read_text(encoding="utf-8").splitlines() if "melanoma 3." not in line]
    images.write_text("\n".join(kept) + "\n", encoding="utf-8")
    predictions = tmp_path / "folds/fold-1/predictions.csv"
    kept = [line for line in predictions.read_text(encoding="utf-8").splitlines() if "melanoma 3." not in line]
    predictions.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert main(["cross", "--data", str(data), "--out", str(tmp_path / "folds"), *QUICK]) == 1
    assert "do not hold out every image once" in capsys.readouterr().err


def test_a_fold_that_fails_says_why_and_stops(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["cross", "--data", str(tmp_path), "--out", str(tmp_path / "folds"), *QUICK]) == 1
    error = capfd.readouterr().err
    assert "holds no images with a label" in error
    assert "Fold 1 failed for the reason above" in error


def test_each_fold_is_a_run_that_says_which_it_is(crossed: Path) -> None:
    for number in (1, 2):
        record = json.loads((crossed / f"fold-{number}/config.json").read_text(encoding="utf-8"))
        assert record["settings"]["fold"] == number


def test_folds_that_are_finished_anew_leave_nothing_of_before(
    crossed: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folds = Path(shutil.copytree(crossed, tmp_path / "folds"))
    before = read(folds / "out_of_fold.csv.gz")
    call = ["cross", "--data", str(data), "--out", str(folds), *QUICK]
    for mix in ("balanced", "none"):
        for number in ("1", "2"):
            assert main(["finish", "--out", str(folds / f"fold-{number}"), "--calibration", mix]) == 0
            assert (folds / f"fold-{number}/calibration.json").exists() == (mix == "balanced")
            assert main(["evaluate", "--out", str(folds / f"fold-{number}"), "--views", "8"]) == 0
        assert main(call) == 0
        assert read(folds / "out_of_fold.csv.gz").probabilities == pytest.approx(before.probabilities, abs=2e-3)
        assert (folds / "out_of_fold-8-views.csv.gz").exists()
    (folds / "fold-1/probe.npz").touch()
    run, measured = RunFolder(folds / "fold-1"), ("report.md", "predictions-8-views.csv", "probe.npz")
    assert main(["finish", "--out", str(run.path), "--judged-by", str(tmp_path / "nowhere")]) == 1
    assert all((run.path / name).exists() for name in measured)
    assert run.load_record().settings.judged_by == "", "what could not be read is not kept"
    finish(run, run.load_record())
    assert not any((run.path / name).exists() for name in measured), "as if it had been killed before the export"
    assert main(call) == 0
    assert not (folds / "out_of_fold-8-views.csv.gz").exists()


@pytest.mark.parametrize("more", [["--weights", "shipped"], ["--weights", "model.weights.h5"]])
def test_folds_do_not_start_from_a_network_that_saw_what_they_hold_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    assert main(["cross", "--data", str(data), "--out", str(tmp_path / "folds"), *QUICK, *more]) == 2
    assert "a network that saw what they hold out. Give --weights with {fold} in its path" in capsys.readouterr().err
    assert main(["cross", "--data", str(data), "--out", str(tmp_path / "folds"), "--recipe", "refinement"]) == 2
    assert not (tmp_path / "folds").exists()


REFINED = ["--recipe", "refinement", "--architecture", "paper-cnn", *QUICK, "--watched", "0", "--warmup", "0"]


def test_a_second_training_goes_on_fold_by_fold(crossed: Path, data: Path, tmp_path: Path) -> None:
    call = ["cross", "--data", str(data), "--out", str(tmp_path / "refined"), *REFINED, "--learning-rate", "1e-30"]
    assert main([*call, "--weights", str(crossed / "fold-{fold}/model.weights.h5")]) == 0
    for number in (1, 2):
        first, second = (
            keras.saving.load_model(folder / f"fold-{number}/model.keras", compile=False)
            for folder in (crossed, tmp_path / "refined")
        )
        # below the last layer, which is three where the probabilities were calibrated
        assert np.allclose(*(model.get_layer("embedding").get_weights()[0] for model in (first, second)))


def test_both_trainings_are_kept_beside_the_answers_and_told_in_the_card(
    crossed: Path, data: Path, tmp_path: Path
) -> None:
    refined = Path(shutil.copytree(crossed, tmp_path / "refined"))
    for number in (1, 2):
        run = RunFolder(refined / f"fold-{number}")
        record = run.load_record()
        weights = str(crossed / "fold-{fold}/model.weights.h5")
        run.save_record(dataclasses.replace(record, settings=dataclasses.replace(record.settings, weights=weights)))
    call = ["cross", "--data", str(data), "--out", str(refined), *QUICK]
    assert main(call) == 0
    second, (first,) = recipe_of(refined), earlier_recipes_of(refined)
    assert second.settings.weights == f"{crossed.name}/fold-{{fold}}/model.weights.h5"
    assert first == recipe_of(crossed)
    told = blocks_of(contract(), "ab" * 32, second, (first,), "# Title\n")["recipe"]
    assert told.index("### Training 1") < told.index("### Training 2") < told.index("model.weights.h5")
    assert earlier_recipes_of(crossed) == ()


def test_a_fold_that_learned_from_other_images_is_no_start(
    crossed: Path, data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    call = ["cross", "--data", str(data), "--out", str(tmp_path / "refined"), *REFINED, "--seed", "7"]
    assert main([*call, "--weights", str(crossed / "fold-{fold}/model.weights.h5")]) == 1
    assert "fold-1” learned from other images than this fold, which it may hold out" in capfd.readouterr().err
