import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from PIL import Image

from training.networks.augmentation_workers import AugmentationWorkers, BatchRequest, write_reduced
from training.run.config import Config
from training.run.recipes import with_recipe

ROOT = Path(__file__).parents[3]
CONFIG = Config(**with_recipe({"recipe": "dermoscopy", "input_size": 24, "small_epochs": 0}))
BATCHES = [BatchRequest(2, number, 4 * number, tuple(range(number, number + 4))) for number in range(3)]


@pytest.fixture
def array(tmp_path: Path) -> Path:
    path = tmp_path / "train.npy"
    np.save(path, np.random.default_rng(0).integers(0, 256, (6, 24, 24, 3), np.uint8))
    return path


def drawn(array: Path, images: int) -> list[NDArray[np.float32] | NDArray[np.uint8]]:
    workers = AugmentationWorkers(array, CONFIG, images)
    try:
        return workers.augment(BATCHES)
    finally:
        workers.close()


def test_workers_augment_as_the_main_process_does(array: Path) -> None:
    here, elsewhere = drawn(array, images=6), drawn(array, images=100_000)
    assert [batch.shape for batch in here] == [(4, 24, 24, 3)] * 3
    assert all(np.array_equal(one, other) for one, other in zip(here, elsewhere, strict=True))


def test_every_image_of_an_array_is_reduced(array: Path, tmp_path: Path) -> None:
    write_reduced(array, tmp_path / "small.npy", 12)
    small, images = np.load(tmp_path / "small.npy"), np.load(array)
    expected = Image.fromarray(images[5]).resize((12, 12), Image.Resampling.LANCZOS)
    assert small.shape == (6, 12, 12, 3)
    assert np.array_equal(small[5], np.asarray(expected))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.npy", "train.npy"]


def test_workers_end_with_the_training_even_if_it_is_killed(array: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path;"
        " from tests.training.networks.test_augmentation_workers import BATCHES, CONFIG;"
        " from training.networks.augmentation_workers import AugmentationWorkers;"
        " workers = AugmentationWorkers(Path(sys.argv[1]), CONFIG, 100_000);"
        " workers.augment(BATCHES); print('drawn', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(array)], cwd=ROOT, stdout=subprocess.PIPE) as training:
        assert training.stdout
        assert training.stdout.readline() == b"drawn\n"
        drawing = psutil.Process(training.pid).children()
        training.kill()
        _, alive = psutil.wait_procs(drawing, timeout=60)
    assert len(drawing) >= 2
    assert alive == []
