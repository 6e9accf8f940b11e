"""`lesionlens IMAGE --snapshot FILE.png`, run as a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.imaging.opening import read_file
from desktop.core.inference.classifier import Classifier
from tests.making import write_lesion
from tests.platforms import linux


def lesionlens(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, "-m", "desktop", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_snapshot_gives_picture_and_probabilities_without_a_screen(tmp_path: Path, model_file: Path) -> None:
    image = write_lesion(tmp_path / "lesion.jpg", size=(900, 675))
    picture = tmp_path / "shots" / "window.png"
    done = lesionlens(image, "--model", model_file, "--data-dir", tmp_path / "data", "--snapshot", picture)
    assert done.returncode == 0, done.stderr
    with Image.open(picture) as shot:
        assert shot.size == (1280, 800)
    classifier = Classifier(model_file)
    (expected,) = classifier.predict(classifier.prepare(read_file(image), image.name)[None])
    lines = done.stdout.splitlines()
    for label, probability, line in zip(classifier.contract.labels, expected.probabilities, lines, strict=False):
        assert line.endswith(label.name)
        assert float(line.split()[0]) == pytest.approx(probability, abs=1e-5)


def test_unreadable_image_gives_one_sentence_and_no_picture(tmp_path: Path, model_file: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    picture = tmp_path / "window.png"
    done = lesionlens(
        tmp_path / "empty.jpg", "--model", model_file, "--data-dir", tmp_path / "data", "--snapshot", picture
    )
    assert done.returncode == 1
    assert "“empty.jpg” is empty (0 bytes)" in done.stdout + done.stderr
    assert not picture.exists()


def test_snapshot_without_an_image_is_a_usage_error(tmp_path: Path) -> None:
    assert lesionlens("--snapshot", tmp_path / "window.png").returncode == 2


@linux
def test_starting_the_window_without_a_screen_gives_a_sentence(tmp_path: Path) -> None:
    done = lesionlens("--data-dir", tmp_path / "data")
    assert done.returncode == 1
    assert "There is no screen here" in done.stderr
