"""Measures the registration of two images: how exact it is, how often it fails, and whether it says so.

Each image is registered with a second photograph of it, made here by a known transform, and with one of another lesion,
which must be refused. A folder with a `manifest.csv` that names lesions of HAM10000 and MILK10k also gives real pairs: the
way there and back must end where it began, or be refused.

Limits are tuned on one half of the images (`--half tune`), and figures reported on the other.
"""

import argparse
import csv
import math
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.material import images_of
from benchmarks.measuring import machine
from benchmarks.retaken import error, retake
from desktop.core.paths import SAMPLES
from desktop.core.registration import registering
from desktop.core.registration.registering import Registration

FAILURE = 0.03
"""Error from which on a transform is wrong, as a share of the frame."""

THERE_AND_BACK = 0.02


@dataclass(frozen=True)
class Case:
    """One pair: its error (infinite if there is no right answer), the best transform, and the milliseconds of a core."""

    error: float
    found: Registration
    core: float

    @property
    def is_told(self) -> bool:
        """Whether the registration is refused."""
        return not registering.is_certain(self.found.agreement)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "data", type=Path, nargs="?", default=SAMPLES, help="folder of images (default: the drawn samples)"
    )
    parser.add_argument("--count", type=int, default=300, help="pairs of each kind (default: 300)")
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--real", type=int, help="most real pairs (default: all)")
    options = parser.parse_args(arguments)
    half = 0 if options.half == "tune" else 1
    random = np.random.default_rng(half)
    images = _images(options.data)[half::2]
    print(machine(["numpy", "pillow"]))
    print(f"{len(images)} images of {options.data.name} (half: {options.half})\n", flush=True)
    chosen = [images[index] for index in random.permutation(len(images))]
    chosen = [chosen[number % len(chosen)] for number in range(options.count)]
    _print_warped(list(_warped(chosen, random)))
    _print_others(list(_others(chosen, random)))
    pairs = _real_pairs(options.data)[half::2]
    if pairs:
        chosen_pairs = [pairs[index] for index in random.permutation(len(pairs))][: options.real]
        _print_real([_there_and_back(*pair) for pair in chosen_pairs])
    return 0


def _images(folder: Path) -> list[Path]:
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        return images_of(folder)
    return [folder / row["path"] for row in _rows(manifest) if row["geometry"] == "full frame"]


def _real_pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Return the first image of each lesion in HAM10000 and in MILK10k."""
    manifest = folder / "manifest.csv"
    lesions: dict[str, dict[str, Path]] = {}
    for row in _rows(manifest) if manifest.is_file() else ():
        if row["lesion_id"]:
            lesions.setdefault(row["lesion_id"], {}).setdefault(row["source"], folder / row["path"])
    both = [found for _, found in sorted(lesions.items()) if {"HAM10000", "MILK10k"} <= found.keys()]
    return [(found["HAM10000"], found["MILK10k"]) for found in both]


def _rows(manifest: Path) -> list[dict[str, str]]:
    with manifest.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _register(first: Image.Image, second: Image.Image) -> tuple[Registration, float]:
    begun = time.thread_time()
    found = registering.best_registration(first, second)
    return found, 1000 * (time.thread_time() - begun)


def _warped(paths: Sequence[Path], random: np.random.Generator) -> Iterator[Case]:
    for path in paths:
        pair = retake(_opened(path), random)
        found, core = _register(pair.first, pair.second)
        yield Case(error(found.transform, pair.truth, pair.first.size, pair.second.size), found, core)


def _others(paths: Sequence[Path], random: np.random.Generator) -> Iterator[Case]:
    for path, other in zip(paths, [*paths[1:], paths[0]], strict=True):
        if path != other:
            found, core = _register(retake(_opened(path), random).first, retake(_opened(other), random).second)
            yield Case(math.inf, found, core)


def _there_and_back(one: Path, other: Path) -> tuple[Case, Case]:
    first, second = _opened(one), _opened(other)
    there, core = _register(first, second)
    back, core_back = _register(second, first)
    apart = error(back.transform.inverse(), there.transform, first.size, second.size)
    return Case(apart, there, core), Case(apart, back, core_back)


def _print_warped(cases: Sequence[Case]) -> None:
    wrong = [case for case in cases if case.error > FAILURE]
    right = [case for case in cases if case.error <= FAILURE]
    errors = [case.error for case in right if not case.is_told]
    print("| warped by known transforms | |\n| --- | ---: |")
    print(f"| pairs | {len(cases)} |")
    print(f"| wrong: error over {FAILURE:.0%} of the frame | {len(wrong)} |")
    print(f"| of these refused | {sum(case.is_told for case in wrong)} |")
    print(f"| right, but refused | {sum(case.is_told for case in right)} of {len(right)} |")
    if errors:
        print(f"| error where aligned: median | {statistics.median(errors):.2%} |")
        print(f"| error where aligned: largest | {max(errors):.2%} |")
    times = [case.core for case in cases]
    print(f"| ms of a core: median, largest | {statistics.median(times):.0f}, {max(times):.0f} |\n", flush=True)


def _print_others(cases: Sequence[Case]) -> None:
    told = sum(case.is_told for case in cases)
    print("| images of different lesions | |\n| --- | ---: |")
    print(f"| pairs | {len(cases)} |\n| refused | {told} |")
    nearest = sorted((case.found.agreement for case in cases), key=lambda found: -found.share)[:3]
    print(
        f"| parts that agree: the three highest shares | {', '.join(f'{a.agreeing} of {a.parts}' for a in nearest)} |\n"
    )


def _print_real(pairs: Sequence[tuple[Case, Case]]) -> None:
    aligned = [there for there, back in pairs if not (there.is_told or back.is_told)]
    near = sum(case.error <= THERE_AND_BACK for case in aligned)
    print("| real pairs of HAM10000 and MILK10k | |\n| --- | ---: |")
    print(f"| pairs | {len(pairs)} |\n| refused there or back | {len(pairs) - len(aligned)} |")
    print(f"| aligned | {len(aligned)} |\n| of these back within {THERE_AND_BACK:.0%} | {near} |")


if __name__ == "__main__":
    sys.exit(main())
