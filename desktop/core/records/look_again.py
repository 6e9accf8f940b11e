"""The list of lesions on which only another model alerts, and which nobody has looked at again since."""

# ruff: noqa: S608 - statements are put together from constants of ours

from desktop.core.records.care_steps import Step, is_done
from desktop.core.records.made_elsewhere import is_made_elsewhere, reveals
from desktop.core.records.newest import IS_VIEW, JOIN_DETAIL, LAST_VISIT, OF_SUBJECT, UNSEEN, is_binned, patient_of

# Of several models the newest counts. Blind-first must not be told what any model says of a lesion.
_LISTED = f"""
    SELECT look_again.id AS subject, look_again.time, model.name AS model_name, place.lesion AS of_lesion, place.visit,
           image.name AS image_name, CASE WHEN place.lesion IS NULL THEN image.id END AS of_image, image.id AS image,
           json_array(look_again.alerts) AS alerts, '[]' AS by_context,
           {LAST_VISIT.format(patient=patient_of("place"))} AS last_visit,
           row_number() OVER (PARTITION BY place.lesion, CASE WHEN place.lesion IS NULL THEN image.id END
                              ORDER BY look_again.id DESC) AS place_of
    FROM look_again JOIN image ON image.id = look_again.image {JOIN_DETAIL} JOIN model ON model.sha256 = look_again.model
    WHERE NOT ({UNSEEN})"""
# Until this time blind-first conceals the lesion: whoever assessed it then could not know that it was to be looked at again.
_FIRST_ASSESSED = f"""(SELECT min(time) FROM assessment WHERE (image = listed.image
    OR (lesion = listed.of_lesion AND visit = listed.visit)) AND {IS_VIEW} AND {reveals("assessment")})"""
_ASSESSMENTS, _OUTCOMES = (OF_SUBJECT.format(table=table, subject="listed") for table in ("assessment", "outcome"))
TO_LOOK_AT = f"""
    SELECT * FROM ({_LISTED}) AS listed
    WHERE place_of = 1 AND {is_done(Step.LOOKED_AGAIN, "listed.subject")} = 0
        AND NOT EXISTS (SELECT 1 FROM outcome WHERE id IN ({_OUTCOMES}) AND kind = 'histopathology'
                        AND {is_binned("outcome")} = 0)
        AND NOT EXISTS (SELECT 1 FROM assessment WHERE id IN ({_ASSESSMENTS}) AND {IS_VIEW} AND time > listed.time
                        AND time > coalesce({_FIRST_ASSESSED}, '') AND NOT {is_made_elsewhere("assessment")})"""
"""The query of the list. A lesion leaves it with a histology, a later assessment that was made here, or the step."""
