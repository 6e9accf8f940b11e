"""The findings among what was said of a lesion or an image: the assessments that clinicians committed, and outcomes that stand.

With them go plans that stand without an assessment. A finding is a clinician's. Nothing here is of a model, and where nobody
assessed a lesion there is no finding.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from desktop.core.records.newest import CORRECTED
from desktop.core.records.statements import Statement, StatementKind

HISTOPATHOLOGY = "histopathology"
"""The kind of outcome of which each specimen has one."""


@dataclass(frozen=True)
class Finding:
    """What counts, and the earlier ones whose place it took: of a histopathology those it corrects, the newest first."""

    statement: Statement
    replaced: tuple[Statement, ...] = ()

    @property
    def first(self) -> Statement:
        """The histopathology that was entered first: what tells its specimen from others, however often it is corrected."""
        return (self.statement, *self.replaced)[-1]

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
    """Return the outcomes that stand: the histopathology of each specimen, and the newest follow-up.

    Those that were withdrawn are left out. Each histopathology is of a specimen of its own, unless it corrects another one.

    Args:
        statements: of one lesion or image, in the order in which they count.
    """
    some = list(statements)
    withdrawn = {one.of for one in some if one.kind is StatementKind.WITHDRAWAL and one.values["binned"]}
    return _outcomes([one for one in some if one.kind is StatementKind.OUTCOME and one.key not in withdrawn], some)


def withdrawn_outcomes(statements: Iterable[Statement]) -> list[Finding]:
    """Return the outcomes that were withdrawn and have no other in their place: of each specimen, and of a follow-up."""
    some = list(statements)
    standing = outcomes(some)
    kept = {one.key for finding in standing for one in (finding.statement, *finding.replaced)}
    kinds = {finding.text("kind") for finding in standing} - {HISTOPATHOLOGY}
    gone = [
        one
        for one in some
        if one.kind is StatementKind.OUTCOME and one.key not in kept and one.values["kind"] not in kinds
    ]
    corrected = {earlier.key for one in gone for earlier in _corrected(one, some)}
    return _outcomes([one for one in gone if one.key not in corrected], some)


def _outcomes(chosen: Sequence[Statement], some: Sequence[Statement]) -> list[Finding]:
    """Return the histopathologies among the `chosen` of `some` statements, and the newest follow-up."""
    proved = [one for one in chosen if one.values["kind"] == HISTOPATHOLOGY]
    followed = _newest([one for one in chosen if one not in proved], lambda one: str(one.values["kind"]))
    return [*(Finding(one, _corrected(one, some)) for one in proved), *followed]


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


def _newest(statements: Iterable[Statement], group: Callable[[Statement], str]) -> list[Finding]:
    found: dict[str, list[Statement]] = {}
    for one in statements:
        found.setdefault(group(one), []).append(one)
    return [Finding(newest, tuple(earlier)) for *earlier, newest in found.values()]
