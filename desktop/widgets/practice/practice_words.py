"""The words of own figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import diagnosis_name, is_malignant, plan_name
from desktop.core.inference.judgement import Abstention
from desktop.core.judging.figures import FEWEST
from desktop.core.labels import leading_alert
from desktop.core.practice.cases import Case, Target
from desktop.core.practice.figures import OwnFigures
from desktop.core.practice.follow_up import FollowedUp
from desktop.core.practice.shares import Share
from desktop.core.practice.switches import Direction, SwitchFigures
from desktop.core.practice.target_figures import Judge, JudgeFigures, TargetFigures
from desktop.core.records.people import Assessment
from desktop.core.statistics.bootstrap import Estimate
from desktop.session.own_figures import FoundFigures
from desktop.widgets.answer.answer_words import no_answer_word
from desktop.widgets.common.patient_words import named_with_site
from desktop.widgets.common.wording import count, flag_name, local_day, numbered, shown_after, translated
from desktop.widgets.model.judged_words import of


def _tr(text: str) -> str:
    return QCoreApplication.translate("OwnFigures", text)


def target_name(target: Target) -> str:
    """Return what is looked for, as a heading."""
    return _tr("Skin cancer") if target is Target.MALIGNANT else _tr("Melanoma")


def judge_name(judge: Judge, target: Target) -> str:
    """Return who says what a lesion is."""
    return {
        Judge.BEFORE: _tr("Your diagnosis, before the model"),
        Judge.ALERT: _tr("Melanoma alert") if target is Target.MELANOMA else _tr("Any alert"),
        Judge.AFTER: _tr("Your diagnosis, after the model"),
    }[judge]


def target_sentences(figures: TargetFigures) -> Iterator[str]:
    """Yield what was found and what was suspected for nothing, in counts, and how many were biopsied for each."""
    if not figures.judges:
        return
    is_melanoma = figures.target is Target.MELANOMA
    own = _tr("Melanomas found: {each}.") if is_melanoma else _tr("Skin cancers found: {each}.")
    others = _tr("Skin cancer suspected in other lesions: {each}.")
    if is_melanoma:
        others = _tr("Melanoma suspected in other lesions: {each}.")
    for template, shares in (
        (own, [(one.judge, len(one.sensitivity.counted), one.sensitivity.n) for one in figures.judges]),
        (others, [(one.judge, len(one.specificity.others), one.specificity.n) for one in figures.judges]),
    ):
        if each := _each(figures.target, shares):
            yield template.format(each=each)
    yield _biopsied(figures)


def _each(target: Target, shares: Sequence[tuple[Judge, int, int]]) -> str:
    templates = {
        Judge.BEFORE: _tr("{share} by your diagnosis before the model"),
        Judge.ALERT: _tr("{share} by the melanoma alert") if target is Target.MELANOMA else _tr("{share} by any alert"),
        Judge.AFTER: _tr("{share} by your diagnosis after the model"),
    }
    return ", ".join(templates[judge].format(share=of(part, whole)) for judge, part, whole in shares if whole)


def _biopsied(figures: TargetFigures) -> str:
    k, n = figures.biopsied.k, figures.biopsied.n
    if figures.target is Target.MELANOMA:
        text = _tr("Lesions with histology: {n}, melanomas among them: {k}.")
    else:
        text = _tr("Lesions with histology: {n}, skin cancers among them: {k}.")
    text = text.format(n=count(n), k=count(k))
    if figures.needed is None:
        return text
    needed = _tr("Biopsied for each skin cancer: {value:.1f} (95 % interval {low:.1f} to {high:.1f}).")
    if figures.target is Target.MELANOMA:
        needed = _tr("Biopsied for each melanoma: {value:.1f} (95 % interval {low:.1f} to {high:.1f}).")
    needed = needed.format(value=figures.needed.value, low=figures.needed.low, high=figures.needed.high)
    return f"{text} {needed}"


def caveat(figures: TargetFigures) -> str:
    """Return the sentence under every figure from histology."""
    if not figures.unproved:
        return _tr("Only lesions with histology.")
    number = len(figures.unproved)
    if figures.target is Target.MELANOMA:
        return numbered(
            number,
            _tr(
                "Only lesions with histology. 1 lesion without a melanoma alert was never biopsied; a melanoma there is not "
                "counted, so true sensitivity may be lower."
            ),
            _tr(
                "Only lesions with histology. {count} lesions without a melanoma alert were never biopsied; their melanomas "
                "are not counted, so true sensitivity may be lower."
            ),
        )
    return numbered(
        number,
        _tr(
            "Only lesions with histology. 1 lesion without an alert was never biopsied; a skin cancer there is not counted, "
            "so true sensitivity may be lower."
        ),
        _tr(
            "Only lesions with histology. {count} lesions without an alert were never biopsied; their skin cancers are not "
            "counted, so true sensitivity may be lower."
        ),
    )


def without_alert_and_biopsy(target: Target) -> str:
    """Return the heading of the lesions that had no alert for what is looked for, and of which no biopsy was taken."""
    if target is Target.MELANOMA:
        return _tr("No melanoma alert and no biopsy")
    return _tr("No alert and no biopsy")


def without_proved(figures: OwnFigures) -> str:
    """Return why no lesion with histology is counted, or how one comes to be."""
    proved = sum(case.outcome is not None for case in figures.learned)
    if proved:
        return numbered(
            proved,
            _tr("1 lesion has histology, but is not counted: the model learned from it."),
            _tr("{count} lesions have histology, but are not counted: the model learned from them."),
        )
    return _tr(
        "No outcomes to count yet. Enter the histology of a lesion (Ctrl+Shift+D, or at its visit): it is then counted here, "
        "with your diagnosis before the model, the model's alert, and your diagnosis after it."
    )


def remarks(found: FoundFigures, figures: OwnFigures) -> Iterator[str]:
    """Yield how far the figures can be trusted, the weightiest first."""
    if found.waiting:
        yield numbered(
            found.waiting,
            _tr(
                "Still comparing 1 image with those that the model learned from: lesions that it learned from are taken out "
                "when that is done."
            ),
            _tr(
                "Still comparing {count} images with those that the model learned from: lesions that it learned from are "
                "taken out when that is done."
            ),
        )
    elif figures.proved and not found.knows_training:
        yield _tr(
            "Which images this model learned from is not known. If it learned from lesions of this history, it looks better "
            "here than it is."
        )
    elif found.knows_training and found.unreadable:
        yield numbered(
            found.unreadable,
            _tr("1 image could not be read, so it was not compared with those that the model learned from."),
            _tr("{count} images could not be read, so they were not compared with those that the model learned from."),
        )
    if figures.concealed:
        text = _tr("Blind-first is on. Lesions or images left out while their answers are hidden: {count}.")
        yield f"{text.format(count=count(figures.concealed))} {shown_after()}"


def fewest_note() -> str:
    """Return why there are counts without per cent."""
    text = _tr("Fewer than {fewest} lesions of a kind have counts and no per cent. Click a count to see its lesions.")
    return text.format(fewest=FEWEST)


def undecided_note() -> str:
    """Return how a diagnosis is counted that names nothing."""
    return _tr(
        "“Undecided” counts by its plan: as suspected with a biopsy, excision or referral, else as not suspected."
    )


def withheld_note(figures: TargetFigures) -> str:
    """Return how answers count that were withheld without an alert, empty if there is none among these lesions."""
    for row in figures.judges:
        cases = (*row.sensitivity.others, *row.specificity.counted)
        if row.judge is Judge.ALERT and any(case.at.is_withheld for case in cases):
            if figures.target is Target.MELANOMA:
                return _tr("A lesion without an answer and without a melanoma alert stands under not suspected.")
            return _tr("A lesion without an answer and without an alert stands under not suspected.")
    return ""


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
        judge=judge_name(row.judge, target), k=count(share.k), rest=count(len(share.others))
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


def after_text(case: Case) -> str:
    """Return what was said after the answer; where no diagnosis was added, the first one stands."""
    before, after = case.at.before, case.at.after
    if before is not None and after is not None and before.id == after.id:
        return _tr("as before")
    return assessment_text(after)


def alert_text(case: Case) -> str:
    """Return the alert that led: that for melanoma, if it was one of several."""
    if case.at.alerts:
        leading = leading_alert(case.at.alerts)
        return _tr("Skin cancer") if leading == "malignant" else flag_name(leading)
    if not case.at.is_withheld:
        return _tr("no alert")
    reasons = {Abstention(one.withheld) for one in case.at.answers}
    if reasons == {Abstention.UNCERTAIN}:
        return _tr("no alert, {told}").format(told=no_answer_word(Abstention.UNCERTAIN))
    return ", ".join(sorted({no_answer_word(one) for one in reasons}))


def direction_name(direction: Direction) -> str:
    """Return which way an assessment was changed."""
    return {
        Direction.TOWARDS: _tr("Towards malignant, or a biopsy"),
        Direction.AWAY: _tr("Towards benign, or no biopsy"),
    }[direction]


def switch_sentence(figures: SwitchFigures) -> str:
    """Return how often an assessment was changed after the answer."""
    changed = sum(one.count for one in figures.directions) + len(figures.otherwise)
    return _tr(
        "Assessments before the model's answer that were changed after it: {share}. Each lesion counts once at each visit."
    ).format(share=of(changed, figures.seen))


def look_again(figures: SwitchFigures) -> str:
    """Return the call to look again at given-up suspicions that nothing has proved right; empty if there are none."""
    number = sum(len(one.unverified) for one in figures.directions if one.direction is Direction.AWAY)
    if not number:
        return ""
    return numbered(
        number,
        _tr(
            "Look again at the assessment that was changed towards benign or no biopsy: nothing has shown yet that this was "
            "right."
        ),
        _tr(
            "Look again at the {count} assessments that were changed towards benign or no biopsy: nothing has shown yet that "
            "this was right."
        ),
    )


def follow_up_sentence(followed: FollowedUp) -> str:
    """Return what benign by follow-up means, and of how many lesions it is known."""
    number = numbered(len(followed.cases), _tr("1 lesion"), _tr("{count} lesions"))
    text = _tr(
        "{number}: dermoscopy at both ends, at least {months} months apart, unchanged at the last, and follow-up entered as "
        "the outcome. Follow-up is no histology, and is added to none of the figures above."
    )
    return text.format(number=number, months=followed.months)


def follow_up_note() -> str:
    """Return what follow-up never shows to be benign."""
    return _tr(
        "Never counted: face, nails, palms, soles, mucosa and unknown places; lesions that changed, or whose diagnosis is "
        "often raised or firm. The history does not say whether a lesion is raised or firm: enter the outcome for flat ones "
        "only. Who did not come back has no outcome."
    )


def withheld_name(reason: Abstention) -> str:
    """Return why answers were withheld."""
    return {
        Abstention.DAMAGED: _tr("No answer: file damaged"),
        Abstention.QUALITY: _tr("No answer: image quality"),
        Abstention.NOVELTY: _tr("No answer: unlike the training images"),
        Abstention.UNCERTAIN: _tr("No diagnosis named: too uncertain"),
    }[reason]


def per_hundred(estimate: Estimate | None) -> str:
    """Return a share as a number in a hundred images, a dash if there is none."""
    if estimate is None:
        return "–"
    return _tr("{value:.0f} in 100 ({low:.0f}–{high:.0f})").format(
        value=100 * estimate.value, low=100 * estimate.low, high=100 * estimate.high
    )


def mine_note(initials: str) -> str:
    """Return what the figures of one person are, and what initials are not."""
    text = _tr(
        "Only assessments with the initials {initials}. Initials are no access control: whoever uses the program can enter "
        "yours and see this page."
    )
    return text.format(initials=initials)
