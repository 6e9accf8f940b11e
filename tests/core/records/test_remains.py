"""The next start deletes the remains of a killed program, and nothing that is still needed."""

from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from tests.core.records.history_contents import keep
from tests.core.records.test_backup import a_clinic


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def leave_remains(data: Path) -> None:
    """Create the remains of every kind of killed work."""
    for folder in (".backup-x1", ".restoring-x1/images/aa"):
        (data / folder).mkdir(parents=True)
        (data / folder / "history.sqlite3").write_text("P-0412")
    image = next((data / "images").glob("*/*.png"))
    for place in (data, image.parent, data / "thumbnails" / "aa", data / "backups"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "something.0f.partial").write_text("P-0412")
    ImageStore(data).add(b"whose row was never written", "PNG")


def test_remains_are_deleted_at_the_start_and_nothing_else(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    with History.open(data):
        pass
    before = names(data)
    leave_remains(data)
    assert names(data) > before
    with History.open(data) as history:
        history.sweep()
        assert {name for name in names(data) if "sqlite3-" not in name} == before
        for entry in history.entries():
            if entry.image.stored:
                assert ImageStore(data).read(entry.image.sha256)


def test_nothing_is_deleted_while_another_program_uses_the_folder(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    leave_remains(data)
    before = names(data)
    with History.open(data) as one:
        with History.open(data) as other:
            one.sweep()
            other.sweep()
            assert names(data) >= before
        one.sweep()
    assert not names(data) >= before


def test_first_image_whose_row_was_never_written_is_removed(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        ImageStore(tmp_path).add(b"whose row was never written", "PNG")
        history.sweep()
    assert not list(tmp_path.glob("images/*/*"))


def test_images_of_another_history_are_kept(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    with History.open(tmp_path / "empty"):
        pass
    (tmp_path / "empty" / "history.sqlite3").replace(data / "history.sqlite3")
    before = names(data)
    with History.open(data) as history:
        history.sweep()
        assert names(data) >= before


def test_remains_that_cannot_be_deleted_do_not_prevent_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_clinic(tmp_path)
    leave_remains(data)

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    with History.open(data) as history:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuse)
            history.sweep()
        keep(history, "new.jpg")
        history.sweep()
    assert not list(data.rglob("*.partial"))


def test_erasing_also_deletes_remains(tmp_path: Path) -> None:
    data = a_clinic(tmp_path)
    leave_remains(data)
    with History.open(data) as history:
        (patient,) = history.people.find_patients()
        history.erasures.erase_patient(patient.id, by="MK")
        history.erasures.finish()
    assert all(b"P-0412" not in path.read_bytes() for path in data.rglob("*") if path.is_file())


def test_ids_are_never_reused(tmp_path: Path) -> None:
    with History.open(a_clinic(tmp_path)) as history:
        (patient,) = history.people.find_patients()
        history.erasures.erase_patient(patient.id, by="MK")
        history.erasures.finish()
        again = history.people.add_patient("P-0412", "female", by="MK")
        assert again.id > patient.id
        with pytest.raises(KeyError):
            history.people.patient(patient.id)
        with pytest.raises(RecordsError, match="There is a patient"):
            history.people.add_patient("P-0412", "female", by="MK")
