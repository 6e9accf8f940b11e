import csv
import shutil
import threading
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.labelled_images.audit import Audit, FindingKind, audit, summary, write_audit
from tests.making import torn, write_lesion
from tests.training.drawn import draw, draw_classes, picture, write_csv
from training.images.catalogue import read_catalogue


def found_in(data: Path) -> tuple[Audit, dict[FindingKind, list[set[str]]]]:
    found = audit(read_catalogue(data).images)
    by_kind: dict[FindingKind, list[set[str]]] = {kind: [] for kind in FindingKind}
    for finding in found.findings:
        by_kind[finding.kind].append({found.images[index].name for index in finding.images})
    return found, by_kind


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twelve different lesions, without a fault."""
    draw_classes(tmp_path / "Train", {"melanoma": 4, "nevus": 4})
    draw_classes(tmp_path / "Test", {"melanoma": 2, "nevus": 2}, first_seed=100)
    return tmp_path


def test_a_damaged_file_is_found(data: Path) -> None:
    whole = write_lesion(data / "Train/nevus/whole.jpg", 7, (320, 240))
    (data / "Train/nevus/torn.jpg").write_bytes(torn(whole.read_bytes()))
    found, by_kind = found_in(data)
    assert by_kind[FindingKind.UNREADABLE] == [{"Train/nevus/torn.jpg"}]
    assert any("is damaged: a part of its pixels is lost" in problem for problem in found.problems)


def test_clean_data_have_no_findings(data: Path) -> None:
    found, _ = found_in(data)
    assert found.findings == ()
    assert len(set(found.pictures)) == 12


def test_the_same_bytes_are_found(data: Path) -> None:
    shutil.copy(data / "Train/nevus/000.png", data / "Train/nevus/000(1).png")
    found, by_kind = found_in(data)
    assert by_kind[FindingKind.IDENTICAL] == [{"Train/nevus/000.png", "Train/nevus/000(1).png"}]
    assert len(found.findings) == 1


def test_a_smaller_harder_compressed_copy_is_found(data: Path) -> None:
    with Image.open(data / "Train/nevus/000.png") as image:
        image.resize((44, 36), Image.Resampling.LANCZOS).save(data / "Train/nevus/copy.jpg", quality=60)
    _, by_kind = found_in(data)
    assert by_kind[FindingKind.NEAR_IDENTICAL] == [{"Train/nevus/000.png", "Train/nevus/copy.jpg"}]
    assert by_kind[FindingKind.IDENTICAL] == []


def test_one_picture_with_two_labels_is_found(data: Path) -> None:
    shutil.copy(data / "Train/nevus/000.png", data / "Train/melanoma/other name.png")
    _, by_kind = found_in(data)
    assert by_kind[FindingKind.TWO_LABELS] == [{"Train/nevus/000.png", "Train/melanoma/other name.png"}]


def test_a_mirrored_or_turned_copy_with_another_label_is_found(data: Path) -> None:
    for number, change in enumerate((Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90)):
        with Image.open(data / f"Train/nevus/00{number}.png") as image:
            image.transpose(change).save(data / f"Train/melanoma/changed {number}.png")
    _, by_kind = found_in(data)
    assert by_kind[FindingKind.TWO_LABELS] == [
        {"Train/melanoma/changed 0.png", "Train/nevus/000.png"},
        {"Train/melanoma/changed 1.png", "Train/nevus/001.png"},
    ]


def test_a_group_or_a_lesion_on_both_sides_of_a_split_is_found(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"melanoma": 3, "nevus": 3})
    told = iter(
        [("A", "", "train"), ("A", "", "test"), ("", "", "train"), ("", "L", "train"), ("", "L", ""), ("", "L", "val")]
    )
    rows = [
        dict(
            zip(
                ("path", "label", "group", "lesion", "split"),
                (f"{name}/{number:03}.png", name, *next(told)),
                strict=True,
            )
        )
        for name in ("melanoma", "nevus")
        for number in range(3)
    ]
    _, by_kind = found_in(write_csv(tmp_path / "data.csv", rows))
    assert by_kind[FindingKind.TORN] == [
        {"melanoma/000.png", "melanoma/001.png"},
        {"nevus/000.png", "nevus/001.png", "nevus/002.png"},
    ]
    assert by_kind[FindingKind.TWO_SPLITS] == []


def test_a_test_image_in_train_is_found_even_if_saved_again(data: Path) -> None:
    with Image.open(data / "Test/nevus/001.png") as image:
        image.save(data / "Train/nevus/anew.jpg", quality=90)
    _, by_kind = found_in(data)
    assert by_kind[FindingKind.TWO_SPLITS] == [{"Test/nevus/001.png", "Train/nevus/anew.jpg"}]


def test_images_that_wait_are_not_opened_after_a_cancel(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    read: list[Path] = []
    cancelled = threading.Event()

    def read_and_wait(path: Path) -> bytes:
        read.append(path)
        assert len(read) == 1 or cancelled.wait(60)
        return path.read_bytes()

    def cancel(_share: float) -> None:
        cancelled.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(read_catalogue(data).images, cancel, read_and_wait)
    assert len(read) < 12


def test_files_that_cannot_be_opened_are_found_with_the_reason(data: Path) -> None:
    (data / "Train/nevus/empty.jpg").write_bytes(b"")
    (data / "Train/nevus/text.jpg").write_text("no image")
    cut = (data / "Train/nevus/000.png").read_bytes()[:200]
    (data / "Train/nevus/cut.png").write_bytes(cut)
    found, by_kind = found_in(data)
    assert by_kind[FindingKind.UNREADABLE] == [{f"Train/nevus/{name}"} for name in ("cut.png", "empty.jpg", "text.jpg")]
    assert "empty (0 bytes)" in summary(found)


def test_different_lesions_that_look_alike_are_not_taken_for_copies(tmp_path: Path) -> None:
    """Different lesions with one label under one light are different pictures, even if they look alike."""
    for seed in range(40):
        draw(tmp_path / "nevus" / f"{seed}.png", "nevus", seed)
    draw(tmp_path / "melanoma" / "0.png", "melanoma", 0)
    found, _ = found_in(tmp_path)
    assert len(set(found.pictures)) == 41


def test_blank_images_of_one_colour_are_one_picture(data: Path) -> None:
    for name in ("a.png", "b.bmp"):
        Image.new("RGB", (40, 40), "grey").save(data / "Train/nevus" / name)
    _, by_kind = found_in(data)
    assert by_kind[FindingKind.NEAR_IDENTICAL] == [{"Train/nevus/a.png", "Train/nevus/b.bmp"}]


def test_the_table_counts_and_names_conflicts(data: Path) -> None:
    shutil.copy(data / "Test/nevus/000.png", data / "Train/melanoma/a.png")
    found, _ = found_in(data)
    lines = summary(found).splitlines()
    assert "two labels             1       2  the same picture under more than one label" in lines
    assert "     1  melanoma + nevus" in lines
    assert "     1  test: nevus + train: melanoma" in lines


def test_the_csv_has_a_row_for_each_image_and_finding(data: Path, tmp_path: Path) -> None:
    shutil.copy(data / "Test/nevus/000.png", data / "Train/melanoma/a.png")
    found, _ = found_in(data)
    write_audit(found, tmp_path / "audit.csv")
    with (tmp_path / "audit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["finding"], row["path"]) for row in rows] == [
        (finding, path)
        for finding in ("byte-identical", "two labels", "test in train")
        for path in ("Test/nevus/000.png", "Train/melanoma/a.png")
    ]
    assert rows[0]["also"] == "Train/melanoma/a.png"
    assert len(rows[0]["sha256"]) == 64


def test_the_drawn_pictures_of_these_tests_differ() -> None:
    assert picture("nevus", 1).tobytes() != picture("nevus", 2).tobytes()
