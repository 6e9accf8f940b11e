"""The findings among what was said of a lesion or an image: the assessments that clinicians committed, and outcomes that stand.

With them go plans that stand without an assessment. A finding is a clinician's. Nothing here is of a model, and where nobody
assessed a lesion there is no finding.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desktop.core.diagnoses import severity
from desktop.core.records.newest import CORRECTED
from desktop.core.records.statements import Statement, StatementKind


@dataclass(frozen=True)
class Finding:
    """What counts, and the earlier ones whose place it took."""

    statement: Statement
    replaced: tuple[Statement, ...] = ()

    def text(self, name: str) -> str:
        """Return a value as text, empty where there is none."""
        value = self.statement.values.get(name)
        return "" if value is None else str(value)


def assessments(statements: Iterable[Statement]) -> list[Finding]:
    """Return the assessment of each visit: the one that was committed last, in the order of the visits. A plan alone is none.

    Args:
        statements: of one lesion or image, in the order in which they count.
    """
    return _newest([one for one in statements if one.kind is StatementKind.ASSESSMENT and not one.is_plan], _day)


def plans(statements: Iterable[Statement]) -> list[Finding]:
    """Return the last plan alone of each visit, such as that of a re-excision; what an assessment plans stands with it.

    Args:
        statements: of one lesion or image, in the order in which they count.
    """
    return _newest([one for one in statements if one.is_plan], _day)


def outcomes(statements: Iterable[Statement]) -> list[Finding]:
    """Return the outcome of each kind that counts: the worst histopathology, and the newest follow-up.

    Those that were withdrawn are left out. Each histopathology is of a specimen of its own, unless it corrects another one.

    Args:
        statements: of one lesion or image, in the order in which they count.
    """
    some = list(statements)
    withdrawn = {one.of for one in some if one.kind is StatementKind.WITHDRAWAL and one.values["binned"]}
    standing = [one for one in some if one.kind is StatementKind.OUTCOME and one.key not in withdrawn]
    proved = [one for one in standing if one.values["kind"] == "histopathology"]
    seen = _newest([one for one in standing if one not in proved], lambda one: str(one.values["kind"]))
    if not proved:
        return seen
    worst = max(reversed(proved), key=lambda one: severity(str(one.values["diagnosis"]), _label(one)))
    return [Finding(worst, _corrected(worst, some)), *seen]


def withdrawn_kinds(statements: Iterable[Statement]) -> set[str]:
    """Return the kinds of outcome of a lesion or image of which every one was withdrawn."""
    some = list(statements)
    entered = {str(one.values["kind"]) for one in some if one.kind is StatementKind.OUTCOME}
    return entered - {finding.text("kind") for finding in outcomes(some)}


def _corrected(by: Statement, some: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the outcomes that one corrects, with those that these corrected."""
    keys = {
        act.of
        for act in some
        if act.kind is StatementKind.WITHDRAWAL and act.values["reason"] == CORRECTED and act.written == by.written
    }
    found = [one for one in some if one.key in keys and one.written != by.written]
    return (*found, *(earlier for one in found for earlier in _corrected(one, some)))


def _day(statement: Statement) -> str:
    return statement.day


def _label(statement: Statement) -> str | None:
    label = statement.values["label"]
    return None if label is None else str(label)


def _newest(statements: Iterable[Statement], group: Callable[[Statement], str]) -> list[Finding]:
    found: dict[str, list[Statement]] = {}
    for one in statements:
        found.setdefault(group(one), []).append(one)
    return [Finding(newest, tuple(earlier)) for *earlier, newest in found.values()]
