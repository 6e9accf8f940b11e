"""Entries of which a part cannot be read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.core.errors import AppError
from desktop.core.records.damage import NO_DAY, NO_TIME
from desktop.core.records.values import Entry, StoredAnswer
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Tasks
from desktop.widgets.common.wording import local_day, local_time, sentence
from desktop.widgets.history.history_words import EntryWords
from tests.core.records.history_contents import MODEL, an_answer, an_image

ENTRY = Entry(1, datetime(2026, 11, 23, tzinfo=UTC), "MK", an_image(), "", "a model", an_answer(), is_binned=False)


def test_words_of_a_damaged_entry(qtbot: QtBot) -> None:
    words = EntryWords(lambda _entry: False)
    entry = replace(ENTRY, answer=StoredAnswer.damaged(MODEL, 1, "0.1.0"), is_damaged=True)
    assert (words.label(entry), words.probability(entry), words.malignant(entry)) == ("damaged", "", "")
    assert words.remarks(entry) == "entry damaged; image linked"
    assert words.remarks(replace(ENTRY, is_damaged=True)).startswith("entry damaged; ")
    assert "damaged" not in words.summary(ENTRY)


def test_time_and_day_that_cannot_be_read(qtbot: QtBot) -> None:
    assert local_time(NO_TIME) == local_day(NO_DAY) == local_day(NO_TIME.astimezone().date()) == "damaged"
    assert local_time(ENTRY.time) != "damaged"


def test_answer_that_is_damaged_is_not_shown(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Tasks()
    said: list[AppError] = []
    fail: Callable[[object], None] = lambda _contract: said.append(AppError("shown"))  # noqa: E731
    history_service = HistoryService(tasks, tmp_path / "data", lambda: "MK")
    history_service.contract_of(replace(ENTRY, answer=StoredAnswer.damaged(MODEL, 1, "0.1.0")), fail, said.append)
    qtbot.waitUntil(lambda: bool(said))
    history_service.close()
    tasks.close()
    assert "is damaged and cannot be read. The image can be classified again." in sentence(said[0])
