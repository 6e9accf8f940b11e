"""A folder with files of every broken or odd kind among two hundred good ones."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop.core.inference.batch import FileAnswer, classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import find_images
from tests.core.imaging.bombs import BOMBS
from tests.core.imaging.pngs import png
from tests.core.imaging.profiles import black_ink_profile
from tests.core.imaging.test_opening import encoded
from tests.core.imaging.tiffs import Page, tiff
from tests.making import lesion, write_lesion
from tests.platforms import common_folder, posix, unprivileged

GOOD = 200
ANSWERED = "there is a picture"
DAMAGED = "is damaged or cut off"
NO_IMAGE = "is not an image that can be opened"
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "TIFF": "tif", "BMP": "bmp", "WEBP": "webp"}


def cut_off() -> dict[str, tuple[bytes, str]]:
    whole = {kind: encoded(lesion(2, (320, 240)), kind) for kind in EXTENSIONS}
    return {
        f"cut-{quarter}.{EXTENSIONS[kind]}": (data[: len(data) * quarter // 4], DAMAGED)
        for kind, data in whole.items()
        for quarter in (1, 2, 3)
    }


def no_images() -> dict[str, tuple[bytes, str]]:
    return {
        **{f"empty.{extension}": (b"", "is empty (0 bytes)") for extension in EXTENSIONS.values()},
        "letter.jpg": (b"Dear colleague,", NO_IMAGE),
        "report.png": (b"%PDF-1.7 ...", NO_IMAGE),
        "film.webp": (b"\0\0\0\x18ftypmp42" + bytes(100), NO_IMAGE),
        "phone.jpg": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is damaged or cut off"),
        "zeros.tif": (bytes(10_000), NO_IMAGE),
        "beginning.bmp": (b"BM" + bytes(10), DAMAGED),
    }


def too_much() -> dict[str, tuple[bytes, str]]:
    text = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)  # 200 kB in the file
    return {
        **BOMBS,
        "text-bomb.png": (png(8, 8, 8, 2, [bytes(24)] * 8, (b"zTXt", text)), DAMAGED),
        "float.tif": (encoded(Image.fromarray(np.zeros((8, 8), np.float32)), "TIFF"), "holds floating-point values"),
        "32-bit.tif": (encoded(Image.fromarray(np.full((8, 8), 70_000, np.int32)), "TIFF"), "holds 32-bit values"),
    }


def odd_but_pictures() -> dict[str, tuple[bytes, str]]:
    grey16 = Image.fromarray(np.full((60, 80), 30_000, np.uint16))
    ink = lesion(3).convert("CMYK")
    frames = [lesion(seed) for seed in (4, 5)]
    animated = {"save_all": True, "append_images": frames[1:]}
    contents = {
        "png-inside.jpg": encoded(lesion(6), "PNG"),
        "jpeg-inside.tif": encoded(lesion(7), "JPEG"),
        "dot.png": encoded(Image.new("RGB", (1, 1)), "PNG"),
        "dot.jpg": encoded(Image.new("RGB", (1, 1)), "JPEG"),
        "wide.jpg": encoded(Image.new("RGB", (30_000, 10)), "JPEG"),
        "tall.png": encoded(Image.new("RGB", (10, 30_000)), "PNG"),
        "16-bit.png": encoded(grey16, "PNG"),
        "16-bit-colour.tif": tiff(Page(np.full((60, 80, 3), 30_000, np.uint16), 2)),
        "ink.jpg": encoded(ink, "JPEG"),
        "ink-with-profile.tif": encoded(ink, "TIFF", icc_profile=black_ink_profile()),
        "profile.jpg": encoded(lesion(8), "JPEG", icc_profile=b"no profile at all"),
        "moving.webp": encoded(frames[0], "WEBP", **animated),
        "moving.png": encoded(frames[0], "PNG", **animated),
        "exif.jpg": encoded(lesion(9), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f"),
        "exif-garbage.jpg": encoded(lesion(10), "JPEG", exif=b"Exif\0\0garbage that is no directory"),
    }
    return {name: (content, ANSWERED) for name, content in contents.items()}


BROKEN = cut_off() | no_images() | too_much() | odd_but_pictures()


def makes_sense(answer: FileAnswer, expected: str) -> bool:
    if expected == ANSWERED:
        return answer.prediction is not None and answer.message == ""
    return answer.prediction is None and expected in answer.message and f"“{answer.path.name}”" in answer.message


@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
def test_broken_files_do_not_affect_two_hundred_good_ones(tmp_path: Path, model_file: Path) -> None:
    classifier = Classifier(model_file)
    good = [write_lesion(tmp_path / f"{number:03}.{'png' if number % 3 else 'jpg'}", number) for number in range(GOOD)]
    alone = {path: classifier.predict(classifier.prepare(path.read_bytes(), path.name)[np.newaxis])[0] for path in good}
    for name, (content, _) in BROKEN.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "nowhere.jpg").touch()
    paths = find_images([tmp_path]).images
    (tmp_path / "nowhere.jpg").unlink()  # it vanishes between being found and being read

    answers = {answer.path: answer for answer in classify_files(paths, classifier)}

    assert list(answers) == paths
    assert len(answers) - GOOD == len(BROKEN) + 1
    assert makes_sense(answers.pop(tmp_path / "nowhere.jpg"), "is not there")
    for path, prediction in alone.items():
        np.testing.assert_allclose(answers.pop(path).prediction.probabilities, prediction.probabilities, atol=1e-5)
    assert {path.name for path, answer in answers.items() if not makes_sense(answer, BROKEN[path.name][1])} == set()


@posix
def test_a_file_without_read_permission_is_one_row(model_file: Path) -> None:
    classifier = Classifier(model_file)
    with common_folder() as folder:
        paths = [write_lesion(folder / name, seed) for seed, name in enumerate(("a.jpg", "secret.jpg", "z.jpg"))]
        paths[1].chmod(0)
        with unprivileged():
            answers = list(classify_files(paths, classifier))
    assert [answer.error is None for answer in answers] == [True, False, True]
    assert answers[1].message == "“secret.jpg” may not be read. Check the file's permissions."
