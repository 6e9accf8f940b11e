"""The query for alerts that were shown, and for which no plan was entered, before that or after it."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3

import msgspec

from desktop.core.records.adjustment_rows import RAISED_BY_CONTEXT
from desktop.core.records.care_steps import Step, is_done
from desktop.core.records.newest import IN_BIN, JOIN_DETAIL, UNSEEN, is_binned, visit_day

IS_RAISED = (
    f"(prediction.flags <> '[]' OR prediction.id IN ({RAISED_BY_CONTEXT.format(condition='raised <> ' + repr('[]'))}))"
)
RAISED = """
    json_group_array(DISTINCT prediction.flags) AS alerts, json_group_array(DISTINCT (
        SELECT raised FROM adjustment WHERE prediction = prediction.id ORDER BY id DESC LIMIT 1)) AS by_context"""

_ANSWERED_ON = "date(prediction.time, 'localtime')"

_PLANS = f"""
    plan <> '' AND ({{visit}} IS place.visit OR assessment.time > prediction.time
                    OR ({visit_day("{visit}")} = {_ANSWERED_ON} AND {visit_day("place.visit")} < {_ANSWERED_ON}))"""

# An alert that blind-first conceals was not shown, and must not be told here. Answers to images of nobody are left out: whole
# folders are sent to the history. A plan that was made at the visit counts, also one from before the alert was seen; so does
# one of the visit at which the model was asked about an image of before, and what was planned for another image of the lesion.
_ALERTS = f"""
    SELECT max(prediction.id) AS subject, min(prediction.time) AS time, place.lesion AS of_lesion, image.name AS image_name,
           CASE WHEN place.lesion IS NULL THEN image.id END AS of_image, {RAISED}
    FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}
    WHERE {IS_RAISED} AND prediction.id NOT IN ({IN_BIN}) AND (place.lesion IS NOT NULL OR place.visit IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM assessment WHERE lesion = place.lesion AND {_PLANS.format(visit="assessment.visit")})
        AND NOT EXISTS (SELECT 1 FROM image_detail AS beside JOIN assessment ON assessment.image = beside.image
                        WHERE beside.lesion = place.lesion AND {_PLANS.format(visit="beside.visit")}
                            AND beside.id = (SELECT max(id) FROM image_detail WHERE image = beside.image))
        AND NOT EXISTS (SELECT 1 FROM assessment WHERE image = prediction.image AND plan <> '')
        AND NOT EXISTS (SELECT 1 FROM outcome WHERE lesion = place.lesion AND time > prediction.time
                        AND {is_binned("outcome")} = 0)
        AND NOT EXISTS (SELECT 1 FROM outcome WHERE image = prediction.image AND {is_binned("outcome")} = 0)
        AND NOT ({UNSEEN})
    GROUP BY of_lesion, place.visit, of_image"""
OPEN_ALERTS = f"SELECT * FROM ({_ALERTS}) AS alert WHERE {is_done(Step.ALERT_CLOSED, 'alert.subject')} = 0"


def alert_ids(row: sqlite3.Row) -> tuple[str, ...]:
    """Return the alerts of a row, each once; one that cannot be read is left out."""
    texts = [
        text for column in ("alerts", "by_context") for text in msgspec.json.decode(row[column], type=list[str | None])
    ]
    found: dict[str, None] = {}
    for text in filter(None, texts):
        try:
            found |= dict.fromkeys(msgspec.json.decode(text, type=list[str]))
        except msgspec.MsgspecError:  # a damaged row
            continue
    return tuple(found)
