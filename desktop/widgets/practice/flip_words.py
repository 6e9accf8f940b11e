"""The words of the page on the history under another model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.judging.better import FEWEST_CLINIC, Verdict
from desktop.core.judging.figures import FEWEST
from desktop.core.labels import MELANOMA
from desktop.core.practice.flip_verdict import Loss
from desktop.core.practice.flips import Flips, Kind, KindFigures, Pair
from desktop.core.practice.shares import Share
from desktop.widgets.common.wording import count, numbered, shown_after
from desktop.widgets.model.judged_words import alert_name, of, share
from desktop.widgets.practice import practice_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.session.trial_figures import TrialFigures


def _tr(text: str) -> str:
    return QCoreApplication.translate("Flips", text)


def kind_name(kind: Kind) -> str:
    """Return what is known of lesions, as the name of a row."""
    return {
        Kind.MELANOMA: _tr("Melanoma, by histology"),
        Kind.OTHER_CANCER: _tr("Other skin cancer, by histology"),
        Kind.BENIGN: _tr("Not malignant, by histology"),
        Kind.OPEN: _tr("Histology leaves it open"),
        Kind.FOLLOWED_UP: _tr("Benign by follow-up"),
        Kind.UNPROVED: _tr("Without histology"),
    }[kind]


def count_sentence(figures: KindFigures) -> str:
    """Return on how many lesions of a kind each model alerts, in counts."""
    one, several = {
        Kind.MELANOMA: (
            _tr("Of 1 melanoma with histology: old {old}, new {new}."),
            _tr("Of {count} melanomas with histology: old {old}, new {new}."),
        ),
        Kind.OTHER_CANCER: (
            _tr("Of 1 other skin cancer with histology: old {old}, new {new}."),
            _tr("Of {count} other skin cancers with histology: old {old}, new {new}."),
        ),
        Kind.BENIGN: (
            _tr("Of 1 lesion that histology showed not to be malignant: old {old}, new {new}."),
            _tr("Of {count} lesions that histology showed not to be malignant: old {old}, new {new}."),
        ),
        Kind.OPEN: (
            _tr("Of 1 lesion whose histology leaves it open: old {old}, new {new}."),
            _tr("Of {count} lesions whose histology leaves it open: old {old}, new {new}."),
        ),
        Kind.FOLLOWED_UP: (
            _tr("Of 1 lesion that follow-up showed to be benign: old {old}, new {new}."),
            _tr("Of {count} lesions that follow-up showed to be benign: old {old}, new {new}."),
        ),
        Kind.UNPROVED: (
            _tr("Of 1 lesion without histology: old {old}, new {new}."),
            _tr("Of {count} lesions without histology: old {old}, new {new}."),
        ),
    }[figures.kind]
    text = numbered(figures.old.n, one, several, old=count(figures.old.k), new=count(figures.new.k))
    if figures.kind is Kind.MELANOMA and (figures.melanoma_old, figures.melanoma_new) != (figures.old.k, figures.new.k):
        more = _tr("By the melanoma alert alone: old {old}, new {new}.")
        text += " " + more.format(old=count(figures.melanoma_old), new=count(figures.melanoma_new))
    return text


def lost_sentence(found: TrialFigures) -> str:
    """Return how many melanomas lose an alert; empty if none does."""
    texts = []
    if found.lost:
        texts.append(
            numbered(
                len(found.lost),
                _tr("On 1 melanoma the old model raises an alert that the new one does not raise."),
                _tr("On {count} melanomas the old model raises an alert that the new one does not raise."),
            )
        )
    if found.lost_elsewhere:
        texts.append(
            numbered(
                found.lost_elsewhere,
                _tr(
                    "1 melanoma that lost its alert in the comparison cannot be shown here: see the comparison's own page."
                ),
                _tr(
                    "{count} melanomas that lost their alert in the comparison cannot be shown here: see the comparison's own "
                    "page."
                ),
            )
        )
    return " ".join(texts)


def table_rows(flips: Flips) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table: kind, lesions, alerts of the old and the new model, raised by one alone."""
    for one in flips.kinds:
        yield (
            kind_name(one.kind),
            count(one.old.n),
            _alerted(one.old),
            _alerted(one.new),
            count(len(one.only_old)),
            count(len(one.only_new)),
        )


def _alerted(found: Share[Pair]) -> str:
    return count(found.k) if found.estimate is None else f"{of(found.k, found.n)}, {share(found.estimate)}"


def table_note() -> str:
    """Return what the table counts."""
    return _tr(
        "An alert of whatever kind, each model at its own limits. One vote a lesion, at the last visit on which something was "
        "said of it. Fewer than {fewest} lesions of a kind have counts and no per cent; intervals are 95 %."
    ).format(fewest=FEWEST)


def verdict_sentence(found: TrialFigures) -> str:
    """Return what may be said of the new model here."""
    verdict, made = found.verdict, found.old.contract.date
    if verdict.verdict is None:
        return _tr("No verdict: one of the models has no alert for melanoma.")
    unknown = _tr(" and the ").join(
        name for name, is_known in ((_tr("old"), found.knows_old), (_tr("new"), found.knows_new)) if not is_known
    )
    if verdict.verdict is Verdict.UNKNOWN_TRAINING:
        return _tr(
            "No verdict: which images the {model} model learned from is not known. If it learned from lesions of this history, "
            "it looks better here than it is."
        ).format(model=unknown)
    if verdict.verdict is Verdict.WORSE:
        worse = _tr(
            "Worse here, do not use: of the lesions that histology proved since the old model was made ({made}), fewer "
            "{losses}."
        ).format(losses=_tr(", and fewer ").join(map(_loss, verdict.losses)), made=made)
        if not unknown:
            return worse
        caution = _tr(
            "Which images the {model} model learned from is not known. If it learned from lesions of this history, it looks "
            "better here than it is."
        )
        return f"{worse} {caution.format(model=unknown)}"
    if verdict.verdict is Verdict.TOO_FEW:
        return numbered(
            verdict.melanomas,
            _tr(
                "Too few melanomas here to tell: 1 was proved by histology since the old model was made ({made}), and {fewest} "
                "are needed."
            ),
            _tr(
                "Too few melanomas here to tell: {count} were proved by histology since the old model was made ({made}), and "
                "{fewest} are needed."
            ),
            made=made,
            fewest=count(FEWEST_CLINIC),
        )
    kept = _tr("no fewer melanomas raise its melanoma alert")
    if all("malignant" in model.raises for model in (found.flips.old, found.flips.new)):
        kept = _tr("{kept}, and no fewer skin cancers its skin cancer alert").format(kept=kept)
    text = _tr("Nothing here speaks against the new model: {kept}.").format(kept=kept)
    if found.improvement is not None:
        return text
    more = _tr("That it is better is not shown: what it may have forgotten cannot be measured on a history.")
    return f"{text} {more}"


def _loss(loss: Loss) -> str:
    template = (
        _tr("melanomas raise the melanoma alert (old {old}, new {new})")
        if loss.alert == MELANOMA
        else _tr("skin cancers raise the skin cancer alert (old {old}, new {new})")
    )
    return template.format(old=count(loss.old), new=count(loss.new))


def remarks(found: TrialFigures) -> Iterator[str]:
    """Yield what is not counted."""
    flips = found.flips
    if flips.learned:
        yield numbered(
            len(flips.learned),
            _tr("1 lesion is not counted: one of the models learned from it."),
            _tr("{count} lesions are not counted: one of the models learned from them."),
        )
    if found.unanswered:
        yield numbered(
            found.unanswered,
            _tr("1 image is gone or damaged, and not compared."),
            _tr("{count} images are gone or damaged, and not compared."),
        )
    if flips.concealed:
        text = numbered(
            flips.concealed,
            _tr("1 lesion is left out while blind-first hides its answers."),
            _tr("{count} lesions are left out while blind-first hides their answers."),
        )
        yield f"{text} {shown_after()}"


def again_sentence(found: TrialFigures) -> str:
    """Return what became of the lesions without histology on which only the new model alerts."""
    number = sum(
        pair.new.outcome is None and pair.new.at.owner.patient_id is not None
        for one in found.flips.kinds
        for pair in one.only_new
    )
    if not number:
        return ""
    return numbered(
        number,
        _tr("1 lesion without histology on which only the new model alerts is on the list “Look again” (Today)."),
        _tr(
            "{count} lesions without histology on which only the new model alerts are on the list “Look again” (Today)."
        ),
    )


def group_title(kind: Kind, number: int, *, is_only_new: bool) -> str:
    """Return the heading of lesions of a kind on which one model alone alerts."""
    template = (
        _tr("{kind}: only the new model alerts ({count})")
        if is_only_new
        else _tr("{kind}: only the old model alerts ({count})")
    )
    return template.format(kind=kind_name(kind), count=count(number))


def pair_text(pair: Pair) -> str:
    """Return the lines below the picture of a lesion: whose it is, what it is, and what each model raises."""
    owner = pair.old.at.owner.patient
    lines = [practice_words.lesion_text(pair.old) if not owner else f"{owner}, {practice_words.lesion_text(pair.old)}"]
    if pair.old.outcome is not None:
        lines.append(practice_words.histology_text(pair.old))
    lines.append(_tr("Old: {alerts}").format(alerts=_names(pair.old_alerts)))
    lines.append(_tr("New: {alerts}").format(alerts=_names(pair.new_alerts)))
    return "\n".join(lines)


def _names(alerts: Iterable[str]) -> str:
    return ", ".join(alert_name(one, one) for one in sorted(alerts)) or _tr("no alert")
