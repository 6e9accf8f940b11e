"""How many damaged files are answered as if intact, by kind of file.

    python benchmarks/mutations.py [FOLDER] [--files 6000] [--seed 1] [--model FILE] [--keep FOLDER]

Each image of FOLDER, or each of the project's drawn samples, is saved in every format. Copies of the files are then damaged as
by a faulty disk, network or memory card: bits are flipped, stretches are lost, repeated or replaced. Each file is opened and
compared with the saved picture, which counts as destroyed if more than a tenth of its pixels visibly differ. The exit status is
1 if an undamaged file is refused or withheld as damaged, if more than `BAR` destroyed pictures of 6,000 files are answered, or
if any file raises an exception that is not a sentence for the user.
"""

import argparse
import io
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import described, images_of
from desktop.core.errors import AppError, ImageError
from desktop.core.imaging.opening import decode, decode_checked, read_file, read_header
from desktop.core.imaging.preprocessing import seen_box
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.judgement import Abstention, judge
from desktop.core.paths import SAMPLES, SHIPPED_MODEL

BAR = 100
"""Destroyed pictures, of 6,000 damaged files, that may be answered: damage that no decoder can detect."""

_VISIBLE = 16
"""A pixel visibly differs from this many grey levels on (mean over the channels)."""

_DESTROYED = 0.1
"""A picture is destroyed if more than this share of its pixels visibly differs."""

_SIDE = 640
"""Pixels of the longer side at which the images are saved."""


def _saved(image: Image.Image, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


KINDS: dict[str, Callable[[Image.Image], bytes]] = {
    "JPEG": lambda image: _saved(image, "JPEG", quality=90),
    "JPEG, progressive": lambda image: _saved(image, "JPEG", quality=90, progressive=True),
    "JPEG, restart markers": lambda image: _saved(image, "JPEG", quality=90, restart_marker_rows=2),
    "PNG": lambda image: _saved(image, "PNG"),
    "WebP": lambda image: _saved(image, "WEBP", quality=90),
    "WebP, lossless": lambda image: _saved(image, "WEBP", lossless=True),
    "TIFF, LZW": lambda image: _saved(image, "TIFF", compression="tiff_lzw"),
    "TIFF, Deflate": lambda image: _saved(image, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF, JPEG": lambda image: _saved(image, "TIFF", compression="jpeg", quality=90),
    "TIFF, uncompressed": lambda image: _saved(image, "TIFF"),
    "BMP": lambda image: _saved(image, "BMP"),
}
_SHARES = {"JPEG": 28, "JPEG, progressive": 8, "JPEG, restart markers": 4, "PNG": 12}
"""Files of a format among 59, if not one: dermatoscopes and clinics mostly save JPEG and hardly ever WebP."""


def _stretch(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Choose a stretch of 1 byte to a quarter of the file, anywhere in it; short and long ones are equally likely."""
    length = int(2 ** chance.uniform(0, np.log2(len(data) / 4)))
    begin = chance.randrange(len(data) - length)
    return begin, begin + length


def _turn_bits(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _blank(data: bytes, chance: random.Random) -> bytes:
    begin, end = _stretch(data, chance)
    return data[:begin] + bytes([chance.choice((0, 0, 0xFF))]) * (end - begin) + data[end:]


def _scramble(data: bytes, chance: random.Random) -> bytes:
    begin, end = _stretch(data, chance)
    return data[:begin] + chance.randbytes(end - begin) + data[end:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    """Overwrite a stretch with another one of the same file, like a disk that returns a wrong block."""
    begin, end = _stretch(data, chance)
    source = chance.randrange(len(data) - (end - begin))
    return data[:begin] + data[source : source + end - begin] + data[end:]


def _lose(data: bytes, chance: random.Random) -> bytes:
    begin, end = _stretch(data, chance)
    return data[:begin] + data[end:]


def _insert(data: bytes, chance: random.Random) -> bytes:
    begin, end = _stretch(data, chance)
    return data[:end] + data[begin:end] + data[end:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    """Cut a file off, or blank its end, like an interrupted copy."""
    left = chance.randrange(len(data) // 2, len(data))
    return data[:left] + bytes(chance.choice((0, len(data) - left)))


WAYS = (_turn_bits, _blank, _scramble, _repeat, _lose, _insert, _cut)


@dataclass(frozen=True)
class Original:
    """One saved image: the bytes of its file and the pixels that they decode to."""

    kind: str
    data: bytes
    pixels: NDArray[np.uint8]


def _originals(paths: list[Path]) -> Iterator[Original]:
    for path in paths:
        image = decode(read_file(path), path.name)
        image.thumbnail((_SIDE, _SIDE))
        for kind, save in KINDS.items():
            data = save(image)
            yield Original(kind, data, np.asarray(decode(data, kind)))


def _destroyed(pixels: NDArray[np.uint8], original: NDArray[np.uint8]) -> bool:
    if pixels.shape != original.shape:
        return True
    differences = np.abs(pixels.astype(np.int16) - original).mean(axis=2)
    return float((differences >= _VISIBLE).mean()) > _DESTROYED


def _abstention(data: bytes, classifier: Classifier) -> Abstention | None:
    """Return why the model gives no answer, None if it gives one."""
    header = read_header(data, "spoilt")
    pixels, is_damaged = classifier.prepare_checked(data, "spoilt")
    side = seen_box(header.width, header.height, classifier.contract.fit).side
    (prediction,) = classifier.predict(pixels[None], [side], [is_damaged])
    return judge(prediction, classifier.contract).abstention


def _outcome(data: bytes, original: Original, classifier: Classifier) -> str:
    """Return the outcome for a damaged file, as named in `_COLUMNS`."""
    try:
        loaded = decode_checked(data, "spoilt")
    except ImageError:
        return "refused"
    destroyed = _destroyed(np.asarray(loaded.image), original.pixels)
    if loaded.is_damaged:
        return "withheld" if destroyed else "withheld, hardly changed"
    if not destroyed:
        return "hardly changed"
    return "unnoticed, answered" if _abstention(data, classifier) is None else "unnoticed, withheld otherwise"


_COLUMNS = (
    ("refused", "refused"),
    ("withheld", "destroyed, withheld as damaged"),
    ("withheld, hardly changed", "hardly changed, withheld as damaged"),
    ("hardly changed", "hardly changed, answered as intact"),
    ("unnoticed, withheld otherwise", "destroyed, withheld for another reason"),
    ("unnoticed, answered", "destroyed and answered"),
)


def main() -> int:
    """Damage the files, open them, print the table; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "folder", type=Path, nargs="?", help="a folder of images (default: the project's drawn samples)"
    )
    parser.add_argument("--files", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--keep", type=Path, help="a folder for the destroyed files that are answered")
    options = parser.parse_args()
    paths = images_of(options.folder or SAMPLES)
    print(f"{options.files:,} damaged files of {described(paths)}, seed {options.seed}")
    classifier = Classifier(options.model)
    by_kind: dict[str, list[Original]] = defaultdict(list)
    withheld = 0
    for original in _originals(paths):
        withheld += decode_checked(original.data, original.kind).is_damaged
        by_kind[original.kind].append(original)
    chance = random.Random(options.seed)  # noqa: S311 - reproducible, not secret
    kinds = [kind for kind in KINDS for _ in range(_SHARES.get(kind, 1))]
    found: Counter[tuple[str, str]] = Counter()
    bugs: Counter[str] = Counter()
    for number in range(options.files):
        kind = kinds[number % len(kinds)]
        original = chance.choice(by_kind[kind])
        way = chance.choice(WAYS)
        data = way(original.data, chance)
        try:
            outcome = _outcome(data, original, classifier)
        except AppError:
            outcome = "refused"
        except Exception as error:  # noqa: BLE001 - counts all exceptions; there should be none
            bugs[f"{kind}, {way.__name__}: {error!r}"] += 1
            continue
        found[kind, outcome] += 1
        if options.keep is not None and outcome == "unnoticed, answered":
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{number:05} {kind.replace(', ', ' ')} {way.__name__[1:]}.img").write_bytes(data)
    _print(found)
    answered = sum(count for (_, outcome), count in found.items() if outcome == "unnoticed, answered")
    print(f"destroyed and answered: {answered} of {options.files:,} (at most {BAR} of 6,000)")
    print(f"undamaged and withheld as damaged: {withheld} of {sum(map(len, by_kind.values()))} (at most 0)")
    for bug, count in bugs.most_common():
        print(f"not a sentence: {bug} ({count} times)")
    return int(answered > BAR * options.files / 6000 or withheld > 0 or bool(bugs))


def _print(found: Counter[tuple[str, str]]) -> None:
    print("| format | files | " + " | ".join(words for _, words in _COLUMNS) + " |")
    print("| --- |" + " ---: |" * (len(_COLUMNS) + 1))
    for kind in KINDS:
        counts = [found[kind, outcome] for outcome, _ in _COLUMNS]
        print(f"| {kind} | " + " | ".join(map(str, [sum(counts), *counts])) + " |")
    totals = [sum(found[kind, outcome] for kind in KINDS) for outcome, _ in _COLUMNS]
    print("| **all** | " + " | ".join(map(str, [sum(totals), *totals])) + " |")


if __name__ == "__main__":
    sys.exit(main())
