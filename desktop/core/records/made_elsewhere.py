"""Assessments that an import brought and whose file did not say whether they came before or after a model's answer.

The table has only yes and no for that, and such a row has no; the act of the import in the audit log names its id. Acts of
versions that did not name any have no such part. Of what they brought, the rows of files without times are known by their time.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from desktop.core.records.audit_acts import MADE_ELSEWHERE, Action

_IDS = f"""
    SELECT made.value FROM (
        SELECT iif(json_valid(detail), '[' || replace(detail ->> '$."{MADE_ELSEWHERE}"', ' ', ',') || ']', NULL) AS ids
        FROM audit WHERE action = '{Action.HISTORY_IMPORTED}'
    ) AS act, json_each(iif(json_valid(act.ids), act.ids, '[]')) AS made"""
_NAMELESS = f"""
    SELECT 1 FROM audit WHERE action = '{Action.HISTORY_IMPORTED}'
        AND iif(json_valid(detail), json_type(detail, '$."{MADE_ELSEWHERE}"') IS NULL, 0)"""

NOON = "T12:00:00.000000+00:00"
"""The time of what a table without times says of a day: the same at each import, so that nothing is added twice. No clock
gives it, to the microsecond, for what is entered here."""


def is_made_elsewhere(row: str) -> str:
    """Return the expression that tells whether a row of `assessment`, by its name in a query, was made elsewhere."""
    is_at_noon = f"{row}.before_model = 0 AND substr({row}.time, 11) = '{NOON}'"
    return f"({row}.id IN ({_IDS}) OR ({is_at_noon} AND EXISTS ({_NAMELESS})))"


ASSESSMENTS = f"(SELECT *, {is_made_elsewhere('assessment')} AS made_elsewhere FROM assessment)"
"""The table `assessment` with a column that tells so, which `read_assessment` wants."""
