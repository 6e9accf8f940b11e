"""`lesionlens-classify --context`: figures with age, sex and site after all other columns."""

import csv
import json
from pathlib import Path

import pytest

from desktop.commands import classify
from desktop.core.inference.context import Context, ContextFactor, ContextValue
from tests.alerts import NEVER, melanoma_alert
from tests.making import contract, write_lesion, write_model

LAYER = Context(
    "x",
    "x",
    (
        ContextFactor("age", (ContextValue("70-79", {"melanoma": 2.0}),)),
        ContextFactor("site", (ContextValue("trunk", {"nevus": 1.0}),)),
    ),
    ("melanoma",),
    (),
    (),
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(NEVER),), context=LAYER))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        write_lesion(tmp_path / "in" / f"{seed}.jpg", seed)
    return tmp_path / "in"


def classified(folder: Path, model: Path, table: str, *more: str) -> list[dict[str, str]]:
    """Classify a folder with a table of its patients; return the rows of the result."""
    context, out = folder.parent / "patients.csv", folder.parent / "out.csv"
    context.write_text(table, encoding="utf-8")
    arguments = [str(folder), "--model", str(model), "--context", str(context), "--csv", str(out), *more]
    assert classify.main(arguments) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_figures_with_context_stand_behind_the_others(folder: Path, model: Path) -> None:
    table = f"file,age,sex,site\n0.jpg,71,male,back\n{folder / '1.jpg'},,,\n"
    first, second, third = classified(folder, model, table)
    assert (first["context_age"], first["context_sex"], first["context_site"]) == ("70-79", "", "trunk")
    odds = float(first["p_melanoma"]) / float(first["p_nevus"])
    with_context = float(first["context_p_melanoma"]) / float(first["context_p_nevus"])
    assert with_context / odds == pytest.approx(2.718281828, rel=1e-6)
    for row in (second, third):
        assert (row["context_age"], row["context_p_melanoma"]) == ("", "")
    names = list(first)
    context = [name for name in names if name.startswith("context_")]
    assert names[-len(context) - 2 :] == [*context, "not_for_patients", "working_points"]
    assert len(context) == 4 + 9


def test_tables_with_semicolons_and_relative_paths_are_read(folder: Path, model: Path) -> None:
    (row, *_rest) = classified(folder, model, "\ufeffFile;Age\nin/0.jpg;70-79\n")
    assert row["context_age"] == "70-79"


def test_run_with_context_is_carried_on(folder: Path, model: Path) -> None:
    table = "file,age\n0.jpg,71\n"
    whole = classified(folder, model, table)
    out, partial = folder.parent / "out.csv", folder.parent / "out.csv.partial"
    lines = out.read_bytes().splitlines(keepends=True)
    partial.write_bytes(b"".join(lines[:2]))
    out.unlink()
    assert classified(folder, model, table, "--resume") == whole


def test_json_lines_have_the_same_columns(folder: Path, model: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = classified(folder, model, "file,age\n0.jpg,71\n", "--json")
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [list(line) for line in lines] == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("file,age\n0.jpg,old\n", "“patients.csv”, line 2: “old” is no age in years"),
        ("file,site\n0.jpg,elbow room\n", "“elbow room” is no site that is known"),
        ("image,age\n0.jpg,71\n", "lacks a column"),
        ("file,note\n0.jpg,71\n", "lacks a column"),
        ("", "lacks a column"),
        ("file,age\n0.jpg,71\n0.jpg,30\n", "says two things of “0.jpg”"),
        ("file,age\nelsewhere.jpg,71\n", "names none of these images"),
    ],
)
def test_table_that_cannot_be_used_is_refused_before_an_image_is_read(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str], table: str, words: str
) -> None:
    context = folder.parent / "patients.csv"
    context.write_text(table, encoding="utf-8")
    assert classify.main([str(folder), "--model", str(model), "--context", str(context)]) == 2
    assert words in capsys.readouterr().err


def test_table_that_is_not_there_or_no_text_is_refused(
    folder: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"file,age\n\xff\xfe\x00")
    for name in ("gone.csv", "bytes.csv"):
        assert classify.main([str(folder), "--model", str(model), "--context", str(tmp_path / name)]) == 2
        assert f"“{name}” cannot be read as a table of file, age, sex, site" in capsys.readouterr().err


def test_model_without_the_layer_is_refused(
    folder: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "patients.csv").write_text("file,age\n0.jpg,71\n", encoding="utf-8")
    arguments = [str(folder), "--model", str(model_file), "--context", str(tmp_path / "patients.csv")]
    assert classify.main(arguments) == 2
    assert "has no layer of age, sex and site" in capsys.readouterr().err
