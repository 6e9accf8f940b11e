"""Assessments that an import brought and whose file did not say whether they came before or after a model's answer.

The table has only yes and no for that, and such a row has no; the act of the import in the audit log names its id.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from desktop.core.records.audit_acts import MADE_ELSEWHERE, Action

_IDS = f"""
    SELECT made.value FROM (
        SELECT iif(json_valid(detail), '[' || replace(detail ->> '$."{MADE_ELSEWHERE}"', ' ', ',') || ']', NULL) AS ids
        FROM audit WHERE action = '{Action.HISTORY_IMPORTED}'
    ) AS act, json_each(iif(json_valid(act.ids), act.ids, '[]')) AS made"""


def is_made_elsewhere(row: str) -> str:
    """Return the expression that tells whether a row of `assessment`, by its name in a query, was made elsewhere."""
    return f"{row}.id IN ({_IDS})"


ASSESSMENTS = f"(SELECT *, {is_made_elsewhere('assessment')} AS made_elsewhere FROM assessment)"
"""The table `assessment` with a column that tells so, which `read_assessment` wants."""
