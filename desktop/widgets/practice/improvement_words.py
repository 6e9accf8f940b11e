"""The words on what was found when a new model was made of the one in use, and on what an adoption needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.judging.better import Verdict
from desktop.core.judging.improvement import Improvement
from desktop.widgets.common.wording import count, sentence
from desktop.widgets.model import compared_words

if TYPE_CHECKING:
    from desktop.session.trial_figures import TrialFigures


def _tr(text: str) -> str:
    return QCoreApplication.translate("Improvement", text)


def verdict_text(found: TrialFigures) -> str:
    """Return whether the new model is better, or why that is not known; empty where nothing was compared."""
    if found.fault is not None:
        return sentence(found.fault)
    return "" if found.improvement is None else compared_words.verdict_text(found.improvement)


def note(improvement: Improvement) -> str:
    """Return what it was counted on, and which look at these lesions it was."""
    return _tr(
        "Counted by lesionlens-train improve when the model was made: on {lesions} of your lesions that neither model learned "
        "from, and on {held_out} that were held out from the old one. Look {look} at your lesions: with each look a new model "
        "must show more to be called better."
    ).format(
        lesions=count(improvement.lesions), held_out=count(improvement.held_out_lesions), look=count(improvement.look)
    )


def reason_text(found: TrialFigures) -> str:
    """Return why an adoption needs a reason; empty where it needs none."""
    if found.is_better:
        return ""
    if found.improvement is not None and found.improvement.verdict is Verdict.BETTER:
        return _tr(
            "This history says otherwise: say why you adopt it all the same. The reason stands on the model's card."
        )
    return _tr(
        "It was not shown to be better: say why you adopt it all the same. The reason stands on the model's card."
    )
