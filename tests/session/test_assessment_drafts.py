"""Drafts of assessments survive the end of the program, however it ends."""

import datetime as dt
from pathlib import Path

from desktop.core.draft import EMPTY_DRAFT, Draft
from desktop.session.assessment_drafts import AssessmentDrafts

VIEW = Draft("nevus", "nevus", "high", "follow-up", dt.date(2027, 2, 23), "“regular”")


def test_drafts_survive_a_restart(tmp_path: Path) -> None:
    first = AssessmentDrafts(tmp_path / "data")
    first.put("a" * 64, VIEW)
    first.put("b" * 64, Draft("odd lump"))
    first.save()
    again = AssessmentDrafts(tmp_path / "data")
    assert again.of("a" * 64) == VIEW
    assert again.of("b" * 64) == Draft("odd lump")
    assert again.of("c" * 64) == EMPTY_DRAFT


def test_committed_draft_is_forgotten(tmp_path: Path) -> None:
    first = AssessmentDrafts(tmp_path)
    first.put("a" * 64, VIEW)
    first.save()
    first.forget("a" * 64)
    first.save()
    assert AssessmentDrafts(tmp_path).of("a" * 64) == EMPTY_DRAFT


def test_unreadable_file_is_set_aside_and_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "drafts.json").write_bytes(b'{"half')
    drafts = AssessmentDrafts(tmp_path)
    assert drafts.of("a" * 64) == EMPTY_DRAFT
    drafts.put("a" * 64, VIEW)
    drafts.save()
    assert (tmp_path / "drafts.unreadable").read_bytes() == b'{"half'
    assert AssessmentDrafts(tmp_path).of("a" * 64) == VIEW


def test_drafts_stay_in_memory_while_the_folder_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"a file where the folder should be")
    drafts = AssessmentDrafts(tmp_path / "data")
    drafts.put("a" * 64, VIEW)
    assert not drafts.save()
    assert drafts.of("a" * 64) == VIEW
    (tmp_path / "data").unlink()
    assert drafts.save()
    assert AssessmentDrafts(tmp_path / "data").of("a" * 64) == VIEW
