"""The query for histopathologies of which the patient was not told, or which do not fit what was said before."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from desktop.core.diagnoses import LEAST_MALIGNANT
from desktop.core.records.care_steps import Step, day_done, is_done
from desktop.core.records.made_elsewhere import is_made_elsewhere
from desktop.core.records.newest import (
    IN_BIN,
    IS_CORRECTED_BY,
    IS_VIEW,
    JOIN_DETAIL,
    LEADING_OUTCOME,
    OF_SUBJECT,
    UNSEEN,
    is_binned,
    visit_of,
)
from desktop.core.records.shown_alerts import IS_RAISED, RAISED

# The histopathology of each specimen: the patient is told of each. One that was the worst of its lesion when it was entered has
# also to fit the last assessment before it, the one of that visit that was made before the model's answer, and the alerts that
# were shown before it; what is found later does not settle that. One that is as bad as an earlier one is no second misfit,
# unless the lesion was assessed between the two, or answered where they are not malignant.
HISTOPATHOLOGY = f"""
    SELECT outcome.*, coalesce(outcome.lesion, place.lesion) AS of_lesion, image.name AS image_name,
           CASE WHEN coalesce(outcome.lesion, place.lesion) IS NULL THEN image.id END AS of_image
    FROM outcome LEFT JOIN image ON image.id = outcome.image {JOIN_DETAIL}
    WHERE outcome.kind = 'histopathology' AND {is_binned("outcome")} = 0"""
_SPECIMENS = f"""
    SELECT *, severity(diagnosis, label) AS severity,
           first_value(id) OVER (PARTITION BY of_lesion, of_image ORDER BY {LEADING_OUTCOME}) AS leading
    FROM ({HISTOPATHOLOGY})"""
_IMAGES_OF = """
    SELECT place.image FROM image_detail AS place WHERE place.lesion = result.of_lesion
        AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
    UNION ALL SELECT result.of_image"""
_RESULTS = f"""
    SELECT result.*, result.id AS subject,
           {is_done(Step.TOLD, "result.id")} OR {is_done(Step.TELLING_CLOSED, "result.id")} AS is_told,
           {is_done(Step.FITS, "result.id")} AS is_looked_at,
           (SELECT max(id) FROM assessment
            WHERE (lesion = result.of_lesion OR image IN ({_IMAGES_OF})) AND {IS_VIEW} AND time < result.time) AS last,
           CASE WHEN severity < {LEAST_MALIGNANT} THEN  -- no alert has to fit a malignant finding
               (SELECT max(id) FROM prediction WHERE image IN ({_IMAGES_OF}) AND time < result.time) END AS answer
    FROM ({_SPECIMENS}) AS result"""
_EARLIER = "ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
_COMPARED = f"""
    SELECT *, is_looked_at
               OR coalesce(max(severity) OVER (PARTITION BY of_lesion, of_image {_EARLIER}) > severity, 0)
               OR coalesce(max(severity) OVER (PARTITION BY of_lesion, of_image, last, answer {_EARLIER}) = severity, 0)
               AS fits
    FROM ({_RESULTS})"""
UNSETTLED = f"""
    SELECT result.*, last.diagnosis AS last_diagnosis, last.label AS last_label,
           {is_made_elsewhere("last")} AS is_last_elsewhere,
           blind.diagnosis AS blind_diagnosis, blind.label AS blind_label
    FROM ({_COMPARED}) AS result LEFT JOIN assessment AS last ON last.id = result.last
    LEFT JOIN assessment AS blind ON blind.id = (
        SELECT max(id) FROM assessment
        WHERE (lesion = result.of_lesion OR image IN ({_IMAGES_OF})) AND {visit_of()} IS {visit_of("last")} AND id < last.id
            AND before_model AND {IS_VIEW})
    WHERE NOT is_told OR NOT fits"""
TOLD_BEFORE = f"""
    WITH RECURSIVE chain(subject, id, time, initials, of_lesion, of_image) AS (
        SELECT id, id, time, initials, of_lesion, of_image FROM ({HISTOPATHOLOGY})
        WHERE id IN (SELECT value FROM json_each(?))
        UNION SELECT chain.subject, older.id, older.time, older.initials, of_lesion, of_image FROM chain
        JOIN outcome AS older ON older.id < chain.id AND older.id IN ({OF_SUBJECT.format(table="outcome", subject="chain")})
        JOIN binning AS act ON {IS_CORRECTED_BY.format(older="older", newer="chain")})
    SELECT subject, max({day_done(Step.TOLD, "chain.id")}) AS day FROM chain WHERE id <> subject GROUP BY subject"""
"""The query for the newest day on which the patient was told of a finding that one of these histopathologies corrects."""
ALERTS_BEFORE = f"""
    SELECT result.id AS subject, {RAISED} FROM ({HISTOPATHOLOGY}) AS result
    JOIN prediction ON prediction.image IN ({_IMAGES_OF}) AND prediction.time < result.time
    JOIN image ON image.id = prediction.image {JOIN_DETAIL}
    WHERE result.id IN (SELECT value FROM json_each(?)) AND {IS_RAISED} AND prediction.id NOT IN ({IN_BIN})
        AND NOT ({UNSEEN})
    GROUP BY result.id"""
