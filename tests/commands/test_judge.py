"""lesionlens-judge on drawn images, recounted from its own table of answers with scikit-learn, scipy and plain loops."""

import csv
import dataclasses
import json
import math
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, recall_score, roc_auc_score

from desktop.commands import judge
from desktop.core.inference.alerts import AlertTerm
from desktop.core.inference.context import Context, ContextFactor, ContextValue
from desktop.core.inference.contract import Contract, Flag, Group, QualityLimits, Recalibration
from desktop.core.judging.learned_lesions import SUFFIX as LESIONS_SUFFIX
from desktop.core.judging.learned_lesions import LearnedLesions
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures
from desktop.core.labelled_images.audit import open_images
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.statistics import bootstrap
from tests.alerts import ALWAYS, NEVER, at_two_points, cancer_alert, melanoma_alert
from tests.judged import blotches, draw_blotches
from tests.making import contract, torn, write_model

KERATOSES = ("pigmented_benign_keratosis", "seborrheic_keratosis")
GROUP = Group("benign_keratosis", "Benign keratosis", KERATOSES)
THRESHOLD = 1.0
LABELS = ("melanoma", "nevus", "basal_cell_carcinoma", "seborrheic_keratosis")
LESIONS = 100
SEED = 230
"""Of the model: with it all colours together are named melanoma, nevus or carcinoma about equally often."""


def describe(**changes: object) -> Contract:
    alerts = (melanoma_alert(THRESHOLD), cancer_alert(THRESHOLD))
    return contract(**{"groups": (GROUP,), "alerts": alerts, "intended_use": "research"} | changes)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that goes by the mean colour; what it learned from is noted beside it: nothing of the test's."""
    return known(write_model(tmp_path / "model.onnx", describe()), [draw_blotches(tmp_path / "learned.png", 9_999)])


def known(model: Path, learned: list[Path]) -> Path:
    """Note the images that a model learned from."""
    opened = open_images([LabelledImage(path, path.name, "") for path in learned], lambda: None)
    found = TrainingPictures.of("0" * 64, np.array([one.thumbnail for one in opened]))
    model.with_suffix(SUFFIX).write_bytes(found.to_bytes())
    return model


def write_table(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100 lesions of 70 patients in up to three images each, of four labels, the last with few."""
    folder = tmp_path_factory.mktemp("data")
    random = np.random.default_rng(5)
    rows = []
    for lesion in range(LESIONS):
        label = LABELS[0 if lesion < 30 else 1 if lesion < 65 else 2 if lesion < 90 else 3]
        for view in range(1 + lesion % 3):
            name = f"{lesion:03}-{view}.png"
            draw_blotches(folder / name, 1000 * view + lesion, random.uniform(5, 250, 3).tolist())
            row = {"path": name, "label": label, "lesion_id": f"L{lesion}", "patient": f"P{lesion % 70}"}
            rows.append(row | {"confirmed_by": "histopathology" if lesion % 2 else "follow_up"})
    return write_table(folder / "lesions.csv", rows)


def run(*arguments: object) -> int:
    return judge.main([str(argument) for argument in arguments])


def report(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return found


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "answers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Recount:
    """The votes of the lesions, counted anew from the table of answers."""

    def __init__(self, out: Path) -> None:
        lesions: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows_of(out):
            if not row["left_out"]:
                lesions[row["given_lesion"]].append(row)
        votes = list(lesions.values())
        self.labels = [name.removeprefix("p_") for name in votes[0][0] if name.startswith("p_")]
        self.truth = np.array([rows[0]["given_label"] for rows in votes])
        self.patients = np.array([rows[0]["given_patient"] for rows in votes])
        self.proved = np.array([rows[0]["confirmed_by"] == "histopathology" for rows in votes])
        self.shares = np.array(
            [np.mean([[float(row[f"p_{label}"]) for label in self.labels] for row in rows], axis=0) for rows in votes]
        )
        self.scores = np.array([np.mean([self._score(row) for row in rows]) for rows in votes])
        self.named = np.array([self.labels[place] for place in self.shares.argmax(axis=1)])

    @staticmethod
    def _score(row: dict[str, str]) -> float:
        """The score of the alerts of `tests.alerts`."""
        keratoses = sum(float(row[f"p_{label}"]) for label in KERATOSES)
        return 0.5 + math.log(max(float(row["p_melanoma"]), 1e-4)) - 0.5 * math.log(max(keratoses, 1e-4))

    def drawn(self, counted: NDArray[np.bool_], among: NDArray[np.bool_]) -> tuple[float, float]:
        """The 95 % interval of a share, patients drawn with replacement one by one."""
        patients = list(dict.fromkeys(self.patients))
        random = np.random.default_rng(bootstrap._SEED)
        found = []
        for _ in range(bootstrap.DRAWS):
            hits = total = 0
            for place in random.integers(len(patients), size=len(patients)):
                own = self.patients == patients[place]
                hits += int((own & counted & among).sum())
                total += int((own & among).sum())
            found.append(hits / total)
        low, high = np.percentile(found, (2.5, 97.5))
        return float(low), float(high)


@pytest.fixture(scope="module")
def judged(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report on these images."""
    folder = tmp_path_factory.mktemp("judged")
    model = known(
        write_model(folder / "model.onnx", describe(), seed=SEED), [draw_blotches(folder / "learned.png", 9_999)]
    )
    assert run(data, "--model", model, "--out", folder / "out") == 0
    return folder / "out"


def near(value: float) -> Any:
    return pytest.approx(value, abs=1e-9)


def test_every_figure_of_a_label_is_that_of_scikit_learn(judged: Path) -> None:
    found, counted = report(judged), Recount(judged)
    assert (found["lesions"], found["patients"]) == (LESIONS, 70)
    assert found["n"] == len(rows_of(judged)) == sum(1 + lesion % 3 for lesion in range(LESIONS))
    assert found["accuracy"]["value"] == near(accuracy_score(counted.truth, counted.named))
    recalls = [recall_score(counted.truth == one, counted.named == one) for one in LABELS]
    assert found["balanced_accuracy"]["value"] == near(float(np.mean(recalls)))
    for place, label in enumerate(counted.labels):
        own, named, of_label = counted.truth == label, counted.named == label, found["labels"][label]
        assert (of_label["n"], of_label["named"]) == (own.sum(), (own & named).sum())
        assert of_label["expected"] == near(counted.shares[:, place].sum())
        if label in LABELS[:3]:
            assert of_label["auc"]["value"] == near(roc_auc_score(own, counted.shares[:, place]))
            assert of_label["sensitivity"]["value"] == near(recall_score(own, named))
            assert of_label["specificity"]["value"] == near(recall_score(~own, ~named))
        elif label == LABELS[3]:  # ten lesions: counts and cases
            assert of_label["auc"] is of_label["sensitivity"] is None
            assert {case.partition("-")[0] for case in of_label["cases"]} == {f"{n:03}" for n in range(90, 100)}


def test_the_calibration_error_is_that_of_fifteen_bins(judged: Path) -> None:
    counted = Recount(judged)
    order = np.argsort(counted.shares.max(axis=1), kind="stable")
    right = (counted.named == counted.truth)[order]
    confidence = counted.shares.max(axis=1)[order]
    bins = np.minimum((np.arange(LESIONS) + 0.5) * 15 / LESIONS, 14).astype(int)
    error = sum(abs((confidence[bins == one] - right[bins == one]).sum()) / LESIONS for one in range(15))
    assert report(judged)["ece"] == near(error)


def test_the_alerts_are_counted_by_lesion(judged: Path) -> None:
    found, counted = report(judged)["alerts"], Recount(judged)
    raised = counted.scores >= THRESHOLD
    for alert, labels in (("melanoma", LABELS[:1]), ("malignant", (LABELS[0], LABELS[2]))):
        own = np.isin(counted.truth, labels)
        assert (found[alert]["positives"], found[alert]["raised"]) == (own.sum(), (own & raised).sum())
        assert found[alert]["missed"] == (own & ~raised).sum()
        assert (found[alert]["others"], found[alert]["others_raised"]) == ((~own).sum(), (~own & raised).sum())
        assert found[alert]["auc"]["value"] == near(roc_auc_score(own, counted.scores))
        assert found[alert]["sensitivity"]["value"] == near(recall_score(own, raised))
        assert found[alert]["specificity"]["value"] == near(recall_score(~own, ~raised))
        assert found[alert]["histology"]["raised"] == (own & raised & counted.proved).sum()
        by_label = found[alert]["by_label"]["nevus"]
        assert by_label == {"n": 35, "raised": int((raised & (counted.truth == "nevus")).sum())}
    assert 0 < found["melanoma"]["missed"] < 30
    assert 0 < found["melanoma"]["others_raised"] < 70


def test_intervals_draw_patients_one_by_one(judged: Path) -> None:
    found, counted = report(judged), Recount(judged)
    raised, own = counted.scores >= THRESHOLD, counted.truth == "melanoma"
    sensitivity, accuracy = found["alerts"]["melanoma"]["sensitivity"], found["accuracy"]
    assert (sensitivity["low"], sensitivity["high"]) == near_pair(counted.drawn(raised, own))
    everywhere = np.ones(LESIONS, bool)
    assert (accuracy["low"], accuracy["high"]) == near_pair(counted.drawn(counted.named == counted.truth, everywhere))


def near_pair(values: tuple[float, float]) -> Any:
    return pytest.approx(values, abs=1e-9)


def test_none_and_all_have_the_exact_interval(data: Path, tmp_path: Path) -> None:
    model = write_model(tmp_path / "always.onnx", describe(alerts=(melanoma_alert(ALWAYS),)))
    assert run(data, "--model", model, "--out", tmp_path) == 0
    found, counted = report(tmp_path)["alerts"]["melanoma"], Recount(tmp_path)
    patients = len(set(counted.patients[counted.truth == "melanoma"]))
    exact = binomtest(patients, patients).proportion_ci(method="exact")
    assert (found["sensitivity"]["value"], found["specificity"]["value"]) == (1, 0)
    assert (found["sensitivity"]["low"], found["sensitivity"]["high"]) == near_pair((exact.low, exact.high))
    assert (found["verdict"], found["missed"]) == ("do not use: no difference shown, and less than in testing", 0)


def test_the_page_says_it_in_words_first(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, page = report(judged), (judged / "report.md").read_text(encoding="utf-8")
    count = found["alerts"]["melanoma"]
    nevi = count["by_label"]["nevus"]
    rest = count["others_raised"] - nevi["raised"]
    words = f"Of 30 melanomas it alerted on {count['raised']}; of 35 naevi on {nevi['raised']}, of 35 other lesions on {rest}."
    assert found["words"][0] == words
    assert page.index(words) < page.index("## Alerts") < page.index("## By label")
    assert "Do not use the alert here as it is" in page
    assert count["verdict"].startswith("do not use")


def draw_folders(folder: Path, count: int = 3) -> Path:
    for number, label in enumerate(("melanoma", "nevus")):
        for seed in range(count):
            draw_blotches(folder / label / f"{seed}.png", 100 * number + seed)
    return folder


def test_copies_two_labels_and_unreadable_files_are_found(model: Path, tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in", 4)
    shutil.copy(folder / "nevus/0.png", folder / "nevus/same.png")
    ImageOps.mirror(blotches(101)).save(folder / "nevus/mirrored.jpg", quality=90)
    shutil.copy(folder / "nevus/2.png", folder / "melanoma/of a nevus.png")
    (folder / "nevus/bad.png").write_bytes(b"")
    whole = folder / "nevus/whole.jpg"
    blotches(300, (640, 480)).save(whole, quality=95)
    whole.write_bytes(torn(whole.read_bytes()))
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 1
    found = report(tmp_path / "out")
    assert found["left_out"]["two labels"] == ["melanoma/of a nevus.png", "nevus/2.png"]
    assert found["left_out"]["unreadable"] == ["nevus/bad.png", "nevus/whole.jpg"]
    assert found["left_out"]["copy"] == ["nevus/mirrored.jpg", "nevus/same.png"]
    assert (found["n"], found["lesions"]) == (7, 7)
    assert {one["finding"] for one in found["findings"]} >= {"byte-identical", "near-identical", "two labels"}
    assert any("two labels" in sentence for sentence in found["words"])


def test_few_lesions_have_counts_and_no_share(model: Path, tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in")
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 0
    found = report(tmp_path / "out")
    assert found["accuracy"] is found["ece"] is found["balanced_accuracy"] is None
    assert found["labels"]["melanoma"]["n"] == 3
    assert found["labels"]["melanoma"]["cases"] == [f"melanoma/{n}.png" for n in range(3)]
    assert found["alerts"]["melanoma"]["verdict"] == "too few"
    assert found["alerts"]["melanoma"]["sensitivity"] is None
    assert "%" not in found["words"][0]
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "- Melanoma, 3: `melanoma/0.png`, `melanoma/1.png`, `melanoma/2.png`\n" in page


def test_names_are_no_markup_on_the_page(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.onnx", describe(name="<b>|![x](y)"))
    folder = draw_folders(tmp_path / "in")
    (folder / "nevus/0.png").rename(folder / "nevus/b`![x](y).png")
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 0
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert r"\<b\>\|!\[x\](y) on “" in page
    assert "`nevus/b´![x](y).png`" in page


def test_unknown_labels_are_named_and_other_words_understood(model: Path, tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in")
    (folder / "nevus").rename(folder / "Naevus")
    for number, label in enumerate(("wart", "benign keratosis", "lentigo maligna")):
        draw_blotches(folder / label / "one.png", 500 + number)
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 1
    found = report(tmp_path / "out")
    assert found["left_out"]["unknown_labels"] == {"wart": 1}
    assert "“wart” (1 image): no label of this model, left out." in found["words"]
    assert found["counted_as"] == {"Naevus": "nevus", "lentigo maligna": "melanoma"}
    assert (found["labels"]["melanoma"]["n"], found["labels"]["nevus"]["n"]) == (4, 3)
    assert found["groups"]["benign_keratosis"]["n"] == 1
    assert [found["labels"][label]["n"] for label in KERATOSES] == [0, 0]
    assert [found["labels"][label]["others"] for label in KERATOSES] == [7, 7]  # of the eighth only the group is known


def test_labels_that_the_model_does_not_have_are_told_first(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = draw_folders(tmp_path / "in", 2)
    (folder / "melanoma").rename(folder / "Melanom")
    for seed in range(2):
        draw_blotches(folder / "lentigo" / f"{seed}.png", 500 + seed)
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 1
    first = [
        "4 of 6 images left out: “Melanom”, “lentigo” are no labels of this model.",
        "If “Melanom” means melanoma, call it so and count again.",
    ]
    assert report(tmp_path / "out")["words"][:2] == first
    assert capsys.readouterr().out.splitlines()[:2] == first
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line.startswith("- ")][:2] == [f"- {sentence}" for sentence in first]


def test_more_unknown_labels_than_fit_are_counted(model: Path, tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in", 1)
    for seed in range(7):
        draw_blotches(folder / f"ward {seed}" / "one.png", 500 + seed)
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 1
    (first,) = (sentence for sentence in report(tmp_path / "out")["words"] if "no labels of this model" in sentence)
    assert first.startswith("7 of 9 images left out: “ward 0”")
    assert first.endswith("and 2 more are no labels of this model.")


def test_a_model_without_alerts_says_so_first(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.onnx", describe(alerts=()))
    assert run(draw_folders(tmp_path / "in"), "--model", model, "--out", tmp_path / "out") == 0
    assert report(tmp_path / "out")["words"][0] == "This model raises no alerts."
    assert "## Alerts" not in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_one_image_is_no_plural(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    draw_blotches(folder / "nevus/0.png", 1)
    shutil.copy(folder / "nevus/0.png", folder / "nevus/same.png")
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 0
    words = report(tmp_path / "out")["words"]
    assert "Counted: 1 lesion in 1 image." in words
    assert "1 image is a copy of another: each picture counts once." in words


def test_images_that_are_too_small_are_told_first(tmp_path: Path) -> None:
    limits = QualityLimits("drawn", 0.05, side_least=200)
    model = write_model(tmp_path / "model.onnx", describe(quality=limits))
    folder = draw_folders(tmp_path / "in")
    assert run(folder, "--model", model, "--out", tmp_path / "all") == 0
    assert report(tmp_path / "all")["words"][0] == (
        "Images counted: 6, all of them smaller than the 200 pixels across that the model needs. The verdict may be about "
        "image size."
    )
    blotches(1000, (640, 480)).save(folder / "nevus/large.png")
    assert run(folder, "--model", model, "--out", tmp_path / "some") == 0
    assert report(tmp_path / "some")["words"][0].startswith("Images counted: 7, 6 of them smaller than the 200 pixels")


def test_what_the_model_learned_from_is_not_counted(tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in")
    learned = tmp_path / "archive.jpg"
    blotches(1).resize((90, 70)).save(learned, quality=70)
    model = known(write_model(tmp_path / "model.onnx", describe()), [learned])
    rows = [
        {"path": f"{label}/{seed}.png", "label": label, "lesion": f"{label} {seed // 2}"}
        for label in ("melanoma", "nevus")
        for seed in range(3)
    ]
    assert run(write_table(folder / "table.csv", rows), "--model", model, "--out", tmp_path / "out") == 0
    found = report(tmp_path / "out")
    assert found["knows_training_images"]
    assert found["left_out"]["learned from"] == ["melanoma/0.png", "melanoma/1.png"]  # the lesion, not the image alone
    assert (found["n"], found["lesions"]) == (4, 3)
    assert {row["left_out"] for row in rows_of(tmp_path / "out")} == {"", "learned from"}


def test_a_lesion_of_an_export_that_the_model_learned_from_is_not_counted_by_another_picture(
    model: Path, tmp_path: Path
) -> None:
    folder = draw_folders(tmp_path / "in")
    names = [f"{number:016x}" for number in range(6)]
    rows = [
        {"path": f"{label}/{seed}.png", "label": label, "lesion": names[3 * place + seed]}
        for place, label in enumerate(("melanoma", "nevus"))
        for seed in range(3)
    ]
    noted = LearnedLesions({"one history": (names[1],), "another": (names[5],)})
    model.with_suffix(LESIONS_SUFFIX).write_bytes(msgspec.json.encode(noted))
    assert run(write_table(folder / "table.csv", rows), "--model", model, "--out", tmp_path / "out") == 0
    assert report(tmp_path / "out")["left_out"]["learned from"] == ["melanoma/1.png", "nevus/2.png"]


def test_what_a_model_was_recalibrated_on_is_not_counted(tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in")
    hashes = [one.sha256 for one in open_images([LabelledImage(folder / "nevus/1.png", "", "")], lambda: None)]
    made = Recalibration(
        "2026-11-29", "0" * 64, 1.1, sets_thresholds=False, lesions=1, images=1, melanomas=0, fingerprint="0",
        image_hashes=(hashes[0][:16],), before=(), after=(),
    )  # fmt: skip
    model = write_model(tmp_path / "model.onnx", describe(recalibration=made))
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 0
    assert report(tmp_path / "out")["left_out"]["learned from"] == ["nevus/1.png"]


def test_nothing_that_counts_is_told_with_the_reasons(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = draw_folders(tmp_path / "in")
    known(model, sorted(folder.rglob("*.png")))
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 2
    assert (
        f"No image of “{folder}” can be counted: melanoma/0.png, melanoma/1.png, melanoma/2.png and 3 more are of "
        "lesions that the model learned from or was set on."
    ) in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_two_labels_alone_are_told_with_the_names(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = draw_folders(tmp_path / "in", 1)
    shutil.copy(folder / "nevus/0.png", folder / "melanoma/0.png")
    (folder / "nevus/bad.png").write_bytes(b"")
    assert run(folder, "--model", model, "--out", tmp_path / "out") == 2
    assert (
        "can be counted: nevus/bad.png cannot be read or is damaged; melanoma/0.png, nevus/0.png show a picture or lesion that "
        "has two labels."
    ) in capsys.readouterr().err


def test_an_unknown_training_set_gives_no_verdict_but_that_of_a_fault(data: Path, tmp_path: Path) -> None:
    always = Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.9, 0.5, 20, 200, "held-out images")
    for name, described, wanted in (
        ("faulty", describe(), "do not use: no difference shown, and less than in testing"),
        ("faultless", describe(alerts=(), flags=(always,)), "no verdict: training images unknown"),
    ):
        model = write_model(tmp_path / f"{name}.onnx", described)
        assert run(data, "--model", model, "--out", tmp_path / name) == 0
        found = report(tmp_path / name)
        assert not found["knows_training_images"]
        assert {alert["verdict"] for alert in found["alerts"].values()} == {wanted}
    assert any(sentence.startswith("No verdict") for sentence in found["words"])


def test_rows_without_a_label_and_strange_words_are_remarked_on(model: Path, tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in")
    rows = [{"path": f"nevus/{seed}.png", "label": "nevus" if seed else "", "ward": "3"} for seed in range(3)]
    assert run(write_table(folder / "table.csv", rows), "--model", model, "--out", tmp_path / "out") == 0
    words = report(tmp_path / "out")["words"]
    assert "Rows without a label, left out: 1." in words
    assert "Columns that are not read: ward." in words


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("path,label\nnone.png,nevus\n", "1 of the 1 files"),
        ("label\nnevus\n", "has no column “path”"),
        ("path,label,lesion,lesion_id\nnevus/0.png,nevus,1,1\n", "a column “lesion_id” and a column “lesion”"),
        ("path,label\nnevus/0.png,wart\n", "has no image with a label of the model"),
    ],
)
def test_a_table_that_cannot_be_used_is_a_sentence(
    content: str, sentence: str, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = draw_folders(tmp_path / "in") / "table.csv"
    table.write_text(content, encoding="utf-8")
    assert run(table, "--model", model, "--out", tmp_path / "out") == 2
    assert sentence in capsys.readouterr().err


def test_an_interrupted_run_is_carried_on(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = draw_folders(tmp_path / "in", 8)
    whole, part = tmp_path / "whole", tmp_path / "part"
    assert run(folder, "--model", model, "--out", whole) == 0
    classify_files = judge.classify_files

    def interrupted(*arguments: Any, **named: Any) -> Any:
        for number, answer in enumerate(classify_files(*arguments, **named)):
            if number == 5:
                raise KeyboardInterrupt
            yield answer

    with monkeypatch.context() as patched:
        patched.setattr(judge, "classify_files", interrupted)
        assert run(folder, "--model", model, "--out", part) == 130
    assert not (part / "report.json").exists()
    assert run(folder, "--model", model, "--out", part, "--resume") == 0
    assert (part / "answers.csv").read_bytes() == (whole / "answers.csv").read_bytes()
    assert report(part) == report(whole)


def test_age_of_the_data_raises_the_alert_where_the_model_has_a_layer(tmp_path: Path) -> None:
    older = ContextValue("70-79", {"melanoma": 20.0})
    layer = Context("drawn", "drawn", (ContextFactor("age", (older,)),), ("melanoma",), (), ())
    never = dataclasses.replace(melanoma_alert(-0.5), terms=(AlertTerm(("melanoma",), 1.0),), intercept=0.0)
    model = write_model(tmp_path / "model.onnx", describe(alerts=(never,), context=layer))
    folder = draw_folders(tmp_path / "in")
    rows = [
        {"path": f"{label}/{seed}.png", "label": label, "age": "75" if seed else "", "site": "elbow pit"}
        for label in ("melanoma", "nevus")
        for seed in range(3)
    ]
    run(write_table(folder / "table.csv", rows), "--model", model, "--out", tmp_path / "out")
    found = report(tmp_path / "out")
    alert = found["alerts"]["melanoma"]
    assert alert["raised"] + alert["others_raised"] == 0
    assert (alert["with_context"]["raised"], alert["with_context"]["others_raised"]) == (2, 2)
    assert any("6 entries of age, sex or site are not understood" in sentence for sentence in found["words"])


def test_another_limit_and_a_table_of_patients_are_taken_as_by_the_other_command(tmp_path: Path) -> None:
    older = ContextValue("70-79", {"melanoma": 20.0})
    layer = Context("drawn", "drawn", (ContextFactor("age", (older,)),), ("melanoma",), (), ())
    alert = dataclasses.replace(at_two_points(melanoma_alert(0), NEVER, ALWAYS), terms=(AlertTerm(("melanoma",), 1.0),))
    model = write_model(tmp_path / "model.onnx", describe(alerts=(alert,), context=layer))
    folder = draw_folders(tmp_path / "in")
    table = tmp_path / "patients.csv"
    table.write_text("file,age\n0.png,75\n", encoding="utf-8")
    assert run(folder, "--model", model, "--out", tmp_path / "default", "--context", table) == 0
    assert run(folder, "--model", model, "--out", tmp_path / "other", "--melanoma-alert", 98) == 0
    default, other = (report(tmp_path / name)["alerts"]["melanoma"] for name in ("default", "other"))
    assert (default["aim"], default["raised"], default["with_context"]["raised"]) == (0.95, 0, 0)  # no score reaches it
    assert (other["aim"], other["raised"], other["with_context"]) == (0.98, 3, None)
    assert [row["context_age"] for row in rows_of(tmp_path / "default")] == ["70-79", "", "", "70-79", "", ""]


def test_the_command_runs_by_itself_without_qt(model: Path, tmp_path: Path) -> None:
    folder = draw_folders(tmp_path / "in")
    done = subprocess.run(
        [sys.executable, "-m", "desktop.commands.judge", folder, "--model", model],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(judge.__file__).parents[2])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Of 3 melanomas it alerted on ")
    assert sorted(path.name for path in (tmp_path / "judged").iterdir()) == ["answers.csv", "report.json", "report.md"]
    with Image.open(folder / "nevus/0.png") as image:
        assert image.size == (160, 120)
