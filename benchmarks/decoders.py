"""JPEG decoders on the same files: time of one core, and how far the probabilities move from decoding every pixel.

    python benchmarks/decoders.py [--changes] [--model FILE]

`--changes` leaves out the times, which another training of the same network does not alter. What is not installed is left
out; opencv-python-headless and pyvips with pyvips-binary are no dependencies of LesionLens. All take the model's
own fit and, but for OpenCV and libvips, which have their own, Pillow's resampling.
"""

import argparse
import importlib
import importlib.util
import io
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.changes import print_changes
from benchmarks.material import described, large_jpegs, sources
from benchmarks.measuring import machine
from benchmarks.plain import plain_input
from desktop.core.imaging.opening import decode
from desktop.core.imaging.preprocessing import Fit, model_input, seen_box
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL

_REPETITIONS = 5
"""Of each file in turn; the best counts, as what disturbs a measurement only ever makes it longer."""

Decoder = Callable[[bytes, int, Fit], NDArray[np.uint8]]


@dataclass(frozen=True)
class _Candidate:
    name: str
    needs: str
    decode: Decoder


def _ours(data: bytes, size: int, fit: Fit) -> NDArray[np.uint8]:
    return model_input(data, size, fit)


def _whole(data: bytes, size: int, fit: Fit) -> NDArray[np.uint8]:
    return plain_input(decode(data, "image"), size, fit)


def _reducing_gap(data: bytes, size: int, fit: Fit) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        return plain_input(image.convert("RGB"), size, fit, reducing_gap=2.0)


def _simplejpeg(data: bytes, size: int, fit: Fit) -> NDArray[np.uint8]:
    simplejpeg: Any = importlib.import_module("simplejpeg")
    pixels = simplejpeg.decode_jpeg(data, min_height=2 * size, min_width=2 * size)
    return plain_input(Image.fromarray(pixels), size, fit)


def _opencv(data: bytes, size: int, fit: Fit) -> NDArray[np.uint8]:
    cv2: Any = importlib.import_module("cv2")
    with Image.open(io.BytesIO(data)) as image:
        shorter = min(image.size)
    reduction = next((scale for scale in (8, 4, 2) if shorter >= scale * 2 * size), 1)
    flags = {1: "IMREAD_COLOR", **{scale: f"IMREAD_REDUCED_COLOR_{scale}" for scale in (2, 4, 8)}}
    pixels = cv2.cvtColor(
        cv2.imdecode(np.frombuffer(data, np.uint8), getattr(cv2, flags[reduction])), cv2.COLOR_BGR2RGB
    )
    box = seen_box(pixels.shape[1], pixels.shape[0], fit)
    seen = pixels[box.top : box.bottom, box.left : box.right]
    small: NDArray[np.uint8] = cv2.resize(seen, (size, size), interpolation=cv2.INTER_AREA)
    return small


def _libvips(data: bytes, size: int, fit: Fit) -> NDArray[np.uint8]:
    pyvips: Any = importlib.import_module("pyvips")
    pyvips.cache_set_max(0)
    how = {"crop": "centre"} if fit == "crop" else {"size": "force"}
    small: NDArray[np.uint8] = pyvips.Image.thumbnail_buffer(data, size, height=size, **how).numpy()
    return small


CANDIDATES = (
    _Candidate("Pillow, every pixel", "PIL", _whole),
    _Candidate("ours: simplejpeg at the scales of Pillow's draft mode", "simplejpeg", _ours),
    _Candidate("Pillow, every pixel, reducing_gap 2", "PIL", _reducing_gap),
    _Candidate("simplejpeg, scaled, Pillow's resampling", "simplejpeg", _simplejpeg),
    _Candidate("OpenCV, reduced, INTER_AREA", "cv2", _opencv),
    _Candidate("libvips, thumbnail", "pyvips", _libvips),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each decoder that is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--changes", action="store_true", help="only how far the probabilities move")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    options = parser.parse_args(arguments)
    classifier = Classifier(options.model)
    size, fit = classifier.contract.input_size, classifier.contract.fit
    originals = sources()
    there = [candidate for candidate in CANDIDATES if importlib.util.find_spec(candidate.needs)]
    print(machine(["pillow", "onnxruntime"]))
    print(f"{described(originals)}, and 4 of 6000 x 4000 pixels; model {classifier.contract.name}, {size} px, {fit}\n")
    with tempfile.TemporaryDirectory() as name:
        small = [path.read_bytes() for path in originals if path.suffix == ".jpg"]
        large = [path.read_bytes() for path in large_jpegs(Path(name), 4)] if not (options.changes and small) else []
    if not small:  # the drawn samples are PNG
        small = large
    if not options.changes:
        print("| decoder | ms | ms of 24 megapixels |\n| --- | ---: | ---: |")
        for words, times in _times(there, [small, large], size, fit).items():
            print(f"| {words} | " + " | ".join(f"{1000 * seconds:.2f}" for seconds in times) + " |")
        print()
    found = {candidate.name: _probabilities(classifier, candidate.decode, small) for candidate in there}
    print_changes(_probabilities(classifier, _whole, small), found)


def _times(there: list[_Candidate], sets: list[list[bytes]], size: int, fit: Fit) -> dict[str, list[float]]:
    """Return the seconds of one core that an image of each set takes; the decoders take turns."""
    best = {candidate.name: [float("inf")] * len(sets) for candidate in there}
    for _ in range(_REPETITIONS):
        for candidate in there:
            for number, contents in enumerate(sets):
                begin = time.process_time()
                for data in contents:
                    candidate.decode(data, size, fit)
                seconds = (time.process_time() - begin) / len(contents)
                best[candidate.name][number] = min(best[candidate.name][number], seconds)
    return best


def _probabilities(classifier: Classifier, decoder: Decoder, contents: list[bytes]) -> NDArray[np.float32]:
    size, fit = classifier.contract.input_size, classifier.contract.fit
    inputs = np.stack([decoder(data, size, fit) for data in contents])
    return classifier.run(inputs).probabilities


if __name__ == "__main__":
    main()
