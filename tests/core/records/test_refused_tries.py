"""Wrong passphrases are noted beside a history that nobody can open, and logged by whoever opens it next."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.audit_acts import AuditFilter
from desktop.core.records.data_folder import OURS, REFUSED
from desktop.core.records.history import History
from desktop.core.records.refused_tries import log_refused, note_refused
from tests.platforms import posix


def logged(history: History) -> list[tuple[str, object]]:
    acts = history.audit.page(AuditFilter()).acts
    assert {act.action for act in acts} <= {"unlocking refused"}
    return [(act.initials, act.detail["of"]) for act in reversed(acts)]


def test_what_was_noted_is_logged_once_with_its_time(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        before = datetime.now(UTC)
        note_refused(tmp_path, "history")
        note_refused(tmp_path, "lock")
        after = datetime.now(UTC)
        assert OURS.fullmatch(REFUSED)
        for _ in range(2):
            log_refused(history, tmp_path)
            assert logged(history) == [("", "history"), ("", "lock")]
            assert not (tmp_path / REFUSED).exists()
        assert all(before <= act.time <= after for act in history.audit.page(AuditFilter()).acts)


@posix
def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    note_refused(tmp_path, "lock")
    assert stat.S_IMODE((tmp_path / REFUSED).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n", b"yesterday lock\n", b"2026-11-28T10:00:00+00:00 cellar\n"])
def test_lines_of_another_program_are_left_out(tmp_path: Path, content: bytes) -> None:
    with History.open(tmp_path) as history:
        (tmp_path / REFUSED).write_bytes(content)
        note_refused(tmp_path, "lock")
        log_refused(history, tmp_path)
        assert logged(history) == [("", "lock")]


def test_a_full_file_and_a_missing_folder_stop_nobody(tmp_path: Path) -> None:
    (tmp_path / REFUSED).write_bytes(b"x" * (1 << 20))
    note_refused(tmp_path, "lock")
    assert (tmp_path / REFUSED).stat().st_size == 1 << 20
    note_refused(tmp_path / "nowhere", "lock")


def test_the_notes_stay_if_they_cannot_be_logged(tmp_path: Path) -> None:
    with History.open(tmp_path, patience=0) as history, History.open(tmp_path) as other:
        note_refused(tmp_path, "lock")
        with other.together(), pytest.raises(RecordsError):
            log_refused(history, tmp_path)
        log_refused(history, tmp_path)
        assert logged(history) == [("", "lock")]
