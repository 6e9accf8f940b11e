"""The section on where the alerts are worth reading, and the same in a few sentences for the model card."""

from collections.abc import Sequence

from training.formatting import Rows, format_rate, side_by_side
from training.measuring.alert_figures import FEWEST, LesionShare
from training.measuring.card_figures import CardFigures
from training.measuring.page.alerts import share
from training.measuring.worth_reading import LEAST_FOUND, MOST_RAISED, SourceVerdict, Verdict, verdicts

_RULE = (
    "An alert is worth reading at a source if, at its default working point, it finds at least "
    f"{100 * LEAST_FOUND:.0f} of 100 lesions that it is for and is raised for at most {100 * MOST_RAISED:.0f} of 100 nevi. "
    "The estimates decide, not their intervals."
)


def worth_reading(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section; one sentence where no network has an alert."""
    found = {one.name: tuple(verdicts(one)) for one in all_figures}
    if not any(found.values()):
        return ["Not measured: no network has an alert."]
    rows: dict[str, Rows] = {name: {_about(one): _cells(one) for one in own} for name, own in found.items()}
    return [
        (
            f"{_RULE} It is counted on biopsied lesions, or on all lesions of a source that does not say how they were proved, "
            f"and takes {FEWEST} lesions of either kind. Sources that were not learned from are those of *A source left out*: "
            "the verdict is on the networks of those shorter trainings."
        ),
        side_by_side(
            ["alert", "source", "learned from", "lesions", "of the alert's labels", "nevi"],
            ["found", "nevi: raised", "verdict"],
            rows,
        ),
    ]


def in_words(one: CardFigures) -> str:
    """Return the rule and the verdicts on one network, as sentences for its card."""
    found = tuple(verdicts(one))
    alerts = dict.fromkeys(verdict.alert for verdict in found)
    return "\n\n".join((_RULE, "\n".join(_sentences(found, alert) for alert in alerts)))


def _sentences(found: Sequence[SourceVerdict], alert: str) -> str:
    told = []
    for is_taught, where in (
        (True, "on held-out lesions of the sources that it learned from"),
        (False, "on a source left out of a shorter training"),
    ):
        own = [one for one in found if (one.alert, one.is_taught) == (alert, is_taught)]
        parts = []
        if worth := [one.source for one in own if one.verdict is Verdict.WORTH_READING]:
            parts.append(f"worth reading: {', '.join(worth)}")
        if failed := [one for one in own if one.verdict is Verdict.DO_NOT_USE]:
            parts.append(f"**do not use it there: {'; '.join(_reason(one) for one in failed)}**")
        if few := [one.source for one in own if one.verdict is Verdict.NOT_TESTED]:
            parts.append(f"not tested, too few lesions: {', '.join(few)}")
        if parts:
            told.append(f"  - {where}: {'; '.join(parts)}.")
    return "\n".join((f"- {alert}", *told))


def _reason(one: SourceVerdict) -> str:
    return f"{one.source} (finds {_of(one.row.found)}, raised for {_of(one.row.nevi_raised)} of the nevi)"


def _of(one: LesionShare | None) -> str:
    return format_rate(one.k, one.n) if one else ""


def _about(one: SourceVerdict) -> tuple[str, ...]:
    taught = "yes" if one.is_taught else "no"
    return one.alert, one.source, taught, one.lesions, str(one.row.positives), str(one.row.nevi)


def _cells(one: SourceVerdict) -> list[str]:
    told = f"**{one.verdict}**" if one.verdict is Verdict.DO_NOT_USE else str(one.verdict)
    return [share(one.row.found), share(one.row.nevi_raised), told]
