"""The folder to train with: what stands in its table, and what does not."""

import csv
import hashlib
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.errors import DataError, RecordsError
from desktop.core.exchange.training_folder import WrittenExport, write_training_folder
from desktop.core.imaging.opening import read_file
from desktop.core.labelled_images.labelled_csv import read_csv
from desktop.core.labelled_images.training_export import MANIFEST, TABLE, read_export
from desktop.core.records.training_plan import TrainingImage, TrainingPlan
from desktop.core.records.values import KeptImage
from tests.core.records.history_contents import MODEL
from tests.making import lesion

SALT = "5" * 64


def image(folder: Path, number: int, **changes: object) -> TrainingImage:
    path = folder / f"Mrs Secret {number}.jpg"
    exif = Image.Exif()
    exif[0x010E] = "Mrs Secret, born 1950"
    lesion(number, (640, 480)).save(path, exif=exif, comment=b"Secret")
    data = path.read_bytes()
    kept = KeptImage(hashlib.sha256(data).hexdigest(), path.name, "JPEG", 640, 480, len(data), path, stored=False)
    values: dict[str, object] = {
        "image": kept,
        "label": "nevus",
        "diagnosis": "nevus",
        "patient": "a" * 16,
        "lesion": f"{number:016x}",
        "lesion_id": number,
        "split": "train",
        "is_new": True,
        "age_band": "60-69",
        "sex": "female",
        "site": "scapula-left",
    }
    return TrainingImage(**(values | changes))  # type: ignore[arg-type]


def plan(*images: TrainingImage) -> TrainingPlan:
    return TrainingPlan(MODEL, SALT, 3, images, {})


def write(of: TrainingPlan, target: Path) -> WrittenExport:
    written = write_training_folder(of, target, lambda one: read_file(one.path))
    assert not target.exists()
    written.name_folder()
    return written


def test_the_table_is_what_training_reads_and_names_nobody(tmp_path: Path) -> None:
    first = image(tmp_path, 1, split="test")
    of = plan(
        first,
        image(tmp_path, 2, age_band="90+", sex="other", site="Mrs Secret's arm"),
        image(tmp_path, 3, age_band="", sex="male", split="test", is_new=False),
    )
    assert write(of, tmp_path / "export") == WrittenExport(tmp_path / "export", frozenset({1, 2, 3}), 3, 0)
    found = read_csv(tmp_path / "export" / TABLE)
    assert found.remarks == []
    assert [(one.split, one.age, one.sex, one.site) for one in found.images] == [
        ("test", 65.0, "female", "scapula"),
        ("train", 95.0, "", ""),
        ("test", None, "male", "scapula"),
    ]
    assert {(one.group, one.confirmed_by, one.source) for one in found.images} == {
        ("a" * 16, "histopathology", "LesionLens")
    }
    assert found.images[0].original_sha256 == first.image.sha256
    manifest = read_export(tmp_path / "export")
    assert (manifest.model_sha256, manifest.look, manifest.lesions, manifest.images) == (MODEL, 3, 3, 3)
    assert manifest.judged == (first.lesion,)
    assert manifest.history == hashlib.sha256(SALT.encode()).hexdigest()
    for path in (tmp_path / "export").iterdir():
        content = path.read_bytes()
        assert b"Secret" not in content
        assert b"2026" not in content
        assert SALT.encode() not in content
        assert path.stat().st_mode & 0o077 == 0
    with Image.open(tmp_path / "export" / "00001.png") as picture:
        assert picture.size == (640, 480)
        assert not picture.info
        assert not picture.getexif()


def test_the_manifest_names_photographs_and_counts_lesions_without_histology(tmp_path: Path) -> None:
    of = plan(
        image(tmp_path, 1, lesion="1" * 16),
        image(tmp_path, 2, lesion="1" * 16, is_photograph=True),
        image(tmp_path, 3, confirmed_by="follow_up", is_new=False, split="test"),
    )
    write(of, tmp_path / "export")
    manifest = read_export(tmp_path / "export")
    assert (manifest.lesions, manifest.followed, manifest.photographs) == (2, 1, ("00002.png",))
    found = read_csv(tmp_path / "export" / TABLE).images
    assert [(one.confirmed_by, one.source) for one in found] == [
        ("histopathology", "LesionLens"),
        ("", "LesionLens clinical photograph"),
        ("follow_up", "LesionLens"),
    ]
    with Image.open(tmp_path / "export" / "00002.png") as picture:
        assert not picture.info
        assert not picture.getexif()


def test_images_that_cannot_be_read_are_counted_and_their_lesions_not_noted(tmp_path: Path) -> None:
    of = plan(image(tmp_path, 1), image(tmp_path, 2))
    of.images[1].image.path.unlink()
    assert write(of, tmp_path / "export") == WrittenExport(tmp_path / "export", frozenset({1}), 1, 1)
    assert read_export(tmp_path / "export").left_out == {"unreadable image": 1}
    with (tmp_path / "export" / TABLE).open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 1


def test_nothing_is_left_where_it_was_stopped_or_failed(tmp_path: Path) -> None:
    of = plan(image(tmp_path, 1))

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_training_folder(of, tmp_path / "export", lambda one: read_file(one.path), stop)
    assert not list(tmp_path.glob("export*"))
    discarded = write_training_folder(of, tmp_path / "export", lambda one: read_file(one.path))
    discarded.discard()
    with pytest.raises(RecordsError, match="cannot be written"):
        discarded.name_folder()
    of.images[0].image.path.unlink()
    with pytest.raises(RecordsError, match="None of the images can be read"):
        write(of, tmp_path / "export")
    (tmp_path / "there").mkdir()
    with pytest.raises(RecordsError, match="is there already"):
        write(of, tmp_path / "there")
    assert {path.name for path in tmp_path.iterdir()} == {"there"}


def test_another_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder that LesionLens exported for training"):
        read_export(tmp_path)
    (tmp_path / MANIFEST).write_text('{"version": 2}')
    with pytest.raises(DataError, match="no folder that LesionLens exported for training"):
        read_export(tmp_path)
