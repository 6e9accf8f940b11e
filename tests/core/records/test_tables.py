import csv
import dataclasses
import errno
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import ImageError, RecordsError
from desktop.core.inference.batch import FileAnswer, classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Flag
from desktop.core.records.cells import figure_text
from desktop.core.records.history import History
from desktop.core.records.table_files import open_table, write_table
from desktop.core.records.tables import TableFormat, TableRow, stream_table
from tests.core.records.history_contents import MODEL, START, an_answer, an_image, clock, keep
from tests.making import NINE, contract, write_lesion, write_model
from tests.platforms import NO_UNICODE, common_folder, posix, unprivileged

LABELS = [label.id for label in NINE]
COLUMNS = (
    *("file", "status", "message", "label", "probability", "malignant_probability"),
    *("p_actinic_keratosis", "p_basal_cell_carcinoma", "p_dermatofibroma", "p_melanoma", "p_nevus"),
    *("p_pigmented_benign_keratosis", "p_seborrheic_keratosis", "p_squamous_cell_carcinoma", "p_vascular_lesion"),
    *("abstained", "reason", "flag", "quality", "novelty", "file_sha256", "model_sha256", "app_version"),
    *("not_for_patients", "working_points"),
)


def ok_row(file: str = "a.jpg", **changes: object) -> TableRow:
    return TableRow(file, "", "f" * 64, an_answer(**changes), MODEL, "0.1.0")  # type: ignore[arg-type]


def error_row(file: str = "b.jpg", message: str = "“b.jpg” is empty.") -> TableRow:
    return TableRow(file, message, None, None, MODEL, "0.1.0")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_and_their_order(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", [ok_row()], LABELS)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)


def test_a_row_names_the_working_points(tmp_path: Path) -> None:
    at = {"melanoma": 0.98, "malignant": 0.9}
    write_table(tmp_path / "out.csv", [ok_row(working_points=at), error_row(), ok_row("c.jpg")], LABELS)
    told = [row["working_points"] for row in read(tmp_path / "out.csv")]
    assert told == ["melanoma=0.98;malignant=0.9", "", ""]


def test_a_row_with_an_answer(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", [ok_row("Läsion, links.jpg", top="melanoma", probability=0.6)], LABELS)
    (row,) = read(tmp_path / "out.csv")
    assert (row["file"], row["status"], row["message"]) == ("Läsion, links.jpg", "ok", "")
    assert (row["label"], row["probability"], row["malignant_probability"]) == (
        "melanoma",
        "0.600000000",
        "0.150000000",
    )
    assert (row["p_melanoma"], row["p_nevus"]) == ("0.600000000", "0.0500000000")
    assert (row["abstained"], row["reason"], row["flag"]) == ("true", "uncertain", "melanoma;carcinomas")
    assert (row["quality"], row["novelty"]) == ("", "1.25000000")
    assert (row["file_sha256"], row["model_sha256"], row["app_version"]) == ("f" * 64, MODEL, "0.1.0")


def test_outputs_that_a_model_lacks_are_empty_cells(tmp_path: Path) -> None:
    row = ok_row(malignant_probability=None, abstention=None, flags=(), novelty=None)
    write_table(tmp_path / "out.csv", [row], [*LABELS, "freckle"])
    (cells,) = read(tmp_path / "out.csv")
    empty = {name for name, cell in cells.items() if cell == ""}
    of_model = {"malignant_probability", "p_freckle", "quality", "novelty", "not_for_patients", "working_points"}
    assert empty == {"message", "reason", "flag", *of_model}
    assert cells["abstained"] == "false"


def test_a_row_without_an_answer_has_empty_figures(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", [error_row()], LABELS)
    (row,) = read(tmp_path / "out.csv")
    filled = {name: cell for name, cell in row.items() if cell}
    assert filled == {
        "file": "b.jpg",
        "status": "error",
        "message": "“b.jpg” is empty.",
        "model_sha256": MODEL,
        "app_version": "0.1.0",
    }


@pytest.mark.parametrize(("is_for_patients", "mark"), [(False, "true"), (True, "false"), (None, "")])
def test_every_row_of_a_demonstration_model_is_marked(tmp_path: Path, is_for_patients: bool | None, mark: str) -> None:
    rows = [dataclasses.replace(row, is_for_patients=is_for_patients) for row in (ok_row(), error_row())]
    write_table(tmp_path / "out.csv", rows, LABELS)
    assert [row["not_for_patients"] for row in read(tmp_path / "out.csv")] == [mark, mark]


def test_figures_have_eight_decimals_and_bring_every_float32_back() -> None:
    random = np.random.default_rng(0)
    figures = np.concatenate([random.random(2000), random.random(2000) ** 30, [0, 1, 1e-40]]).astype(np.float32)
    for figure in figures:
        text = figure_text(float(figure))
        assert len(text.partition(".")[2]) >= 8
        assert "e" not in text
        assert np.float32(text) == figure
    assert (figure_text(0.0), figure_text(1.0), figure_text(-12.5)) == ("0.00000000", "1.00000000", "-12.50000000")


@pytest.mark.parametrize("name", ["=1+1.jpg", "+A1.jpg", "-2.jpg", "@SUM(A1).jpg", "\tx.jpg", "\rx.jpg", "\nx.jpg"])
def test_a_cell_that_a_spreadsheet_would_execute_is_escaped(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / "out.csv", [ok_row(name), error_row("plain.jpg", f"{name} is empty.")], LABELS)
    rows = read(tmp_path / "out.csv")
    assert {row["file"] for row in rows} == {f"'{name}", "plain.jpg"}
    assert {row["message"] for row in rows} == {"", f"'{name} is empty."}


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", [ok_row(novelty=-1.5)], LABELS)
    assert read(tmp_path / "out.csv")[0]["novelty"] == "-1.50000000"


def test_names_with_commas_quotes_and_line_breaks_are_read_back(tmp_path: Path) -> None:
    names = ['a,"b".jpg', "line\nbreak.jpg", "皮膚.jpg", "צילום.jpg"]
    write_table(tmp_path / "out.csv", [ok_row(name) for name in names], LABELS)
    assert [row["file"] for row in read(tmp_path / "out.csv")] == sorted(names)


def test_names_that_are_not_unicode_are_still_written_as_utf8(tmp_path: Path) -> None:
    for table_format in TableFormat:
        write_table(tmp_path / "out", [ok_row(NO_UNICODE)], LABELS, table_format)
        assert "udcff" in (tmp_path / "out").read_text(encoding="utf-8")


def test_rows_are_sorted_by_file(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", [ok_row("b/a"), ok_row("a/b"), error_row("a-1/c"), ok_row("B")], LABELS)
    assert [row["file"] for row in read(tmp_path / "out.csv")] == ["B", "a-1/c", "a/b", "b/a"]


def test_json_lines_have_the_same_columns_and_values(tmp_path: Path) -> None:
    write_table(tmp_path / "out.jsonl", [ok_row("=a.jpg"), error_row()], LABELS, TableFormat.JSON_LINES)
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert tuple(first) == tuple(second) == COLUMNS
    assert (first["file"], first["status"], first["label"]) == ("=a.jpg", "ok", "nevus")
    assert (first["p_nevus"], first["abstained"], first["quality"]) == (0.6, True, None)
    assert (second["status"], second["p_nevus"], second["abstained"], second["file_sha256"]) == (
        "error",
        None,
        None,
        None,
    )


def test_rows_of_files_and_of_their_entries_agree(tmp_path: Path) -> None:
    description = contract(
        certainty_threshold=0.9,
        novelty_threshold=9.0,
        flags=(Flag("any", "Any", ("melanoma", "nevus"), 0.0, 1, 0, 0, 1, "x"),),
    )
    classifier = Classifier(write_model(tmp_path / "m.onnx", description, novelty=1.5))
    path = write_lesion(tmp_path / "mole.png")
    answers = list(classify_files([path, tmp_path / "gone.png"], classifier))
    labels = classifier.contract.label_ids
    of_files = [TableRow.of_file(answer, labels, classifier.sha256, "0.1.0") for answer in answers]
    with History.open(tmp_path / "data") as history:
        run_id = history.runs.start(
            tmp_path,
            2,
            description,
            model_sha256=classifier.sha256,
            preprocessing_version=1,
            app_version="0.1.0",
            by="MK",
        )
        rows = history.runs.add(run_id, answers, description, by="MK")
        history.runs.send_to_history(run_id, [row.id for row in rows], by="MK")
        of_entries = [dataclasses.replace(TableRow.of_entry(entry), entry=None) for entry in history.entries()]
    assert of_entries == of_files[:1]
    assert of_files[0].answer is not None
    assert (of_files[0].answer.flags, of_files[0].answer.novelty) == (("any",), 1.5)


def test_a_stored_image_is_listed_under_its_original_name(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        image = an_image("my lesion.jpg", tmp_path / "images", stored=True)
        history.save(image, an_answer(), contract(), by="MK")
        keep(history, "linked.jpg")
        assert [TableRow.of_entry(entry).file for entry in history.entries()] == [
            str(Path("/images/linked.jpg")),
            "my lesion.jpg",
        ]


def test_entries_of_several_models_share_a_table(tmp_path: Path) -> None:
    own = ok_row("own.jpg", top="x", probabilities={"x": 0.75, "nevus": 0.25})
    write_table(tmp_path / "out.csv", [ok_row("a.jpg"), own])
    first, second = read(tmp_path / "out.csv")
    assert (first["p_x"], second["p_x"], second["p_nevus"], second["p_melanoma"]) == (
        "",
        "0.750000000",
        "0.250000000",
        "",
    )


def test_a_table_without_rows_is_only_a_header(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", [], LABELS)
    assert (tmp_path / "out.csv").read_text() == ",".join(COLUMNS) + "\n"


# The target


def test_the_target_is_complete_or_unchanged(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("from yesterday")

    def stop_in_the_middle() -> None:
        with open_table(target, LABELS) as table:
            table.write(ok_row())
            assert target.read_text() == "from yesterday"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_in_the_middle()
    assert target.read_text() == "from yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    write_table(target, [ok_row()], LABELS)
    assert len(read(target)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "out.csv").touch()
    (tmp_path / "link.csv").symlink_to(tmp_path / "real" / "out.csv")
    write_table(tmp_path / "link.csv", [ok_row()], LABELS)
    assert (tmp_path / "link.csv").is_symlink()
    assert len(read(tmp_path / "real" / "out.csv")) == 1


@posix
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_table(Path(os.devnull), [ok_row()], LABELS)
    assert Path(os.devnull).is_char_device()


@posix
def test_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "out.csv").symlink_to("/dev/full")
    with pytest.raises(RecordsError, match=r"The disk is full: “out\.csv” was not written"):
        write_table(tmp_path / "out.csv", [ok_row()], LABELS)


def test_a_disk_that_fills_up_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "out.csv").write_text("from yesterday")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordsError, match="The disk is full"):
        write_table(tmp_path / "out.csv", [ok_row()], LABELS)
    assert (tmp_path / "out.csv").read_text() == "from yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"“out\.csv” cannot be written \(No such file or directory\)"):
        write_table(tmp_path / "nowhere" / "out.csv", [ok_row()], LABELS)
    with pytest.raises(RecordsError, match="cannot be written"):
        write_table(tmp_path, [ok_row()], LABELS)


@posix
def test_a_read_only_target() -> None:
    with common_folder() as folder:
        target = folder / "out.csv"
        target.write_text("from yesterday")
        target.chmod(0o444)
        with unprivileged(), pytest.raises(RecordsError, match=r"“out\.csv” cannot be written \(Permission denied\)"):
            write_table(target, [ok_row()], LABELS)
        assert target.read_text() == "from yesterday"


def test_a_table_that_cannot_be_moved_into_place_is_not_lost(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"

    def take_the_place() -> None:
        with open_table(target, LABELS) as table:
            table.write(ok_row())
            (target / "folder").mkdir(parents=True)

    with pytest.raises(
        RecordsError, match=r"“out\.csv” cannot be replaced .* The whole table is in “.*out\.csv\.partial”"
    ):
        take_the_place()
    assert len(read(tmp_path / "out.csv.partial")) == 1


def test_a_stream_gets_the_same_bytes_as_a_file(tmp_path: Path) -> None:
    for table_format in TableFormat:
        rows = [ok_row("ä.jpg"), error_row()]
        write_table(tmp_path / "out", sorted(rows, key=lambda row: row.file), LABELS, table_format)
        stream = io.BytesIO()
        table = stream_table(stream, LABELS, table_format)
        for row in sorted(rows, key=lambda row: row.file):
            table.write(row)
        assert stream.getvalue() == (tmp_path / "out").read_bytes()


def test_the_row_of_a_failed_file() -> None:
    error = ImageError("“{name}” is empty.", name="x.jpg")
    row = TableRow.of_file(FileAnswer(Path("in/x.jpg"), error), tuple(LABELS), MODEL, "0.1.0")
    assert row == TableRow("in/x.jpg", "“x.jpg” is empty.", None, None, MODEL, "0.1.0")


def test_the_answer_for_a_region_names_the_region(tmp_path: Path) -> None:
    with History.open(tmp_path / "data", now=clock()) as history:
        keep(history, "a.jpg")
        history.save(an_image("a.jpg"), an_answer("nevus"), contract(), by="MK", region="10,20,110,120")
        write_table(tmp_path / "out.csv", [TableRow.of_entry(entry) for entry in history.entries()])
    assert sorted(row["region"] for row in read(tmp_path / "out.csv")) == ["", "10,20,110,120"]


def test_entries_have_time_and_initials_and_the_patient_only_on_request(tmp_path: Path) -> None:
    with History.open(tmp_path / "data", now=clock()) as history:
        keep(history, "a.jpg")
        patient = history.people.add_patient("P-0412", "female", by="MK")
        visit = history.people.begin_visit(patient.id, START.date(), "", by="MK")
        lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
        image_id = history.people.image_id_of(an_image("a.jpg").sha256)
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
        )
        rows = [TableRow.of_entry(entry) for entry in history.entries()]
    write_table(tmp_path / "out.csv", rows)
    (row,) = read(tmp_path / "out.csv")
    assert list(row)[-5:] == ["time", "initials", "region", "not_for_patients", "working_points"]
    assert (row["time"], row["initials"]) == ("2026-11-23T09:00:00+00:00", "MK")
    assert "P-0412" not in (tmp_path / "out.csv").read_text(encoding="utf-8")
    write_table(tmp_path / "all.csv", rows, include_patient=True)
    (row,) = read(tmp_path / "all.csv")
    assert list(row)[-7:-2] == ["lesion", "own_view", "outcome", "own_change", "region"]
    assert (row["patient"], row["lesion"], row["own_view"], row["outcome"]) == ("P-0412", "L1", "nevus", "")
    write_table(tmp_path / "none.csv", [ok_row()])
    (row,) = read(tmp_path / "none.csv")
    assert list(row)[-3:] == ["app_version", "not_for_patients", "working_points"]
