"""Tuning on drawn images: killed and carried on, pruned, out of time; its best settings train a run on other images."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import optuna
import pytest

from tests.training.drawn import draw_classes
from training.__main__ import main
from training.judging.yardstick import HistologyYardstick
from training.run.run_folder import RunFolder
from training.tuning.space import searched, suggest
from training.tuning.study import BEST, TRIALS, _judges
from training.tuning.trial import TrialFolder, run_trial, settings_of

OPTIONS = ["--input-size", "24", "--batch-size", "16", "--epochs", "3", "--folds", "2", "--seed", "5", "--biopsied"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_classes(tmp_path_factory.mktemp("data"), {"melanoma": 104, "nevus": 104})


@pytest.fixture(scope="module")
def at_once(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tuning of two trials without interruption."""
    folder = tmp_path_factory.mktemp("tuning") / "at-once"
    assert main(["tune", "--data", str(data), "--out", str(folder), "--trials", "2", *OPTIONS]) == 0
    return folder


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / TRIALS).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_trial_has_the_recipes_settings_and_the_best_is_kept(at_once: Path) -> None:
    rows = rows_of(at_once)
    assert [row["state"] for row in rows] == ["complete", "complete"]
    assert (float(rows[0]["learning_rate"]), float(rows[0]["balance"])) == (0.001, 0)
    assert float(rows[1]["learning_rate"]) != 0.001
    best = max(rows, key=lambda row: float(row["figure"]))
    settings = json.loads((at_once / BEST).read_text(encoding="utf-8"))
    assert settings["learning_rate"] == float(best["learning_rate"])
    assert (settings["recipe"], settings["seed"], settings["folds"]) == ("paper", 5, 2)
    assert not {"data", "epochs", "input_size"} & settings.keys()
    assert not list(at_once.glob("trials/*/checkpoint.npz"))


def test_a_killed_tuning_is_carried_on_to_the_same_result(at_once: Path, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    command = [sys.executable, "-m", "training", "tune", "--data", str(data), "--out", str(folder), "--trials", "2"]
    with subprocess.Popen([*command, *OPTIONS], stderr=subprocess.PIPE, text=True) as killed:
        assert killed.stderr
        second_epochs = 0
        for line in killed.stderr:
            second_epochs += line.startswith("epoch 2/3")
            if second_epochs == 2:
                killed.kill()
                break
    assert len(rows_of(folder)) == 1
    assert len(list(folder.glob("trials/*/checkpoint.npz"))) == 1
    assert main(["tune", "--out", str(folder), "--trials", "2"]) == 0
    for name in (BEST, TRIALS):
        assert (folder / name).read_text(encoding="utf-8") == (at_once / name).read_text(encoding="utf-8")
    assert main(["tune", "--out", str(folder), "--trials", "2"]) == 0
    assert len(rows_of(folder)) == 2, "the budget was spent"


def test_a_run_takes_the_best_settings_and_holds_out_what_took_no_part(
    at_once: Path, data: Path, tmp_path: Path
) -> None:
    run = RunFolder(tmp_path / "run")
    call = ["fit", "--data", str(data), "--out", str(run.path), "--settings", str(at_once / BEST)]
    assert main([*call, "--input-size", "24", "--epochs", "1"]) == 0
    settings = run.load_record().settings
    for name, value in json.loads((at_once / BEST).read_text(encoding="utf-8")).items():
        assert getattr(settings, name) == value
    assert settings.epochs == 1
    assert run.model.exists()
    held = {image.path for image in run.load_images() if image.split == "validation"}
    used = {image.path for image in RunFolder(at_once / "images").load_images() if image.row >= 0}
    assert held
    assert used == {image.path for image in run.load_images() if image.split == "train"}


def test_a_trial_that_cannot_become_the_best_is_pruned(
    at_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(at_once, tmp_path / "tuning"))
    storage = optuna.storages.RDBStorage(f"sqlite:///{(folder / 'study.db').as_posix()}")
    study = optuna.load_study(study_name="tuning", storage=storage)
    for _ in range(3):
        study.add_trial(
            optuna.trial.create_trial(
                params=study.trials[0].params,
                distributions=study.trials[0].distributions,
                value=1.0,
                intermediate_values={1: 1.0, 2: 1.0, 3: 1.0},
            )
        )
    storage.remove_session()
    storage.engine.dispose()
    assert main(["tune", "--out", str(folder), "--trials", "6"]) == 0
    last = rows_of(folder)[-1]
    assert (last["state"], last["epochs"]) == ("pruned", "1")
    assert float(last["figure"]) < 1
    assert "6 trials, 1 of them pruned" in capsys.readouterr().out


def test_a_trial_that_runs_out_of_time_keeps_its_checkpoint_and_is_carried_on(at_once: Path, tmp_path: Path) -> None:
    shared = RunFolder(at_once / "images")
    record = shared.load_record()
    study = optuna.create_study(direction="maximize")
    ranges = searched(record.settings, ())
    first = rows_of(at_once)[0]
    study.enqueue_trial({name: float(first[name]) for name in ranges})
    trial = study.ask()
    record = settings_of(record, suggest(trial, ranges))
    folder = TrialFolder(tmp_path / "trial", shared)
    judge = HistologyYardstick(_judges(shared, biopsied=True), record.labels, "none")
    assert run_trial(trial, folder, record, judge, {}, lambda: False) is None
    assert folder.checkpoint.exists()
    assert len(folder.load_history()) == 1
    again = study.ask()
    reported = study.trials[0].intermediate_values
    assert run_trial(again, folder, record, judge, reported, lambda: True) == pytest.approx(
        float(first["figure"]), abs=1e-6
    )
    assert len(study.trials[1].intermediate_values) == 3


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        ([], 2, "Give --hours, --trials or both"),
        (["--trials", "0"], 2, "--trials is 0; give more than 0"),
        (["--trials", "3", "--balance", "0.5"], 2, "holds a tuning with other options"),
    ],
)
def test_a_call_that_does_not_fit_is_refused(
    at_once: Path, capsys: pytest.CaptureFixture[str], options: list[str], status: int, sentence: str
) -> None:
    assert main(["tune", "--out", str(at_once), *options]) == status
    assert sentence in capsys.readouterr().err


def test_nothing_is_begun_without_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "--out", str(tmp_path), "--trials", "1"]) == 2
    assert "holds no tuning yet. Give --data." in capsys.readouterr().err


def test_data_without_biopsied_lesions_are_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["tune", "--data", str(data), "--out", str(tmp_path / "tuning"), "--trials", "1", *OPTIONS[:-1]]
    assert main(call) == 1
    assert "0 melanomas and 0 others are known to be biopsied" in capsys.readouterr().err
    assert main(["tune", "--out", str(tmp_path / "tuning"), "--trials", "1"]) == 2
    assert "holds no tuning yet" in capsys.readouterr().err, "other options may be given now"


def test_a_damaged_plan_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tuning.json").write_text("{")
    assert main(["tune", "--out", str(tmp_path), "--trials", "1"]) == 1
    assert "tuning.json” cannot be read" in capsys.readouterr().err
