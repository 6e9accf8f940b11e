"""The words of the history under another model: one lesion in the singular, and harm with the caution that it needs."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import Verdict
from desktop.core.practice.flip_verdict import FlipVerdict, Loss
from desktop.core.practice.flips import Flips
from desktop.core.records.practice_reading import model_row
from desktop.session.trial_figures import TrialFigures
from desktop.widgets.practice.flip_words import verdict_sentence
from tests.alerts import melanoma_alert
from tests.making import contract, write_model


def found(folder: Path, verdict: FlipVerdict, *, knows_old: bool = True, knows_new: bool = True) -> TrialFigures:
    described = contract(alerts=(melanoma_alert(0.0),), date="2026-01-01")
    old, new = (Classifier(write_model(folder / f"{seed}.onnx", described, seed=seed)) for seed in (3, 4))
    rows = [model_row(one.sha256, one.contract.name, one.contract.to_json()) for one in (old, new)]
    flips = Flips(*rows, kinds=(), lost_melanomas=(), learned=(), images=0, concealed=0)
    return TrialFigures(
        old,
        new,
        flips,
        verdict,
        images=0,
        unanswered=0,
        knows_old=knows_old,
        knows_new=knows_new,
        improvement=None,
        fault=None,
        lost=(),
        lost_elsewhere=0,
        pictures={},
    )


@pytest.mark.parametrize(
    ("knows_old", "knows_new", "caution"),
    [
        (True, True, ""),
        (False, True, "Which images the old model learned from is not known."),
        (False, False, "Which images the old and the new model learned from is not known."),
    ],
)
def test_harm_is_told_with_what_is_not_known(
    qtbot: QtBot, tmp_path: Path, knows_old: bool, knows_new: bool, caution: str
) -> None:
    verdict = FlipVerdict(Verdict.WORSE, 30, 10, (Loss("melanoma", 10, 9),))
    said = verdict_sentence(found(tmp_path, verdict, knows_old=knows_old, knows_new=knows_new))
    assert said.startswith("Worse here, do not use: ")
    assert "fewer melanomas raise the melanoma alert (old 10, new 9)." in said
    assert said.endswith("looks better here than it is.") == bool(caution)
    assert caution in said


def test_one_melanoma_was_proved(qtbot: QtBot, tmp_path: Path) -> None:
    said = verdict_sentence(found(tmp_path, FlipVerdict(Verdict.TOO_FEW, 3, 1)))
    assert said == (
        "Too few melanomas here to tell: 1 was proved by histology since the old model was made (2026-01-01), and 20 are "
        "needed."
    )
