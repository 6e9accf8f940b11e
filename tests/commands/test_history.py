"""lesionlens-history verify: its exit codes, sentences and JSON."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.commands.exit_codes import OK, WRONG_CALL
from desktop.commands.history import NOT_WHOLE, main
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME
from tests.core.encryption.test_keys import PASSPHRASE, TYPED
from tests.core.records.old_histories import STORED, restore
from tests.core.records.tampering import KEY, by_hand, everything

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return everything(tmp_path / "data")


def verify(data: Path, *options: str) -> int:
    return main(["verify", "--data-dir", str(data), *options])


def test_a_whole_history(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with History.open(data) as history:
        head = history.seal_head()
    assert verify(data, "--images", "--head", head.short) == OK
    out = capsys.readouterr().out
    assert out.endswith("Whole: everything is as it was written.\n")
    assert f"Head: {head}" in out
    assert "patient 2: erased on " in out


def test_changed_rows_are_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with by_hand(data) as connection:
        connection.execute("UPDATE prediction SET top = 'melanoma'")
        connection.execute("DELETE FROM outcome WHERE id = 1")
    assert verify(data) == NOT_WHOLE
    lines = capsys.readouterr().out.splitlines()
    assert "prediction 1-3: changed after it was written" not in lines  # one of them is a melanoma
    assert "prediction 1: changed after it was written" in lines
    assert "outcome 1: deleted, though no erasure says so" in lines
    assert verify(data, "--json") == NOT_WHOLE
    found = json.loads(capsys.readouterr().out)
    assert not found["whole"]
    assert {"kind": "missing", "table": "outcome", "first": 1, "last": 1, "detail": ""} in found["faults"]


def test_another_head(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(data, "--head", "1:" + "0" * 64) == NOT_WHOLE
    assert "head: is not in the chain of this history" in capsys.readouterr().out


def test_wrong_calls(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["verify", "--head", "12"], ["repair"], []):
        with pytest.raises(SystemExit, match=str(WRONG_CALL)):
            main(arguments)
    assert verify(tmp_path / "nothing") == WRONG_CALL
    assert "There is no history" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()
    restore(STORED / "history-9.sql", tmp_path / "old")
    before = (tmp_path / "old" / FILE_NAME).read_bytes()
    assert verify(tmp_path / "old") == WRONG_CALL
    assert "has no seal yet" in capsys.readouterr().err
    assert (tmp_path / "old" / FILE_NAME).read_bytes() == before  # it is not migrated


def test_an_encrypted_history_is_checked_with_its_passphrase(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypt_history(data, KEY, PASSPHRASE)
    typed = iter((TYPED.upper(), TYPED, TYPED))
    monkeypatch.setattr("desktop.commands.history.getpass", lambda _prompt: next(typed))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    assert verify(data) == WRONG_CALL
    assert "is encrypted" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    assert verify(data) == WRONG_CALL
    assert "The passphrase is wrong" in capsys.readouterr().err
    assert verify(data, "--images") == OK
    with by_hand(data) as connection:
        connection.execute("DELETE FROM outcome WHERE id = 1")
    capsys.readouterr()
    assert verify(data) == NOT_WHOLE
    assert "outcome 1: deleted, though no erasure says so" in capsys.readouterr().out


def test_a_damaged_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    assert verify(tmp_path) == NOT_WHOLE
    assert f"{FILE_NAME}: damaged" in capsys.readouterr().out


def test_command_loads_no_qt_and_no_model(data: Path) -> None:
    program = (
        "import sys\nfrom desktop.commands.history import main\nmain(sys.argv[1:])\n"
        "sys.exit(any(name.split('.')[0] in {'PySide6', 'onnxruntime'} for name in sys.modules))"
    )
    command = [sys.executable, "-c", program, "verify", "--data-dir", str(data)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
