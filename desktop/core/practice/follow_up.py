"""Lesions that follow-up showed to be benign. They are told apart from histology always, and never as proof of anything else.

A lesion is benign by follow-up if a clinician entered that outcome and the history bears it out: dermoscopy at both ends, at
least so many months apart, assessed as unchanged at the last. At special sites, and in raised, firm or growing lesions, time
shows nothing. The history does not say of a lesion whether it is raised or firm: so the clinician's outcome is asked for, and
lesions whose diagnosis is often raised or firm are left out. Whoever was lost to follow-up has no outcome.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.body_places import without_side
from desktop.core.diagnoses import is_malignant
from desktop.core.place_words import is_place
from desktop.core.practice.cases import Case, VisitCase

if TYPE_CHECKING:
    from desktop.core.records.people import Assessment, Outcome
    from desktop.core.records.practice_reading import PracticeRows, Subject

FEWEST_MONTHS = 12
MONTHS = 18
"""Months between the first dermoscopy and the last, as preset."""

NEVER_AT = frozenset(
    {
        *("face", "forehead", "temple", "eye", "nose", "cheek", "lips", "chin", "jaw", "ear"),
        *("palm", "fingers-front", "heel", "sole", "sole-front", "toes-under"),
        *("genital", "vulva", "penis", "scrotum", "anal", "mouth"),
    }
)
"""Places of the body map, without their side, at which follow-up shows nothing: face, palms, soles, mucosa. So do all nails."""

_NAIL = "nail-"

NEVER_AS = frozenset(
    {
        *(
            "dermatofibroma",
            "dermal_nevus",
            "nodular_melanoma",
            "spitz_nevus",
            "reed_nevus",
            "blue_nevus",
            "combined_nevus",
        ),
        *("pyogenic_granuloma", "fibrous_papule", "neurofibroma", "fibroma_pendulum", "keloid", "dermatofibrosarcoma"),
        *("vascular_lesion", "cherry_angioma", "angiokeratoma", "venous_lake", "lymphangioma", "seborrheic_keratosis"),
        *(
            "pigmented_benign_keratosis",
            "keratoacanthoma",
            "merkel_cell_carcinoma",
            "viral_wart",
            "molluscum",
            "poroma",
        ),
        *("trichoepithelioma", "pilomatricoma", "nevus_sebaceus", "epidermal_nevus", "epidermoid_cyst"),
        *("sebaceous_hyperplasia", "clear_cell_acanthoma"),
    }
)
"""Diagnoses of lesions that are often raised or firm."""


@dataclass(frozen=True)
class FollowedUp:
    """The lesions that follow-up showed to be benign in `months`, at the first visit that the model answered.

    `candidates` fulfil everything but that no outcome was entered.
    """

    months: int
    cases: tuple[Case, ...]
    candidates: tuple[Case, ...]


def followed_up(rows: PracticeRows, visits: Mapping[Subject, Sequence[VisitCase]], months: int = MONTHS) -> FollowedUp:
    """Return the lesions that are benign by follow-up of at least so many months, of those that a model answered.

    Args:
        rows: the history.
        visits: by lesion, the earliest first.
        months: at least `FEWEST_MONTHS`.
    """
    cases, candidates = [], []
    for subject, at in visits.items():
        first = next((one for one in at if one.day is not None), None)
        if first is None or first.day is None or not _is_borne_out(rows, subject, first.day, months):
            continue
        outcomes = rows.outcomes.get(subject, ())
        if not outcomes:
            candidates.append(Case(first, None))
        elif is_malignant(outcomes[0].diagnosis, outcomes[0].label) is False:
            cases.append(Case(first, None))
    return FollowedUp(months, tuple(cases), tuple(candidates))


def benign_lesions(rows: PracticeRows, months: int = MONTHS) -> dict[int, Outcome]:
    """Return the lesions that are benign by follow-up of at least so many months, whether or not a model answered.

    Args:
        rows: the history.
        months: at least `FEWEST_MONTHS`, from the first dermoscopy on.

    Returns:
        The outcome that was entered, by the lesion's id.
    """
    found = {}
    for subject in rows.subjects:
        days = [day for visit in rows.dermoscopies.get(subject, ()) if (day := rows.visits.get(visit)) is not None]
        outcome = next(iter(rows.outcomes.get(subject, ())), None)
        if (
            subject.lesion_id is not None
            and days
            and outcome is not None
            and is_malignant(outcome.diagnosis, outcome.label) is False
            and _is_borne_out(rows, subject, min(days), months)
        ):
            found[subject.lesion_id] = outcome
    return found


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_excluded_site(site: str) -> bool:
    """Tell whether follow-up shows nothing at a place of the body map, or the place is not known."""
    return not is_place(site) or without_side(site) in NEVER_AT or site.startswith(_NAIL)


def _is_borne_out(rows: PracticeRows, subject: Subject, first: dt.date, months: int) -> bool:
    """Tell whether the history shows a lesion to be unchanged for so long, flat as far as is known, and at a usual site."""
    owner = rows.subjects[subject]
    if subject.lesion_id is None or is_excluded_site(owner.site):
        return False
    if subject in rows.biopsied:
        return False
    outcomes = rows.outcomes.get(subject, ())
    seen = [(day, visit) for visit in rows.dermoscopies.get(subject, ()) if (day := rows.visits.get(visit)) is not None]
    if not seen:
        return False
    last, last_visit = max(seen)
    by_visit = rows.assessments.get(subject, {})
    said = [one for at_visit in by_visit.values() for one in at_visit]
    return (
        last >= months_later(first, months)
        and _last_change(by_visit.get(last_visit, ())) == "unchanged"
        and not any(one.change == "changed" for one in said)
        and not any({one.diagnosis, one.label} & NEVER_AS for one in (*said, *outcomes))
        and not any(is_malignant(one.diagnosis, one.label) for one in by_visit.get(last_visit, ()) if one.diagnosis)
    )


def _last_change(said: Sequence[Assessment]) -> str:
    return next((one.change for one in reversed(said) if one.change), "")
