"""The query for dermatoscope images of a visit that nobody has assessed, one row for a lesion and visit."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt

from desktop.core.records.care_steps import Step, is_done
from desktop.core.records.made_elsewhere import reveals
from desktop.core.records.newest import IN_BIN, IS_VIEW, OF_PLACE, is_binned

_FOR_PATIENTS = """
    SELECT sha256 FROM model WHERE iif(json_valid(contract), coalesce(contract ->> 'intended_use', ''), 'demonstration')
        <> 'demonstration'"""

# A step names the first entry of an image, whatever model answers it later, so that it goes with the image. A lesion whose
# histology came on that day or later needs no assessment any more.
UNASSESSED = f"""
    SELECT of_lesion, of_image, day, max(image) AS image, image_name, json_group_array(first) AS subjects,
           min(time) AS time FROM (
        SELECT place.lesion AS of_lesion, CASE WHEN place.lesion IS NULL THEN place.image END AS of_image, place.visit,
               seen.date AS day, place.image, image.name AS image_name,
               (SELECT min(id) FROM prediction WHERE image = place.image) AS first,
               (SELECT min(time) FROM prediction WHERE image = place.image) AS time
        FROM visit_detail AS seen JOIN image_detail AS place ON place.visit = seen.visit
        JOIN image ON image.id = place.image
        WHERE seen.date >= ? AND seen.id = (SELECT max(id) FROM visit_detail WHERE visit = seen.visit)
            AND place.kind = 'dermoscopy' AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
            AND NOT EXISTS (SELECT 1 FROM assessment WHERE {OF_PLACE} AND {IS_VIEW}
                            AND (image IS NOT NULL OR {reveals("assessment")}))
            AND NOT EXISTS (SELECT 1 FROM outcome WHERE (lesion = place.lesion OR image = place.image)
                            AND kind = 'histopathology' AND date >= seen.date AND {is_binned("outcome")} = 0)
            AND EXISTS (SELECT 1 FROM prediction WHERE image = place.image AND id NOT IN ({IN_BIN})
                        AND model IN ({_FOR_PATIENTS}))
        ORDER BY place.image)
    WHERE {is_done(Step.ASSESSMENT_CLOSED, "first")} = 0
    GROUP BY of_lesion, of_image, visit"""
"""Its parameter is the first day of a visit that counts."""


def first_day(today: dt.date) -> dt.date:
    """Return the first day of the visits that count, a year before: of an old or imported history the list would be full."""
    return today - dt.timedelta(days=365)
