"""Peak memory for folders of various contents with two workers, each case in a process of its own.

python benchmarks/memory.py [--files 100000] [--model FILE]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import large_jpegs
from benchmarks.measuring import in_own_process, machine, measure, tell
from desktop import __version__
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import find_images
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.table_files import open_table
from desktop.core.records.tables import TableRow
from tests.core.inference.test_broken import BROKEN
from tests.making import write_lesion

_LIMIT_MB = 700
_WORKERS = 2
_LARGE = 12
"""Files of 24 megapixels: several for each worker."""


def _many(folder: Path, files: int) -> None:
    originals = [write_lesion(folder / f"original-{seed}.jpg", seed) for seed in range(20)]
    for number in range(len(originals), files):
        part = folder / f"{number // 1000:03}"
        part.mkdir(exist_ok=True)
        os.link(originals[number % len(originals)], part / f"{number:06}.jpg")


def _large(extension: str, mode: str = "RGB", **options: Any) -> Callable[[Path, int], None]:
    """Return a function that writes files of 6000 x 4000 pixels in one format."""

    def write(folder: Path, _files: int) -> None:
        (source,) = large_jpegs(folder, 1)
        with Image.open(source) as image:
            picture = image.convert("RGB")
        source.unlink()
        if mode == "RGBA":
            picture.putalpha(200)
        elif mode == "CMYK":
            picture = picture.convert("CMYK")
        first = folder / f"0.{extension}"
        picture.save(first, **options)
        for number in range(1, _LARGE):
            os.link(first, folder / f"{number}.{extension}")

    return write


def _broken(folder: Path, _files: int) -> None:
    for number in range(5):
        for name, (content, _) in BROKEN.items():
            path = folder / str(number) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)


CASES: dict[str, Callable[[Path, int], None]] = {
    "many small JPEGs": _many,
    "24 megapixels, JPEG": _large("jpg", quality=92),
    "24 megapixels, progressive JPEG, no subsampling": _large("jpg", quality=92, progressive=True, subsampling=0),
    "24 megapixels, CMYK JPEG": _large("jpg", "CMYK", quality=92),
    "24 megapixels, PNG": _large("png", compress_level=1),
    "24 megapixels, PNG with transparency": _large("png", "RGBA", compress_level=1),
    "24 megapixels, TIFF": _large("tif"),
    "broken files of every kind": _broken,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all cases; return 0 if all stay under the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.folder:
        tell(measure(lambda: _classify(options.folder, options.model)))
        return 0
    print(machine(["onnxruntime", "pillow"]))
    print(f"model “{options.model.name}”, {_WORKERS} workers; at most {_LIMIT_MB} MB\n")
    print("| folder | files | images/s | peak MB | |\n| --- | ---: | ---: | ---: | --- |")
    is_good = True
    for words, write in CASES.items():
        with tempfile.TemporaryDirectory() as name:
            write(Path(name), options.files)
            one = in_own_process(__file__, "--folder", name, "--model", options.model)
        is_met = one.peak_mb < _LIMIT_MB
        is_good &= is_met
        print(
            f"| {words} | {one.images} | {one.rate:.1f} | {one.peak_mb:.0f} | {'met' if is_met else 'MISSED'} |",
            flush=True,
        )
    return 0 if is_good else 1


def _classify(folder: Path, model: Path) -> int:
    classifier = Classifier(model)
    labels = classifier.contract.label_ids
    found = find_images([folder]).images
    with (
        tempfile.TemporaryDirectory() as name,
        open_table(Path(name) / "out.csv", labels) as table,
        closing(classify_files(found, classifier, workers=_WORKERS)) as answers,
    ):
        for answer in answers:
            table.write(TableRow.of_file(answer, labels, classifier.sha256, __version__))
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
