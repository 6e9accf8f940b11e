"""An outcome as it was entered, what is missing in it, and what follows from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import NO_RESIDUAL_TUMOUR, is_malignant, needs_label
from desktop.core.errors import RecordsError
from desktop.core.records.result_days import check_days
from desktop.widgets.common.wording import sentence
from desktop.widgets.visit.assessment_words import outcome_text
from desktop.widgets.visit.histopathology_fields import NO_DETAILS, EnteredDetails

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome, OutcomeKind
    from desktop.widgets.visit.outcome_subject import OutcomeSubject, PlannedBiopsy
    from desktop.widgets.visit.specimen_choice import SpecimenChoice


@dataclass(frozen=True)
class EnteredOutcome:
    """The values that were entered; see `Outcome`. `corrects` is the id of the finding that it corrects.

    `biopsy` is whose specimen it is, if that is known. It `is_named` if others wait too, so that one must be chosen.
    """

    kind: OutcomeKind
    diagnosis: str
    label: str | None
    breslow_mm: float | None
    date: dt.date
    note: str
    details: EnteredDetails = NO_DETAILS
    corrects: int | None = None
    biopsy: PlannedBiopsy | None = None
    is_named: bool = False

    def is_as(self, finding: Outcome) -> bool:
        """Return whether a finding that is recorded says the same."""
        details = self.details
        return (
            (self.diagnosis, self.label, self.breslow_mm, self.date, self.note)
            == (finding.diagnosis, finding.label, finding.breslow_mm, finding.date, finding.note)
        ) and (
            (details.ulceration, details.margins, details.laboratory_number)
            == (finding.ulceration, finding.margins, finding.laboratory_number)
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutcomeDialog", text)


def find_missing(entered: EnteredOutcome, first_taken: dt.date | None, *, has_other_specimen: bool) -> str:
    """Return a sentence about what must be entered or corrected before this can be saved, empty if nothing.

    `first_taken` is the day of the first biopsy, if one is recorded already; `has_other_specimen` is whether the finding of
    another specimen stands.
    """
    if not entered.diagnosis:
        return _tr("To save, enter the whole diagnosis.")
    if entered.kind != "histopathology":
        return ""
    if entered.label is None and needs_label(entered.diagnosis):
        return _tr("To save, choose under For statistics what this diagnosis is.")
    if entered.diagnosis == NO_RESIDUAL_TUMOUR and not has_other_specimen:
        return _tr("To save, enter what the first specimen showed: no residual tumour is the finding of a later one.")
    details, biopsy = entered.details, entered.biopsy
    if entered.is_named and biopsy is None:
        return _tr("To save, choose under “Specimen of” which biopsy this result belongs to.")
    taken = details.taken if biopsy is None or biopsy.taken is None else biopsy.taken.day
    if entered.is_named and taken is None:
        return _tr("To save, enter the day on which this specimen was taken: another one waits for its result too.")
    if details.told is not None and not details.told_by:
        return _tr("To save, enter the initials of whoever told the patient.")
    return days_refusal(taken=taken or first_taken, found=entered.date, told=details.told)


def days_refusal(*, taken: dt.date | None = None, found: dt.date | None = None, told: dt.date | None = None) -> str:
    """Return the sentence that refuses days that cannot be, see `check_days`; empty if they can."""
    try:
        check_days(taken=taken, found=found, told=told, today=dt.datetime.now().astimezone().date())
    except RecordsError as error:
        return sentence(error)
    return ""


def consequence(kind: OutcomeKind | None, specimen: SpecimenChoice, found: OutcomeSubject | None) -> str:
    """Return what becomes of the outcomes that are recorded once this one is saved."""
    if kind == "histopathology":
        if specimen.corrects is not None:
            return _tr("Both findings stay in the record; the corrected one is struck out and no longer counts.")
        if specimen.is_asked and not specimen.is_open:
            return _tr("All findings stand; the worst of them says what the lesion is.")
        return _tr("It can be corrected later; nothing is overwritten.")
    earlier = [one for one in (() if found is None else found.outcomes) if one.kind == "follow-up"]
    if not earlier:
        return _tr("A later finding at follow-up takes its place; nothing is overwritten.")
    text = outcome_text(replace(max(earlier, key=lambda one: one.id), note=""))
    return _tr("Takes the place of: {outcome}. Both stay in the record.").format(outcome=text)


def lack_of_biopsy(found: OutcomeSubject) -> str:
    """Return the caution about a first histopathology without a biopsy, empty if one is recorded.

    It is empty too if other lesions of the patient have a biopsy: `OutcomeDialog.doubt` names them.
    """
    if found.biopsies or found.results or found.elsewhere:
        return ""
    if found.lesion is None:
        return _tr("No biopsy is recorded for this image.")
    return _tr("No biopsy is recorded for this lesion.")


def caution(entered: EnteredOutcome) -> str:
    """Return a sentence about what the safety net will not follow, empty if it follows what was entered."""
    if entered.kind == "follow-up" and is_malignant(entered.diagnosis, entered.label):
        return _tr("Not from histopathology: it stands in no list of results.")
    return ""
