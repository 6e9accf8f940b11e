"""What changes on the lesions of a history under another model: alerts that only one of two models raises.

The unit is the lesion, at the visit that counts (`cases`), with the same images for both models. `old` is the model in use,
`new` the one that is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.core.inference.judgement import Abstention
from desktop.core.practice.cases import Case, Target, alerts_for, cases_of, truth_of, visit_cases
from desktop.core.practice.follow_up import MONTHS, followed_up
from desktop.core.practice.shares import Share, share_of

if TYPE_CHECKING:
    from desktop.core.records.practice_reading import AnswerRow, ModelRow, PracticeRows, Subject


class Kind(StrEnum):
    """What is known of a lesion, in the order in which changes of its alert matter."""

    MELANOMA = "melanoma"
    OTHER_CANCER = "other skin cancer"
    BENIGN = "benign"
    OPEN = "open histology"
    FOLLOWED_UP = "benign by follow-up"
    UNPROVED = "without histology"


@dataclass(frozen=True)
class Pair:
    """A lesion with what each model says of it, at the same visit and of the same images.

    `old_alerts` and `new_alerts` are the ids of what they raise, of those that `Target.MALIGNANT` counts.
    """

    kind: Kind
    old: Case
    new: Case
    old_alerts: frozenset[str]
    new_alerts: frozenset[str]
    old_calls_melanoma: bool
    new_calls_melanoma: bool

    @property
    def is_only_old(self) -> bool:
        """Whether the old model alone raises an alert."""
        return bool(self.old_alerts) and not self.new_alerts

    @property
    def is_only_new(self) -> bool:
        """Whether the new model alone does."""
        return bool(self.new_alerts) and not self.old_alerts

    @property
    def is_lost_melanoma(self) -> bool:
        """Whether it is a melanoma of which the new model no longer warns: by no alert at all, or not by that for melanoma."""
        is_weaker = self.old_calls_melanoma and not self.new_calls_melanoma
        return self.kind is Kind.MELANOMA and (self.is_only_old or is_weaker)

    @property
    def shown(self) -> AnswerRow:
        """The answer whose image shows the lesion best: one that alerts, of the model that does so alone."""
        answers = (self.new if self.is_only_new else self.old).at.answers
        return next((one for one in answers if one.alerts), answers[0])


@dataclass(frozen=True)
class KindFigures:
    """In how many lesions of a kind each model raises an alert; `melanoma_old` and `melanoma_new` that for melanoma."""

    kind: Kind
    old: Share[Pair]
    new: Share[Pair]
    melanoma_old: int
    melanoma_new: int
    only_old: tuple[Pair, ...]
    only_new: tuple[Pair, ...]


@dataclass(frozen=True)
class Flips:
    """What changes from the model `old` to the model `new`.

    `kinds` has those of which there are lesions, `lost_melanomas` what must be looked at first. Lesions that one of the models
    learned from are in `learned` and in nothing else. `images` is how many both models answered, `concealed` how many lesions
    are left out because blind-first conceals answers to them.
    """

    old: ModelRow
    new: ModelRow
    kinds: tuple[KindFigures, ...]
    lost_melanomas: tuple[Pair, ...]
    learned: tuple[Pair, ...]
    images: int
    concealed: int

    @property
    def lesions(self) -> int:
        """How many lesions are counted."""
        return sum(one.old.n for one in self.kinds)

    def pairs_of(self, lesions: AbstractSet[int]) -> tuple[Pair, ...]:
        """Return the pairs of these lesions, by their ids, also of those that a model learned from."""
        counted = (pair for one in self.kinds for pair in (*one.old.counted, *one.old.others))
        return tuple(pair for pair in (*counted, *self.learned) if pair.old.at.subject.lesion_id in lesions)

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The lost melanomas, then all lesions on which only one model alerts: proved ones first, lost alerts first."""
        by_kind = [(*one.only_old, *one.only_new) for one in self.kinds]
        return tuple(dict.fromkeys((*self.lost_melanomas, *(pair for pairs in by_kind for pair in pairs))))

    def figures(self) -> dict[str, object]:
        """Return the counts as they are kept with a decision: numbers alone, which name no patient."""
        return {
            "lesions": self.lesions,
            "images": self.images,
            "learned": len(self.learned),
            "concealed": self.concealed,
            "lost melanomas": len(self.lost_melanomas),
            "kinds": {
                one.kind.value: {
                    "n": one.old.n,
                    "old": one.old.k,
                    "new": one.new.k,
                    "melanoma alert old": one.melanoma_old,
                    "melanoma alert new": one.melanoma_new,
                    "only old": len(one.only_old),
                    "only new": len(one.only_new),
                }
                for one in self.kinds
            },
        }


def answered_by_both(rows: PracticeRows, old: ModelRow, new: ModelRow) -> PracticeRows:
    """Return a history with the answers to those images alone that both models answered; a damaged file is not answered."""
    by_model = [
        {one.image_id for one in rows.answers if one.model == model.sha256 and one.withheld != Abstention.DAMAGED}
        for model in (old, new)
    ]
    both = set.intersection(*by_model)
    return replace(rows, answers=tuple(one for one in rows.answers if one.image_id in both))


def flips(
    rows: PracticeRows,
    old: ModelRow,
    new: ModelRow,
    *,
    learned: AbstractSet[Subject] = frozenset(),
    months: int = MONTHS,
) -> Flips:
    """Count what changes.

    Args:
        rows: the history, with the answers of these two models.
        old: the model in use.
        new: the model that is tried.
        learned: the lesions that one of them learned from.
        months: the least time of a follow-up that shows a lesion to be benign.
    """
    rows = answered_by_both(rows, old, new)
    old_visits = visit_cases(rows, old.sha256)
    new_cases = {case.at.subject: case for case in cases_of(rows, visit_cases(rows, new.sha256))}
    unlearned = {subject: at for subject, at in old_visits.items() if subject not in learned}
    benign = {case.at.subject for case in followed_up(rows, unlearned, months).cases}
    calls = {(model.sha256, target): alerts_for(model, target) for model in (old, new) for target in Target}
    pairs = [
        _pair(case, new_cases[case.at.subject], calls, (old.sha256, new.sha256), benign)
        for case in cases_of(rows, old_visits)
    ]
    counted = [one for one in pairs if one.old.at.subject not in learned]
    return Flips(
        old,
        new,
        tuple(
            _kind_figures(kind, of_kind) for kind in Kind if (of_kind := [one for one in counted if one.kind is kind])
        ),
        lost_melanomas=tuple(one for one in counted if one.is_lost_melanoma),
        learned=tuple(one for one in pairs if one.old.at.subject in learned),
        images=len({one.image_id for one in rows.answers}),
        concealed=len(rows.concealed),
    )


def to_look_at_again(rows: PracticeRows, old: ModelRow, new: ModelRow) -> dict[int, frozenset[str]]:
    """Return the lesions without histology on which only the new model alerts, and its alerts, by the id of an image of each.

    What blind-first conceals is among them: whoever lists them must conceal it. Images of nobody are left out.
    """
    found = flips(replace(rows, concealed=frozenset()), old, new)
    return {
        _raising(pair.new.at.answers, pair.new_alerts): pair.new_alerts
        for kind in found.kinds
        for pair in kind.only_new
        if pair.new.outcome is None and pair.new.at.owner.patient_id is not None
    }


def _raising(answers: Iterable[AnswerRow], alerts: AbstractSet[str]) -> int:
    return next(one.image_id for one in answers if one.alerts & alerts)


def _pair(
    old: Case,
    new: Case,
    calls: Mapping[tuple[str, Target], frozenset[str]],
    models: tuple[str, str],
    benign: AbstractSet[Subject],
) -> Pair:
    by_old, by_new = (
        case.at.alerts & calls[model, Target.MALIGNANT] for case, model in zip((old, new), models, strict=True)
    )
    return Pair(
        _kind(old, benign),
        old,
        new,
        by_old,
        by_new,
        bool(by_old & calls[models[0], Target.MELANOMA]),
        bool(by_new & calls[models[1], Target.MELANOMA]),
    )


def _kind(case: Case, benign: AbstractSet[Subject]) -> Kind:
    if case.outcome is None:
        return Kind.FOLLOWED_UP if case.at.subject in benign else Kind.UNPROVED
    if truth_of(case.outcome, Target.MELANOMA):
        return Kind.MELANOMA
    is_cancer = truth_of(case.outcome, Target.MALIGNANT)
    if is_cancer is None:
        return Kind.OPEN
    return Kind.OTHER_CANCER if is_cancer else Kind.BENIGN


def _kind_figures(kind: Kind, pairs: Sequence[Pair]) -> KindFigures:
    return KindFigures(
        kind,
        share_of(pairs, [bool(one.old_alerts) for one in pairs], _patient),
        share_of(pairs, [bool(one.new_alerts) for one in pairs], _patient),
        sum(one.old_calls_melanoma for one in pairs),
        sum(one.new_calls_melanoma for one in pairs),
        tuple(one for one in pairs if one.is_only_old),
        tuple(one for one in pairs if one.is_only_new),
    )


def _patient(pair: Pair) -> object:
    return pair.old.at.patient
