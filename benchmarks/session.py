"""onnxruntime's options on the shipped model: rate, time of the cores and memory, each in a process of its own.

    python benchmarks/session.py [--images 800] [--rounds 3] [--changes] [--model FILE]

The first line has the application's options, with as many runs at once as there are cores; each other line differs from it as
stated. float16 and int8 are variants of the model file, with their changes of the probabilities below. `--changes` prints only
these changes; the rest does not depend on the training of the network.
"""

import argparse
import itertools
import logging
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.changes import print_changes
from benchmarks.material import described, sources
from benchmarks.measuring import Measured, in_own_process, machine, measure, tell
from desktop.core.inference.batch import BATCH_SIZE, usable_cores
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import IMAGE, PROBABILITIES
from desktop.core.paths import SHIPPED_MODEL

_WARM_UP = 3


@dataclass(frozen=True)
class Options:
    """Options of onnxruntime; the defaults are the application's."""

    threads: int = 1
    batch: int = BATCH_SIZE
    optimisation: str = "ORT_ENABLE_ALL"
    arena: bool = True
    pattern: bool = True
    spinning: bool = False
    weights: str = "float32"

    def session(self, model: Path) -> Any:
        """Return a session with these options."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, self.optimisation)
        options.enable_cpu_mem_arena = self.arena
        options.enable_mem_pattern = self.pattern
        options.add_session_config_entry("session.intra_op.allow_spinning", str(int(self.spinning)))
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])


TRIED = {
    "as the application has it": Options(),
    "all cores for one run": Options(threads=0),
    "all cores for one run, batches of 16": Options(threads=0, batch=16),
    "all cores for one run, batches of 16, idle threads spin": Options(threads=0, batch=16, spinning=True),
    "batches of 1": Options(batch=1),
    "batches of 2": Options(batch=2),
    "batches of 8": Options(batch=8),
    "batches of 16": Options(batch=16),
    "batches of 64": Options(batch=64),
    "graph as it is": Options(optimisation="ORT_DISABLE_ALL"),
    "graph, basic": Options(optimisation="ORT_ENABLE_BASIC"),
    "graph, extended": Options(optimisation="ORT_ENABLE_EXTENDED"),
    "without arena": Options(arena=False),
    "without memory pattern": Options(pattern=False),
    "float16": Options(weights="float16"),
    "int8, dynamic, matrices": Options(weights="int8-matrices"),
    "int8, static, per channel": Options(weights="int8-static"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all of them, in turns."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--changes", action="store_true", help="only how far the probabilities move")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--tried", choices=TRIED, help=argparse.SUPPRESS)
    parser.add_argument("--inputs", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.tried:
        _measure_one(TRIED[options.tried], options.model, np.load(options.inputs), options.images)
        return
    classifier = Classifier(options.model)
    originals = sources()
    inputs = np.stack([classifier.prepare(path.read_bytes(), path.name) for path in originals])
    print(machine(["onnxruntime"]))
    print(f"model {classifier.contract.name}, {described(originals)}, {options.images} images a round\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "inputs.npy", inputs)
        models = {"float32": options.model, **_variants(options.model, folder, inputs)}
        if not options.changes:
            _print_times(_times(models, folder / "inputs.npy", options.rounds, options.images))
        found = {weights: _probabilities(model, inputs) for weights, model in models.items()}
        print_changes(found.pop("float32"), found)


def _times(models: dict[str, Path], inputs: Path, rounds: int, images: int) -> dict[str, list[Measured]]:
    parts: dict[str, list[Measured]] = {words: [] for words in TRIED}
    for _ in range(rounds):
        for words, tried in TRIED.items():
            calls = ("--tried", words, "--inputs", inputs, "--images", images, "--model", models[tried.weights])
            parts[words].append(in_own_process(__file__, *calls))
    return parts


def _measure_one(tried: Options, model: Path, inputs: NDArray[np.uint8], images: int) -> None:
    session = tried.session(model)
    batch = np.stack([inputs[number % len(inputs)] for number in range(tried.batch)])
    runs = images // tried.batch

    at_once = usable_cores() if tried.threads else 1

    def run(times: int) -> int:
        with ThreadPoolExecutor(at_once) as pool:
            for _ in pool.map(lambda one: session.run([PROBABILITIES], {IMAGE: one}), itertools.repeat(batch, times)):
                pass
        return times * tried.batch

    run(_WARM_UP)
    tell(measure(lambda: run(runs)))


def _variants(model: Path, folder: Path, inputs: NDArray[np.uint8]) -> dict[str, Path]:
    """Write the float16 and int8 variants of a model."""
    logging.disable(logging.WARNING)  # the quantizer recommends a preparation, which the session does by itself
    from onnxruntime import quantization  # noqa: PLC0415 - only this function needs them
    from onnxruntime.transformers import float16  # noqa: PLC0415

    half, matrices, static = (folder / f"{name}.onnx" for name in ("float16", "int8-matrices", "int8-static"))
    onnx.save(float16.convert_float_to_float16(onnx.load(model), keep_io_types=True), half)
    quantization.quantize_dynamic(model, matrices, op_types_to_quantize=["MatMul", "Gemm"])

    class Calibration(quantization.CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._inputs = iter(inputs)

        def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
            one = next(self._inputs, None)
            return None if one is None else {IMAGE: one[np.newaxis]}

    quantization.quantize_static(model, static, Calibration(), per_channel=True)
    return {"float16": half, "int8-matrices": matrices, "int8-static": static}


def _probabilities(model: Path, inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    session = Options().session(model)
    found: NDArray[np.float32] = np.concatenate(
        [session.run([PROBABILITIES], {IMAGE: one[np.newaxis]})[0] for one in inputs]
    )
    return found


def _print_times(parts: dict[str, list[Measured]]) -> None:
    """Print the best of the rounds, since disturbances only slow a measurement down."""
    print("| | images/s | CPU ms an image | peak MB |\n| --- | ---: | ---: | ---: |")
    for words, rounds in parts.items():
        rate, cpu_ms, peak_mb = (
            max(one.rate for one in rounds),
            min(one.cpu_ms for one in rounds),
            max(one.peak_mb for one in rounds),
        )
        print(f"| {words} | {rate:.0f} | {cpu_ms:.2f} | {peak_mb:.0f} |")
    print()


if __name__ == "__main__":
    main()
