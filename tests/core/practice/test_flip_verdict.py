"""What may be said of a model that was tried on the history, each verdict reached on purpose."""

import pytest

from desktop.core.judging.better import FEWEST_CLINIC, Verdict
from desktop.core.practice.flip_verdict import FlipVerdict, verdict_on
from desktop.core.practice.flips import flips
from desktop.core.records.history import History
from desktop.core.records.practice_reading import ModelRow, assembled
from desktop.core.records.tried_answers import TriedAnswer
from tests.core.practice.clinic import CANCERS, CONTRACT, MELANOMAS, Clinic, MadeUp
from tests.core.practice.test_flips import NEW, OLD, OTHER, images_of, row
from tests.core.records.history_contents import an_answer

EARLY = "2020-01-01"


def judged(
    history: History,
    made: list[MadeUp],
    *,
    lose: int = 0,
    since: str = EARLY,
    knows_training: bool = True,
    new: ModelRow | None = None,
) -> FlipVerdict:
    """Judge a model that alerts as the old one does, but for the first so many melanomas on which that alerts."""
    images, left = images_of(history), lose
    tried = []
    for one in made:
        is_lost = one.histology in MELANOMAS and any("melanoma" in alerts for alerts in one.alerts) and left > 0
        left -= is_lost
        for alerts, sha256 in zip(one.alerts, images[one.lesion_id], strict=True):
            answer = an_answer(model=OTHER, flags=() if is_lost else alerts)
            tried.append(TriedAnswer(sha256, answer, ()))
    history.tried_answers.keep(tried, {OTHER: CONTRACT}, by="MK")
    rows = assembled(history.practice_rows([OLD, NEW]))
    assert left == 0
    return verdict_on(flips(rows, row(OLD), new or row(NEW)), since, knows_training=knows_training)


@pytest.mark.parametrize(
    ("count", "lose", "knows_training", "verdict"),
    [
        (180, 0, True, Verdict.NOT_MEASURED),
        (180, 1, True, Verdict.WORSE),
        (180, 0, False, Verdict.UNKNOWN_TRAINING),
        (180, 1, False, Verdict.WORSE),
        (30, 0, True, Verdict.TOO_FEW),
        (30, 1, True, Verdict.WORSE),
    ],
)
def test_each_verdict_is_reached(
    clinic: Clinic, history: History, count: int, lose: int, knows_training: bool, verdict: Verdict
) -> None:
    made = clinic.add(count, proved=1.0)
    melanomas = sum(one.histology in MELANOMAS for one in made)
    assert (melanomas >= FEWEST_CLINIC) is (count > 100)
    found = judged(history, made, lose=lose, knows_training=knows_training)
    assert (found.verdict, found.lesions, found.melanomas) == (verdict, count, melanomas)
    for loss, own in zip(found.losses, (MELANOMAS, CANCERS), strict=bool(lose)):
        by_old = sum(one.histology in own and any(loss.alert in alerts for alerts in one.alerts) for one in made)
        assert (loss.old, loss.new) == (by_old, by_old - lose)
    assert bool(found.losses) is bool(lose)


def test_only_what_was_proved_since_the_old_model_was_made_counts(clinic: Clinic, history: History) -> None:
    made = clinic.add(60, proved=1.0)
    found = judged(history, made, lose=1, since="2030-01-01")
    assert found == FlipVerdict(Verdict.TOO_FEW, 0, 0)


def test_the_day_of_the_histology_decides(clinic: Clinic, history: History) -> None:
    made = clinic.add(40, proved=1.0)
    days = [row["date"] for row in history._database.read("SELECT date FROM outcome ORDER BY date")]
    found = judged(history, made, since=days[15])
    assert found.lesions == sum(day > days[15] for day in days) == 24


def test_models_without_an_alert_for_melanoma_get_no_verdict(clinic: Clinic, history: History) -> None:
    made = clinic.add(20, proved=1.0)
    silent = ModelRow(OTHER, "Malignant alone", "{}", {"malignant": ("melanoma", "basal_cell_carcinoma")})
    assert judged(history, made, new=silent).verdict is None
