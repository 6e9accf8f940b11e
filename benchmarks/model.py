"""One image on one core: the shipped model against the paper's network, both in onnxruntime, taking turns.

    python benchmarks/model.py [--model FILE] [--paper FILE] [--rounds 30]

Without --paper the paper's network is built and exported untrained: its time does not depend on its weights.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import machine
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL

_BAR = 5.0
"""The shipped model may take this many times as long as the paper's network."""

_IMAGES_A_ROUND = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both; return 0 if the limit is kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--paper", type=Path, help="the paper's network as a model file")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--export-to", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.export_to:
        _export_paper(options.export_to)
        return 0
    print(machine(("numpy", "onnxruntime")))
    with tempfile.TemporaryDirectory() as folder:
        paper = options.paper or _exported_paper(Path(folder) / "paper.onnx")
        sessions = {"shipped": Classifier(options.model), "paper": Classifier(paper)}
        times = _taking_turns(sessions, options.rounds)
    best = {name: min(some) for name, some in times.items()}
    for name, some in times.items():
        print(f"{name:<8} best {1000 * best[name]:6.2f} ms, median {1000 * statistics.median(some):6.2f} ms an image")
    ratio = best["shipped"] / best["paper"]
    print(f"{ratio:.2f} times the paper's network, at most {_BAR:g} allowed: {'met' if ratio <= _BAR else 'NOT MET'}")
    print(f"The model file has {options.model.stat().st_size / 1e6:.1f} MB of 10^6 bytes.")
    return 0 if ratio <= _BAR else 1


def _taking_turns(sessions: dict[str, Classifier], rounds: int) -> dict[str, list[float]]:
    """Return the seconds for an image in each round; the networks alternate, so that other load affects both alike."""
    inputs = {
        name: np.random.default_rng(0).integers(0, 256, (1, *[one.contract.input_size] * 2, 3), np.uint8)
        for name, one in sessions.items()
    }
    times: dict[str, list[float]] = {name: [] for name in sessions}
    for turn in range(rounds + 1):
        for name, classifier in sessions.items():
            begin = time.perf_counter()
            for _ in range(_IMAGES_A_ROUND):
                classifier.run(inputs[name])
            if turn:  # the first round warms up
                times[name].append((time.perf_counter() - begin) / _IMAGES_A_ROUND)
    return times


def _exported_paper(path: Path) -> Path:
    """Build and export it in another process: TensorFlow's threads would take the measured core."""
    command = [sys.executable, __file__, "--export-to", str(path)]
    done = subprocess.run(command, env=os.environ | {"KERAS_BACKEND": "tensorflow"}, capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.decode(errors="replace"))
    return path


def _export_paper(path: Path) -> None:
    from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION  # noqa: PLC0415 - with what follows, seconds
    from desktop.core.inference.contract import CONTRACT_VERSION, Architecture, Contract, Label, TrainingData  # noqa: PLC0415
    from desktop.core.labels import KNOWN_LABELS  # noqa: PLC0415
    from export import convert, seal  # noqa: PLC0415
    from training.networks.architectures import build, find  # noqa: PLC0415
    from training.run.config import Config  # noqa: PLC0415

    network = build(Config(input_size=find("paper-cnn").input_size), len(KNOWN_LABELS))
    labels = tuple(Label(label.id, label.name, label.malignancy) for label in KNOWN_LABELS)
    contract = Contract(
        version=CONTRACT_VERSION,
        name="paper-cnn, untrained",
        date="-",
        intended_use="demonstration",
        licence="Apache-2.0",
        labels=labels,
        input_size=find("paper-cnn").input_size,
        fit="stretch",
        preprocessing_version=PREPROCESSING_VERSION,
        architecture=Architecture("paper-cnn", network.count_params(), ()),
        training_data=TrainingData((), "-", "-", {}),
    )
    model = convert.convert(convert.with_named_outputs(network, contract), contract.input_size)
    seal.attach(model, contract)
    seal.save(model, path)


if __name__ == "__main__":
    sys.exit(main())
