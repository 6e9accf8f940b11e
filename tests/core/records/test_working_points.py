"""The working points of the alerts: chosen with a reason, and kept with each answer."""

import json
import sqlite3
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.imaging.opening import ImageHeader
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.judgement import judge
from desktop.core.records.history import History
from desktop.core.records.lesion_answers import compare_images
from desktop.core.records.schema import FILE_NAME
from tests.alerts import ALWAYS, MELANOMA, NEVER, at_two_points, cancer_alert
from tests.core.records.history_contents import MODEL, an_answer, an_image, clock
from tests.core.records.old_histories import STORED, restore
from tests.making import NINE, contract

DESCRIPTION = contract(alerts=(at_two_points(MELANOMA, NEVER, ALWAYS), cancer_alert(NEVER)))
DEFAULT = {"melanoma": 0.95, "malignant": 0.95}
OTHER = {"melanoma": 0.98, "malignant": 0.95}


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path, now=clock())


def choose(history: History, reason: str = "high-risk clinic") -> None:
    history.working_points.choose(DEFAULT, OTHER, reason, DESCRIPTION, model_sha256=MODEL, by="MK")


def test_nothing_is_chosen_at_first(history: History) -> None:
    assert history.working_points.chosen() == {}
    assert history.working_points.changes() == []


def test_choice_is_kept_with_old_and_new_reason_initials_and_time(history: History) -> None:
    choose(history, "  high-risk\nclinic ")
    history.working_points.choose(OTHER, DEFAULT, "too many", DESCRIPTION, model_sha256=MODEL, by="AB")
    back, there = history.working_points.changes()
    assert (there.alert, there.old, there.new, there.reason) == ("melanoma", 0.95, 0.98, "high-risk clinic")
    assert (there.initials, there.model_sha256) == ("MK", MODEL)
    assert (back.old, back.new, back.reason, back.initials) == (0.98, 0.95, "too many", "AB")
    assert there.time < back.time
    assert history.working_points.chosen() == {"melanoma": 0.95}


@pytest.mark.parametrize(("reason", "sentence"), [(" \n", "Enter a reason"), ("x" * 501, "longer than 500 characters")])
def test_choice_without_a_reason_is_refused(history: History, reason: str, sentence: str) -> None:
    with pytest.raises(RecordsError, match=sentence):
        choose(history, reason)
    assert history.working_points.chosen() == {}


def test_answers_keep_the_working_points_under_which_they_were_given(history: History) -> None:
    image = an_image()
    first = history.save(image, an_answer(flags=(), working_points=DEFAULT), DESCRIPTION, by="MK")
    choose(history)
    second = history.save(image, an_answer(flags=("melanoma",), working_points=OTHER), DESCRIPTION, by="MK")
    again = history.save(image, an_answer(flags=(), working_points=DEFAULT), DESCRIPTION, by="MK")
    assert not second.was_known
    assert (again.entry_id, again.was_known) == (first.entry_id, True)
    entries = [history.entry(kept.entry_id) for kept in (first, second)]
    assert [(one.answer.working_points, one.answer.flags) for one in entries] == [
        (DEFAULT, ()),
        (OTHER, ("melanoma",)),
    ]
    judged = compare_images([one.answer for one in entries], DESCRIPTION).judgements
    assert [[raised.flag.id for raised in one.flags] for one in judged if one] == [[], ["melanoma"]]


def test_rows_of_a_run_have_those_of_the_run(history: History, tmp_path: Path) -> None:
    prediction = Prediction(tuple(1 / len(NINE) for _ in NINE), None, MODEL, 1)
    sent = []
    for points in (DEFAULT, OTHER):
        run = history.runs.start(
            tmp_path,
            1,
            DESCRIPTION,
            model_sha256=MODEL,
            preprocessing_version=1,
            app_version="1",
            by="MK",
            working_points=points,
        )
        judged = judge(prediction, DESCRIPTION, points)
        answer = FileAnswer(tmp_path / "a.png", None, "b" * 64, 10, ImageHeader("PNG", 640, 480), prediction, judged)
        (row,) = history.runs.add(run, [answer], DESCRIPTION, by="MK")
        assert row.answer is not None
        assert row.answer.working_points == points
        (kept,) = history.runs.send_to_history(run, [row.id], by="MK")
        sent.append(kept.entry_id)
        assert history.runs.rows(run)[0].entry_id == kept.entry_id
        assert history.runs.all()[0].working_points == points
    assert [history.entry(one).answer.working_points for one in sent] == [DEFAULT, OTHER]


def test_older_answers_were_given_at_the_defaults_of_their_model(tmp_path: Path) -> None:
    stored = (STORED / "history-7.sql").read_text(encoding="utf-8")
    alerts = json.dumps(json.loads(DESCRIPTION.to_json())["alerts"], separators=(",", ":"))
    assert stored.count('"alerts":[]') == 1
    (tmp_path / "with-alerts.sql").write_text(stored.replace('"alerts":[]', f'"alerts":{alerts}'), encoding="utf-8")
    restore(tmp_path / "with-alerts.sql", tmp_path / "alerts")
    restore(STORED / "history-7.sql", tmp_path / "none")
    for folder, points in (("alerts", DEFAULT), ("none", {})):
        with History.open(tmp_path / folder) as history:
            entries = history.entries()
            assert len(entries) == 2
            assert all(one.answer.working_points == points for one in entries)
            (run,) = history.runs.all()
            assert run.working_points == points
            (row,) = history.runs.rows(run.id)
            assert row.answer is not None
            assert row.answer.working_points == points
            known = entries[0]
            kept = history.save(known.image, known.answer, DESCRIPTION, by="MK")
            assert kept.was_known


def test_ids_of_erased_answers_are_not_used_again_after_the_move(tmp_path: Path) -> None:
    restore(STORED / "history-7.sql", tmp_path)
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("UPDATE sqlite_sequence SET seq = 99 WHERE name = 'prediction'")
    connection.commit()
    connection.close()
    with History.open(tmp_path) as history:
        assert history.save(an_image("new.jpg"), an_answer(), contract(), by="MK").entry_id == 100


def test_working_points_that_cannot_be_read_damage_their_entry_alone(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        bad, good = (
            history.save(an_image(name), an_answer(), contract(), by="MK").entry_id for name in ("a.jpg", "b.jpg")
        )
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'prediction_is_never_changed'").fetchone()
    connection.execute("DROP TRIGGER prediction_is_never_changed")
    connection.execute("UPDATE prediction SET working_points = '{' WHERE id = ?", (bad,))
    connection.execute(trigger[0])
    connection.commit()
    connection.close()
    with History.open(tmp_path) as history:
        assert [history.entry(one).answer.is_damaged for one in (bad, good)] == [True, False]
