"""Whole folders: the paper's way, Pillow and onnxruntime one by one, ours, and the limits set by decoding and the model alone.

    python benchmarks/batch.py [--files 2000] [--rounds 4] [--model FILE]

Each way runs in a process of its own, loads, warms up, and is then timed on images that it has not seen before. The ways take
turns on a part of the files in each round, so that a slower machine is slower for all of them.
"""

import argparse
import hashlib
import itertools
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import copies, described, sources
from benchmarks.measuring import Measured, in_own_process, machine, measure, tell
from benchmarks.plain import plain_input
from desktop import __version__
from desktop.core.imaging.opening import read_file, read_header
from desktop.core.inference.batch import BATCH_SIZE, classify_files, usable_cores
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import find_images
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.table_files import open_table
from desktop.core.records.tables import TableRow

_WARM_UP = 16
"""Images before the clock starts: Keras' first call traces and compiles, onnxruntime's allocates its memory."""

_KERAS_SIZE = 128
"""The input of the paper's network."""


@dataclass(frozen=True)
class Way:
    """One way from files to probabilities; `share` is the part of a round's files that a slow way takes."""

    letter: str
    words: str
    prepare: Callable[[Path], Callable[[list[Path]], int]]
    """Given the model file, load everything; return a function that classifies files and returns their number."""
    share: float = 1.0


def _keras_one_by_one(_model: Path) -> Callable[[list[Path]], int]:
    keras, network = _paper_network()

    def classify(paths: list[Path]) -> int:
        for path in paths:
            image = keras.utils.load_img(path, target_size=(_KERAS_SIZE, _KERAS_SIZE))
            network.predict(keras.utils.img_to_array(image)[np.newaxis], verbose=0)
        return len(paths)

    return classify


def _keras_dataset(_model: Path) -> Callable[[list[Path]], int]:
    keras, network = _paper_network()

    def classify(paths: list[Path]) -> int:
        size = (_KERAS_SIZE, _KERAS_SIZE)
        dataset = keras.utils.image_dataset_from_directory(
            paths[0].parent, labels=None, image_size=size, shuffle=False, verbose=False
        )
        return len(network.predict(dataset, verbose=0))

    return classify


def _paper_network() -> tuple[Any, Any]:
    import keras  # noqa: PLC0415 - takes seconds, and the other ways do without

    from training.networks.architectures import build  # noqa: PLC0415
    from training.run.config import Config  # noqa: PLC0415

    return keras, build(Config(architecture="paper-cnn", input_size=_KERAS_SIZE), labels=9)


def _pillow_one_by_one(model: Path) -> Callable[[list[Path]], int]:
    classifier = Classifier(model)
    size, fit = classifier.contract.input_size, classifier.contract.fit

    def classify(paths: list[Path]) -> int:
        for path in paths:
            with Image.open(path) as image:
                small = plain_input(image.convert("RGB"), size, fit)
            classifier.predict(small[np.newaxis])
        return len(paths)

    return classify


def _ours(model: Path) -> Callable[[list[Path]], int]:
    classifier = Classifier(model)
    labels = classifier.contract.label_ids

    def classify(paths: list[Path]) -> int:
        found = find_images([paths[0].parent]).images[: len(paths)]
        with (
            tempfile.TemporaryDirectory() as folder,
            open_table(Path(folder) / "out.csv", labels) as table,
            closing(classify_files(found, classifier)) as answers,
        ):
            for answer in answers:
                table.write(TableRow.of_file(answer, labels, classifier.sha256, __version__))
        return len(found)

    return classify


def _preparation(model: Path) -> Callable[[list[Path]], int]:
    classifier = Classifier(model)

    def prepare(path: Path) -> NDArray[np.uint8]:
        data = read_file(path)
        hashlib.sha256(data)
        read_header(data, path.name)
        return classifier.prepare(data, path.name)

    def classify(paths: list[Path]) -> int:
        with ThreadPoolExecutor(usable_cores()) as pool:
            return sum(1 for _ in pool.map(prepare, paths))

    return classify


def _model_alone(model: Path) -> Callable[[list[Path]], int]:
    classifier = Classifier(model)
    originals = [classifier.prepare(path.read_bytes(), path.name) for path in sources()[:BATCH_SIZE]]
    inputs = np.stack([originals[number % len(originals)] for number in range(BATCH_SIZE)])

    def classify(paths: list[Path]) -> int:
        runs = max(1, len(paths) // BATCH_SIZE)
        with ThreadPoolExecutor(usable_cores()) as pool:
            for _ in pool.map(classifier.predict, itertools.repeat(inputs, runs)):
                pass
        return runs * BATCH_SIZE

    return classify


WAYS = (
    Way("a", "Keras load_img and predict, image by image, the paper's network", _keras_one_by_one, share=0.2),
    Way("b", "Keras predict behind image_dataset_from_directory, the paper's network", _keras_dataset),
    Way("c", "Pillow, every pixel decoded, and onnxruntime, one by one", _pillow_one_by_one),
    Way("d", "ours: found, hashed, decoded, answered, written as CSV", _ours),
    Way("e", "our reading, hashing, decoding and preparing alone", _preparation),
    Way("f", "the model alone", _model_alone),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all ways; return 0 where every bar is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--way", choices=[way.letter for way in WAYS], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.way:
        _measure_one(next(way for way in WAYS if way.letter == options.way), options.folder, options.model)
        return 0
    measured = _measure_all(options.files, options.rounds, options.model)
    _print_table(measured)
    return 0 if _print_verdicts(measured) else 1


def _measure_one(way: Way, folder: Path, model: Path) -> None:
    paths = sorted(folder.glob("timed/*"))
    classify = way.prepare(model)
    classify(sorted(folder.glob("warm/*")))
    tell(measure(lambda: classify(paths[: max(1, round(len(paths) * way.share))])))


def _measure_all(files: int, rounds: int, model: Path) -> dict[str, Measured]:
    originals = sources()
    print(machine(["onnxruntime", "pillow", "tensorflow", "keras"]))
    print(f"{files} files made from {described(originals)}, in {rounds} rounds; model “{model.name}”\n", flush=True)
    parts: dict[str, list[Measured]] = {way.letter: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as name:
        for number in range(rounds):
            folder = Path(name) / str(number)
            copies(folder / "warm", _WARM_UP, originals)
            copies(folder / "timed", files // rounds, originals)
            for way in WAYS:
                parts[way.letter].append(
                    in_own_process(__file__, "--way", way.letter, "--folder", folder, "--model", model)
                )
    return {letter: reduce(add, measurements) for letter, measurements in parts.items()}


def _print_table(measured: dict[str, Measured]) -> None:
    print("| | way | images | images/s | CPU ms an image | peak MB |\n| --- | --- | ---: | ---: | ---: | ---: |")
    for way in WAYS:
        one = measured[way.letter]
        print(f"| {way.letter} | {way.words} | {one.images} | {one.rate:.1f} | {one.cpu_ms:.2f} | {one.peak_mb:.0f} |")


def _print_verdicts(measured: dict[str, Measured]) -> bool:
    rate = {letter: one.rate for letter, one in measured.items()}
    allowed = 1 / (1 / rate["e"] + 1 / rate["f"])
    verdicts = (
        ("d / a", rate["d"] / rate["a"], 15.0),
        ("d / c", rate["d"] / rate["c"], 2.5),
        (f"d / (1 / (1/e + 1/f)) with {allowed:.1f} images/s", rate["d"] / allowed, 0.9),
    )
    print()
    for words, ratio, bar in verdicts:
        print(f"{words} = {ratio:.2f}, at least {bar:g}: {'met' if ratio >= bar else 'MISSED'}")
    return all(ratio >= bar for _, ratio, bar in verdicts)


if __name__ == "__main__":
    sys.exit(main())
