"""Finds what a lesion or image does not have of what a folder says of it."""

from collections.abc import Sequence

from desktop.core.exchange.conflicts import Conflicts
from desktop.core.marking import tr
from desktop.core.records.exchanged import ExchangedRows
from desktop.core.records.statements import Statement, StatementKind, Subject

_IGNORED = {"note": "", "before_model": 0}
"""What two rows may differ in without contradicting each other."""


def statements_to_add(
    rows: ExchangedRows, subject: Subject, theirs: Sequence[Statement], name: str, conflicts: Conflicts
) -> list[Statement]:
    """Return the statements of a folder that are to be added to a lesion or image of a history.

    Args:
        rows: of the history.
        subject: the lesion or image.
        theirs: what the folder says of it.
        name: what it is called, for the sentence of a conflict.
        conflicts: takes what contradicts the history, and says what is to stand.
    """
    known = rows.known_statements(subject)
    new = [one for one in theirs if one.key not in known]
    keys = {one.key for one in theirs}
    own = [one for one in rows.statements(subject) if one.key not in keys]
    left_out: set[str] = set()
    for place in sorted({_place(one) for one in new if not one.of} & {_place(one) for one in own if not one.of}):
        ours, others = ([one for one in some if not one.of and _place(one) == place] for some in (own, new))
        last, other = ours[-1], others[-1]
        if dict(last.values) | _IGNORED == dict(other.values) | _IGNORED:
            continue
        sentence = tr("{name}, {place}: “{own}” here, “{other}” in the folder").format(
            name=name, place=place[1], own=_said(last), other=_said(other)
        )
        if not conflicts.meet(sentence):
            left_out |= {one.key for one in others}
    undone = known - {one.key for one in rows.statements(subject)}
    return [one for one in new if one.key not in left_out and one.of not in left_out | undone]


def _place(statement: Statement) -> tuple[str, str]:
    """Return of what a lesion or image has one valid statement: an assessment of each visit, an outcome of each kind.

    A plan alone stands beside the assessment of its visit.
    """
    if statement.is_plan:
        return "plan", statement.day
    if statement.kind is StatementKind.ASSESSMENT:
        return statement.kind, statement.day
    return statement.kind, str(statement.values.get("kind"))


def _said(statement: Statement) -> str:
    return str(statement.values["plan" if statement.is_plan else "diagnosis"])
