"""From exported lesions to a new model, the page that says whether it is better, and its adoption in the window."""

import csv
import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from desktop.commands.records import main as records
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.judging import improvement
from desktop.core.judging.better import FEWEST_CALIBRATING, FEWEST_TO_LEARN_FROM
from desktop.core.judging.better_words import figure_sentences, verdict_sentence
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures
from desktop.core.labelled_images.training_export import read_export
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.core.records.values import KeptImage
from desktop.widgets.audit.audit_details import detail_text
from desktop.widgets.practice.decision_sheet import DecisionSheet
from tests.alerts import melanoma_alert
from tests.core.records.history_contents import an_answer
from tests.making import NINE, contract, write_model
from tests.training.drawn import SIZE, draw, picture
from tests.training.improving.exported import write_export
from tests.widgets.conftest import Desk, make_desk, questions  # noqa: F401 - pytest finds fixtures by their names
from tests.widgets.practice.trial_history import page
from training.__main__ import main
from training.improving.data import learned_of
from training.run.config import Config
from training.run.recipes import with_recipe
from training.run.run_folder import RunFolder

LABELS = {"melanoma": 150, "nevus": 110, "seborrheic_keratosis": 40}
MADE = dt.date(2026, 1, 1)
SMALL = (
    *("--recipe", "paper", "--input-size", "24", "--batch-size", "32"),
    *("--epochs", "2", "--folds", "3", "--weights", "none"),
)
"""The smallest that the paper's network takes."""


def base_model(folder: Path) -> Path:
    """Write a model with an alert for melanoma, and what it learned from beside it."""
    folder.mkdir()
    described = contract(alerts=(melanoma_alert(-2.22),), date=MADE.isoformat())
    model = write_model(folder / "base.onnx", described, seed=16)
    nothing = TrainingPictures(described.training_data.fingerprint, np.ones((1, 4), np.uint64))
    model.with_suffix(SUFFIX).write_bytes(nothing.to_bytes())
    return model


def unmistakable(label: str, seed: int) -> Image.Image:
    """Draw a lesion on skin that no other one has, so that none is taken for a copy of another."""
    random = np.random.default_rng(seed)
    patches = Image.fromarray(random.integers(0, 256, (5, 6, 3), np.uint8)).resize(SIZE, Image.Resampling.NEAREST)
    return Image.blend(picture(label.replace("_", " "), seed), patches, 0.3)


def fill(folder: Path, data_folder: Path) -> None:
    """Make a history of lesions with a picture in `folder` and histology each; all patients but the last agreed to training."""
    labels = [label for label, count in LABELS.items() for _ in range(count)]
    with History.open(data_folder) as history, history.together():
        for number, label in enumerate([*labels, "melanoma"]):
            path = folder / f"{number}.png"
            unmistakable(label, number).save(path)
            data = path.read_bytes()
            image = KeptImage(hashlib.sha256(data).hexdigest(), path.name, "PNG", *SIZE, len(data), path, stored=False)
            history.save(image, an_answer(), contract(), by="MK")
            name = f"P-{number}"
            patient = history.people.add_patient(name, "female", by="MK").id
            if number < len(labels):
                history.people.correct_patient(patient, name, "female", by="MK", training_use="yes")
            lesion = history.people.add_lesion(patient, "L1", "", by="MK").id
            visit = history.people.begin_visit(patient, MADE, "50-59", by="MK").id
            image_id = history.people.image_id_of(image.sha256)
            assert image_id is not None
            history.people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
            history.assessments.add_outcome(
                lesion_id=lesion,
                kind="histopathology",
                diagnosis=label,
                label=label,
                date=MADE + dt.timedelta(days=1),
                by="MK",
            )


def improve(export: Path, base: Path, out: Path, *more: object) -> int:
    return main(["improve", "--data", str(export), "--base", str(base), "--out", str(out), *SMALL, *map(str, more)])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base_model(tmp_path_factory.mktemp("base") / "model")


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory, base: Path) -> Path:
    """Export the lesions of a history, as the command without a window does."""
    folder = tmp_path_factory.mktemp("clinic")
    fill(folder, folder / "data")
    arguments = ["training", "--data-dir", folder / "data", "--model", base, "--out", folder / "export"]
    assert records([str(one) for one in arguments]) == 0
    return folder / "export"


@pytest.fixture(scope="module")
def improved(tmp_path_factory: pytest.TempPathFactory, export: Path, base: Path) -> Path:
    out = tmp_path_factory.mktemp("improved") / "out"
    assert improve(export, base, out) == 0
    return out


def test_one_command_trains_judges_and_writes_the_page(improved: Path, export: Path, base: Path) -> None:
    page = (improved / "report.md").read_text(encoding="utf-8")
    told = json.loads((improved / "report.json").read_text(encoding="utf-8"))
    run = RunFolder(improved / "run")
    new = Classifier(run.classifier)
    assert new.contract.label_ids == tuple(label.id for label in NINE)
    assert told["new_model_sha256"] == new.sha256
    assert told["old_model_sha256"] == Classifier(base).sha256
    assert (told["look"], told["measure"], told["error"]) == (1, "alarms on biopsied benign lesions", 0.025)
    assert told["verdict"] in {"forgetting not measured", "worse, do not use"}
    assert told["rules"]["melanomas of the held-out lesions"] == "not measured"
    assert "Forgetting was not measured" in page
    assert f"{told['lesions']} lesions for judging" in page
    with (export / "lesions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    manifest = read_export(export)
    assert len(rows) == manifest.lesions == sum(LABELS.values())
    assert manifest.left_out == {"use for training not asked": 1}
    judged = [row for row in rows if row["split"] == "test"]
    assert {row["lesion"] for row in judged} == set(manifest.judged)
    assert told["lesions"] == len(judged)
    assert 0 < told["clinic"]["melanomas"]["old"] < told["clinic"]["melanomas"]["n"]
    assert told["clinic"]["melanomas"]["n"] == sum(row["label"] == "melanoma" for row in judged)
    taught = {row["lesion"] for row in rows if row["split"] == "train"}
    assert learned_of(run.classifier, manifest.history) == taught
    settings = run.load_record().settings
    assert (settings.distillation, settings.adjustment, settings.conflicts) == (0.5, 0.0, "drop")
    teacher = np.load(run.teacher)
    assert teacher.shape == (len(run.load_array("train")), len(NINE))
    assert teacher.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_counts_of_the_page_are_those_of_the_two_model_files(improved: Path, export: Path, base: Path) -> None:
    told = json.loads((improved / "report.json").read_text(encoding="utf-8"))
    with (export / "lesions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    raised = {}
    for which, path in (("old", base), ("new", RunFolder(improved / "run").classifier)):
        files = [export / row["path"] for row in rows]
        answers = classify_files(files, Classifier(path))
        raised[which] = {
            one.path.name: {flag.flag.id for flag in one.judgement.flags} for one in answers if one.judgement
        }
        assert len(raised[which]) == len(rows)
    melanomas = [row["path"] for row in rows if row["label"] == "melanoma"]
    for which, found in raised.items():
        assert told["clinic"]["melanomas"][which] == sum("melanoma" in found[path] for path in melanomas)
        assert told["clinic"]["gain"][which] == sum(
            bool(found[row["path"]]) for row in rows if row["label"] != "melanoma"
        )
    lost = {path for path in melanomas if "melanoma" in raised["old"][path] and "melanoma" not in raised["new"][path]}
    assert set(told["missed_images"]) == lost
    with (export / "lesions.csv").open(encoding="utf-8", newline="") as file:
        names = {row["path"]: row["lesion"] for row in csv.DictReader(file)}
    assert set(told["missed_lesions"]) == {names[path] for path in lost}
    page = (improved / "report.md").read_text(encoding="utf-8")
    assert all(f"(<{(export / path).as_posix()}>)" in page for path in lost)


def test_the_same_command_again_is_no_new_look(improved: Path, export: Path, base: Path) -> None:
    before = json.loads((improved / "report.json").read_text(encoding="utf-8"))
    assert improve(export, base, improved) == 0
    assert json.loads((improved / "report.json").read_text(encoding="utf-8")) == before


def test_a_second_model_is_another_look_and_is_adopted_in_the_window(
    improved: Path,
    export: Path,
    base: Path,
    tmp_path: Path,
    make_desk: Callable[..., Desk],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The verdict of the command is that of the dialog, with its figures, and stays on the card and in the log."""
    assert improve(export, base, tmp_path / "second", "--seed", 7) == 0
    new_file = RunFolder(tmp_path / "second" / "run").classifier
    found = improvement.improvement_of(Classifier(new_file), Classifier(base))
    assert found is not None
    assert found.look == json.loads((improved / "report.json").read_text(encoding="utf-8"))["look"] + 1
    shutil.copytree(export.parent / "data", tmp_path / "data")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(new_file), ""))
    desk = make_desk(base)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.staged_start.finish()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    said = (str(verdict_sentence(found)), *map(str, figure_sentences(found)))
    shown = desk.texts(dialog)
    for text in (*said, "Look 2 at your lesions"):
        assert text in shown
    assert len(dialog.found.lost) >= len(found.missed_lesions)
    assert dialog.found.lost_elsewhere == 0
    assert len(dialog.found.flips.learned) == len(set(learned_of(new_file, read_export(export).history)))
    dialog.adopt.click()
    (sheet,) = dialog.findChildren(DecisionSheet)
    sheet.initials.setText("MK")
    assert not sheet.save.isEnabled()
    sheet.reason.setPlainText("to see how it does")
    sheet.save.click()
    used = desk.parts.model
    desk.wait(lambda: used.classifier is not None and used.classifier.sha256 == found.new_model_sha256)
    desk.rest()
    desk.parts.window.show_workspace("model")
    card = desk.texts(desk.parts.window.workspaces.model.page)
    for text in (*said, "to see how it does", "It was not shown to be better than the model before."):
        assert text in card
    with History.open(desk.folder) as history:
        (decided,) = history.model_decisions.all()
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.MODEL_DECIDED}))).acts
        looks = [
            history.training_exports.plan(contract().label_ids, sha256, MADE.isoformat()).look
            for sha256 in (found.old_model_sha256, found.new_model_sha256)
        ]
    kept = decided.figures["improvement"]
    assert isinstance(kept, dict)
    assert improvement.improvement_from(kept) == improvement.improvement_from(found.figures())
    assert f"Compared when it was made: {found.verdict}." in detail_text(act)
    assert looks == [2, 1], "the new model's lesions begin anew"


def test_what_the_base_answered_is_made_again_if_its_file_is_gone(improved: Path, export: Path, base: Path) -> None:
    run = RunFolder(improved / "run")
    before = run.teacher.read_bytes()
    run.teacher.unlink()
    assert improve(export, base, improved) == 0
    assert run.teacher.read_bytes() == before


def test_other_settings_for_a_run_that_is_trained_are_refused(
    improved: Path, export: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert improve(export, base, improved, "--epochs", 3) == 2
    assert "--epochs is 2 in this run" in capsys.readouterr().err


def test_an_export_for_another_model_is_refused(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_model(tmp_path / "other.onnx", contract(alerts=(melanoma_alert(-1.5),)), seed=4)
    assert improve(export, other, tmp_path / "out") == 1
    assert "was exported to improve another model" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_too_few_to_set_an_alert_is_said_before_training(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = write_export(tmp_path / "few", {"melanoma": 30, "nevus": 90}, Classifier(base).sha256)
    assert improve(few, base, tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert "Give --base-data" in told
    assert "lesionlens-train recalibrate" in told
    assert not RunFolder(tmp_path / "out" / "run").began


def test_a_folder_with_hardly_a_lesion_is_refused_with_what_is_needed(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = write_export(tmp_path / "few", {"melanoma": 3, "nevus": 2}, Classifier(base).sha256)
    assert improve(few, base, tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert "2 melanomas and 1 other. To set the new model's alert, 20 of each must be put aside" in told
    assert "The doctor exports again once there are more" in told
    assert "split column" not in told
    assert not (tmp_path / "out").exists()


def test_the_window_says_what_the_usual_training_needs() -> None:
    folds = Config(**with_recipe({"recipe": "refinement", "data": "images.csv"})).folds
    assert folds * FEWEST_CALIBRATING == FEWEST_TO_LEARN_FROM


def test_held_out_images_of_the_base_measure_what_is_forgotten(
    export: Path, base: Path, improved: Path, tmp_path: Path
) -> None:
    rows = [
        {
            "path": str(draw(tmp_path / f"{number}.png", label, 10_000 + number)),
            "label": label,
            "confirmed_by": "histopathology",
            "split": "test",
            "age": 50,
        }
        for number, label in enumerate(["melanoma"] * 160 + ["nevus"] * 40)
    ]
    with (tmp_path / "base.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert improve(export, base, improved, "--base-data", tmp_path / "base.csv") == 0
    told = json.loads((improved / "report.json").read_text(encoding="utf-8"))
    melanomas = told["held_out"]["melanomas"]
    assert 150 <= melanomas["n"] <= 160  # a drawn picture that looks like another is a copy of it
    assert 0 < melanomas["old"] < melanomas["n"]
    assert told["held_out_lesions"] <= 200
    assert told["rules"]["melanomas of the held-out lesions"] in {"met", "failed"}
    assert {one["rule"] for one in told["bars"]} == {"calibration", "novelty", "copies"}
    assert "Forgetting was not measured" not in (improved / "report.md").read_text(encoding="utf-8")
