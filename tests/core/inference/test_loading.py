"""Models of unknown origin: each of the crafted files is refused with a sentence, in bounded time and memory."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from desktop.core.errors import ModelError
from desktop.core.inference import loading
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Label
from desktop.core.inference.loading import load_model
from desktop.core.inference.model_file import ModelFile
from desktop.core.inference.plain_text import is_plain
from desktop.core.inference.trial import TrialLimits, try_out
from desktop.core.labels import Malignancy
from desktop.core.paths import SHIPPED_MODEL
from tests.core.inference.crafted import CRAFTED, TOO_MUCH, TOO_SLOW, endless_loop, graph
from tests.making import contract, write_lesion, write_model
from tests.platforms import posix

LONG = TrialLimits(seconds=60, memory=600_000_000)
SHORT = TrialLimits(seconds=3, memory=600_000_000)


def trials() -> list[psutil.Process]:
    """Return the child processes, but for Python's own, which is there once a test has used multiprocessing."""
    return [child for child in psutil.Process().children() if "resource_tracker" not in " ".join(child.cmdline())]


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_model_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "crafted.onnx"
    path.write_bytes(CRAFTED[name].make())
    own = psutil.Process()
    before = own.memory_info().rss
    with pytest.raises(ModelError, match=CRAFTED[name].said) as caught:
        load_model(path, limits=SHORT if TOO_SLOW in CRAFTED[name].said else LONG)
    sentence = str(caught.value)
    assert is_plain(sentence)
    assert len(sentence) < 400
    assert sentence.endswith(".")
    assert own.memory_info().rss - before < 300_000_000
    assert trials() == []


def test_there_are_44_crafted_models() -> None:
    assert len(CRAFTED) >= 44


@pytest.mark.parametrize("name", [name for name, crafted in CRAFTED.items() if crafted.said == TOO_MUCH])
@posix
def test_the_child_process_stays_near_its_memory_limit(tmp_path: Path, name: str) -> None:
    path = tmp_path / "hungry.onnx"
    path.write_bytes(CRAFTED[name].make())
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from desktop.core.errors import ModelError\n"
        "from desktop.core.inference.loading import load_model\n"
        "from desktop.core.inference.trial import TrialLimits\n"
        "try:\n"
        "    load_model(Path(sys.argv[1]), limits=TrialLimits(60, 600_000_000))\n"
        "except ModelError:\n"
        "    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    root = str(Path(loading.__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], env=os.environ | {"PYTHONPATH": root}, capture_output=True, check=True
    )
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 1_200_000_000


def test_a_model_that_keeps_the_contract_is_used_and_tried_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_model(tmp_path / "own.onnx", seed=int(time.time()))
    with caplog.at_level("INFO"):
        first, second = load_model(path), load_model(path)
    assert first.sha256 == second.sha256 == ModelFile.read(path).sha256
    assert caplog.text.count("a model is tried in a process of its own") == 1


def test_the_shipped_model_is_recognised_anywhere_and_starts_no_child_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(SHIPPED_MODEL.read_bytes())
    with caplog.at_level("INFO"):
        assert load_model(copy).sha256 == load_model(SHIPPED_MODEL).sha256
    assert "a model is tried" not in caplog.text


def test_nothing_in_the_working_folder_is_imported(
    tmp_path: Path, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "random", "numpy", "desktop"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'w').close()", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    try_out(ModelFile.read(model_file))
    assert not (tmp_path / "imported").exists()


def test_a_trial_ends_with_the_program(tmp_path: Path) -> None:
    path = tmp_path / "endless.onnx"
    path.write_bytes(graph(endless_loop)())
    cancelled = threading.Event()
    errors: list[str] = []

    def load() -> None:
        try:
            load_model(path, limits=TrialLimits(seconds=600), cancelled=cancelled)
        except ModelError as error:
            errors.append(str(error))

    user = threading.Thread(target=load)
    user.start()
    while not trials():
        user.join(0.01)
    cancelled.set()
    user.join(60)
    assert not user.is_alive()
    assert errors == ["“endless.onnx” was not tried to the end. Choose it again."]
    assert trials() == []


def test_a_file_that_changes_during_its_trial_is_not_used(tmp_path: Path, model_file: Path) -> None:
    read = ModelFile.read(model_file)
    with pytest.raises(ModelError, match="is being written"):
        try_out(ModelFile(read.path, read.content, "0" * 64))


def test_a_hanging_run_is_ended(tmp_path: Path) -> None:
    """The trial uses grey, black, white and noise; a model that hangs on another image is stopped when that image comes."""
    classifier = Classifier(write_model(tmp_path / "model.onnx"), seconds_a_run=60)
    path = write_lesion(tmp_path / "a.png")
    assert classifier.predict(classifier.prepare(path.read_bytes(), path.name)[None])
    endless = tmp_path / "endless.onnx"
    endless.write_bytes(graph(endless_loop)())
    with pytest.raises(ModelError, match=r"“endless\.onnx” failed on an image \(.*terminate"):
        Classifier(endless, seconds_a_run=0.3)


def test_a_folder_a_pipe_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not a file"):
        load_model(tmp_path)
    huge = tmp_path / "huge.onnx"
    with huge.open("wb") as file:
        file.truncate(1_000_000_001)  # a file with a hole takes no room on the disk
    with pytest.raises(ModelError, match=r"“huge\.onnx” is 1000 MB large; models of at most 1000 MB are used"):
        load_model(huge)


@posix
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")
    with pytest.raises(ModelError, match=r"“pipe\.onnx” is not a file"):
        load_model(tmp_path / "pipe.onnx")


def test_names_with_markup_and_in_any_script_are_kept_exactly(tmp_path: Path) -> None:
    names = ("<b>Nevus</b>", "R&D-7", "חטאים", "皮膚癌", "می\u200cخواهم", "d\u00a0e", "a\u0301")
    labels = tuple(Label(f"own_{index}", name, Malignancy.UNKNOWN) for index, name in enumerate(names))
    classifier = load_model(write_model(tmp_path / "own.onnx", contract(labels=labels)))
    assert tuple(label.name for label in classifier.contract.labels) == names
