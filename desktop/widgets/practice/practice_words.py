"""The words of own figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import diagnosis_name, is_malignant, plan_name
from desktop.core.judging.figures import FEWEST
from desktop.core.labels import MELANOMA
from desktop.core.practice.cases import Case, Target
from desktop.core.practice.figures import Judge, JudgeFigures, OwnFigures, TargetFigures
from desktop.core.practice.shares import Share
from desktop.core.records.people import Assessment
from desktop.session.own_figures import FoundFigures
from desktop.widgets.common.patient_words import named_with_site
from desktop.widgets.common.wording import count, flag_name, local_day, numbered, translated
from desktop.widgets.model.judged_words import of


def _tr(text: str) -> str:
    return QCoreApplication.translate("OwnFigures", text)


def target_name(target: Target) -> str:
    """Return what is looked for, as a heading."""
    return _tr("Skin cancer") if target is Target.MALIGNANT else _tr("Melanoma")


def judge_name(judge: Judge) -> str:
    """Return who says what a lesion is."""
    return {
        Judge.BEFORE: _tr("Own diagnosis, before the model"),
        Judge.ALERT: _tr("Model's alert"),
        Judge.AFTER: _tr("Own diagnosis, after the model"),
    }[judge]


def target_sentences(figures: TargetFigures) -> Iterator[str]:
    """Yield what was found and what was suspected for nothing, in counts, and how many were biopsied for each."""
    if not figures.judges:
        return
    is_melanoma = figures.target is Target.MELANOMA
    own = _tr("Melanomas found: {each}.") if is_melanoma else _tr("Skin cancers found: {each}.")
    others = _tr("Suspected in other lesions: {each}.")
    for template, shares in (
        (own, [(one.judge, len(one.sensitivity.counted), one.sensitivity.n) for one in figures.judges]),
        (others, [(one.judge, len(one.specificity.others), one.specificity.n) for one in figures.judges]),
    ):
        if any(n for _, _, n in shares):
            yield template.format(each=_each(shares))
    yield _biopsied(figures)


def _each(shares: Sequence[tuple[Judge, int, int]]) -> str:
    templates = {
        Judge.BEFORE: _tr("{share} by the own diagnosis before the model"),
        Judge.ALERT: _tr("{share} by the alert"),
        Judge.AFTER: _tr("{share} by the own diagnosis after it"),
    }
    return ", ".join(templates[judge].format(share=of(part, whole)) for judge, part, whole in shares)


def _biopsied(figures: TargetFigures) -> str:
    k, n = figures.biopsied.k, figures.biopsied.n
    if figures.target is Target.MELANOMA:
        text = _tr("Lesions with histology: {n}, melanomas among them: {k}.")
    else:
        text = _tr("Lesions with histology: {n}, skin cancers among them: {k}.")
    text = text.format(n=count(n), k=count(k))
    if figures.needed is None:
        return text
    needed = _tr("Biopsied for each: {value:.1f} (95 % interval {low:.1f} to {high:.1f}).").format(
        value=figures.needed.value, low=figures.needed.low, high=figures.needed.high
    )
    return f"{text} {needed}"


def caveat(figures: TargetFigures) -> str:
    """Return the sentence under every figure from histology."""
    return numbered(
        len(figures.unproved),
        _tr(
            "Only lesions with histology. 1 lesion without an alert was never biopsied; a melanoma there is not counted, "
            "so true sensitivity may be lower."
        ),
        _tr(
            "Only lesions with histology. {count} lesions without an alert were never biopsied; their melanomas are not "
            "counted, so true sensitivity may be lower."
        ),
    )


def remarks(found: FoundFigures, figures: OwnFigures) -> Iterator[str]:
    """Yield how far the figures can be trusted, the weightiest first."""
    if found.waiting:
        text = _tr(
            "Still comparing {count} images with those that the model learned from: lesions that it learned from are taken "
            "out when that is done."
        )
        yield text.format(count=count(found.waiting))
    elif figures.proved and not found.knows_training:
        yield _tr(
            "Which images this model learned from is not known. If some of these are among them, it looks better here than it "
            "is."
        )
    elif found.knows_training and found.unreadable:
        text = _tr("{count} images could not be read, and so not compared with those that the model learned from.")
        yield text.format(count=count(found.unreadable))
    if figures.concealed:
        text = _tr("Left out until they are assessed, as blind-first is on: lesions or images, {count}.")
        yield text.format(count=count(figures.concealed))


def fewest_note() -> str:
    """Return why there are counts without per cent."""
    text = _tr("Fewer than {fewest} lesions of a kind have counts and no per cent. Click a count to see its lesions.")
    return text.format(fewest=FEWEST)


def undecided_note() -> str:
    """Return how an own diagnosis is counted that names nothing."""
    return _tr(
        "“Undecided” counts by its plan: as suspected with a biopsy, excision or referral, else as not suspected."
    )


def judge_cases(row: JudgeFigures, target: Target, *, is_target: bool) -> str:
    """Return the heading of the cases of a figure."""
    share: Share[Case] = row.sensitivity if is_target else row.specificity
    templates = {
        (Target.MELANOMA, True): _tr("Melanomas. {judge}: found {k}, missed {rest}"),
        (Target.MALIGNANT, True): _tr("Skin cancers. {judge}: found {k}, missed {rest}"),
        (Target.MELANOMA, False): _tr("No melanoma by histology. {judge}: not suspected {k}, suspected {rest}"),
        (Target.MALIGNANT, False): _tr("Benign by histology. {judge}: not suspected {k}, suspected {rest}"),
    }
    return templates[target, is_target].format(
        judge=judge_name(row.judge), k=count(share.k), rest=count(len(share.others))
    )


def lesion_text(case: Case) -> str:
    """Return the name of a lesion with its site, or that of an image."""
    return named_with_site(case.at.owner.name, case.at.owner.site)


def day_text(case: Case) -> str:
    """Return the day of the visit that counts, of an image without one that of the answer."""
    return local_day(case.at.day or case.at.answers[0].time.astimezone().date())


def histology_text(case: Case) -> str:
    """Return what histology says, a dash without one."""
    return "–" if case.outcome is None else translated(diagnosis_name(case.outcome.diagnosis))


def assessment_text(assessment: Assessment | None) -> str:
    """Return a diagnosis, a dash if there is none; one that leaves its kind open has its plan, by which it counts."""
    if assessment is None:
        return "–"
    name = translated(diagnosis_name(assessment.diagnosis))
    if assessment.plan and is_malignant(assessment.diagnosis, assessment.label) is None:
        return f"{name}, {translated(plan_name(assessment.plan)).lower()}"
    return name


def alert_text(case: Case) -> str:
    """Return the alert that led: that for melanoma, if it was one of several."""
    if case.at.alerts:
        leading = MELANOMA if MELANOMA in case.at.alerts else min(case.at.alerts)
        return _tr("Skin cancer") if leading == "malignant" else flag_name(leading)
    return _tr("no alert, answer withheld") if case.at.is_withheld else _tr("no alert")
