"""The base's answers in the targets of a training, by which its knowledge is kept without its images."""

from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import DataError
from desktop.core.inference.contract import Label
from desktop.core.labels import Malignancy
from tests.training.drawn import draw_classes
from training.networks.training_images import TrainingImages
from training.prepare import prepare
from training.run.config import Config
from training.run.run_folder import RunFolder

LABELS = (
    Label("melanoma", "Melanoma", Malignancy.MALIGNANT),
    Label("dermatofibroma", "Dermatofibroma", Malignancy.BENIGN),
    Label("nevus", "Nevus", Malignancy.BENIGN),
)


def test_a_share_of_each_target_is_what_the_base_answers(tmp_path: Path) -> None:
    data = draw_classes(tmp_path / "data", {"melanoma": 10, "nevus": 10})
    run = RunFolder(tmp_path / "run")
    record = prepare(Config(data=str(data), input_size=24, batch_size=32, distillation=0.25), run, labels=LABELS)
    assert record.labels == LABELS
    with pytest.raises(DataError, match="lesionlens-train improve"):
        TrainingImages(run, record)
    rows = sorted((one for one in run.load_images() if one.split == "train" and one.row >= 0), key=lambda one: one.row)
    answers = np.random.default_rng(1).dirichlet(np.ones(3), len(rows)).astype(np.float32)
    with run.teacher.open("wb") as file:
        np.save(file, answers)
    own = {"melanoma": (1, 0, 0), "nevus": (0, 0, 1)}
    wanted = [0.75 * np.array(own[one.label]) + 0.25 * answers[one.row] for one in rows]
    with TrainingImages(run, record) as images:
        _, targets = images.batches(0, range(1))[0]
    assert sorted(targets.tolist()) == pytest.approx(np.array(sorted(map(list, wanted))), abs=1e-6)
