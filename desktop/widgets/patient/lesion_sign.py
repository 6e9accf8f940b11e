"""The sign and the words of a lesion in the list: what differs has a shape and a word of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import is_malignant
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.widgets.common.patient_words import state_name
from desktop.widgets.visit import lesion_words

if TYPE_CHECKING:
    from desktop.core.records import patient_file
    from desktop.core.records.lesion_facts import LesionFacts
    from desktop.core.records.patient_file import LesionState
else:
    patient_file = Late("desktop.core.records.patient_file")


@frozen
class LesionSign:
    """`icon` is the name of the sign, `lines` stand below the lesion's name, `whole` tells everything."""

    icon: str
    lines: tuple[str, ...]
    whole: tuple[str, ...]


_ICONS = {
    "open": "lesion-open",
    "done": "lesion-done",
    "planned": "lesion-planned",
    "waiting": "lesion-waiting",
    "earlier": "lesion-earlier",
}
"""By the value of a state; written out, so that no icon is taken for one that nothing uses."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("LesionSign", text)


def sign_of(state: LesionState, facts: LesionFacts, today: dt.date) -> LesionSign:
    """Return the sign of a lesion with this state at the visit of `today`.

    What waits to be done comes first, but a malignancy that histopathology has proved keeps its sign and says in words what
    waits.
    """
    states = patient_file.LesionState
    is_due = facts.follow_up is not None and facts.follow_up <= today
    has_biopsy = state in (states.PLANNED, states.WAITING)
    finding = lesion_words.short_finding(facts)
    open_word = state_name(state) if has_biopsy else _tr("follow-up due") if is_due else ""
    if state is states.PLANNED and facts.reexcision is not None:
        open_word = _tr("re-excision planned")
    said = [line.text for line in lesion_words.card_lines(facts, today) if line.text]
    if state is states.EARLIER:
        said.append(state_name(state))
    elif state is states.OPEN and finding:
        said.append(_tr("not assessed today"))
    outcome = facts.outcome
    is_proved = outcome is not None and outcome.kind == "histopathology"
    if outcome is not None and is_proved and is_malignant(outcome.diagnosis, outcome.label):
        icon = "lesion-malignant"
    else:
        icon = "lesion-due" if is_due and not has_biopsy else _ICONS[state.value]
    return LesionSign(icon, tuple(filter(None, (finding, open_word))) or (state_name(state),), tuple(said))
