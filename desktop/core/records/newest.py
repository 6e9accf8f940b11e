"""SQL expressions for the current state of rows whose corrections are rows of their own: the newest row counts."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from desktop.core.records.made_elsewhere import reveals

JOIN_DETAIL = """
    LEFT JOIN image_detail AS place ON place.id = (SELECT max(id) FROM image_detail WHERE image = image.id)"""
"""Joins each image's place, as `place`; its columns are null if the image was never placed."""

PLACED = f"image {JOIN_DETAIL}"


def is_view(assessment: str = "assessment") -> str:
    """Return the expression that tells whether an assessment, by its name in a query, says what somebody takes a lesion for.

    One without a diagnosis is a plan alone (`Assessment.is_plan`): it says what will be done, and whoever asks for the newest
    view passes over it.
    """
    return f"{assessment}.diagnosis <> ''"


IS_VIEW = is_view()

UNSEEN = f"""
    CASE WHEN place.lesion IS NULL OR place.visit IS NULL THEN
        NOT EXISTS (SELECT 1 FROM assessment WHERE image = image.id AND {IS_VIEW})
        AND NOT EXISTS (SELECT 1 FROM disclosure WHERE reason = 'without own view'
                        AND prediction IN (SELECT id FROM prediction WHERE image = image.id))
        AND NOT EXISTS (SELECT 1 FROM image AS listed JOIN batch_shown USING (sha256) WHERE listed.id = image.id)
    ELSE
        NOT EXISTS (SELECT 1 FROM assessment WHERE lesion = place.lesion AND visit = place.visit AND {IS_VIEW}
                        AND {reveals("assessment")})
        AND NOT EXISTS (SELECT 1 FROM disclosure WHERE reason = 'without own view'
                        AND lesion = place.lesion AND visit = place.visit)
    END"""
"""True while a row of `PLACED` is concealed by blind-first: its lesion and visit (the image itself where it has not both)
have neither an assessment with a diagnosis that `reveals` nor a disclosure without one, and no answer to the image alone stood
in a row of a batch."""

IS_CARRIED = """
    EXISTS (SELECT 1 FROM prediction AS answer JOIN image_detail AS moved ON moved.image = answer.image
        WHERE answer.id = disclosure.prediction AND moved.time = disclosure.time AND moved.initials = disclosure.initials
            AND moved.lesion IS disclosure.lesion AND moved.visit IS disclosure.visit
            AND (EXISTS (SELECT 1 FROM image_detail AS earlier WHERE earlier.image = moved.image AND earlier.id < moved.id)
                OR EXISTS (SELECT 1 FROM assessment WHERE assessment.image = moved.image)
                OR EXISTS (SELECT 1 FROM disclosure AS earlier WHERE earlier.id < disclosure.id
                    AND earlier.prediction IN (SELECT id FROM prediction WHERE image = moved.image))))"""
"""Whether a row of `disclosure` was written as an image was moved whose answer had been seen where it was (`placing`): nobody
saw the answer then. Both rows are written in one act, and have its time and initials. A clock may give two acts one time: of an
image that was placed for the first time, something must also say that its answer had been seen."""

IN_BIN = """
    SELECT subject_id FROM (SELECT subject_id, binned, max(id) FROM binning WHERE subject = 'prediction' GROUP BY subject_id)
    WHERE binned"""
"""The ids of the entries in the bin; worked out once, where `is_binned` looks at each entry."""


WITH_SUBJECT = """
    SELECT {table}.*, coalesce({table}.lesion, place.lesion) AS of_lesion,
           CASE WHEN coalesce({table}.lesion, place.lesion) IS NULL THEN {table}.image END AS of_image
    FROM {table} LEFT JOIN image_detail AS place
        ON place.id = (SELECT max(id) FROM image_detail WHERE image = {table}.image)"""
"""The rows of `assessment` or `outcome`, each with its subject: `of_lesion`, else `of_image`. What was said of an image counts
for the lesion to which the image belongs now."""

OF_SUBJECT = """
    SELECT id FROM {table} WHERE lesion = {subject}.of_lesion
    UNION ALL SELECT id FROM {table} WHERE image = {subject}.of_image
    UNION ALL SELECT {table}.id FROM image_detail AS place JOIN {table} ON {table}.image = place.image
    WHERE place.lesion = {subject}.of_lesion AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)"""
"""The ids of the rows of a table that have the subject of a row of `WITH_SUBJECT`; each part finds its rows by an index."""

OF_PLACE = """
    (image = image.id OR (lesion = place.lesion AND visit = place.visit) OR image IN (
        SELECT beside.image FROM image_detail AS beside WHERE beside.lesion = place.lesion AND beside.visit = place.visit
            AND beside.id = (SELECT max(id) FROM image_detail WHERE image = beside.image)))"""
"""The condition that an assessment is about the image of a row of `PLACED`, or about its lesion at its visit: what was said of
an image counts for its lesion at its visit, and so for all images of these."""

_OF_IMAGES = """
    SELECT id FROM {table} WHERE image IN (SELECT value FROM json_each(:images))
    UNION ALL SELECT {table}.id FROM image_detail AS place JOIN {table} ON {table}.image = place.image
    WHERE place.lesion IN (SELECT value FROM json_each(:lesions))
        AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)"""
OF_ANY = f"SELECT id FROM {{table}} WHERE lesion IN (SELECT value FROM json_each(:lesions)) UNION ALL {_OF_IMAGES}"
"""The same for the lesions and the images of two lists, `:lesions` and `:images`."""

ANSWERS_OF_ANY = _OF_IMAGES.format(table="prediction")
"""The ids of the predictions of these images, and of those that these lesions have now."""

LISTED_OF_ANY = _OF_IMAGES.format(table="look_again")
"""Likewise those of the rows of the list of what is to be looked at again."""

LEADING_OUTCOME = """
    kind = 'histopathology' DESC, CASE kind WHEN 'histopathology' THEN severity(diagnosis, label) END DESC,
    CASE kind WHEN 'histopathology' THEN breslow_mm END DESC, id DESC"""
"""The order in which the outcome that counts comes first: the worst histopathology, by its diagnosis and then by its Breslow
thickness (none counts least), the newest of equals, else the newest follow-up. Each histopathology that is not in the bin is of
a specimen of its own: with a correction the finding before it is withdrawn. `severity` is that of `desktop.core.diagnoses`. In
Python `people.leading` says the same."""


CORRECTED = "wrong finding"
"""Why an outcome is withdrawn that a correction replaces. Both rows are written in one act, and have its time and initials."""

IS_CORRECTED_BY = f"""
    act.subject = 'outcome' AND act.subject_id = {{older}}.id AND act.reason = '{CORRECTED}'
    AND act.time = {{newer}}.time AND act.initials = {{newer}}.initials
    AND act.id = (SELECT max(id) FROM binning WHERE subject = 'outcome' AND subject_id = {{older}}.id)"""
"""The condition that a row `act` of `binning` withdrew the older of two outcomes as the newer one corrected it."""


LAST_VISIT = """(SELECT max(detail.date) FROM visit_detail AS detail WHERE detail.patient = {patient}
    AND detail.id = (SELECT max(id) FROM visit_detail WHERE visit = detail.visit))"""
"""The expression of the day of a patient's last visit."""


def visit_day(visit: str) -> str:
    """Return the expression of the day of a visit, by the name of a column with its id and that of its table."""
    return f"(SELECT date FROM visit_detail WHERE visit = {visit} ORDER BY id DESC LIMIT 1)"


def visit_of(assessment: str = "assessment") -> str:
    """Return the expression of the visit for which an assessment counts, by its name in a query: of an image's, the image's."""
    return f"""coalesce({assessment}.visit,
        (SELECT visit FROM image_detail WHERE image = {assessment}.image ORDER BY id DESC LIMIT 1))"""


def is_binned(subject: str) -> str:
    """Return the expression that tells whether a row of a table is in the bin."""
    return (
        f"coalesce((SELECT binned FROM binning WHERE subject = '{subject}' AND subject_id = {subject}.id"
        " ORDER BY id DESC LIMIT 1), 0)"
    )


def patient_of(place: str, upto: str = "") -> str:
    """Return the expression of the patient of a row that has `lesion` and `visit`: the lesion's, else the visit's.

    `upto` is an expression of the time at which it is wanted; empty for now.
    """
    then = f"AND time <= {upto}" if upto else ""
    return (
        f"coalesce((SELECT patient FROM lesion_detail WHERE lesion = {place}.lesion {then} ORDER BY id DESC LIMIT 1),"
        f" (SELECT patient FROM visit_detail WHERE visit = {place}.visit {then} ORDER BY id DESC LIMIT 1))"
    )


def is_last_copy(assessment: str = "assessment") -> str:
    """Return the expression that tells whether an assessment, by its name in a query, was not written again later.

    That is done behind others that an import brought (`statements`). The plus keeps SQLite from the index of diagnoses,
    of which there are few: a copy is looked for among the rows of its lesion or image.
    """
    return f"""
        NOT EXISTS (SELECT 1 FROM assessment AS again
            WHERE (again.lesion = {assessment}.lesion OR again.image = {assessment}.image) AND again.id > {assessment}.id
                AND again.time = {assessment}.time AND again.initials = {assessment}.initials
                AND +again.diagnosis = {assessment}.diagnosis AND again.visit IS {assessment}.visit)"""


def is_same_outcome(one: str, other: str) -> str:
    """Return the expression that tells whether two rows of `outcome` are one, the later of which was so written again."""
    return f"""
        {one}.kind = {other}.kind AND {one}.time = {other}.time AND {one}.initials = {other}.initials
        AND {one}.diagnosis = {other}.diagnosis AND ({one}.lesion = {other}.lesion OR {one}.image = {other}.image)"""


def is_last_outcome(outcome: str = "outcome") -> str:
    """Return the expression that tells whether an outcome, by its name in a query, was not written again later."""
    return f"""
        NOT EXISTS (SELECT 1 FROM outcome AS again
            WHERE again.id > {outcome}.id AND {is_same_outcome("again", outcome)})"""


IS_LAST_COPY = is_last_copy()
"""Whether a row of `assessment` was not written again."""
