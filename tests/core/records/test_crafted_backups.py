"""Crafted backups: each is refused quickly, with a sentence, and changes nothing."""

# ruff: noqa: S608 - statements are put together from constants of the test

import hashlib
import os
import sqlite3
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from desktop.core.errors import RecordsError
from desktop.core.imaging.opening import read_header
from desktop.core.records import soundness
from desktop.core.records.backup import write_backup
from desktop.core.records.backup_file import MANIFEST
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.restoring import restore_backup
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.values import KeptImage
from tests.core.records.history_contents import an_answer, keep
from tests.core.records.old_histories import STORED, restore
from tests.making import contract, write_lesion

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
BY = "'MK', '2026-11-23T09:00:00.000000+00:00'"
SECONDS = 20
"""Of the processor, which a machine that stands still does not count."""
MEMORY = 150 << 20

Files = dict[str, bytes]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a stored image and a linked one."""
    source = write_lesion(tmp_path / "lesion.png", 1)
    content = source.read_bytes()
    with History.open(tmp_path / "data") as history:
        path = ImageStore(tmp_path / "data").add(content, "PNG")
        header = read_header(content, source.name)
        image = KeptImage.of(path.stem, len(content), header, path, name=source.name, stored=True)
        history.save(image, an_answer(), contract(), by="MK")
        keep(history, "linked.jpg")
    return tmp_path / "data"


@pytest.fixture
def files(data: Path, tmp_path: Path) -> Files:
    """The contents of a valid backup of it."""
    write_backup(data, tmp_path / "good.zip", app_version="0.2.0", now=NOW)
    with zipfile.ZipFile(tmp_path / "good.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(path: Path, data: Path) -> str:
    """Restore a crafted backup; return the sentence with which it is refused."""
    before = everything(data.parent)
    began = time.process_time()
    with pytest.raises(RecordsError) as refused:
        restore_backup(path, data, now=NOW)
    assert time.process_time() - began < SECONDS
    assert everything(data.parent) == before
    return str(refused.value)


def packed(files: Files, target: Path, /, **manifest: object) -> Path:
    """Pack files as a backup, with their correct hashes."""
    said = msgspec.json.decode(files[MANIFEST])
    said["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, msgspec.json.encode(said | manifest) if name == MANIFEST else content)
    return target


def edited(database: bytes, folder: Path, *statements: str) -> bytes:
    """Return a database after executing statements."""
    path = folder / "edited.sqlite3"
    path.write_bytes(database)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    content = path.read_bytes()
    path.unlink()
    return content


# The zip itself


def without_manifest(files: Files, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("letter.txt", "hello")


def encrypted(files: Files, target: Path) -> None:
    content = bytearray(packed(files, target).read_bytes())
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        content[start + 8] |= 1
        start += 4
    target.write_bytes(content)


def methods(method: int) -> Callable[[Files, Path], None]:
    def pack(files: Files, target: Path) -> None:
        with zipfile.ZipFile(packed(files, target)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return pack


def bomb(files: Files, target: Path) -> None:
    content = files | {FILE_NAME: files[FILE_NAME] + bytes(300 << 20)}
    packed(files, target)
    manifest = msgspec.json.decode(files[MANIFEST])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, msgspec.json.encode(manifest))
        for name in manifest["files"]:
            archive.writestr(name, content[name])


def manifest_of(content: bytes, method: int = zipfile.ZIP_STORED) -> Callable[[Files, Path], None]:
    def pack(files: Files, target: Path) -> None:
        with zipfile.ZipFile(target, "w", method) as archive:
            for name in files:
                archive.writestr(name, content if name == MANIFEST else files[name])

    return pack


def manifest_bomb(files: Files, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("filling", os.urandom(4 << 20))  # so that the whole is not many times larger than its file
        archive.writestr(MANIFEST, b" " * (200 << 20), zipfile.ZIP_DEFLATED)


def with_end(change: Callable[[bytearray, int], None]) -> Callable[[Files, Path], None]:
    """Change the record at the end of the zip, which says where its list of files is."""

    def pack(files: Files, target: Path) -> None:
        content = bytearray(packed(files, target).read_bytes())
        change(content, content.rindex(b"PK\x05\x06"))
        target.write_bytes(content)

    return pack


def huge_list(content: bytearray, end: int) -> None:
    content[end + 12 : end + 16] = (1 << 30).to_bytes(4, "little")
    content[0:0] = bytes(1 << 20)


def long_list(content: bytearray, end: int) -> None:
    content[end + 12 : end + 16] = (0xFFFFFFF0).to_bytes(4, "little")


def list_before_the_beginning(content: bytearray, end: int) -> None:
    content[end + 16 : end + 20] = (0xFFFFFF00).to_bytes(4, "little")


def name_that_is_no_text(files: Files, target: Path) -> None:
    content = packed(files | {"images/ü": b""}, target).read_bytes()
    target.write_bytes(content.replace("images/ü".encode(), b"images/\xff\xfe"))


def member_that_is_not_there(files: Files, target: Path) -> None:
    said = msgspec.json.decode(files[MANIFEST])["files"]
    packed(files, target, files=said | {"drafts.json": "0" * 64})


def cut_short(files: Files, target: Path) -> None:
    content = packed(files, target).read_bytes()
    target.write_bytes(content[: len(content) // 2])


def changed_content(files: Files, target: Path) -> None:
    content = bytearray(packed(files, target).read_bytes())
    content[content.index(b"IHDR") + 40] ^= 0xFF
    target.write_bytes(content)


ZIPS: dict[str, tuple[Callable[[Files, Path], object], str]] = {
    "empty file": (lambda _files, target: target.write_bytes(b""), "is no backup"),
    "notes": (lambda _files, target: target.write_bytes(b"just notes"), "is no backup"),
    "cut short": (cut_short, "is no backup"),
    "another zip": (without_manifest, "is no backup"),
    "encrypted": (encrypted, "packed or encrypted by another program"),
    "packed with LZMA": (methods(zipfile.ZIP_LZMA), "packed or encrypted by another program"),
    "packed with bzip2": (methods(zipfile.ZIP_BZIP2), "packed or encrypted by another program"),
    "a bomb": (bomb, "packed or encrypted by another program"),
    "manifest that is a bomb": (manifest_bomb, "is damaged"),
    "manifest that is no JSON": (manifest_of(b"hello"), "is no backup"),
    "manifest that is a list": (manifest_of(b"[]"), "is no backup"),
    "manifest that is very deep": (manifest_of(b'{"x":' + b"[" * 1_000_000), "is no backup"),
    "list of files that is said to be huge": (with_end(huge_list), "is no backup"),
    "list of files that is longer than the file": (with_end(long_list), "is no backup"),
    "list of files before the beginning": (with_end(list_before_the_beginning), "is damaged"),
    "name that is no text": (name_that_is_no_text, "is no backup"),
    "file that is missing": (member_that_is_not_there, "is damaged"),
    "changed content": (changed_content, "is damaged"),
}


@pytest.mark.parametrize("name", ZIPS)
def test_crafted_zip(name: str, data: Path, files: Files, tmp_path: Path) -> None:
    make, sentence = ZIPS[name]
    make(files, tmp_path / "crafted.zip")
    tracemalloc.start()
    try:
        assert sentence in refusal(tmp_path / "crafted.zip", data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def test_repacked_backup_is_restored(data: Path, files: Files, tmp_path: Path) -> None:
    methods(zipfile.ZIP_DEFLATED)(files, tmp_path / "again.zip")
    restore_backup(tmp_path / "again.zip", tmp_path / "new", now=NOW)
    with History.open(tmp_path / "new") as history:
        assert history.count() == 2


# What the manifest says


@pytest.mark.parametrize(
    "name",
    [
        *("../outside.txt", "/outside.txt", "images/../../outside.txt", "images/aa/notes.txt", "images\\..\\outside"),
        *(f"images/{'a' * 64}.png", f"images/ab/{'a' * 64}.png", f"images/aa/{'a' * 64}.png/..", "settings.ini"),
    ],
)
def test_unexpected_name_in_a_backup_is_refused(name: str, data: Path, files: Files, tmp_path: Path) -> None:
    assert "is no backup" in refusal(packed(files | {name: b"x"}, tmp_path / "crafted.zip"), data)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": 2, "app_version": "9.0.0"}, "was made by a newer LesionLens (9.0.0)"),
        ({"layout": LAYOUT + 1, "app_version": "9.0.0"}, "was made by a newer LesionLens (9.0.0)"),
        ({"layout": LAYOUT - 1}, "was altered by another program"),
        ({"entries": 7}, "was altered by another program"),
        ({"patients": -1}, "is no backup"),
        ({"entries": 10**300}, "is no backup"),
        ({"app_version": "<img src='//elsewhere/x'>", "version": 2}, "is no backup"),
        ({"time": "2026-11-23T10:42:00"}, "is no backup"),
        ({"files": {}}, "is no backup"),
    ],
)
def test_false_manifest_is_refused(
    changes: dict[str, object], sentence: str, data: Path, files: Files, tmp_path: Path
) -> None:
    assert sentence in refusal(packed(files, tmp_path / "crafted.zip", **changes), data)


def test_image_with_the_wrong_hash_is_refused(data: Path, files: Files, tmp_path: Path) -> None:
    image = next(name for name in files if name.startswith("images/"))
    crafted = packed(files | {image: b"#!/bin/sh"}, tmp_path / "crafted.zip")
    assert "was altered by another program" in refusal(crafted, data)


def test_image_unknown_to_the_history_is_refused(data: Path, files: Files, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"stranger").hexdigest()
    crafted = packed(files | {f"images/{sha256[:2]}/{sha256}.png": b"stranger"}, tmp_path / "crafted.zip")
    assert "was altered by another program" in refusal(crafted, data)


def test_huge_drafts_are_refused(data: Path, files: Files, tmp_path: Path) -> None:
    crafted = packed(files | {"drafts.json": bytes(70 << 20)}, tmp_path / "crafted.zip")
    assert "is damaged" in refusal(crafted, data)


# The database

ENDLESS = "WITH RECURSIVE count(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM count) SELECT n FROM count"
UP = "../" * 21 + "x"
IMAGE_ROW = f"'a.png', 'a.png', 'PNG', 1, 1, 1, {BY}"

DATABASES: dict[str, tuple[str, ...]] = {
    "of another program": ("PRAGMA application_id = 7",),
    "layout 0": ("PRAGMA user_version = 0",),
    "layout below 0": ("PRAGMA user_version = -1",),
    "layout of the future": ("PRAGMA user_version = 99",),
    "other layout than its tables": ("PRAGMA user_version = 1",),
    "one table more": ("CREATE TABLE notes (text)",),
    "one table less": ("DROP TABLE batch_shown",),
    "one column more": ("ALTER TABLE image ADD COLUMN more TEXT",),
    "one view more": (f"CREATE VIEW more AS {ENDLESS}",),
    "endless view for a table": ("DROP TABLE erasure_left", f"CREATE VIEW erasure_left AS {ENDLESS}"),
    "one trigger more": (
        "CREATE TRIGGER more AFTER INSERT ON image BEGIN INSERT INTO erasure_left (sha256) VALUES (new.sha256); END",
    ),
    "one trigger less": ("DROP TRIGGER image_is_never_deleted",),
    "trigger that does something else": (
        "DROP TRIGGER image_is_never_changed",
        "CREATE TRIGGER image_is_never_changed BEFORE UPDATE ON image BEGIN SELECT 1; END",
    ),
    "index over an expression": ("CREATE INDEX more ON image (length(name))",),
    "index less": ("DROP INDEX image_searched",),
    "stored name beside the folder": (
        f"INSERT INTO image_place VALUES (90, 1, 1, x'{b'../home/.ssh/id_rsa'.hex()}', {BY})",
    ),
    "stored name from the root": (f"INSERT INTO image_place VALUES (90, 1, 1, x'{b'/etc/passwd'.hex()}', {BY})",),
    "stored name of another image": (
        f"INSERT INTO image_place SELECT 90, 2, 1, path, {BY} FROM image_place WHERE stored = 1",
    ),
    "stored name of no image": (f"INSERT INTO image_place VALUES (90, 99, 1, x'{b'images/aa/x'.hex()}', {BY})",),
    "stored name with an end of its own": (
        f"INSERT INTO image_place SELECT 90, 1, 1, CAST(path || x'002f' AS BLOB), {BY} FROM image_place WHERE stored = 1",
    ),
    "hash that is a path": (f"INSERT INTO image VALUES (90, '{UP}', {IMAGE_ROW})",),
    "hash that goes on": (f"INSERT INTO image VALUES (90, '{'a' * 64}' || char(0) || '/../x', {IMAGE_ROW})",),
    "what is to be deleted is a path": (f"INSERT INTO erasure_left (sha256) VALUES ('{UP}')",),
    "what is to be deleted is everything": ("INSERT INTO erasure_left (sha256) VALUES ('*')",),
    "hash of a batch that is a path": (f"INSERT INTO batch_shown VALUES (90, '{UP}', {BY})",),
}


@pytest.mark.parametrize("name", DATABASES)
def test_crafted_database(name: str, data: Path, files: Files, tmp_path: Path) -> None:
    database = edited(files[FILE_NAME], tmp_path, *DATABASES[name])
    crafted = packed(files | {FILE_NAME: database}, tmp_path / "crafted.zip")
    assert "was altered by another program" in refusal(crafted, data)


@pytest.mark.parametrize("name", [name for name in DATABASES if not name.startswith("hash")])
def test_altered_history_is_not_opened(name: str, data: Path, files: Files, tmp_path: Path) -> None:
    altered = tmp_path / "altered"
    altered.mkdir()
    (altered / FILE_NAME).write_bytes(edited(files[FILE_NAME], tmp_path, *DATABASES[name]))
    before = everything(altered)
    with pytest.raises(RecordsError, match=r"was altered|is no history|newer LesionLens"):
        History.open(altered)
    assert everything(altered) == before


def test_history_altered_while_open_is_not_backed_up(data: Path, tmp_path: Path) -> None:
    secret = tmp_path / "id_rsa"
    secret.write_text("secret")
    with History.open(data):
        with closing(sqlite3.connect(data / FILE_NAME)) as other, other:
            other.execute(f"INSERT INTO image_place VALUES (90, 1, 1, x'{b'../id_rsa'.hex()}', {BY})")
        with pytest.raises(RecordsError, match="was altered by another program: nothing was backed up"):
            write_backup(data, tmp_path / "new.zip", app_version="1", now=NOW)
    assert not (tmp_path / "new.zip").exists()


def page_of_itself(database: bytes) -> bytes:
    """Turn the root page of a table into an inner page that points to itself."""
    content = bytearray(database)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'prediction'").fetchone()[0]
    start = (root - 1) * 4096
    cell = 4000
    content[start : start + 14] = bytes(
        [5, 0, 0, 0, 1, *cell.to_bytes(2, "big"), 0, *root.to_bytes(4, "big"), 0x0F, 0xA0]
    )
    content[start + cell : start + cell + 5] = bytes([*root.to_bytes(4, "big"), 1])
    return bytes(content)


def with_many_views(database: bytes, folder: Path) -> bytes:
    counted = "WITH RECURSIVE count(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM count WHERE n < 200000)"
    views = "SELECT 'view', 'v' || n, 'v' || n, 0, 'CREATE VIEW v' || n || ' AS SELECT 1' FROM count"
    return edited(database, folder, "PRAGMA writable_schema = ON", f"INSERT INTO sqlite_schema {counted} {views}")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda database, _folder: page_of_itself(database), "is damaged"),
        (lambda database, _folder: database[:5000], "is damaged"),
        (lambda database, _folder: database[:100], "is damaged"),
        (lambda _database, _folder: b"", "was altered"),
        (lambda _database, _folder: b"SQLite format 3\0" + bytes(9000), "is damaged"),
        (lambda database, _folder: database[:8192] + bytes(len(database) - 8192), "is damaged"),
        (with_many_views, "was altered"),
        (
            lambda database, _folder: database.replace(b"CREATE TABLE erasing (", b"CREATE TABLE \xbe\xff\xfe (sub,"),
            "is damaged",
        ),
    ],
)
def test_deliberately_corrupt_database_is_refused(
    harm: Callable[[bytes, Path], bytes], sentence: str, data: Path, files: Files, tmp_path: Path
) -> None:
    database = harm(files[FILE_NAME], tmp_path)
    assert sentence in refusal(packed(files | {FILE_NAME: database}, tmp_path / "crafted.zip"), data)


@pytest.mark.parametrize("stored", sorted(STORED.glob("history-*.sql")), ids=lambda file: file.stem)
def test_tables_of_every_layout_are_accepted(stored: Path, tmp_path: Path) -> None:
    restore(stored, tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        layout = int(stored.stem.removeprefix("history-"))
        assert soundness.has_our_tables(connection, layout)
        assert not soundness.has_our_tables(connection, layout - 1)
        assert not soundness.names_outside(connection, layout)
