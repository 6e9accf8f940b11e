"""The words of the audit log: what each act is called, and the kinds to choose from."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop.core.marking import tr
from desktop.core.records.audit_acts import Act, Action, RecordedStep
from desktop.core.records.damage import NO_TIME
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import local_time, translated

ACTIONS = {
    Action.HISTORY_OPENED: tr("History opened"),
    Action.PATIENT_OPENED: tr("Patient opened"),
    Action.ANSWER_VIEWED: tr("Model's answer viewed"),
    Action.HISTORY_VIEWED: tr("History list viewed"),
    Action.SIMILAR_VIEWED: tr("Similar pictures of other patients viewed"),
    Action.BATCH_VIEWED: tr("Answers of a folder viewed"),
    Action.FIGURES_VIEWED: tr("Own figures viewed"),
    Action.FLIPS_VIEWED: tr("Changes under another model viewed"),
    Action.SEEN_FIRST: tr("Answer seen before the diagnosis"),
    Action.SHOWN_ANYWAY: tr("“No answer” shown anyway"),
    Action.TABLE_EXPORTED: tr("Table saved"),
    Action.OUTCOMES_EXPORTED: tr("Outcomes exported for recalibration"),
    Action.TRAINING_EXPORTED: tr("Lesions exported for training"),
    Action.JUDGEMENT_SAVED: tr("Figures of a model on own images saved"),
    Action.HISTORY_EXPORTED: tr("Patients exported"),
    Action.HISTORY_IMPORTED: tr("Patients imported"),
    Action.RESULT_SENT: tr("Assessment sent to the practice system"),
    Action.VISIT_SENT: tr("Visit sent to an archive"),
    Action.VISIT_RECEIVED: tr("Visit taken by an archive"),
    Action.WORKLIST_VIEWED: tr("Worklist viewed"),
    Action.PICTURE_EXPORTED: tr("View saved as a picture"),
    Action.COPIED: tr("Copied to the clipboard"),
    Action.REPORT_SAVED: tr("Report saved"),
    Action.REPORT_PRINTED: tr("Report printed"),
    Action.BACKED_UP: tr("Backup made"),
    Action.RESTORED: tr("Backup restored"),
    Action.LOCKED: tr("Locked"),
    Action.UNLOCKED: tr("Unlocked"),
    Action.UNLOCK_REFUSED: tr("Wrong passphrase"),
    Action.ENCRYPTED: tr("History encrypted"),
    Action.DECRYPTED: tr("History decrypted"),
    Action.PASSPHRASE_CHANGED: tr("Passphrase changed"),
    Action.PATIENT_ERASED: tr("Patient erased"),
    Action.MODEL_CHANGED: tr("Model changed"),
    Action.MODEL_DECIDED: tr("Model adopted or kept"),
    Action.LIMIT_CHANGED: tr("Alert limit changed"),
    Action.PRIOR_CHANGED: tr("My practice changed"),
    Action.BLIND_FIRST_CHANGED: tr("Blind-first switched"),
    Action.IDLE_LOCK_CHANGED: tr("Lock when idle changed"),
    Action.LOG_VIEWED: tr("Audit log viewed"),
    Action.LOG_EXPORTED: tr("Audit log saved"),
    Action.ASSESSED: tr("Assessment entered"),
    Action.PLANNED: tr("Plan entered"),
    Action.OUTCOME_ENTERED: tr("Outcome entered"),
    Action.OUTCOME_CORRECTED: tr("Outcome corrected"),
    Action.OUTCOME_WITHDRAWN: tr("Outcome withdrawn"),
    Action.OUTCOME_PUT_BACK: tr("Outcome put back"),
    Action.STEP_RECORDED: tr("Step recorded"),
    Action.STEP_TAKEN_BACK: tr("Step taken back"),
    Action.INFLUENCE_ENTERED: tr("Treatment or pregnancy entered"),
    Action.INFLUENCE_CORRECTED: tr("Treatment or pregnancy corrected"),
    Action.INFLUENCE_WITHDRAWN: tr("Treatment or pregnancy withdrawn"),
    Action.TRAINING_USE_SET: tr("Use for training set"),
    Action.FAILED: tr("Not carried out"),
}

KINDS = (
    (tr("Any act"), None),
    (
        tr("Viewed"),
        frozenset(
            {
                Action.PATIENT_OPENED,
                Action.ANSWER_VIEWED,
                Action.HISTORY_VIEWED,
                Action.SIMILAR_VIEWED,
                Action.BATCH_VIEWED,
                Action.FIGURES_VIEWED,
                Action.FLIPS_VIEWED,
                Action.SEEN_FIRST,
                Action.SHOWN_ANYWAY,
                Action.WORKLIST_VIEWED,
                Action.LOG_VIEWED,
            }
        ),
    ),
    (
        tr("Saved, sent, printed or copied"),
        frozenset(
            {
                Action.TABLE_EXPORTED,
                Action.OUTCOMES_EXPORTED,
                Action.TRAINING_EXPORTED,
                Action.JUDGEMENT_SAVED,
                Action.HISTORY_EXPORTED,
                Action.RESULT_SENT,
                Action.VISIT_SENT,
                Action.VISIT_RECEIVED,
                Action.PICTURE_EXPORTED,
                Action.COPIED,
                Action.REPORT_SAVED,
                Action.REPORT_PRINTED,
                Action.LOG_EXPORTED,
                Action.FAILED,
            }
        ),
    ),
    (
        tr("Opened, locked, backed up or restored"),
        frozenset(
            {
                Action.HISTORY_OPENED,
                Action.BACKED_UP,
                Action.RESTORED,
                Action.LOCKED,
                Action.UNLOCKED,
                Action.IDLE_LOCK_CHANGED,
                Action.UNLOCK_REFUSED,
                Action.ENCRYPTED,
                Action.DECRYPTED,
                Action.PASSPHRASE_CHANGED,
                Action.FAILED,
            }
        ),
    ),
    (
        tr("Recorded"),
        frozenset(
            {
                Action.ASSESSED,
                Action.PLANNED,
                Action.OUTCOME_ENTERED,
                Action.OUTCOME_CORRECTED,
                Action.OUTCOME_WITHDRAWN,
                Action.OUTCOME_PUT_BACK,
                Action.STEP_RECORDED,
                Action.STEP_TAKEN_BACK,
                Action.INFLUENCE_ENTERED,
                Action.INFLUENCE_CORRECTED,
                Action.INFLUENCE_WITHDRAWN,
                Action.TRAINING_USE_SET,
                Action.HISTORY_IMPORTED,
            }
        ),
    ),
    (tr("Erased"), frozenset({Action.PATIENT_ERASED})),
    (
        tr("Settings that change answers"),
        frozenset(
            {
                Action.MODEL_CHANGED,
                Action.MODEL_DECIDED,
                Action.LIMIT_CHANGED,
                Action.PRIOR_CHANGED,
                Action.BLIND_FIRST_CHANGED,
            }
        ),
    ),
)
"""The kinds of acts to choose from."""


def time_text(act: Act) -> str:
    """Return the time of an act in the user's time zone, to the second."""
    if act.time == NO_TIME:
        return local_time(act.time)
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(act.time.timestamp())), "d MMM yyyy hh:mm:ss")


def action_text(act: Act) -> str:
    """Return what an act is called; the id of one that this version does not know."""
    if is_correction(act):
        return _tr("Step corrected")
    if act.action == Action.MODEL_DECIDED:
        decided = {"adopted": _tr("Model adopted"), "kept": _tr("Model kept")}
        return decided.get(str(act.detail.get("decision")), action_name(act.action))
    return action_name(act.action)


def is_correction(act: Act) -> bool:
    """Return whether a step was recorded in place of one that stood, with another day, person or note."""
    made, before = act.content, act.before
    if not isinstance(made, RecordedStep) or not isinstance(before, RecordedStep):
        return False
    return made.day is not None and before.day is not None


def action_name(action: str) -> str:
    """Return what acts with this id are called."""
    return translated(ACTIONS[Action(action)]) if action in set(Action) else action


def patient_text(act: Act) -> str:
    """Return the pseudonym of the patient; of one who was erased, the id."""
    return _named(act.patient_id, act.patient)


def subject_text(act: Act) -> str:
    """Return the lesions with their places, else the name of the image; of one that was erased, the id."""
    if act.lesions:
        names = (None if one is None else lesion_name(one) for one in act.lesions.values())
        return ", ".join(_named(number, name) for number, name in zip(act.lesions, names, strict=True))
    if act.lesion_id is not None:
        return _named(act.lesion_id, None if act.lesion is None else lesion_name(act.lesion))
    return _named(act.image_id, act.image)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AuditLog", text)


def _named(number: int | None, name: str | None) -> str:
    if number is None:
        return ""
    return _tr("erased #{number}").format(number=number) if name is None else name
