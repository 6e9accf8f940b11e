"""A model file answers test images: those of a CSV, and the Test folder of the nine-class set."""

from pathlib import Path

import pytest

from desktop.core.inference.classifier import Classifier
from tests.training.drawn import draw_classes, picture, write_csv
from training.__main__ import main
from training.measuring import public_tests


def squashed(path: Path, name: str, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(name, seed).resize((60, 60)).save(path)
    return path


@pytest.fixture
def isic9(tmp_path: Path) -> Path:
    """Two test images, one of them also in Train under another label, and an accidental copy."""
    folder = tmp_path / "isic9"
    for name in ("N0", "N0(1)"):
        squashed(folder / f"Test/nevus/{name}.jpg", "nevus", 0)
    squashed(folder / "Test/vascular lesion/N80.jpg", "vascular lesion", 80)
    write_csv(
        folder / "conflicts.csv",
        [
            {"image_id": "N80", "folder": "Test/vascular lesion", "note": "also in Train/nevus"},
            {"image_id": "N82", "folder": "Train/melanoma", "note": "also in Train/seborrheic keratosis"},
        ],
    )
    return folder


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    draw_classes(tmp_path / "pictures", {"melanoma": 2, "nevus": 2})
    rows = [
        {
            "path": f"pictures/{name}/{number:03}.png",
            "label": name,
            "split": "test" if number else "",
            "source": "ISIC 2017 validation",
            "picture": f"{name}{number}",
        }
        for name in ("melanoma", "nevus")
        for number in range(2)
    ]
    return write_csv(tmp_path / "pool.csv", rows)


def test_a_model_file_answers_the_test_images(pool: Path, isic9: Path, model_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept/test.csv"
    call = ["test", "--model", str(model_file), "--data", str(pool), "--isic9", str(isic9), "--out", str(out)]
    assert main(call) == 0
    found = public_tests.read(out)
    assert found is not None
    assert found.images == ("melanoma1", "nevus1", "N0", "N80")
    assert found.sources == ("ISIC 2017 validation",) * 2 + ("isic9 Test",) * 2
    assert [image for image, is_so in zip(found.images, found.conflicting, strict=True) if is_so] == ["N80"]
    classifier = Classifier(model_file)
    assert found.model_sha256 == classifier.sha256
    file = isic9 / "Test/nevus/N0.jpg"
    expected = classifier.run(classifier.prepare(file.read_bytes(), file.name)[None]).probabilities[0]
    assert found.probabilities[found.images.index("N0")] == pytest.approx(expected, rel=1e-3)


def test_a_csv_or_isic9_alone_is_enough(isic9: Path, model_file: Path, tmp_path: Path) -> None:
    call = ["test", "--model", str(model_file), "--isic9", str(isic9), "--out", str(tmp_path / "test.csv")]
    assert main(call) == 0
    found = public_tests.read(tmp_path / "test.csv")
    assert found is not None
    assert found.images == ("N0", "N80")


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        ([], 2, "There is nothing to test on. Give --data or --isic9."),
        (["--isic9", "."], 1, "holds no Test/<class> folders of images"),
        (["--data", "train.csv"], 1, "names no image whose split is test"),
    ],
)
def test_testing_without_images_is_refused_with_a_sentence(
    options: list[str],
    code: int,
    sentence: str,
    pool: Path,
    model_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(pool.parent)
    Path("train.csv").write_text(pool.read_text(encoding="utf-8").replace(",test,", ",,"), encoding="utf-8")
    assert main(["test", "--model", str(model_file), *options, "--out", "test.csv"]) == code
    assert sentence in capsys.readouterr().err
    assert public_tests.read(Path("test.csv")) is None
