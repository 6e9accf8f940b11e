"""lesionlens-records: its exit codes, its sentences, and the histories that it leaves alone."""

import datetime as dt
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.commands.exit_codes import OK, WRONG_CALL
from desktop.commands.records import IN_PART, main
from desktop.core.inference.shipped import shipped_sha256
from desktop.core.labelled_images.labelled_csv import read_csv
from desktop.core.labelled_images.training_export import TABLE, read_export
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.values import KeptImage
from tests.core.encryption.test_keys import PASSPHRASE, TYPED
from tests.core.exchange.histories import Practice, at, described, fill
from tests.core.records.history_contents import an_answer
from tests.core.records.tampering import KEY
from tests.making import contract, write_lesion


@pytest.fixture
def data(tmp_path: Path) -> Path:
    practice = Practice(tmp_path / "data", at(8), "MK")
    fill(practice, 6)
    practice.history.close()
    return tmp_path / "data"


def run(verb: str, data: Path, *arguments: object) -> int:
    return main([verb, "--data-dir", str(data), "--by", "MK", *map(str, arguments)])


def test_out_of_one_history_into_another(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", data, "--out", tmp_path / "folder") == OK
    assert "patients 2, images 8, answers of the model 6." in capsys.readouterr().out
    assert run("import", tmp_path / "there", tmp_path / "folder") == OK
    assert capsys.readouterr().out.startswith(
        "Added: patients 2, lesions 4, images 8, findings 10, steps and other entries 14, answers of the model 6."
    )
    assert run("import", tmp_path / "there", tmp_path / "folder") == OK
    assert capsys.readouterr().out.startswith(
        "Added: patients 0, lesions 0, images 0, findings 0, steps and other entries 0, answers of the model 0."
    )
    with History.open(data) as one, History.open(tmp_path / "there") as other:
        assert described(one) == described(other)
        acts = one.audit.page(AuditFilter(actions=frozenset({Action.HISTORY_EXPORTED}))).acts
        assert [act.initials for act in acts] == ["MK"]


def test_places_in_words_become_those_of_the_body_map_and_others_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    places = ("right lower back", "Lower back, R", "left  SOLE arch", "thumb nail, left", "back", "back", "somewhere")
    lines = [f'P-1,L{number},"{place}",2026-01-02' for number, place in enumerate(places)]
    (folder / "records.csv").write_text("\n".join(("patient,lesion,site,date", *lines)), "utf-8")
    assert run("import", tmp_path / "there", folder) == OK
    told = capsys.readouterr().err
    assert "The places of 3 lesions name no single place of the body map." in told
    assert told.endswith("  2 × back\n  1 × somewhere\n")
    with History.open(tmp_path / "there") as history:
        assert [one.site for one in history.people.lesions(1)] == [
            *("back-lower-right", "back-lower-right", "sole-left", "nail-thumb-left", "back", "back", "somewhere")
        ]
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.HISTORY_IMPORTED}))).acts
        assert act.detail["unknown places"] == 3


def test_importing_again_mends_a_place_that_an_earlier_version_kept_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "records.csv").write_text("patient,lesion,site,date\nP-1,L1,right lower back,2026-01-02\n", "utf-8")
    assert run("import", tmp_path / "there", folder) == OK
    with History.open(tmp_path / "there") as history:
        (lesion,) = history.people.lesions(1)
        history.people.correct_lesion(lesion.id, name="L1", site="Right lower back", by="MK")
    assert run("import", tmp_path / "there", folder) == OK
    with History.open(tmp_path / "there") as history:
        assert [one.site for one in history.people.lesions(1)] == ["back-lower-right"]


def test_a_deidentified_export_says_what_is_left_to_do(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", data, "--deidentify", "--out", tmp_path / "folder") == OK
    out, err = capsys.readouterr()
    assert "patients 2, images 8, answers of the model 0." in out
    assert "Look at the images" in err
    assert "P-001" not in (tmp_path / "folder" / "records.csv").read_text("utf-8-sig")
    with History.open(data) as history:
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.HISTORY_EXPORTED}))).acts
        assert act.detail["de-identified"]


def test_conflicts_are_listed_and_nothing_is_imported(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", data, "--patient", "P-001", "--out", tmp_path / "folder") == OK
    with History.open(data) as history:
        history.people.correct_patient(2, "P-001", "male", by="MK")
        before = described(history)
    capsys.readouterr()
    assert run("import", data, tmp_path / "folder") == IN_PART
    out, err = capsys.readouterr()
    assert out == "P-001, sex: “male” here, “female” in the folder\n"
    assert "--on-conflict keep or both" in err
    assert run("import", data, tmp_path / "folder", "--on-conflict", "keep") == OK
    with History.open(data) as history:
        assert described(history) == before


def test_a_history_that_is_open_is_left_alone(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", data, "--out", tmp_path / "folder") == OK
    program = "import sys; from pathlib import Path; from desktop.core.records.history import History\n"
    program += "with History.open(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
    window = subprocess.Popen(
        [sys.executable, "-c", program, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert window.stdout is not None
        assert window.stdout.readline() == "open\n"
        for verb, arguments in (("export", ("--out", tmp_path / "other")), ("import", (tmp_path / "folder",))):
            assert run(verb, data, *arguments) == WRONG_CALL
            assert "Close its window, then try again" in capsys.readouterr().err
    finally:
        window.communicate("")
    assert not (tmp_path / "other").exists()
    assert run("import", data, tmp_path / "folder") == OK


def test_an_encrypted_history_asks_for_its_passphrase(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypt_history(data, KEY, PASSPHRASE)
    assert run("export", data, "--out", tmp_path / "folder") == WRONG_CALL
    assert "encrypted" in capsys.readouterr().err
    typed = iter((TYPED.upper(), TYPED))
    monkeypatch.setattr("desktop.commands.records.getpass", lambda _prompt: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert run("export", data, "--out", tmp_path / "folder") == WRONG_CALL
    assert run("export", data, "--out", tmp_path / "folder") == OK
    assert "images 8" in capsys.readouterr().out


def test_a_table_of_pseudonyms_is_encrypted_where_the_history_is(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, locked = tmp_path / "plain.csv", tmp_path / "locked"
    assert run("export", data, "--deidentify", "--pseudonyms", plain, "--out", tmp_path / "one") == OK
    assert "P-001" in plain.read_text("utf-8-sig")
    encrypt_history(data, KEY, PASSPHRASE)
    monkeypatch.setattr("desktop.commands.records.getpass", lambda _prompt: TYPED)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert run("export", data, "--deidentify", "--pseudonyms", locked, "--out", tmp_path / "two") == OK
    assert b"P-001" not in locked.read_bytes()
    capsys.readouterr()
    assert run("pseudonyms", data, locked) == OK
    assert "P-001" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    for file, sentence in (
        (locked, "is encrypted"),
        (data / FILE_NAME, "no table"),
        (tmp_path / "x", "cannot be read"),
    ):
        assert run("pseudonyms", data, file) == WRONG_CALL
        assert sentence in capsys.readouterr().err
    assert run("export", data, "--pseudonyms", tmp_path / "y", "--out", tmp_path / "three") == WRONG_CALL
    assert "goes with --deidentify" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["fhir", "dicom"])
def test_other_formats_leave_out_images_without_a_patient(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert run("export", data, "--format", form, "--out", tmp_path / "folder") == OK
    out, err = capsys.readouterr()
    assert "patients 2, images 6, answers of the model 4." in out
    assert "without a patient, which were left out: 2." in err
    assert len(list((tmp_path / "folder" / "images").iterdir())) == 6


def test_wrong_calls(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["export"], ["export", "--out", "x", "--since", "2.3.2026"], ["import"]):
        with pytest.raises(SystemExit, match=str(WRONG_CALL)):
            main(arguments)
    assert run("export", tmp_path / "nothing", "--out", tmp_path / "folder") == WRONG_CALL
    assert "There is no history" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()
    assert run("export", data, "--patient", "nobody", "--out", tmp_path / "folder") == WRONG_CALL
    assert "There is no patient “nobody”" in capsys.readouterr().err
    before = (data / FILE_NAME).read_bytes()
    assert run("import", data, tmp_path / "nothing") == WRONG_CALL
    assert (data / FILE_NAME).read_bytes() == before


def test_it_loads_no_qt() -> None:
    program = "import sys, desktop.commands.records; print([name for name in sys.modules if 'PySide' in name])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_lesions_to_train_with_are_written_and_what_is_left_out_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with History.open(data) as history:
        for patient in history.people.find_patients():
            history.people.correct_patient(patient.id, patient.pseudonym, patient.sex, by="MK", training_use="yes")
            for lesion in history.people.lesions(patient.id):
                history.assessments.add_outcome(
                    lesion_id=lesion.id,
                    kind="histopathology",
                    diagnosis="melanoma",
                    label="melanoma",
                    date=at(8)().date(),
                    by="MK",
                )
    assert run("training", data, "--out", tmp_path / "folder") == OK
    out, err = capsys.readouterr()
    assert f'lesionlens-train improve --data "{tmp_path / "folder"}" --base shipped' in out
    written = read_export(tmp_path / "folder")
    assert f"lesions {written.lesions}, images {written.images}." in out
    assert written.images == len(read_csv(tmp_path / "folder" / TABLE).images) > 0
    assert "Look at the images" in err
    assert (written.look, written.model_sha256) == (1, shipped_sha256())
    assert run("training", data, "--out", tmp_path / "folder") == WRONG_CALL
    assert run("training", data, "--out", tmp_path / "again") == OK
    assert read_export(tmp_path / "again").look == 2
    with History.open(data) as history:
        wanted = AuditFilter(actions=frozenset({Action.TRAINING_EXPORTED, Action.FAILED}))
        acts = [act.action for act in history.audit.page(wanted).acts]
    assert acts == ["exported for training", "failed", "exported for training", "exported for training"]
    assert run("training", tmp_path / "nowhere", "--out", tmp_path / "third") == WRONG_CALL
    assert not (tmp_path / "nowhere").exists()


def test_a_lesion_that_follow_up_showed_to_be_benign_is_exported_to_train_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with History.open(tmp_path / "data") as history:
        people, assessments = history.people, history.assessments
        patient = people.add_patient("P-1", "female", by="MK").id
        people.correct_patient(patient, "P-1", "female", by="MK", training_use="yes")
        lesion = people.add_lesion(patient, "L1", "scapula-left", by="MK").id
        for seed, (day, change) in enumerate(((dt.date(2024, 1, 1), ""), (dt.date(2025, 1, 1), "unchanged"))):
            path = write_lesion(tmp_path / f"{seed}.png", seed)
            content = path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            kept = KeptImage(sha256, path.name, "PNG", 60, 48, len(content), path, stored=False)
            history.save(kept, an_answer(flags=()), contract(), by="MK")
            visit, image = people.begin_visit(patient, day, "", by="MK").id, people.image_id_of(sha256)
            assert image is not None
            people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
            assessments.assess(
                lesion_id=lesion, visit_id=visit, before_model=False, diagnosis="nevus", change=change, by="MK"
            )
        assessments.add_outcome(
            lesion_id=lesion, kind="follow-up", diagnosis="nevus", label="nevus", date=dt.date(2025, 1, 1), by="MK"
        )
    assert run("training", tmp_path / "data", "--out", tmp_path / "usual") == OK
    assert "Nothing may be exported for training." in capsys.readouterr().out
    assert run("training", tmp_path / "data", "--follow-up", 12, "--out", tmp_path / "year") == OK
    assert "1 of these lesions is benign by follow-up" in capsys.readouterr().out
    assert {one.confirmed_by for one in read_csv(tmp_path / "year" / TABLE).images} == {"follow_up"}
    assert (read_export(tmp_path / "year").followed, read_export(tmp_path / "year").judged) == (1, ())
    with pytest.raises(SystemExit):
        run("training", tmp_path / "data", "--follow-up", 11, "--out", tmp_path / "short")
