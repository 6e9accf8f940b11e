from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import find_images
from desktop.core.records.history import History
from desktop.core.records.values import BatchRow, SavedEntry, StoredAnswer
from tests.core.records.history_contents import START, clock
from tests.making import write_lesion
from tests.platforms import NO_UNICODE, linux


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", now=clock()) as opened:
        yield opened


@pytest.fixture
def classifier(model_file: Path) -> Classifier:
    return Classifier(model_file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        write_lesion(tmp_path / "in" / f"{seed}.png", seed)
    (tmp_path / "in" / "bad.png").write_text("no image")
    return tmp_path / "in"


def begin(history: History, folder: Path, classifier: Classifier) -> int:
    return history.runs.start(
        folder,
        len(find_images([folder]).images),
        classifier.contract,
        model_sha256=classifier.sha256,
        preprocessing_version=1,
        app_version="0.1.0",
        by="MK",
    )


def classified(history: History, folder: Path, classifier: Classifier) -> tuple[int, list[BatchRow]]:
    run = begin(history, folder, classifier)
    answers = list(classify_files(find_images([folder]).images, classifier))
    return run, history.runs.add(run, answers, classifier.contract, by="MK")


def test_a_run_is_saved_with_a_row_for_each_file(history: History, folder: Path, classifier: Classifier) -> None:
    run_id, rows = classified(history, folder, classifier)
    (run,) = history.runs.all()
    assert (run.id, run.state, run.ended) == (run_id, "open", None)
    history.runs.finish(run_id, "finished", by="MK")
    (run,) = history.runs.all()
    assert (run.state, run.ended) == ("finished", START + timedelta(minutes=2))
    assert (run.time, run.initials, run.folder, run.files) == (START, "MK", folder, 4)
    assert (run.model_sha256, run.model_name, run.app_version) == (classifier.sha256, "Test model", "0.1.0")
    assert (run.ok, run.failed) == (3, 1)
    assert history.runs.rows(run_id) == rows
    assert [row.path.name for row in rows] == ["0.png", "1.png", "2.png", "bad.png"]
    assert "is not an image" in rows[3].message
    assert rows[3].answer is None
    assert rows[3].sha256 is not None
    for row, answer in zip(rows, classify_files([row.path for row in rows[:3]], classifier), strict=False):
        assert answer.prediction is not None
        assert answer.judgement is not None
        labels = classifier.contract.label_ids
        assert row.answer == StoredAnswer.of(answer.prediction, answer.judgement, labels, "0.1.0")
        assert (row.message, row.entry_id) == ("", None)
    assert history.count() == 0  # until they are sent there


def test_a_run_grows_with_its_rows_and_has_no_file_twice(
    history: History, folder: Path, classifier: Classifier
) -> None:
    run_id = begin(history, folder, classifier)
    answers = list(classify_files(find_images([folder]).images, classifier))
    assert len(history.runs.add(run_id, answers[:2], classifier.contract, by="MK")) == 2
    assert [row.path.name for row in history.runs.add(run_id, answers, classifier.contract, by="MK")] == [
        "2.png",
        "bad.png",
    ]
    assert len(history.runs.rows(run_id)) == 4


def test_the_newest_run_comes_first_and_cancelled_ones_are_kept(
    history: History, folder: Path, classifier: Classifier
) -> None:
    first, _ = classified(history, folder, classifier)
    second = begin(history, folder, classifier)
    history.runs.finish(second, "cancelled", by="MK")
    assert [(run.id, run.state, run.ok) for run in history.runs.all()] == [(second, "cancelled", 0), (first, "open", 3)]
    assert history.runs.rows(second) == []


def test_rows_are_sent_to_the_history_as_linked_images(history: History, folder: Path, classifier: Classifier) -> None:
    run_id, rows = classified(history, folder, classifier)
    kept = history.runs.send_to_history(run_id, [rows[0].id, rows[2].id, rows[3].id], by="XY")
    assert [one.was_known for one in kept] == [False, False]
    entries = history.entries()
    assert [entry.image.name for entry in entries] == ["2.png", "0.png"]
    entry = entries[1]
    assert (entry.answer, entry.initials) == (rows[0].answer, "XY")
    assert (entry.image.path, entry.image.stored) == (folder / "0.png", False)
    assert (entry.image.format, entry.image.width, entry.image.height) == ("PNG", 160, 120)
    assert entry.image.byte_size == (folder / "0.png").stat().st_size
    assert history.contract_of(classifier.sha256) == classifier.contract
    assert [row.entry_id for row in history.runs.rows(run_id)] == [kept[0].entry_id, None, kept[1].entry_id, None]


def test_sending_again_adds_nothing_and_restores_from_the_bin(
    history: History, folder: Path, classifier: Classifier
) -> None:
    run_id, rows = classified(history, folder, classifier)
    (first,) = history.runs.send_to_history(run_id, [rows[0].id], by="MK")
    history.bin([first.entry_id], by="MK")
    assert history.runs.rows(run_id)[0].entry_id is None
    again = history.runs.send_to_history(run_id, [rows[0].id], by="MK")
    assert again == [SavedEntry(first.entry_id, first.time, was_known=True, was_binned=True)]
    assert history.runs.rows(run_id)[0].entry_id == first.entry_id
    assert history.count() == 1


def test_copies_of_one_image_in_a_folder_are_one_entry(history: History, folder: Path, classifier: Classifier) -> None:
    (folder / "copy.png").write_bytes((folder / "0.png").read_bytes())
    run_id, rows = classified(history, folder, classifier)
    history.runs.send_to_history(run_id, [row.id for row in rows], by="MK")
    assert history.count() == 3


@linux
def test_names_that_are_not_unicode_are_kept(history: History, folder: Path, classifier: Classifier) -> None:
    good, bad = (folder / f"{name}{NO_UNICODE}" for name in ("good", "bad"))
    (folder / "0.png").rename(good)
    (folder / "bad.png").rename(bad)
    run_id, rows = classified(history, folder, classifier)
    assert {good, bad} <= {row.path for row in rows}
    history.runs.send_to_history(run_id, [row.id for row in rows], by="MK")
    assert good in {entry.image.path for entry in history.entries()}
