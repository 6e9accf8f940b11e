import csv
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

import desktop
from benchmarks import kill
from desktop import __version__
from desktop.commands import classify
from desktop.core import progress
from desktop.core.inference.model_file import ModelFile
from tests.alerts import ALWAYS, MELANOMA, NEVER, at_two_points, cancer_alert
from tests.core.imaging.dicoms import photograph
from tests.core.inference.crafted import CRAFTED
from tests.making import contract, lesion, write_lesion, write_model
from tests.platforms import HEAR_CTRL_C, posix

COMMAND = (sys.executable, "-m", "desktop.commands.classify")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(desktop.__file__).parents[1])}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(4):
        write_lesion(tmp_path / "in" / f"{seed}.jpg", seed)
    return tmp_path / "in"


def call(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, env=ENVIRONMENT, check=False)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_a_table(folder: Path, model_file: Path, tmp_path: Path) -> None:
    write_lesion(folder / "deeper" / "z.png", 9)
    (folder / "notes.txt").write_text("no image")
    assert classify.main([str(folder), "--model", str(model_file), "--csv", str(tmp_path / "out.csv")]) == 0
    found = rows(tmp_path / "out.csv")
    assert [row["file"] for row in found] == [
        *(str(folder / f"{seed}.jpg") for seed in range(4)),
        str(folder / "deeper" / "z.png"),
    ]
    for row in found:
        assert row["status"] == "ok"
        probabilities = {name: float(cell) for name, cell in row.items() if name.startswith("p_")}
        assert len(probabilities) == 9
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-6)
        assert max(probabilities, key=probabilities.__getitem__) == f"p_{row['label']}"
        malignant = ("p_melanoma", "p_basal_cell_carcinoma", "p_squamous_cell_carcinoma")
        assert float(row["malignant_probability"]) == pytest.approx(sum(map(probabilities.__getitem__, malignant)))
        assert row["app_version"] == __version__
        assert row["not_for_patients"] == "true"  # the model is a demonstration


def test_standard_output_and_file_have_the_same_bytes(folder: Path, model_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    write_lesion(folder / "häßlich, 皮膚.jpg")
    to_file = call(folder, "--model", model_file, "--csv", target)
    to_output = call(folder, "--model", model_file, "--csv", "-")
    by_default = call(folder, "--model", model_file)
    assert to_file.returncode == to_output.returncode == by_default.returncode == 0
    assert to_file.stdout == b""
    assert to_output.stdout == by_default.stdout == target.read_bytes()


def test_json_lines(folder: Path, model_file: Path, tmp_path: Path) -> None:
    done = call(folder, "--model", model_file, "--json", "--csv", tmp_path / "out.csv")
    assert done.returncode == 0
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    table = rows(tmp_path / "out.csv")
    assert [line["file"] for line in lines] == [row["file"] for row in table]
    for line, row in zip(lines, table, strict=True):
        assert list(line) == list(row)
        assert line["p_nevus"] == pytest.approx(float(row["p_nevus"]), abs=1e-9)
        assert line["abstained"] is False


def test_a_bad_file_is_a_row_and_exit_1(folder: Path, model_file: Path, tmp_path: Path) -> None:
    (folder / "bad.jpg").write_bytes(b"")
    done = call(folder, tmp_path / "gone.dat", "--model", model_file)
    assert done.returncode == 1
    table = {row["file"]: row for row in csv.DictReader(done.stdout.decode().splitlines())}
    assert table[str(folder / "bad.jpg")]["message"] == "“bad.jpg” is empty (0 bytes). Export the image again."
    assert table[str(tmp_path / "gone.dat")]["status"] == "error"
    assert [row["status"] for row in table.values()].count("ok") == 4
    assert "4 of 6 images classified, 2 failed" in done.stderr.decode()


def test_unsupported_images_are_reported_with_exit_1(folder: Path, model_file: Path, tmp_path: Path) -> None:
    words = "3 files of kinds that LesionLens does not open: 2 NEF, 1 CR2."
    for name in ("a.nef", "b.NEF", "c.cr2"):
        (folder / name).write_bytes(b"II*\0 raw")
    done = call(folder, "--model", model_file)
    assert done.returncode == 1
    assert words in done.stderr.decode()
    assert "4 of 4 images classified, 0 failed" in done.stderr.decode()
    assert len(done.stdout.splitlines()) == 5
    for path in folder.glob("*.jpg"):
        path.unlink()
    done = call(folder, "--model", model_file)
    assert done.returncode == 1
    assert words in done.stderr.decode()


def test_csv_for_excel_begins_with_its_mark(folder: Path, model_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    plain = call(folder, "--model", model_file)
    assert call(folder, "--model", model_file, "--excel", "--csv", target).returncode == 0
    assert target.read_bytes() == b"\xef\xbb\xbf" + plain.stdout
    assert call(folder, "--model", model_file, "--excel").stdout == target.read_bytes()


def test_a_model_that_hangs_or_crashes_ends_with_a_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "deep.onnx").write_bytes(CRAFTED["graphs in graphs, 18 kB"].make())
    done = call(folder, "--model", tmp_path / "deep.onnx")
    assert done.returncode == 2
    assert "“deep.onnx” nests its parts too deep" in done.stderr.decode()


def test_a_child_writes_its_error_into_its_file(tmp_path: Path, model_file: Path) -> None:
    """The packaged command starts itself again in this way, since there is no Python to start."""
    for path, sha256, found in (
        (model_file, ModelFile.read(model_file).sha256, None),
        (model_file, "0" * 64, {"name": "model.onnx"}),
    ):
        done = call("--try-model", path, sha256, tmp_path / "said.json", 60, 2_000_000_000)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        said = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
        assert (said and said["fields"]) == found


def test_a_named_file_is_tried_whatever_its_extension(folder: Path, model_file: Path) -> None:
    odd = (folder / "0.jpg").rename(folder / "export.tmp")
    done = call(odd, "--model", model_file)
    assert done.returncode == 0
    assert b"export.tmp,ok" in done.stdout


def test_files_whose_names_begin_with_a_dash_are_files(folder: Path, model_file: Path) -> None:
    """As a shell expands *.jpg; a file with the name of an option is given as ./--json."""
    names = ["-x.jpg", "--excel.jpg", "-h.jpg"]
    for number, name in enumerate(names):
        (folder / f"{number}.jpg").rename(folder / name)
    done = subprocess.run(
        [*COMMAND, *names, "3.jpg", "--model", model_file], cwd=folder, env=ENVIRONMENT, capture_output=True, check=True
    )
    found = [line.split(b",")[0] for line in done.stdout.splitlines()[1:]]
    assert found == [b"'--excel.jpg", b"'-h.jpg", b"'-x.jpg", b"3.jpg"]


def test_paths_are_written_as_they_were_found(folder: Path, model_file: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "in", "--model", model_file],
        cwd=folder.parent,
        env=ENVIRONMENT,
        capture_output=True,
        check=True,
    )
    assert [line.split(b",")[0] for line in done.stdout.splitlines()[1:]] == [
        os.fsencode(Path("in") / f"{seed}.jpg") for seed in range(4)
    ]


def test_an_empty_folder_is_exit_1_with_a_sentence(model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "out.csv").write_text("from yesterday")
    done = call(tmp_path / "empty", "--model", model_file, "--csv", tmp_path / "out.csv")
    assert done.returncode == 1
    assert done.stderr.decode().startswith("No image was found")
    assert (tmp_path / "out.csv").read_text() == "from yesterday"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--csv", "out.csv"],
        ["a.jpg", "--jsonl"],
        ["a.jpg", "--csv"],
        ["a.jpg", "--json", "--excel"],
        ["a.jpg", "--watch", "folder"],
        ["a.jpg", "--resume"],
        ["a.jpg", "--csv", "-", "--resume"],
        ["a.jpg", "--workers", "0"],
        ["a.jpg", "--workers", "many"],
    ],
)
def test_a_usage_error_exits_with_2(arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: lesionlens-classify")


def test_two_tables_do_not_fit_into_one_output(folder: Path, model_file: Path) -> None:
    done = call(folder, "--model", model_file, "--json", "--csv", "-")
    assert done.returncode == 2
    assert b"both write to the standard output" in done.stderr


def test_a_model_or_a_target_that_cannot_be_used_is_exit_2(folder: Path, model_file: Path, tmp_path: Path) -> None:
    without_model = call(folder, "--model", tmp_path / "gone.onnx")
    assert without_model.returncode == 2
    assert "The model “gone.onnx” cannot be read" in without_model.stderr.decode()
    without_target = call(folder, "--model", model_file, "--csv", tmp_path / "nowhere" / "out.csv")
    assert without_target.returncode == 2
    assert without_target.stderr.decode() == (
        "“out.csv” cannot be written (No such file or directory). Choose another place.\n"
    )


def test_another_model_has_its_own_columns(folder: Path, tmp_path: Path) -> None:
    few = write_model(tmp_path / "few.onnx", contract(labels=contract().labels[:3]))
    done = call(folder, "--model", few)
    assert [name for name in done.stdout.splitlines()[0].decode().split(",") if name.startswith("p_")] == [
        "p_actinic_keratosis",
        "p_basal_cell_carcinoma",
        "p_dermatofibroma",
    ]


def test_the_version() -> None:
    done = call("--version")
    assert (done.returncode, done.stdout) == (0, f"lesionlens-classify {__version__}\n".encode())


def test_no_qt_is_imported() -> None:
    program = "import desktop.commands.classify, sys; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# Interrupted


@posix
def test_ctrl_c_is_exit_130_and_leaves_the_target_as_it_was(model_file: Path, tmp_path: Path) -> None:
    image = write_lesion(tmp_path / "in" / "0000.png", size=(640, 480))
    for number in range(1, 3000):
        os.link(image, image.with_name(f"{number:04}.png"))
    target = tmp_path / "out.csv"
    target.write_text("from yesterday")
    arguments = [str(tmp_path / "in"), "--model", str(model_file), "--json", "--csv", str(target)]
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=HEAR_CTRL_C
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline()  # it is under way
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate()
    assert running.returncode == 130
    assert errors.decode().splitlines() == ["Interrupted. Carry on with --resume."]
    assert target.read_text() == "from yesterday"


# Resumed


@posix
def test_an_interrupted_run_resumes_to_the_same_table(model_file: Path, tmp_path: Path) -> None:
    for seed in range(60):
        write_lesion(tmp_path / "in" / f"{seed:02}.{'png' if seed % 2 else 'jpg'}", seed)
    (tmp_path / "in" / "bad.jpg").touch()
    outcome = kill.check(tmp_path / "in", model_file, tmp_path, kills=3, seed=1)
    assert len(outcome.rows_at_kills) == 3
    assert outcome.is_equal
    assert len(rows(tmp_path / "resumed.csv")) == 61


def test_resume_counts_the_rows_done_before(folder: Path, model_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    (folder / "3.jpg").write_bytes(b"")
    assert call(folder, "--model", model_file, "--csv", target).returncode == 1
    begun = b"".join(target.read_bytes().splitlines(keepends=True)[:4])
    whole = target.read_bytes()
    target.rename(tmp_path / "out.csv.partial").write_bytes(begun)
    done = call(folder, "--model", model_file, "--csv", target, "--resume")
    assert done.returncode == 1
    assert re.fullmatch(
        r"3 of 4 images classified, 1 failed, in \d+\.\d s, 3 of them before the interruption\.\n", done.stderr.decode()
    )
    assert target.read_bytes() == whole


def test_resume_goes_on_past_a_file_that_ended_runs_before(folder: Path, model_file: Path, tmp_path: Path) -> None:
    """A UID with two values once passed every guard and ended the run, and every run that resumed it."""
    (folder / "1.dcm").write_bytes(photograph(lesion(1), sop_class="1.2.3\\4.5"))
    target = tmp_path / "out.csv"
    done = call(folder, "--model", model_file, "--csv", target)
    whole = [(row["file"], row["status"], row["message"]) for row in rows(target)]
    assert whole[1][0] == str(folder / "1.dcm")
    lines = target.read_bytes().splitlines(keepends=True)
    target.with_name("out.csv.partial").write_bytes(b"".join(lines[:2]))
    resumed = call(folder, "--model", model_file, "--csv", target, "--resume")
    assert resumed.returncode == done.returncode
    assert [(row["file"], row["status"], row["message"]) for row in rows(target)] == whole


def test_resume_begins_where_nothing_was_interrupted(folder: Path, model_file: Path, tmp_path: Path) -> None:
    assert call(folder, "--model", model_file, "--csv", tmp_path / "out.csv", "--resume").returncode == 0
    assert len(rows(tmp_path / "out.csv")) == 4


def test_resume_refuses_another_model(folder: Path, model_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    call(folder, "--model", model_file, "--csv", target)
    target.rename(tmp_path / "out.csv.partial")
    done = call(folder, "--model", write_model(tmp_path / "b.onnx", seed=1), "--csv", target, "--resume")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("“out.csv.partial” was begun with another model.")
    assert len(rows(tmp_path / "out.csv.partial")) == 4


@pytest.fixture
def two_points(tmp_path: Path) -> Path:
    """Return a model that raises its melanoma alert for nothing at 95 %, and for everything at 98 %."""
    alerts = (at_two_points(MELANOMA, NEVER, ALWAYS), cancer_alert(NEVER))
    return write_model(tmp_path / "two.onnx", contract(alerts=alerts))


def test_the_alerts_are_set_by_option(folder: Path, two_points: Path, tmp_path: Path) -> None:
    told = []
    for options in ([], ["--melanoma-alert", "98"], ["--melanoma-alert", "95", "--skin-cancer-alert", "95"]):
        arguments = [str(folder), "--model", str(two_points), "--csv", str(tmp_path / "out.csv"), *options]
        assert classify.main(arguments) == 0
        told.append({(row["flag"], row["working_points"]) for row in rows(tmp_path / "out.csv")})
    default, other = "melanoma=0.95;malignant=0.95", "melanoma=0.98;malignant=0.95"
    assert told == [{("", default)}, {("melanoma", other)}, {("", default)}]


@pytest.mark.parametrize(
    ("option", "percent", "sentence"),
    [
        ("--melanoma-alert", "90", "no such limit for --melanoma-alert. It offers 95, 98."),
        ("--skin-cancer-alert", "98", "no such limit for --skin-cancer-alert. It offers 95."),
    ],
)
def test_a_limit_that_the_model_does_not_offer_is_exit_2(
    folder: Path, two_points: Path, capsys: pytest.CaptureFixture[str], option: str, percent: str, sentence: str
) -> None:
    assert classify.main([str(folder), "--model", str(two_points), option, percent]) == 2
    assert sentence in capsys.readouterr().err


def test_a_model_without_alerts_has_none_to_set(
    folder: Path, model_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert classify.main([str(folder), "--model", str(model_file), "--melanoma-alert", "95"]) == 2
    assert "The model has no such alert to set with --melanoma-alert." in capsys.readouterr().err


@pytest.mark.parametrize("percent", ["0", "101", "95.5", "high"])
def test_a_limit_is_a_whole_number_of_per_cent(folder: Path, percent: str) -> None:
    with pytest.raises(SystemExit) as ended:
        classify.main([str(folder), "--melanoma-alert", percent])
    assert ended.value.code == 2


def test_resume_refuses_other_alert_limits(
    folder: Path, two_points: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    arguments = [str(folder), "--model", str(two_points), "--csv", str(out)]
    assert classify.main(arguments) == 0
    out.replace(tmp_path / "out.csv.partial")
    assert classify.main([*arguments, "--resume", "--melanoma-alert", "98"]) == 2
    assert "“out.csv.partial” was begun with other alert limits." in capsys.readouterr().err
    assert classify.main([*arguments, "--resume"]) == 0
    assert len(rows(out)) == 4


def test_the_number_of_workers_changes_nothing(folder: Path, model_file: Path) -> None:
    one, three = (call(folder, "--model", model_file, "--workers", workers) for workers in (1, 3))
    assert one.returncode == three.returncode == 0
    assert one.stdout == three.stdout


# Watched


@contextmanager
def watching(*arguments: object) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
    """Start a command that runs until it is stopped; yield the process, its output and its errors."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=HEAR_CTRL_C,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield process, process.stdout, process.stderr
        finally:
            process.kill()


@posix
def test_a_watch_classifies_new_images_until_ctrl_c(folder: Path, model_file: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    new = [folder / "z.png", folder / "deeper" / "a.jpg"]
    with watching("--watch", folder, "--model", model_file, "--json", "--csv", log) as (process, output, errors):
        assert errors.readline().decode() == f"Waiting for new images in “{folder}”. Ctrl-C ends it.\n"
        for seed, path in enumerate(new):
            write_lesion(path, seed)
            assert json.loads(output.readline())["file"] == str(path)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
        assert errors.read().decode() == "New images classified: 2, failed: 0.\n"
    assert [row["file"] for row in rows(log)] == list(map(str, new))


@posix
def test_a_watch_reports_unsupported_images(folder: Path, model_file: Path) -> None:
    with watching("--watch", folder, "--model", model_file, "--json") as (process, _, errors):
        errors.readline()
        (folder / "new.nef").write_bytes(b"II*\0 raw")
        line = "1 file of a kind that LesionLens does not open: NEF. Export it as JPEG or PNG."
        assert errors.readline().decode().strip() == line
        process.send_signal(signal.SIGINT)
        assert process.wait() == 1
        assert errors.read().decode().splitlines() == ["New images classified: 0, failed: 0.", line]


def test_a_resumed_watch_adds_the_images_that_came_meanwhile(folder: Path, model_file: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    assert call(folder, "--model", model_file, "--csv", log).returncode == 0
    write_lesion(folder / "0-later.jpg", 9)
    (folder / "bad.jpg").write_bytes(b"no image")
    arguments = ("--watch", folder, "--model", model_file, "--json", "--csv", log, "--resume")
    with watching(*arguments) as (process, output, errors):
        for _ in range(2):
            assert output.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 1
        assert errors.read().decode().endswith("New images classified: 1, failed: 1.\n")
    assert [Path(row["file"]).name for row in rows(log)][4:] == ["0-later.jpg", "bad.jpg"]


def test_a_watch_overwrites_no_table(folder: Path, model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("from yesterday")
    done = call("--watch", folder, "--model", model_file, "--csv", tmp_path / "log.csv")
    assert done.returncode == 2
    assert done.stderr.decode() == "“log.csv” is there already. Add to it with --resume, or name another file.\n"


@posix
def test_a_table_is_written_by_one_run_at_a_time(folder: Path, model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    target = tmp_path / "out.csv"
    first = ("--model", model_file, "--csv", target)
    with watching("--watch", tmp_path / "export", *first) as (process, _, errors):
        assert "Waiting" in errors.readline().decode()
        begun = target.read_bytes()
        for second in ((folder, *first), (folder, *first, "--resume"), ("--watch", folder, *first, "--resume")):
            done = call(*second)
            assert done.returncode == 2
            assert done.stderr.decode() == (
                "“out.csv” is being written by another run. Wait until that is done, or choose another name.\n"
            )
        assert target.read_bytes() == begun
        process.kill()
        process.wait()
    assert call(folder, *first).returncode == 0
    assert len(rows(target)) == 4
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("out")} == {"out.csv"}


# Outputs that fail


@posix
def test_a_reader_that_stops_reading_gets_no_stack_trace(folder: Path, model_file: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, str(folder), "--model", str(model_file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()  # before the first row is written: the model takes longer to load
        assert running.stderr.read() == b""
    assert running.returncode == 1


@posix
def test_an_output_that_is_full(folder: Path, model_file: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, str(folder), "--model", str(model_file)], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "The output cannot be written (No space left on device). Name a file with --csv."
    ]


def test_without_standard_streams(
    folder: Path, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a windowed program."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert classify.main([str(folder), "--model", str(model_file), "--csv", str(tmp_path / "out.csv")]) == 0
    assert len(rows(tmp_path / "out.csv")) == 4
    assert classify.main([str(folder), "--model", str(model_file)]) == 2


@posix
def test_progress_on_a_terminal(
    folder: Path, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_UPDATES", 0)
    (folder / "bad.jpg").touch()
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal, os.fdopen(ours, "rb", buffering=0) as screen:
        monkeypatch.setattr(sys, "stderr", terminal)
        assert classify.main([str(folder), "--model", str(model_file), "--csv", str(tmp_path / "out.csv")]) == 1
        terminal.flush()
        shown = b""
        while not shown.endswith(b" s.\r\n"):
            shown += screen.read(100_000)
    lines = shown.decode().split("\r")
    assert re.fullmatch(r"3 of 5 images, \d+\.\d a second, 0:00 left, 0 failed\x1b\[K", lines[3])
    assert re.fullmatch(r"5 of 5 images, \d+\.\d a second, 0:00 left, 1 failed\x1b\[K", lines[5])
    assert re.fullmatch(r"\x1b\[K4 of 5 images classified, 1 failed, in \d+\.\d s\.", lines[7])
