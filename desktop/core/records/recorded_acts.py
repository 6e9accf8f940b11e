"""The acts of the audit log that are recorded in tables of their own: each as a query with the columns of `audit`.

An erasure deletes the rows of most of these tables; the statements of `moving` first copy what they say into the log, by
numbers alone.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from desktop.core.records.audit_acts import Action
from desktop.core.records.made_elsewhere import is_made_elsewhere
from desktop.core.records.newest import (
    CORRECTED,
    IS_CARRIED,
    IS_LAST_COPY,
    IS_VIEW,
    is_last_copy,
    is_last_outcome,
    is_same_outcome,
    is_view,
)

EARLIER_ASSESSMENT = f"""
    earlier.id < {{act}}.id
    AND (earlier.image = {{act}}.image OR (earlier.lesion = {{act}}.lesion AND earlier.visit = {{act}}.visit))
    AND {is_last_copy("earlier")} AND {is_view("earlier")} AND {is_view("{act}")}"""
"""The condition that the assessment `earlier` is one that `act` corrects; one that an import made write again is none, and a
plan alone neither corrects one nor is corrected."""

EARLIER_OUTCOME = f"""
    earlier.id < {{act}}.id AND earlier.kind = {{act}}.kind
    AND (earlier.image = {{act}}.image OR earlier.lesion = {{act}}.lesion)
    AND CASE {{act}}.kind WHEN 'histopathology' THEN EXISTS (
        SELECT 1 FROM binning WHERE subject = 'outcome' AND subject_id = earlier.id AND reason = '{CORRECTED}'
            AND time = {{act}}.time AND initials = {{act}}.initials)
    ELSE NOT coalesce((SELECT binned FROM binning WHERE subject = 'outcome' AND subject_id = earlier.id
        AND time <= {{act}}.time ORDER BY id DESC LIMIT 1), 0) END
    AND {is_last_outcome("earlier")}"""
"""The condition that the outcome `earlier` counted when `act` was entered, and is corrected by it."""

_LESIONS_PATIENT = "(SELECT patient FROM lesion_detail WHERE lesion = {table}.lesion ORDER BY id DESC LIMIT 1)"

_DISCLOSURES = f"""
    SELECT time, id, initials,
        CASE reason WHEN 'without own view' THEN '{Action.SEEN_FIRST}' ELSE '{Action.SHOWN_ANYWAY}' END AS action,
        NULL AS patient, (SELECT image FROM prediction WHERE id = disclosure.prediction) AS image, '{{}}' AS detail
    FROM disclosure WHERE NOT {IS_CARRIED}"""

_ASSESSMENTS = f"""
    SELECT time, id, initials, iif({IS_VIEW}, '{Action.ASSESSED}', '{Action.PLANNED}') AS action,
        {_LESIONS_PATIENT.format(table="assessment")} AS patient, image,
        json_object('assessment', id, 'lesion', lesion, 'before model',
            iif({is_made_elsewhere("assessment")}, NULL, before_model), 'corrects', EXISTS (
            SELECT 1 FROM assessment AS earlier WHERE {EARLIER_ASSESSMENT.format(act="assessment")})) AS detail
    FROM assessment WHERE {IS_LAST_COPY}"""

_OUTCOMES = f"""
    SELECT time, id, initials,
        CASE WHEN EXISTS (
            SELECT 1 FROM outcome AS earlier WHERE {EARLIER_OUTCOME.format(act="outcome")}
        ) THEN '{Action.OUTCOME_CORRECTED}' ELSE '{Action.OUTCOME_ENTERED}' END AS action,
        {_LESIONS_PATIENT.format(table="outcome")} AS patient, image,
        json_object('outcome', id, 'lesion', lesion, 'kind', kind) AS detail
    FROM outcome WHERE {is_last_outcome()}"""

# What an import writes again is withdrawn where it stood, without a reason, and its withdrawals are written again too.
_WITHDRAWALS = f"""
    SELECT binning.time, binning.id, binning.initials,
        CASE binned WHEN 1 THEN '{Action.OUTCOME_WITHDRAWN}' ELSE '{Action.OUTCOME_PUT_BACK}' END AS action,
        {_LESIONS_PATIENT.format(table="outcome")} AS patient, image,
        json_object('outcome', outcome.id, 'lesion', lesion, 'kind', kind, 'reason', reason) AS detail
    FROM binning JOIN outcome ON binning.subject = 'outcome' AND outcome.id = binning.subject_id
    WHERE (reason IS NOT '{CORRECTED}' OR NOT EXISTS (
        SELECT 1 FROM outcome AS correction WHERE correction.id > outcome.id AND correction.time = binning.time
            AND correction.initials = binning.initials
            AND (correction.lesion = outcome.lesion OR correction.image = outcome.image)))
        AND NOT (reason IS NULL AND NOT ({is_last_outcome()}) AND binning.id = (
            SELECT max(id) FROM binning AS last WHERE last.subject = 'outcome' AND last.subject_id = outcome.id))
        AND NOT EXISTS (
            SELECT 1 FROM outcome AS copy JOIN binning AS act ON act.subject = 'outcome' AND act.subject_id = copy.id
            WHERE {is_same_outcome("copy", "outcome")} AND act.id > binning.id
                AND act.binned = binning.binned AND act.reason IS binning.reason AND act.time = binning.time
                AND act.initials = binning.initials)"""

_INFLUENCES = f"""
    SELECT influence_detail.time, influence_detail.id, influence_detail.initials,
        CASE WHEN withdrawn THEN '{Action.INFLUENCE_WITHDRAWN}'
            WHEN influence_detail.id = (SELECT min(id) FROM influence_detail WHERE influence = influence.id)
            THEN '{Action.INFLUENCE_ENTERED}' ELSE '{Action.INFLUENCE_CORRECTED}' END AS action,
        coalesce(patient, {_LESIONS_PATIENT.format(table="influence")}) AS patient, NULL AS image,
        json_object('influence', influence_detail.id, 'lesion', lesion) AS detail
    FROM influence_detail JOIN influence ON influence.id = influence_detail.influence"""

_TRAINING_USE = f"""
    SELECT time, id, initials, '{Action.TRAINING_USE_SET}' AS action, patient, NULL AS image,
        json_object('allowed', allowed, 'before', (
            SELECT allowed FROM training_use AS earlier WHERE earlier.patient = training_use.patient
                AND earlier.id < training_use.id ORDER BY id DESC LIMIT 1)) AS detail
    FROM training_use"""

_LIMITS = f"""
    SELECT time, id, initials, '{Action.LIMIT_CHANGED}' AS action, NULL AS patient, NULL AS image,
        json_object('alert', alert, 'old', old, 'new', new, 'reason', reason) AS detail
    FROM working_point"""

_DECISIONS = f"""
    SELECT model_decision.time, model_decision.id, model_decision.initials, '{Action.MODEL_DECIDED}' AS action,
        NULL AS patient, NULL AS image,
        json_object('decision', decision, 'model', tried.name, 'present', used.name, 'reason', reason,
            'melanomas', counts ->> 'n', 'old', counts ->> 'old', 'new', counts ->> 'new', 'verdict', verdict) AS detail
    FROM (SELECT *, iif(json_valid(figures), figures -> '$.kinds.melanoma', NULL) AS counts,
            iif(json_valid(figures), figures ->> '$.improvement.verdict', NULL) AS verdict FROM model_decision)
        AS model_decision JOIN model AS tried ON tried.sha256 = model_decision.model
    JOIN model AS used ON used.sha256 = model_decision.present"""

_ERASURES = f"""
    SELECT time, id, initials, '{Action.PATIENT_ERASED}' AS action,
        (SELECT subject_id FROM erased WHERE erasure = erasure.id AND subject = 'patient') AS patient, NULL AS image,
        json_object('images', images) AS detail
    FROM erasure WHERE subject = 'patient'"""

SOURCES = (
    *(_DISCLOSURES, _ASSESSMENTS, _OUTCOMES, _WITHDRAWALS, _INFLUENCES),
    *(_TRAINING_USE, _LIMITS, _DECISIONS, _ERASURES),
)


def moving(disclosures: str) -> tuple[str, ...]:
    """Return the statements that copy into the log what is recorded of a patient who is about to be erased.

    `disclosures` is the condition for the patient's rows of `disclosure`; those of the other tables are `own_assessment`,
    `own_outcome` and `own_influence`.
    """
    own = (
        f"{_DISCLOSURES} AND ({disclosures})",
        f"{_ASSESSMENTS} AND id IN own_assessment",
        f"{_OUTCOMES} AND id IN own_outcome",
        f"SELECT * FROM ({_WITHDRAWALS}) WHERE json_extract(detail, '$.outcome') IN own_outcome",
        f"{_INFLUENCES} WHERE influence.id IN own_influence",
        f"{_TRAINING_USE} WHERE patient = :patient",
    )
    return tuple(
        "INSERT INTO audit (action, patient, image, detail, initials, time)"
        f" SELECT action, nullif(:patient, -1), image, detail, initials, time FROM ({query})"
        for query in own
    )
