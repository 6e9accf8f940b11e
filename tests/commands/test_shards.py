"""Shards of a run: together they are the table of one machine, and whatever does not belong together is refused."""

import csv
import shutil
import unicodedata
from pathlib import Path

import pytest

from desktop.commands import classify
from desktop.core.inference.shards import Shard
from tests.alerts import ALWAYS, melanoma_alert
from tests.making import NINE, contract, write_lesion, write_model

SHARDS = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(6):
        write_lesion(tmp_path / "in" / f"{seed}.jpg", seed)
    write_lesion(tmp_path / "in" / "deeper, still" / "häßlich.png", 9)
    (tmp_path / "in" / "=damaged.jpg").write_bytes(b"\xff\xd8\xff")
    return tmp_path / "in"


def shards_of(folder: Path, model: Path, out: Path, *more: str, count: int = SHARDS) -> list[Path]:
    tables = [out / f"{index}.csv" for index in range(count)]
    for index, table in enumerate(tables):
        shard = ["--shard", f"{index}/{count}", "--csv", str(table), "--model", str(model)]
        assert classify.main([str(folder), *shard, *more]) in {0, 1}
    return tables


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def join(tables: list[Path], target: Path, *more: str) -> int:
    return classify.main(["--join", *map(str, tables), "--csv", str(target), *more])


def test_joined_shards_are_the_table_of_one_run(folder: Path, model_file: Path, tmp_path: Path) -> None:
    whole, joined = tmp_path / "whole.csv", tmp_path / "joined.csv"
    assert classify.main([str(folder), "--model", str(model_file), "--csv", str(whole)]) == 1
    tables = shards_of(folder, model_file, tmp_path)
    assert all(table.read_bytes().count(b"\n") < whole.read_bytes().count(b"\n") for table in tables)
    assert join(tables[::-1], joined) == 1  # one image failed
    assert joined.read_bytes() == whole.read_bytes()
    assert join(tables, joined, "--excel") == 1
    assert joined.read_bytes() == b"\xef\xbb\xbf" + whole.read_bytes()


def test_tables_for_other_shares_of_melanomas_are_not_joined(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_model(tmp_path / "model.onnx", contract(calibration_mix={label.id: 1 / 9 for label in NINE}))
    whole, joined = tmp_path / "whole.csv", tmp_path / "joined.csv"
    classify.main([str(folder), "--model", str(model), "--csv", str(whole), "--melanoma-share", "3"])
    tables = shards_of(folder, model, tmp_path, "--melanoma-share", "3")
    assert join(tables, joined) == 1
    assert joined.read_bytes() == whole.read_bytes()
    capsys.readouterr()
    for share, sentence in (("4", "is of other shares for the practice"), (None, "has other columns")):
        (tmp_path / str(share)).mkdir()
        given = () if share is None else ("--melanoma-share", share)
        assert join([*tables[:2], shards_of(folder, model, tmp_path / str(share), *given)[2]], joined) == 2
        assert sentence in capsys.readouterr().err


def test_shards_that_no_file_falls_into_are_joined(folder: Path, model_file: Path, tmp_path: Path) -> None:
    tables = shards_of(folder, model_file, tmp_path, count=40)
    assert min(table.read_bytes().count(b"\n") for table in tables) == 1
    assert join(tables, tmp_path / "joined.csv") == 1
    assert (tmp_path / "joined.csv").read_bytes().count(b"\n") == 9


def test_a_table_that_is_named_twice_stands_for_one_shard(
    folder: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = shards_of(folder, model_file, tmp_path, count=40)
    full, empty = (select(tables, key=lambda table: table.read_bytes().count(b"\n")) for select in (max, min))
    tables[tables.index(full)] = empty
    assert join(tables, tmp_path / "joined.csv") == 2
    assert f"“{empty.name}” is named twice." in capsys.readouterr().err


def test_a_list_names_the_files(
    folder: Path, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    names = ["5.jpg", "0.jpg", "deeper, still/häßlich.png", "0.jpg"]
    out = tmp_path / "out.csv"
    for separator, encoding in (("\n", "utf-8"), ("\0", "utf-8"), ("\r\n", "utf-8-sig"), ("\r\n", "utf-16")):
        (tmp_path / "list.txt").write_bytes(separator.join([*names, ""]).encode(encoding))
        assert classify.main(["--list", str(tmp_path / "list.txt"), "--model", str(model_file), "--csv", str(out)]) == 0
        first_cells = [line.split(",p", 1)[0] for line in out.read_text(encoding="utf-8").splitlines()[1:]]
        assert [cell.partition(",ok")[0].strip('"') for cell in first_cells] == sorted(set(names))


def test_strict_tables_name_no_label_that_is_withheld(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_model(tmp_path / "model.onnx", contract(certainty_threshold=0.99))
    plain, strict = tmp_path / "plain.csv", tmp_path / "strict.csv"
    classify.main([str(folder), "--model", str(model), "--csv", str(plain)])
    classify.main([str(folder), "--model", str(model), "--csv", str(strict), "--strict"])
    withheld = 0
    for before, row in zip(rows(plain), rows(strict), strict=True):
        if row["abstained"] == "true":
            assert before["label"]
            assert (row["label"], row["probability"]) == ("", "")
            withheld += 1
        assert {**row, "label": "", "probability": ""} == {**before, "label": "", "probability": ""}
    assert withheld
    (tmp_path / "plain.csv.partial").write_bytes(plain.read_bytes())
    capsys.readouterr()
    assert classify.main([str(folder), "--model", str(model), "--csv", str(plain), "--strict", "--resume"]) == 2
    assert "was begun with --strict, or without it" in capsys.readouterr().err
    tables = shards_of(folder, model, tmp_path)
    (tmp_path / "other").mkdir()
    tables[2] = shards_of(folder, model, tmp_path / "other", "--strict")[2]
    assert join(tables, tmp_path / "joined.csv") == 2
    assert "another choice of --strict" in capsys.readouterr().err


def test_alerts_are_counted_by_folder(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(ALWAYS),)))
    deeper = folder / "deeper, still"
    expected = f"Alert for melanomas, images: 7, by folder: “{folder}” 6, “{deeper}” 1."
    tables = shards_of(folder, model, tmp_path)
    assert expected not in capsys.readouterr().err
    join(tables, tmp_path / "joined.csv")
    assert expected in capsys.readouterr().err
    out = tmp_path / "out.csv"
    lines = (tmp_path / "joined.csv").read_bytes().splitlines(keepends=True)
    out.with_name("out.csv.partial").write_bytes(b"".join(lines[:4]))
    classify.main([str(folder), "--model", str(model), "--csv", str(out), "--resume"])
    assert expected in capsys.readouterr().err


def test_a_shard_goes_on_after_an_interruption(folder: Path, model_file: Path, tmp_path: Path) -> None:
    tables = shards_of(folder, model_file, tmp_path)
    table = max(tables, key=lambda path: path.stat().st_size)
    whole = table.read_bytes()
    table.with_name(f"{table.name}.partial").write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    table.unlink()
    shard = ["--shard", f"{table.stem}/{SHARDS}", "--csv", str(table), "--model", str(model_file), "--resume"]
    assert classify.main([str(folder), *shard]) in {0, 1}
    assert table.read_bytes() == whole


def test_missing_and_double_and_cut_tables_are_refused(
    folder: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = shards_of(folder, model_file, tmp_path)
    target = tmp_path / "joined.csv"
    assert join(tables[:2], target) == 2
    assert "The table of a shard is missing: 2 of 3." in capsys.readouterr().err
    shutil.copy(tables[0], tmp_path / "again.csv")
    assert join([*tables, tmp_path / "again.csv"], target) == 2
    assert "Name the table of each shard once." in capsys.readouterr().err
    cut = max(tables, key=lambda path: path.stat().st_size)
    lines = cut.read_bytes().splitlines(keepends=True)
    for rest in (b"".join(lines[:-1]), b"".join(lines)[:-3]):
        cut.write_bytes(rest)
        assert join(tables, target) == 2
        assert "is incomplete" in capsys.readouterr().err
    assert not target.exists()


def test_tables_that_do_not_belong_together_are_refused(
    folder: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, tables = tmp_path / "joined.csv", shards_of(folder, model_file, tmp_path)
    target.write_text("as it was")
    (tmp_path / "other").mkdir()
    plain, strange = tmp_path / "plain.csv", tmp_path / "strange.csv"
    strange.write_text("file,shard,shard_files\nx.jpg,2/3,1\n", encoding="utf-8", newline="")
    classify.main([str(folder), "--model", str(model_file), "--csv", str(plain)])
    for seed in range(20, 40):
        write_lesion(tmp_path / "more" / f"{seed}.jpg", seed)
    others = {
        "is of another model": shards_of(folder, write_model(tmp_path / "other.onnx", seed=3), tmp_path / "other")[2],
        "“plain.csv” is no table of a shard": plain,
        "“strange.csv” is no table of a shard": strange,
        "cannot be read": tmp_path / "nowhere.csv",
        "is one of 5 shards": shards_of(tmp_path / "more", model_file, tmp_path / "more", count=5)[2],
    }
    capsys.readouterr()
    for sentence, other in others.items():
        assert join([*tables[:2], other], target) == 2
        assert sentence in capsys.readouterr().err
    assert target.read_text() == "as it was"


def test_a_file_stays_in_its_shard() -> None:
    names = [f"Müller/{number}.jpg" for number in range(200)]
    at_home = [Path("/mnt/archive") / name for name in names]
    abroad = [Path("share") / unicodedata.normalize("NFD", name) for name in names]
    for index in range(SHARDS):
        shard = Shard(index, SHARDS)
        taken = [shard.takes(path, [Path("/mnt/archive")]) for path in at_home]
        assert [shard.takes(path, [Path("share")]) for path in abroad] == taken
        assert 40 <= sum(taken) <= 95  # a third of 200, within four standard deviations
    assert all(sum(Shard(index, SHARDS).takes(path, []) for index in range(SHARDS)) == 1 for path in at_home)


@pytest.mark.parametrize(
    "arguments",
    [
        ["x", "--shard", "3/3", "--csv", "o"],
        ["x", "--shard", "1", "--csv", "o"],
        ["x", "--shard", "0/3"],
        ["--watch", "x", "--shard", "0/3", "--csv", "o"],
        ["x", "--list", "y"],
        ["--join", "a", "b"],
        ["--join", "a", "--csv", "o", "--resume"],
        ["x", "--csv", "o", "--join", "a"],
    ],
)
def test_options_that_do_not_go_together_are_a_wrong_call(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        classify.main(arguments)
    assert ended.value.code == 2
