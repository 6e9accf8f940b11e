"""Erased patients stay erased when an older backup is restored, and nobody else is erased."""

import sqlite3
import zipfile
from contextlib import closing
from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.backup import write_backup
from desktop.core.records.check_results import FaultKind
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.restoring import restore_backup
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.unlocking import BackupKeys
from desktop.core.records.verifying import check_history
from tests.core.encryption.test_keys import PASSPHRASE
from tests.core.records.history_contents import START
from tests.core.records.old_histories import STORED, restore
from tests.core.records.tampering import KEY, key_of
from tests.core.records.test_backup import NOW, keep_real
from tests.core.records.test_converting import readable

TODAY = START.date()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two patients of one image each, one image of nobody, and `backup.zip` of it beside."""
    with History.open(tmp_path / "data") as history:
        for seed, pseudonym in ((1, "P-erased"), (2, "P-stays"), (3, "")):
            image = history.people.image_id_of(keep_real(tmp_path, history, seed).sha256)
            assert image is not None
            if pseudonym:
                patient = history.people.add_patient(pseudonym, "female", by="MK").id
                lesion = history.people.add_lesion(patient, "L1", "", by="MK").id
                visit = history.people.begin_visit(patient, TODAY, "", by="MK").id
                history.people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
    write_backup(tmp_path / "data", tmp_path / "backup.zip", app_version="1", now=NOW)
    return tmp_path / "data"


def erase(data: Path, pseudonym: str = "P-erased") -> None:
    with History.open(data, key=key_of(data)) as history:
        (patient,) = [found for found in history.people.find_patients() if found.pseudonym == pseudonym]
        history.erasures.erase_patient(patient.id, by="AB")
        history.erasures.finish()


def bring_back(data: Path, name: str = "backup.zip") -> tuple[list[str], list[str]]:
    """Restore a backup; return the patients and image names. No file may contain anything of an erased patient."""
    before = restore_backup(data.parent / name, data, now=NOW).before
    with History.open(data) as history:
        patients = sorted(patient.pseudonym for patient in history.people.find_patients())
        images = sorted(entry.image.name for entry in history.entries())
        stored = {entry.image.sha256 for entry in history.entries()}
    assert {path.stem for path in (data / "images").glob("*/*")} == stored
    if "P-erased" not in patients:
        files = [
            path for path in data.rglob("*") if path.is_file() and (before is None or not path.is_relative_to(before))
        ]
        assert all(b"P-erased" not in path.read_bytes() for path in files)
    return patients, images


def test_erased_patient_does_not_come_back(data: Path) -> None:
    erase(data)
    assert bring_back(data) == (["P-stays"], ["source-2.png", "source-3.png"])


def test_erased_patient_stays_erased_after_further_backups_and_restores(data: Path, tmp_path: Path) -> None:
    erase(data)
    bring_back(data)
    write_backup(data, tmp_path / "later.zip", app_version="1", now=NOW)
    assert bring_back(data, "later.zip") == (["P-stays"], ["source-2.png", "source-3.png"])
    assert bring_back(data) == (["P-stays"], ["source-2.png", "source-3.png"])
    with History.open(data) as history:
        assert len(history._database.read("SELECT * FROM erasure")) == 1


def test_image_placed_with_the_patient_after_the_backup_is_erased_too(data: Path) -> None:
    with History.open(data) as history:
        (patient,) = [found for found in history.people.find_patients() if found.pseudonym == "P-erased"]
        (image,) = [entry for entry in history.entries() if entry.image.name == "source-3.png"]
        image_id = history.people.image_id_of(image.image.sha256)
        assert image_id is not None
        lesion = history.people.lesions(patient.id)[0].id
        history.people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=None, by="MK")
    erase(data)
    assert bring_back(data) == (["P-stays"], ["source-2.png"])


def test_image_moved_to_another_patient_before_stays_unplaced(data: Path) -> None:
    with History.open(data) as history:
        people = history.people
        erased, stays = sorted(people.find_patients(), key=lambda patient: patient.pseudonym)
        (image,) = people.images(erased.id)
        people.move([image.image_id], people.lesions(stays.id)[0].id, people.visits(stays.id)[0].id, by="MK")
    erase(data)
    assert bring_back(data) == (["P-stays"], ["source-1.png", "source-2.png", "source-3.png"])
    with History.open(data) as history:
        assert history.people.owner(image.image_id) is None


def test_erasure_of_a_patient_added_after_the_backup_is_recorded(data: Path, tmp_path: Path) -> None:
    with History.open(data) as history:
        history.people.add_patient("P-late", "male", by="MK")
    write_backup(data, tmp_path / "late.zip", app_version="1", now=NOW)
    erase(data, "P-late")
    assert bring_back(data)[0] == ["P-erased", "P-stays"]
    assert bring_back(data, "late.zip")[0] == ["P-erased", "P-stays"]


def test_backup_of_another_history_loses_no_patient(data: Path, tmp_path: Path) -> None:
    with History.open(tmp_path / "other") as history:
        history.people.add_patient("P-other", "female", by="MK")
    write_backup(tmp_path / "other", tmp_path / "other.zip", app_version="1", now=NOW)
    erase(data)
    restore_backup(tmp_path / "other.zip", data, now=NOW)
    with History.open(data) as history:
        assert [patient.pseudonym for patient in history.people.find_patients()] == ["P-other"]


def test_copy_continued_elsewhere_loses_no_patient(data: Path, tmp_path: Path) -> None:
    restore_backup(tmp_path / "backup.zip", tmp_path / "elsewhere", now=NOW)
    for folder, pseudonym in ((data, "P-here"), (tmp_path / "elsewhere", "P-there")):
        with History.open(folder) as history:
            assert history.people.add_patient(pseudonym, "male", by="MK").id == 3  # the same number in both
    write_backup(tmp_path / "elsewhere", tmp_path / "there.zip", app_version="1", now=NOW)
    erase(data, "P-here")
    restore_backup(tmp_path / "there.zip", data, now=NOW)
    with History.open(data) as history:
        assert "P-there" in {patient.pseudonym for patient in history.people.find_patients()}


def test_damaged_present_history_does_not_prevent_a_restore(data: Path) -> None:
    erase(data)
    (data / FILE_NAME).write_bytes((data / FILE_NAME).read_bytes()[:5000])
    assert bring_back(data)[0] == ["P-erased", "P-stays"]


def test_erased_patients_are_removed_from_a_backup_of_an_older_layout_too(tmp_path: Path) -> None:
    """It does not name its history, but its rows are recognised."""
    data = tmp_path / "data"
    restore(STORED / "history-5.sql", data)
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (5,)
    write_backup(data, tmp_path / "old.zip", app_version="1", now=NOW)
    erase(data, "P-0412")
    restore_backup(tmp_path / "old.zip", data, now=NOW)
    with History.open(data) as history:
        assert history.people.find_patients() == []


@pytest.mark.parametrize("is_encrypted", [False, True], ids=["plain", "encrypted"])
@pytest.mark.parametrize(
    "order", list(permutations(("erase first", "erase second", "back up", "restore"))), ids=", ".join
)
def test_seal_is_whole_in_all_orders_of_erasures_backups_and_restores(
    order: tuple[str, ...], is_encrypted: bool, data: Path, tmp_path: Path
) -> None:
    backup, key = tmp_path / "backup.zip", None
    if is_encrypted:
        key = KEY
        encrypt_history(data, key, PASSPHRASE)
        write_backup(data, backup, app_version="1", now=NOW, key=key)
    acts = {
        "erase first": lambda: erase(data),
        "erase second": lambda: erase(data, "P-stays"),
        "back up": lambda: write_backup(data, backup, app_version="1", now=NOW, key=key),
        "restore": lambda: restore_backup(backup, data, now=NOW, keys=BackupKeys(history=key), present_key=key),
    }
    for act in order:
        acts[act]()
    acts["restore"]()
    checked = check_history(data, with_images=True, key=key)
    assert checked.faults == []
    assert len(checked.restored) >= 1
    assert {"patient", "image"} <= {rows.subject for rows in checked.erased}
    with History.open(data, key=key) as history:
        assert history.people.find_patients() == []
    if is_encrypted:
        assert readable(data, [b"SQLite format 3", b"P-erased", b"P-stays", b"\x89PNG\r\n\x1a\n"]) == []


def test_restore_is_a_link_with_the_head_of_the_history_that_was_replaced(data: Path, tmp_path: Path) -> None:
    with History.open(data) as history:
        backed_up = history.seal_head()
        history.people.add_patient("P-later", "male", by="MK")
        replaced = history.seal_head()
    restored = restore_backup(tmp_path / "backup.zip", data, now=NOW)
    assert restored.manifest.head == str(backed_up)
    assert not restored.is_other
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        whats = [what for (what,) in connection.execute("SELECT what FROM seal WHERE id > ?", (backed_up.links,))]
    assert f"restore {replaced}" in whats
    assert check_history(data, kept=backed_up).faults == []
    assert [fault.kind for fault in check_history(data, kept=replaced).faults] == [FaultKind.HEAD]


def test_backup_of_another_history_is_said_to_be_one(data: Path, tmp_path: Path) -> None:
    with History.open(tmp_path / "other") as other:
        other.people.add_patient("P-other", "male", by="MK")
    assert restore_backup(tmp_path / "backup.zip", tmp_path / "other", now=NOW).is_other
    assert not restore_backup(tmp_path / "backup.zip", tmp_path / "new", now=NOW).is_other
    for folder in ("other", "new"):
        assert check_history(tmp_path / folder).faults == []


def test_backup_whose_seal_is_not_the_one_it_states_is_refused(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    manifest = msgspec.json.decode(contents["backup.json"])
    manifest["head"] = "1:" + "0" * 64
    contents["backup.json"] = msgspec.json.encode(manifest)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    with pytest.raises(RecordsError, match="altered by another program"):
        restore_backup(path, data, now=NOW)
