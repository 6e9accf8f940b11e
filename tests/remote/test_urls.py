"""Images by URL: the table of the same files in a folder, but for the names, with and without a cluster."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from desktop.commands import classify
from desktop.core.imaging import opening
from desktop.core.urls import is_url, path_of, path_text
from desktop.remote import reading
from desktop.remote.listing import find_remote_files
from tests.alerts import ALWAYS, melanoma_alert
from tests.core.imaging.dicoms import dicom, jpeg
from tests.making import contract, lesion, write_lesion, write_model
from tests.platforms import common_folder, posix, unprivileged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        write_lesion(tmp_path / "in" / f"{seed}.jpg", seed)
    write_lesion(tmp_path / "in" / "deeper, still" / "häßlich.png", 9)
    write_lesion(tmp_path / "in" / ".hidden" / "1.jpg", 9)
    write_lesion(tmp_path / "in" / "0.png", 8).rename(tmp_path / "in" / "without an extension")
    (tmp_path / "in" / "damaged.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "in" / "empty.jpg").touch()
    (tmp_path / "in" / "raw.cr2").write_bytes(b"II*\0")
    (tmp_path / "in" / "notes.txt").write_text("none")
    return tmp_path / "in"


@pytest.fixture
def store(folder: Path) -> Iterator[str]:
    """The same files in fsspec's memory, by URL."""
    memory = fsspec.filesystem("memory")
    memory.put(str(folder), "/in", recursive=True)
    yield "memory://in"
    memory.rm("/in", recursive=True)


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(table: Path, root: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a table with another root in place of its own."""
    return [{**row, "file": row["file"].replace(root, name, 1)} for row in rows(table)]


@pytest.mark.parametrize("url", ["s3://bucket/a b/c.jpg", "file:///data/ä.png", "memory://x", "gs://b/%41?#.jpg"])
def test_a_url_keeps_its_text_as_a_path(url: str) -> None:
    path = path_of(url)
    assert is_url(path)
    assert path_text(path) == url
    assert path.name == url.rpartition("/")[2]
    assert path_text(path / "y" / "z.png") == f"{url}/y/z.png"


@pytest.mark.parametrize("text", ["a/b.jpg", "/a/b.jpg", "C:/a.jpg", "C://a.jpg", "s3:/a.jpg", ""])
def test_a_local_path_stays_one(text: str) -> None:
    assert path_of(text) == Path(text)
    assert not is_url(path_of(text))
    assert path_text(path_of(text)) == str(Path(text))


def test_a_store_gives_the_table_of_a_folder(
    folder: Path, store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(ALWAYS),)))
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    assert classify.main([str(folder), "--model", str(model), "--csv", str(here)]) == 1
    said = capsys.readouterr().err
    assert classify.main([store, "--model", str(model), "--csv", str(there)]) == 1
    assert rows(there) == named(here, str(folder), store)
    assert len(rows(there)) == 7
    alerts = [line for line in said.splitlines() if line.startswith(("Alert", "1 file of a kind"))]
    assert alerts
    there_said = capsys.readouterr().err.splitlines()
    assert [line for line in there_said if line.startswith(("Alert", "1 file of a kind"))] == [
        line.replace(str(folder), store) for line in alerts
    ]


@posix
def test_a_file_that_may_not_be_read_is_an_image_only_if_its_name_says_so() -> None:
    with common_folder() as folder:
        for name in ("0.png", "1.png"):
            write_lesion(folder / name).chmod(0)
        (folder / "1.png").rename(folder / "without an extension")
        with unprivileged():
            found = find_remote_files([path_of(folder.as_uri())])
    assert [path.name for path in found.images] == ["0.png"]


def test_an_interrupted_table_of_a_store_is_carried_on(store: str, model_file: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.csv"
    assert classify.main([store, "--model", str(model_file), "--csv", str(whole)]) == 1
    lines = whole.read_bytes().splitlines(keepends=True)
    (tmp_path / "again.csv.partial").write_bytes(b"".join(lines[:4]))
    options = ["--model", str(model_file), "--csv", str(tmp_path / "again.csv"), "--resume"]
    assert classify.main([store, *options]) == 1
    assert (tmp_path / "again.csv").read_bytes() == whole.read_bytes()


def test_a_list_names_urls_and_shards_take_them(store: str, model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(f"{store}/1.jpg\n{store}/0.jpg\n{store}/gone.jpg\n")
    out = tmp_path / "out.csv"
    options = ["--list", str(tmp_path / "list.txt"), "--model", str(model_file)]
    assert classify.main([*options, "--csv", str(out)]) == 1
    assert [(row["file"], row["message"]) for row in rows(out)] == [
        (f"{store}/0.jpg", ""),
        (f"{store}/1.jpg", ""),
        (f"{store}/gone.jpg", "“gone.jpg” is not there. Was it moved or renamed?"),
    ]
    shards = [tmp_path / f"{number}.csv" for number in range(2)]
    for number, shard in enumerate(shards):
        assert classify.main([*options, "--csv", str(shard), "--shard", f"{number}/2"]) in {0, 1}
    assert classify.main(["--join", *map(str, shards), "--csv", str(tmp_path / "joined.csv")]) == 1
    assert (tmp_path / "joined.csv").read_bytes() == out.read_bytes()


def test_the_workers_of_a_cluster_read_from_a_store(folder: Path, model_file: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    assert classify.main([str(folder), "--model", str(model_file), "--csv", str(here)]) == 1
    root = folder.as_uri()
    options = [root, "--model", str(model_file), "--csv", str(there), "--cluster", "local:1"]
    assert classify.main(options) == 1
    assert rows(there) == named(here, str(folder), root)


def test_workers_that_do_not_see_a_store_are_refused(
    store: str, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--model", str(model_file), "--csv", str(tmp_path / "out.csv"), "--cluster", "local:1"]
    assert classify.main([store, *options]) == 2  # each process has a memory of its own
    assert f"does not see “{store}/0.jpg”. Let it reach that folder or store" in capsys.readouterr().err


def test_a_folder_is_seen_whose_files_have_gone_but_not_one_in_which_nothing_is(folder: Path, store: str) -> None:
    for root in (folder, path_of(store)):
        assert reading.is_there(root / "0.jpg")
        assert not reading.is_there(root / "gone.jpg")
        assert reading.is_seen(root / "gone.jpg")
        assert not reading.is_seen(root / "nowhere" / "gone.jpg")
    (folder / "empty").mkdir()
    assert not reading.is_seen(folder / "empty" / "gone.jpg")
    assert not reading.is_seen(path_of("nosuch://a/b.jpg"))


@posix
def test_a_folder_that_may_not_be_entered_is_not_seen() -> None:
    with common_folder() as folder:
        write_lesion(folder / "closed" / "0.png")
        (folder / "closed").chmod(0)
        with unprivileged():
            assert not reading.is_there(folder / "closed" / "0.png")
            assert not reading.is_seen(folder / "closed" / "0.png")
        (folder / "closed").chmod(0o777)


def test_a_file_that_is_too_large_is_not_read_whole(
    store: str, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 3)
    monkeypatch.setattr(opening, "MAX_BYTES", 3)
    options = ["--model", str(model_file), "--csv", str(tmp_path / "out.csv")]
    assert classify.main([f"{store}/0.jpg", *options]) == 1
    (row,) = rows(tmp_path / "out.csv")
    assert "“0.jpg” is 0 MB large; at most 0 MB are opened" in row["message"]


def test_frames_in_a_store_are_not_taken_for_one_image(model_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "visit.dcm"
    file.write_bytes(dicom([jpeg(lesion(1, (64, 48)))] * 3, (64, 48), NumberOfFrames=3))
    options = ["--model", str(model_file), "--csv", str(tmp_path / "out.csv")]
    assert classify.main([file.as_uri(), *options]) == 1
    (row,) = rows(tmp_path / "out.csv")
    assert row["message"].startswith("“visit.dcm” holds 3 frames, which are not divided in a store.")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nosuch://a/b", "“nosuch://a/b” needs a driver of fsspec that is not here (Protocol not known: nosuch"),
        ("s3://a/b", "“s3://a/b” needs a driver of fsspec that is not here (Install s3fs"),
    ],
)
def test_a_missing_driver_is_told(
    url: str, sentence: str, model_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert classify.main([url, "--model", str(model_file)]) == 2
    assert sentence in capsys.readouterr().err


def test_without_fsspec_the_command_says_what_to_install(
    model_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert classify.main(["memory://in", "--model", str(model_file)]) == 2
    assert 'Install it: pip install ".[cluster]"' in capsys.readouterr().err
