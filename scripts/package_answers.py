"""Compares the built application's answers with those of this checkout: the same libraries on the same machine."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from PIL import Image

from drawn_files import SAMPLES, draw_files
from expecting import expect
from frozen import COMMAND, JUDGE, RECORDS, VERIFIER, WINDOW, Frozen, run_source, screen
from setup_environment import ROOT

MOST_APART = 1e-5
"""Largest allowed difference of a probability from this checkout's."""
SNAPSHOT_DIGITS = 1e-6
"""--snapshot prints six digits."""
FILES, FOLDER = 50, "fifty"
"""The number of files for the command, and their folder in the working folder."""
SHIPPED_MODEL = ROOT / "resources" / "classifier.onnx"
MODEL_ENTRY = b"\x72\x0e\x0a\x09self-test\x12\x01x"
"""A metadata entry: appended to a model file, it makes another model with the same answers; see desktop/self_test.py."""
SCREENSHOTS = ("offscreen.png", "x11.png")


def versions(frozen: Frozen) -> str:
    """All programs start and know their version."""
    asked = [run_source("desktop", "--version")]
    asked += (frozen.run(program, "--version") for program in (WINDOW, COMMAND, VERIFIER, JUDGE, RECORDS))
    found = [done.stdout.split()[-1:] for done in asked]
    expect(found[0] and found == [found[0]] * len(asked), f"the versions are {found}: {asked[1].stderr}")
    return f"all programs are of version {found[0][0]}"


def self_test(frozen: Frozen, **more: str) -> int:
    """Run the self-test; return how many lines it printed."""
    done = frozen.run(WINDOW, "--self-test", **more)
    lines = done.stdout.splitlines()
    expect(done.returncode == 0, f"the self-test ended with {done.returncode}: {done.stdout}{done.stderr}")
    expect(lines and all(line.startswith("ok: ") for line in lines), f"the self-test said: {done.stdout}")
    return len(lines)


def self_test_offscreen(frozen: Frozen) -> str:
    """The application's own test passes."""
    return f"self-test offscreen, {self_test(frozen)} lines"


def snapshot(frozen: Frozen, name: str, **more: str) -> float:
    """Have an image shown and classified; return the largest difference to this checkout's answer."""
    image = SAMPLES / "synthetic-1-pigment-network.png"
    copy, shot = frozen.work / image.name, frozen.work / name
    shutil.copy(image, copy)
    data = frozen.work / f"data-{Path(name).stem}"
    done = frozen.run(WINDOW, copy, "--snapshot", shot, "--data-dir", data, **more)
    expect(done.returncode == 0, f"--snapshot ended with {done.returncode}: {done.stdout}{done.stderr}")
    with Image.open(shot) as picture:
        expect(picture.size == (1280, 800), f"the screenshot is {picture.size}")
        expect(len(picture.convert("RGB").getcolors(picture.width * picture.height) or ()) > 1000, "it shows no image")
    with tempfile.TemporaryDirectory() as other:
        source = run_source("desktop", copy, "--snapshot", Path(other) / "s.png", "--data-dir", Path(other) / "data")
    found, wanted = (dict(map(_name_and_probability, out.stdout.splitlines()[:-1])) for out in (done, source))
    expect(wanted and found.keys() == wanted.keys(), f"the labels are {[*found]}, not {[*wanted]}: {source.stderr}")
    apart = max(abs(found[label] - wanted[label]) for label in wanted)
    expect(apart <= MOST_APART + SNAPSHOT_DIGITS, f"the probabilities are up to {apart:.1e} from the source's")
    return apart


def _name_and_probability(line: str) -> tuple[str, float]:
    probability, _, label = line.partition("  ")
    return label, float(probability)


def snapshot_offscreen(frozen: Frozen) -> str:
    """An image on the command line is shown and classified as from source."""
    return f"an image on the command line, offscreen, at most {snapshot(frozen, SCREENSHOTS[0]):.0e} from the source"


def sealed_history(frozen: Frozen) -> str:
    """`lesionlens-history verify` finds the history of the screenshot whole, and a changed row in it."""
    data = frozen.work / f"data-{Path(SCREENSHOTS[0]).stem}"
    verify = (VERIFIER, "verify", "--images", "--json", "--data-dir", data)
    done = frozen.run(*verify)
    expect(done.returncode == 0, f"{VERIFIER} ended with {done.returncode}: {done.stdout}{done.stderr}")
    rows = json.loads(done.stdout)["rows"]
    with closing(sqlite3.connect(data / "history.sqlite3")) as connection:
        (trigger,) = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'origin_is_never_changed'"
        ).fetchone()
        for statement in ("DROP TRIGGER origin_is_never_changed", "UPDATE origin SET time = 'changed'", trigger):
            connection.execute(statement)
        connection.commit()
    done = frozen.run(*verify)
    expect(
        done.returncode == 1, f"{VERIFIER} ended with {done.returncode} on a changed row: {done.stdout}{done.stderr}"
    )
    faults = json.loads(done.stdout)["faults"]
    expect([(fault["kind"], fault["table"]) for fault in faults] == [("changed", "origin")], f"it found {faults}")
    return f"{VERIFIER} on {rows} rows, and on one that was changed"


def exchanged_records(frozen: Frozen) -> str:
    """`lesionlens-records` takes an image with its table into a history, and the history out again."""
    simple = frozen.work / "simple"
    simple.mkdir()
    shutil.copy(SAMPLES / "synthetic-1-pigment-network.png", simple / "image.png")
    table = "patient,lesion,date,image,assessment\nP-1,L1,2026-11-23,image.png,nevus\n"
    (simple / "records.csv").write_text(table, encoding="utf-8")
    data, out = frozen.work / "data-records", frozen.work / "records"
    for arguments in (("import", "--data-dir", data, simple), ("export", "--data-dir", data, "--out", out)):
        done = frozen.run(RECORDS, *arguments)
        expect(done.returncode == 0, f"{RECORDS} ended with {done.returncode}: {done.stdout}{done.stderr}")
    images = [path.read_bytes() for path in (out / "images").iterdir()]
    expect(images == [(simple / "image.png").read_bytes()], "the image did not come out as it went in")
    return f"{RECORDS} with one image, in and out"


def fifty_files(frozen: Frozen) -> str:
    """`lesionlens-classify` gives fifty files of every format the source's probabilities."""
    folder = frozen.work / FOLDER
    draw_files(folder, FILES)
    done = frozen.run(COMMAND, folder)
    expect(done.returncode == 0, f"{COMMAND} ended with {done.returncode}: {done.stderr}")
    source = run_source("desktop.commands.classify", folder)
    found, wanted = (list(csv.DictReader(io.StringIO(out.stdout))) for out in (done, source))
    expect(len(found) == len(wanted) == FILES, f"{len(found)} rows, and {len(wanted)} from source: {source.stderr}")
    apart = 0.0
    for mine, other in zip(found, wanted, strict=True):
        expect(Path(mine["file"]).name == Path(other["file"]).name, "the files stand in another order")
        expect(mine["label"] == other["label"], f"{mine['file']} is {mine['label']}, not {other['label']}")
        columns = [column for column in other if column.startswith("p_")]
        apart = max(apart, *(abs(float(mine[column]) - float(other[column])) for column in columns))
    expect(apart <= MOST_APART, f"the probabilities are up to {apart:.1e} from the source's")
    return f"{COMMAND} on {FILES} files, at most {apart:.0e} from the source"


def judged_folder(frozen: Frozen) -> str:
    """`lesionlens-judge` counts the drawn samples as this checkout does."""
    folder, found = frozen.work / "labelled", []
    for number, sample in enumerate(sorted(SAMPLES.glob("*.png"))):
        label = folder / ("melanoma" if number % 2 else "nevus")
        label.mkdir(parents=True, exist_ok=True)
        shutil.copy(sample, label)
    done = frozen.run(JUDGE, folder, "--out", frozen.work / "judged")
    with tempfile.TemporaryDirectory() as other:
        source = run_source("desktop.commands.judge", folder, "--out", other)
        for out in (frozen.work / "judged", Path(other)):
            report = json.loads((out / "report.json").read_text(encoding="utf-8"))
            found.append({key: report[key] for key in ("n", "lesions", "left_out", "words")})
    expect(done.returncode == source.returncode == 0, f"{JUDGE} ended with {done.returncode}: {done.stderr}")
    expect(found[0] == found[1], f"{JUDGE} counted {found[0]}, not {found[1]}")
    return f"{JUDGE} on {found[0]['n']} samples, as from source"


def another_model(frozen: Frozen) -> str:
    """`lesionlens-classify` starts itself again to try a model that was not shipped, and refuses an invalid one.

    The window does the same in its self-test.
    """
    image, model = frozen.work / "tried.png", frozen.work / "another.onnx"
    shutil.copy(SAMPLES / "synthetic-1-pigment-network.png", image)
    model.write_bytes(SHIPPED_MODEL.read_bytes() + MODEL_ENTRY)
    done = frozen.run(COMMAND, image, "--model", model)
    expect(done.returncode == 0, f"with another model {COMMAND} ended with {done.returncode}: {done.stderr}")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    expect(row["model_sha256"] == hashlib.sha256(model.read_bytes()).hexdigest(), "another model answered")
    model.write_bytes(model.read_bytes()[:1000])
    done = frozen.run(COMMAND, image, "--model", model)
    expect(done.returncode == 2 and model.name in done.stderr, f"a model that is none was not refused: {done.stderr}")
    return f"{COMMAND} tries a model that was not shipped, and refuses one that is none"


def self_test_and_snapshot_on_x11(frozen: Frozen) -> str:
    """The same under an X server."""
    with screen() as display:
        lines = self_test(frozen, **display)
        apart = snapshot(frozen, SCREENSHOTS[1], **display)
    return f"self-test ({lines} lines) and screenshot on X11, at most {apart:.0e} from the source"
