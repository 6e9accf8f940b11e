"""That a model was adopted after it had been tried on the history: by whom, why, and what was known then."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from desktop.core.judging.improvement import improvement_from
from desktop.core.records.model_decisions import ModelDecision
from desktop.widgets.common.card import Card, facts_card
from desktop.widgets.common.wording import local_time
from desktop.widgets.model import compared_words


def adoption_card(adopted: ModelDecision, parent: QWidget) -> Card:
    """Show a decision for a model."""
    tr = parent.tr
    who = tr("{time}, by {initials}").format(time=local_time(adopted.time), initials=adopted.initials)
    rows = [(tr("Adopted"), who), (tr("In place of"), adopted.present_name), (tr("Reason"), adopted.reason)]
    melanomas = _melanomas(adopted.figures)
    if melanomas is not None:
        text = tr("{n}; alerts: old {old}, new {new}")
        rows.append((tr("Melanomas of the history then"), text.format(**melanomas)))
    kept = adopted.figures.get("improvement")
    compared = improvement_from(kept) if isinstance(kept, dict) else None
    if compared is not None:
        rows.append((tr("Compared when it was made"), compared_words.verdict_text(compared)))
        rows.append((tr("Counted then"), "\n".join(compared_words.figure_texts(compared))))
        rows.append((tr("Look at these lesions"), str(compared.look)))
    card = facts_card(tr("Adopted after a trial on the history"), rows)
    if adopted.figures.get("better") is True:
        card.add_note(tr("It was shown to be better than the model before."))
    elif compared is not None:
        card.add_note(tr("It was not shown to be better than the model before."))
    else:
        card.add_note(
            tr("It was not shown to be better than the model before: a trial on the history cannot show that.")
        )
    return card


def _melanomas(figures: Mapping[str, object]) -> dict[str, int] | None:
    """Return how many melanomas there were and how many raised alerts; None if there were none, or the row is damaged."""
    kinds = figures.get("kinds")
    found = kinds.get("melanoma") if isinstance(kinds, dict) else None
    counts = {name: found.get(name) for name in ("n", "old", "new")} if isinstance(found, dict) else {}
    numbers = {name: value for name, value in counts.items() if isinstance(value, int)}
    return numbers if len(numbers) == len(counts) > 0 else None
