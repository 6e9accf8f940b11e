import errno
import hashlib
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.errors import RecordsError
from desktop.core.imaging.opening import decode
from desktop.core.records.images import ImageStore
from tests.making import lesion, write_lesion
from tests.platforms import common_folder, posix, unprivileged


def jpeg(seed: int = 0, size: tuple[int, int] = (160, 120)) -> bytes:
    buffer = io.BytesIO()
    lesion(seed, size).save(buffer, "JPEG", comment=b"kept to the last byte")
    return buffer.getvalue()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_copy_is_identical_to_the_byte_and_found_by_its_hash(tmp_path: Path) -> None:
    store, data = ImageStore(tmp_path), jpeg()
    sha256 = hashlib.sha256(data).hexdigest()
    path = store.add(data, "JPEG")
    assert path == tmp_path / "images" / sha256[:2] / f"{sha256}.jpg"
    assert path.read_bytes() == store.read(sha256) == data


def test_the_same_image_is_stored_once(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    assert store.add(jpeg(), "JPEG") == store.add(jpeg(), "JPEG")
    store.add(jpeg(1), "MPO")
    assert len(files(tmp_path)) == 2


def test_an_altered_copy_is_never_used_and_is_replaced_by_the_original(tmp_path: Path) -> None:
    store, data = ImageStore(tmp_path), jpeg()
    sha256 = hashlib.sha256(data).hexdigest()
    path = store.add(data, "JPEG")
    path.write_bytes(data[:-1])
    with pytest.raises(RecordsError, match=r"The stored image “.*\.jpg” is damaged or was altered"):
        store.read(sha256)
    store.add(data, "JPEG")
    assert store.read(sha256) == data


@pytest.mark.parametrize("name", ["../" * 21 + "x", "*", "a" * 63, "A" * 64, "a" * 64 + "/../../x", ""])
def test_a_name_that_is_not_a_hash_gives_no_path(tmp_path: Path, name: str) -> None:
    store = ImageStore(tmp_path / "data")
    (tmp_path / "x").write_text("not ours")
    for use in (
        store.read,
        lambda sha256: store.remove([sha256]),
        lambda sha256: store.thumbnail(sha256, tmp_path / "x"),
    ):
        with pytest.raises(RecordsError, match="it was altered"):
            use(name)
    assert (tmp_path / "x").read_text() == "not ours"


def test_a_missing_copy(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=f"The stored image {'0' * 64} is missing from “.*images”"):
        ImageStore(tmp_path).read("0" * 64)


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    store = ImageStore(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(RecordsError, match="The disk is full: the image was not saved"):
            store.add(jpeg(), "JPEG")
    assert files(tmp_path) == []
    assert store.add(jpeg(), "JPEG").read_bytes() == jpeg()


@posix
def test_a_folder_that_may_only_be_read() -> None:
    with common_folder() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(RecordsError, match=r"cannot be saved in .*Permission denied"):
            ImageStore(folder).add(jpeg(), "JPEG")


def test_a_thumbnail_is_small_and_created_once(tmp_path: Path) -> None:
    store, data = ImageStore(tmp_path), jpeg(3, (1600, 1200))
    original = store.add(data, "JPEG")
    sha256 = hashlib.sha256(data).hexdigest()
    thumbnail = store.thumbnail(sha256, original)
    assert thumbnail is not None
    assert decode(thumbnail, "thumbnail").size == (256, 192)
    original.unlink()
    assert store.thumbnail(sha256, original) == thumbnail
    assert ImageStore(tmp_path).thumbnail(sha256, original) == thumbnail


def test_a_thumbnail_contains_nothing_but_the_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "P-0412, left scapula"
    path = tmp_path / "named.jpg"
    lesion().save(path, exif=exif, comment="P-0412")
    thumbnail = ImageStore(tmp_path).thumbnail(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    assert thumbnail is not None
    assert b"P-0412" in path.read_bytes()
    assert b"P-0412" not in thumbnail


def test_no_thumbnail_of_a_missing_broken_or_changed_image(tmp_path: Path) -> None:
    store, path = ImageStore(tmp_path), write_lesion(tmp_path / "linked.png", 1)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    write_lesion(path, 2)
    assert store.thumbnail(sha256, path) is None
    assert store.thumbnail(sha256, tmp_path / "gone.png") is None
    path.write_text("no image")
    assert store.thumbnail(hashlib.sha256(b"no image").hexdigest(), path) is None


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "linked.png", 1)
    (tmp_path / "thumbnails").write_text("in the way")
    thumbnail = ImageStore(tmp_path).thumbnail(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    assert thumbnail is not None
