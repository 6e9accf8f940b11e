"""What the history knows about the open image: its place, its assessments, and whether its answer was seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.core.draft import Draft
from desktop.core.errors import RecordsError
from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.core.records.people import EXCISION
from desktop.core.records.plans import NO_PLANS

if TYPE_CHECKING:
    import datetime as dt

    from desktop.core.records.care_steps import EnteredStep
    from desktop.core.records.history import History
    from desktop.core.records.people import Assessment, Outcome, Withdrawal
    from desktop.core.records.plans import BiopsyState, PlannedFollowUp, Plans
    from desktop.core.records.result_days import Biopsy


@frozen
class ImageStatus:
    """An image before its answer is looked at.

    Where it belongs to a lesion and a visit, an assessment is of the lesion at that visit, for all images of it;
    otherwise it is of the image alone.

    `image_id` is None where the history does not know the image yet. `is_unseen` is True while its lesion and visit (or
    the image itself) have neither an assessment nor a disclosure without one, and no row of a batch has shown the image's
    answer. `assessments` and `outcomes` are those of the image itself, of the lesion at all its visits and of its other
    images, oldest first; `withdrawn` are outcomes of these that no longer count, `biopsies` those that were taken, and `steps`
    all that stand.
    `is_follow_up` is whether the lesion has an image of an earlier visit, `plans` are those that hold, `visit_day` is the day
    of the visit, None without one. `later_visits` are the visits of these assessments that came after that of the image.
    `was_seen_with_lesion` is whether the answer to an image alone was seen only with a lesion that the image no longer has.
    """

    image_id: int | None = None
    lesion_id: int | None = None
    visit_id: int | None = None
    is_unseen: bool = True
    assessments: tuple[Assessment, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    is_follow_up: bool = False
    plans: Plans = NO_PLANS
    biopsies: tuple[Biopsy, ...] = ()
    steps: tuple[EnteredStep, ...] = ()
    visit_day: dt.date | None = None
    later_visits: frozenset[int] = frozenset()
    was_seen_with_lesion: bool = False

    @property
    def is_of_lesion(self) -> bool:
        """Whether an assessment of the image is one of its lesion at a visit, not of the image alone."""
        return self.lesion_id is not None and self.visit_id is not None

    @property
    def of_this_visit(self) -> tuple[Assessment, ...]:
        """The assessments of the lesion at this visit, and those of the image itself."""
        return tuple(filter(self.is_of_this_visit, self.assessments))

    def is_of_this_visit(self, assessment: Assessment) -> bool:
        """Return whether one of the `assessments` is of the lesion at this visit, or of the image itself."""
        is_own = assessment.lesion_id is None or (self.image_id is not None and assessment.image_id == self.image_id)
        return is_own or (self.visit_id is not None and assessment.visit_id == self.visit_id)

    def due_at_visit(self, today: dt.date) -> PlannedFollowUp | None:
        """Return the planned follow-up that the visit of the image is, None if it is none.

        An assessment of it needs a plan, which takes the place of that one. It is a visit on its day or later, and after the
        one at which it was planned. An image without a lesion is assessed today, whenever it was taken.
        """
        planned = self.plans.follow_up
        if planned is None:
            return None
        day = self.visit_day if self.is_of_lesion and self.visit_day is not None else today
        is_same = self.is_of_lesion and day <= planned.planned_on
        return None if is_same or day < planned.day else planned

    def biopsies_left_by(self, plan: str) -> tuple[BiopsyState, ...]:
        """Return the biopsies that a plan of this visit does not end; see `Worklists.open_biopsies`."""

        def is_left(one: BiopsyState) -> bool:
            is_replaced = plan == EXCISION or (bool(plan) and self.is_of_this_visit(one.assessment))
            return one.taken is not None or not is_replaced

        return tuple(filter(is_left, self.plans.biopsies))

    def with_written(self, written: Assessment) -> ImageStatus:
        """Return what is known with an assessment that was just written, until it is read again which follow-up it ended."""
        plans = self.plans
        if written.plan:
            plans = replace(plans, newest=written.id, biopsies=self.biopsies_left_by(written.plan))
        return replace(self, is_unseen=False, assessments=(*self.assessments, written), plans=plans)

    def has_written(self, draft: Draft) -> bool:
        """Return whether a draft that was committed is among the assessments of this visit, from the time at which it was."""
        committed = draft.committed
        return committed is not None and any(
            one.before_model is not None and one.time >= committed and _content(one, draft) == draft
            for one in self.of_this_visit
        )


def _content(assessment: Assessment, draft: Draft) -> Draft:
    """Return what was entered for an assessment; one of an image alone has no change, whatever the draft says."""
    return Draft(
        assessment.diagnosis,
        assessment.label,
        assessment.confidence,
        assessment.plan,
        assessment.plan_date,
        assessment.note,
        assessment.change if assessment.image_id is None else draft.change,
    )


def read_image_status(history: History, sha256: str) -> ImageStatus:
    """Read what the history knows about an image."""
    image_id = history.people.image_id_of(sha256)
    if image_id is None:
        return ImageStatus(is_unseen=not history.disclosures.was_shown(sha256))
    place = history.people.placement(image_id)
    lesions = () if place.lesion_id is None else (place.lesion_id,)
    images = {image_id, *(one.image_id for lesion in lesions for one in history.people.placements_of(lesion))}
    assessments = tuple(history.assessments.of(lesions, [image_id]))
    is_alone = place.lesion_id is None or place.visit_id is None
    visit_day = None if place.visit_id is None else history.people.day_of_visit(place.visit_id)
    return ImageStatus(
        image_id,
        place.lesion_id,
        place.visit_id,
        history.disclosures.is_concealed(image_id),
        assessments,
        tuple(history.assessments.outcomes_of_all(lesions, images)),
        tuple(history.assessments.withdrawn(lesions, images)),
        is_follow_up=history.people.has_earlier_image(place.lesion_id, place.visit_id),
        plans=history.worklists.plans_of(lesion_id=place.lesion_id, image_id=image_id),
        biopsies=tuple(history.assessments.biopsies(lesions, (image_id,))),
        steps=tuple(history.care_steps.about(lesions, (image_id,))),
        visit_day=visit_day,
        later_visits=_later_visits(history, assessments, visit_day),
        was_seen_with_lesion=is_alone and history.disclosures.are_carried(image_id),
    )


def _later_visits(history: History, assessments: tuple[Assessment, ...], day: dt.date | None) -> frozenset[int]:
    """Return the visits of these assessments that came after a day, none where that is not known."""
    days = {one.visit_id: history.people.day_of_visit(one.visit_id) for one in assessments if one.visit_id is not None}
    return frozenset(visit for visit, its in days.items() if day is not None and its is not None and its > day)


def write_assessment(
    history: History, sha256: str, draft: Draft, *, patient_id: int | None, before_model: bool, by: str
) -> Assessment | None:
    """Save an assessment of an image's lesion and visit, or of the image itself; return None if the image is not known yet.

    Args:
        history: the history to write to.
        sha256: of the image's bytes.
        draft: the assessment.
        patient_id: of the patient who was open when it was entered, or None.
        before_model: whether it was entered before the model's answer was seen.
        by: initials.

    Raises:
        RecordsError: the image belongs to a patient other than the open one.
    """
    status = read_image_status(history, sha256)
    if status.image_id is None:
        return None
    owner = history.people.owner(status.image_id)
    if owner is not None and patient_id is not None and owner != patient_id:
        raise RecordsError(
            tr("This image is of {patient}, who is not the open patient. Open {patient}, then save your assessment."),
            patient=history.people.patient(owner).pseudonym,
        )
    of_lesion = status.is_of_lesion
    return history.assessments.assess(
        lesion_id=status.lesion_id if of_lesion else None,
        visit_id=status.visit_id if of_lesion else None,
        image_id=None if of_lesion else status.image_id,
        before_model=before_model and status.is_unseen,
        diagnosis=draft.diagnosis,
        label=draft.label,
        confidence=draft.confidence,
        plan=draft.plan,
        plan_date=draft.plan_date,
        note=draft.note,
        change=draft.change if of_lesion else "",
        by=by,
    )
