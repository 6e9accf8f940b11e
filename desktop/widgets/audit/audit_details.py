"""The details of the acts in the audit log, each in a sentence."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import diagnosis_name
from desktop.core.records.audit_acts import Act, Action, Detail, RecordedInfluence, RecordedStep
from desktop.core.records.care_steps import Step
from desktop.core.records.damage import read_time
from desktop.core.records.people import EXCISION, Assessment, Outcome, YesNo
from desktop.widgets.answer import alert_words
from desktop.widgets.answer.adjusted_words import share_text
from desktop.widgets.audit.audit_words import action_name, is_correction
from desktop.widgets.common import influence_words
from desktop.widgets.common.patient_words import yes_no_name
from desktop.widgets.common.wording import label_name_of, local_day, local_time, numbered, translated
from desktop.widgets.visit.assessment_words import (
    change_text,
    diagnosis_text,
    outcome_text,
    short_finding_text,
    withdrawal_reason,
)
from desktop.widgets.visit.plan_words import plan_text, said_of_plan
from desktop.widgets.visit.step_words import STEPS


def detail_text(act: Act) -> str:
    """Return the details of an act."""
    if not act.detail:
        return ""
    say = _DETAILS.get(act.action, _pairs)
    try:
        return say(act)
    except (KeyError, TypeError, ValueError):  # the row is damaged, or of another version
        return _pairs(act)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AuditLog", text)


def _pairs(act: Act) -> str:
    return ", ".join(f"{name}: {value}" for name, value in act.detail.items())


def _opened(act: Act) -> str:
    version = f"LesionLens {act.detail['version']}"
    return (
        version
        if act.detail["alone"]
        else _tr("{version}, while another program used the data folder").format(version=version)
    )


def _report(act: Act) -> str:
    text = _tr("With patient data") if act.detail["patient data"] else _tr("Without patient data")
    if "images" not in act.detail:
        return text
    lesions = numbered(len(act.lesions), _tr("1 lesion"), _tr("{count} lesions"))
    pictures = numbered(int(act.detail["images"] or 0), _tr("1 picture"), _tr("{count} pictures"))
    return f"{text}, {lesions}, {pictures}"


def _table(act: Act) -> str:
    of = _tr("of the history") if act.detail["of"] == "history" else _tr("of a folder")
    form = "JSON Lines" if act.detail["format"] == "jsonl" else "CSV"
    return f"{_rows(act)} {of}, {form}, {_patient_data(act)}"


def _patient_data(act: Act) -> str:
    return _tr("with patient data") if act.detail["patient data"] else _tr("without patient data")


def _rows(act: Act) -> str:
    return numbered(int(act.detail["rows"] or 0), _tr("1 row"), _tr("{count} rows"))


def _outcomes(act: Act) -> str:
    lesions = numbered(int(act.detail["lesions"] or 0), _tr("1 lesion"), _tr("{count} lesions"))
    return f"{lesions}, {_images(act)}"


def _exported(act: Act) -> str:
    texts = [
        _patients(act),
        _images(act),
        str(act.detail["format"]).upper(),
        _tr("de-identified") if act.detail["de-identified"] else _tr("with patient data"),
        *([_tr("with a table of pseudonyms")] if act.detail.get("pseudonym table") else []),
    ]
    return ", ".join(texts)


def _imported(act: Act) -> str:
    findings = numbered(int(act.detail["findings"] or 0), _tr("1 finding"), _tr("{count} findings"))
    texts = [_patients(act), _images(act), findings]
    conflicts = int(act.detail["conflicts"] or 0)
    if conflicts:
        texts.append(numbered(conflicts, _tr("1 conflict"), _tr("{count} conflicts")))
    unknown = int(act.detail.get("unknown places") or 0)
    if unknown:
        texts.append(numbered(unknown, _tr("1 place not recognised"), _tr("{count} places not recognised")))
    return ", ".join(texts)


def _patients(act: Act) -> str:
    return numbered(int(act.detail["patients"] or 0), _tr("1 patient"), _tr("{count} patients"))


def _copied(act: Act) -> str:
    return {
        "view": _tr("The view"),
        "result": _tr("The result as text"),
        "rows": numbered(int(act.detail.get("rows") or 0), _tr("1 row of a table"), _tr("{count} rows of a table")),
    }[str(act.detail["what"])]


def _backed_up(act: Act) -> str:
    return _tr("Encrypted") if act.detail["encrypted"] else _tr("Not encrypted")


def _restored(act: Act) -> str:
    return _tr("The backup of {time}").format(time=local_time(read_time(str(act.detail["backup of"]))))


def _refused(act: Act) -> str:
    return {
        "backup": _tr("For a backup"),
        "history": _tr("For the history"),
        "lock": _tr("While LesionLens was locked"),
    }[str(act.detail["of"])]


def _locked(act: Act) -> str:
    minutes = int(act.detail["idle minutes"] or 0)
    return _minutes(minutes) if minutes else _tr("By the user")


def _minutes(minutes: int) -> str:
    return numbered(minutes, _tr("After 1 minute without input"), _tr("After {count} minutes without input"))


def _idle_lock(act: Act) -> str:
    return _new_and_old(
        *(_minutes(int(value)) if (value := act.detail[which]) else _tr("never") for which in ("new", "old"))
    )


def _flips(act: Act) -> str:
    lesions = numbered(int(act.detail["lesions"] or 0), _tr("1 lesion"), _tr("{count} lesions"))
    changed = numbered(int(act.detail["changed"] or 0), _tr("1 of them changes"), _tr("{count} of them change"))
    return f"{lesions}, {changed}"


def _decided(act: Act) -> str:
    template = {
        "adopted": _tr("“{model}” in place of “{present}”. {reason}"),
        "kept": _tr("“{present}”, not “{model}”. {reason}"),
    }[str(act.detail["decision"])]
    texts = [template.format(**act.detail)]
    if verdict := act.detail.get("verdict"):
        texts.append(_tr("Compared when it was made: {verdict}.").format(verdict=translated(str(verdict))))
    if act.detail.get("melanomas"):
        texts.append(_tr("Of {melanomas} melanomas with histology: old {old}, new {new}.").format(**act.detail))
    return " ".join(texts)


def _images(act: Act) -> str:
    return numbered(int(act.detail["images"] or 0), _tr("1 image"), _tr("{count} images"))


def _limit(act: Act) -> str:
    return _tr("{alert} set from {old:g} to {new:g} %. {reason}").format(
        alert=alert_words.title_of(str(act.detail["alert"])),
        old=100 * float(act.detail["old"] or 0),
        new=100 * float(act.detail["new"] or 0),
        reason=act.detail["reason"],
    )


def _changed(act: Act) -> str:
    return _new_and_old(*(None if act.detail[which] is None else str(act.detail[which]) for which in ("new", "old")))


def _practice(act: Act) -> str:
    return _new_and_old(*(_shares(act.detail[which]) for which in ("new", "old")))


def _shares(detail: Detail) -> str | None:
    """Return "Melanoma 3 %" for the stored "melanoma: 0.03", None if no share was set."""
    if detail is None:
        return None
    pairs = (pair.split(": ") for pair in str(detail).split(", "))
    return ", ".join(f"{label_name_of(label, label)} {share_text(float(share))}" for label, share in pairs)


def _new_and_old(new: str | None, old: str | None) -> str:
    return _tr("{new} (before: {old})").format(new=new or _tr("none"), old=old or _tr("none"))


def _switched(act: Act) -> str:
    return _tr("On") if act.detail["new"] else _tr("Off: answers are shown before the user's diagnosis")


def _step(act: Act) -> str:
    step = Step(str(act.detail["step"]))
    name = _tr("Re-excision taken") if step is Step.TAKEN and act.is_reexcision else translated(STEPS[step])
    if (found := act.finding) is not None:
        diagnosis = short_finding_text(translated(diagnosis_name(found.diagnosis)), found.breslow_mm, None)
        name = _tr("{step} ({diagnosis})").format(step=name, diagnosis=diagnosis)
    made, before = (one if isinstance(one, RecordedStep) else None for one in (act.content, act.before))
    if made is None:
        return _of_step(name, RecordedStep(None, "", str(act.detail["person"])))
    if made.day is None:
        return _of_step(name, before or made)
    said = _of_step(name, made)
    return _new_and_old(said, _of_step(name, before)) if is_correction(act) and before is not None else said


def _of_step(name: str, step: RecordedStep) -> str:
    text = name if step.day is None else _tr("{step} on {day}").format(step=name, day=local_day(step.day))
    text = _tr("{step}, by {initials}").format(step=text, initials=step.person) if step.person else text
    return f"{text}, “{step.note}”" if step.note else text


def _training_use(act: Act) -> str:
    return _new_and_old(*(yes_no_name(_YES_NO.get(str(act.detail[which]), "")) for which in ("allowed", "before")))


def _influence(act: Act) -> str:
    """Return the treatment or pregnancy with its days; nothing of one that was erased."""
    made, before = (one if isinstance(one, RecordedInfluence) else None for one in (act.content, act.before))
    if made is None:
        return ""
    if act.action == Action.INFLUENCE_CORRECTED and before is not None:
        is_put_back = _of_influence(before) == _of_influence(made)
        return _new_and_old(_of_influence(made), _tr("withdrawn") if is_put_back else _of_influence(before))
    return _of_influence(made)


def _of_influence(recorded: RecordedInfluence) -> str:
    text = _tr("{kind}, {days}").format(
        kind=influence_words.name_of(recorded.kind), days=influence_words.days_text(recorded.span)
    )
    return f"{text}, “{recorded.note}”" if recorded.note else text


def _assessment(act: Act) -> str:
    made = act.content if isinstance(act.content, Assessment) else None
    earlier = act.before if isinstance(act.before, Assessment) else None
    texts = [] if made is None else [_said(made, is_reexcision=act.is_reexcision)]
    texts.append(_stage(act.detail["before model"]))
    if act.detail["corrects"]:
        texts.append(
            _tr("there is an earlier one")
            if earlier is None
            else _tr("earlier: {earlier}").format(earlier=_said(earlier, is_reexcision=act.was_reexcision))
        )
    text = ", ".join(texts)
    return text[:1].upper() + text[1:]


def _planned(act: Act) -> str:
    return _plan(act.content, is_reexcision=act.is_reexcision) if isinstance(act.content, Assessment) else ""


def _plan(assessment: Assessment, *, is_reexcision: bool) -> str:
    return _tr("Re-excision") if _is_second(assessment, is_reexcision=is_reexcision) else plan_text(assessment)


def _is_second(assessment: Assessment, *, is_reexcision: bool) -> bool:
    """Return whether an assessment plans a re-excision: what it plans `is_reexcision` if it is an excision at all."""
    return is_reexcision and assessment.plan == EXCISION


def _stage(before_model: Detail) -> str:
    if before_model is None:
        return _tr("imported, made elsewhere")
    return _tr("before the model's answer") if before_model else _tr("after the model's answer")


def _said(assessment: Assessment, *, is_reexcision: bool) -> str:
    diagnosis = diagnosis_text(assessment.diagnosis, assessment.label)
    plan = _tr("plan: re-excision") if _is_second(assessment, is_reexcision=is_reexcision) else said_of_plan(assessment)
    return ", ".join(filter(None, (diagnosis, change_text(assessment.change), plan)))


def _outcome(act: Act) -> str:
    if isinstance(act.content, Outcome):
        text = _of_outcome(act.content)
        if act.action == Action.OUTCOME_CORRECTED and isinstance(act.before, Outcome):
            return _new_and_old(text, _of_outcome(act.before))
        return text
    return {"histopathology": _tr("Histopathology"), "follow-up": _tr("Follow-up")}[str(act.detail["kind"])]


def _of_outcome(outcome: Outcome) -> str:
    return outcome_text(replace(outcome, note=""))


def _withdrawn(act: Act) -> str:
    reason = act.detail.get("reason")
    return f"{_outcome(act)}, {_tr('undone') if reason is None else withdrawal_reason(str(reason))}"


def _visit_sent(act: Act) -> str:
    documents = numbered(int(act.detail["documents"] or 0), _tr("1 document"), _tr("{count} documents"))
    return f"{_other_program(act)}: {_images(act)}, {documents}"


def _visit_received(act: Act) -> str:
    taken = len(str(act.detail["objects"]).split())
    return f"{_other_program(act)}: " + numbered(taken, _tr("1 object"), _tr("{count} objects"))


def _worklist(act: Act) -> str:
    return f"{_other_program(act)}: " + numbered(
        int(act.detail["entries"] or 0), _tr("1 entry"), _tr("{count} entries")
    )


def _other_program(act: Act) -> str:
    return f"{act.detail['archive']} ({act.detail['address']})"


def _failed(act: Act) -> str:
    name = action_name(str(act.detail["act"]))
    return (
        _tr("{act}: stopped by the user")
        if act.detail["stopped"]
        else _tr("{act}: the file, printer or network failed")
    ).format(act=name)


_YES_NO: dict[str, YesNo] = {"no": "no", "yes": "yes"}

_DETAILS: dict[str, Callable[[Act], str]] = {
    Action.HISTORY_OPENED: _opened,
    Action.BATCH_VIEWED: _rows,
    Action.FLIPS_VIEWED: _flips,
    Action.TABLE_EXPORTED: _table,
    Action.OUTCOMES_EXPORTED: _outcomes,
    Action.TRAINING_EXPORTED: _outcomes,
    Action.JUDGEMENT_SAVED: _outcomes,
    Action.HISTORY_EXPORTED: _exported,
    Action.HISTORY_IMPORTED: _imported,
    Action.RESULT_SENT: lambda _act: _tr("By GDT"),
    Action.VISIT_SENT: _visit_sent,
    Action.VISIT_RECEIVED: _visit_received,
    Action.WORKLIST_VIEWED: _worklist,
    Action.COPIED: _copied,
    Action.REPORT_SAVED: _report,
    Action.REPORT_PRINTED: _report,
    Action.BACKED_UP: _backed_up,
    Action.RESTORED: _restored,
    Action.LOCKED: _locked,
    Action.UNLOCK_REFUSED: _refused,
    Action.PATIENT_ERASED: _images,
    Action.MODEL_CHANGED: _changed,
    Action.MODEL_DECIDED: _decided,
    Action.LIMIT_CHANGED: _limit,
    Action.PRIOR_CHANGED: _practice,
    Action.BLIND_FIRST_CHANGED: _switched,
    Action.IDLE_LOCK_CHANGED: _idle_lock,
    Action.LOG_EXPORTED: _rows,
    Action.ASSESSED: _assessment,
    Action.PLANNED: _planned,
    Action.OUTCOME_ENTERED: _outcome,
    Action.OUTCOME_CORRECTED: _outcome,
    Action.OUTCOME_WITHDRAWN: _withdrawn,
    Action.OUTCOME_PUT_BACK: _outcome,
    Action.STEP_RECORDED: _step,
    Action.STEP_TAKEN_BACK: _step,
    Action.INFLUENCE_ENTERED: _influence,
    Action.INFLUENCE_CORRECTED: _influence,
    Action.INFLUENCE_WITHDRAWN: _influence,
    Action.TRAINING_USE_SET: _training_use,
    Action.FAILED: _failed,
}
