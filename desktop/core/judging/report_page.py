"""The report of a judged model as a page of Markdown."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

from desktop import __version__
from desktop.core.judging.figures import FEWEST, AlertFigures, ClassFigures, Figures
from desktop.core.judging.judged import MOST_CASES, Judged
from desktop.core.judging.words import left_out_sentences
from desktop.core.statistics.bootstrap import Estimate


def as_markdown(judged: Judged) -> str:
    """Return the report as a page, the plain words first."""
    name, data, day = _literal(judged.contract.name), _literal(judged.data), dt.datetime.now(dt.UTC).date().isoformat()
    alerts = judged.figures.alerts
    parts = [
        f"# Is it worth anything here?\n\n{name} on “{data}”. LesionLens {__version__}, {day}.",
        _items(_literal(str(sentence)) for sentence in judged.plain_words()),
        "Not a certified medical device. For research and teaching; your own examination decides.",
        *(("## Alerts", _table(_OF_ALERTS, map(_alert_row, alerts))) if alerts else ()),
        "## By label",
        _table(_OF_LABELS, map(_class_row, _told(judged.figures))),
        _BELOW_LABELS,
        _table(("figure", "value"), _overall_rows(judged.figures)),
        _section(f"Labels with fewer than {FEWEST} lesions", list(_few(judged))),
        _section("Left out and found", [_literal(str(sentence)) for sentence in left_out_sentences(judged.images)]),
        *(_section(f"Missed by {_literal(alert.name)}", _cases(judged, alert.missed_lesions)) for alert in alerts),
        _section("Worst mistakes", _cases(judged, judged.figures.mistakes[:MOST_CASES])),
        f"## How it was counted\n\n{_HOW}",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


_OF_ALERTS = ("alert", "raised", "missed", "raised in others", "sensitivity", "specificity", "AUC")
_OF_LABELS = ("label", "lesions", "named so", "expected", "others named so", "sensitivity", "specificity", "AUC")
_BELOW_LABELS = (
    f"With fewer than {FEWEST} lesions there is no share. *Expected* is the sum of the label's probabilities: where it is far "
    "from the number of lesions, percentages do not hold here."
)
_HOW = (
    "The unit is the lesion: its pictures count once, by their mean probability and mean alert score; a picture counts once, "
    "however many copies there are. Intervals are 95 %, by bootstrap over patients where these are named, else over lesions; "
    "for none or all they are exact (Clopper and Pearson). An alert is not to be used as it is where the interval of its "
    "sensitivity lies below its aim, or where that of sensitivity less false alarms includes 0 and lies below what testing "
    "allows. `answers.csv` has every answer."
)


def _told(figures: Figures) -> list[ClassFigures]:
    return [one for one in (*figures.classes, *figures.groups) if one.n or one.others_named]


def _few(judged: Judged) -> Iterator[str]:
    for one in judged.figures.classes:
        if 0 < one.n < FEWEST:
            cases = _cases(judged, [place for place, truth in enumerate(judged.lesions.truth) if truth == one.id])
            yield f"{_literal(one.name)}, {one.n}: {', '.join(cases)}"


def _cases(judged: Judged, lesions: Sequence[int]) -> list[str]:
    """Return the names of the images of some lesions, as code, in which nothing is markup."""
    return [f"`{name.replace('`', '´')}`" for name in judged.cases(lesions)]


def _literal(text: str) -> str:
    """Return a text in which nothing is markup: names of files, labels and models are a stranger's."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def _alert_row(alert: AlertFigures) -> tuple[str, ...]:
    count = alert.count
    raised = f"{count.raised} of {count.positives}"
    if alert.melanomas_among is not None:
        melanomas, melanomas_raised = alert.melanomas_among
        raised += f", melanomas {melanomas_raised} of {melanomas}"
    return (
        _literal(alert.name),
        raised,
        str(count.missed),
        f"{count.others_raised} of {count.others}",
        _percent(alert.sensitivity),
        _percent(alert.specificity),
        _figure(alert.auc),
    )


def _class_row(one: ClassFigures) -> tuple[str, ...]:
    return (
        _literal(one.name),
        str(one.n),
        str(one.named),
        f"{one.expected:.1f}",
        f"{one.others_named} of {one.others}",
        _percent(one.sensitivity),
        _percent(one.specificity),
        _figure(one.auc),
    )


def _overall_rows(figures: Figures) -> Iterator[tuple[str, ...]]:
    yield "named right", _percent(figures.accuracy)
    if figures.groups:
        yield "named right, labels of a group as one", _percent(figures.accuracy_of_groups)
    yield f"balanced accuracy; the rarest label has {figures.fewest} lesions", _percent(figures.balanced_accuracy)
    yield "calibration error (ECE)", "–" if figures.ece is None else f"{100 * figures.ece:.1f} %"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _section(title: str, items: Sequence[str]) -> str:
    return f"## {title}\n\n{_items(items)}" if items else ""


def _percent(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    return f"{100 * estimate.value:.1f} % ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def _figure(estimate: Estimate | None) -> str:
    return "–" if estimate is None else f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
