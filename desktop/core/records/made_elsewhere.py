"""Assessments that an import brought and whose file did not say whether they came before or after a model's answer.

The table has only yes and no for that, and such a row has no; the act of the import in the audit log names its id. Acts of
versions that did not name any have no such part. Of what they brought, the rows of files without times are known by their time.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

IMPORT = "history imported"
"""The act of an import in the audit log (`Action.HISTORY_IMPORTED`)."""

MADE_ELSEWHERE = "assessments made elsewhere"
"""The name in its detail of the ids of these assessments, with spaces between them."""

_NAMED = f"""(
    SELECT made.value AS id, date(act.time, 'localtime') AS imported FROM (
        SELECT time, iif(json_valid(detail), '[' || replace(detail ->> '$."{MADE_ELSEWHERE}"', ' ', ',') || ']', NULL) AS ids
        FROM audit WHERE action = '{IMPORT}'
    ) AS act, json_each(iif(json_valid(act.ids), act.ids, '[]')) AS made)"""
_IDS = f"SELECT id FROM {_NAMED}"
_NAMELESS = f"""
    SELECT 1 FROM audit WHERE action = '{IMPORT}'
        AND iif(json_valid(detail), json_type(detail, '$."{MADE_ELSEWHERE}"') IS NULL, 0)"""

NOON = "T12:00:00.000000+00:00"
"""The time of what a table without times says of a day: the same at each import, so that nothing is added twice. No clock
gives it, to the microsecond, for what is entered here."""


def is_made_elsewhere(row: str) -> str:
    """Return the expression that tells whether a row of `assessment`, by its name in a query, was made elsewhere."""
    is_at_noon = f"{row}.before_model = 0 AND substr({row}.time, 11) = '{NOON}'"
    return f"({row}.id IN ({_IDS}) OR ({is_at_noon} AND EXISTS ({_NAMELESS})))"


_OF_ITS_DAY = f"""
    SELECT said.id FROM {_NAMED} AS named JOIN assessment AS said ON said.id = named.id
    JOIN visit_detail AS seen ON seen.id = (SELECT max(id) FROM visit_detail WHERE visit = said.visit)
    WHERE seen.date >= named.imported"""
"""The ids of assessments that an import brought on the day of their visit. SQLite finds them once in a query."""


def reveals(row: str) -> str:
    """Return the expression that tells whether a row of `assessment`, by its name in a query, ends blind-first's concealment.

    One that was made elsewhere and came on the day of its visit does not: nobody here has assessed the lesion yet. One that
    came later does, as nobody here is to assess that visit any more.
    """
    return f"{row}.id NOT IN ({_OF_ITS_DAY})"


ASSESSMENTS = f"(SELECT *, {is_made_elsewhere('assessment')} AS made_elsewhere FROM assessment)"
"""The table `assessment` with a column that tells so, which `read_assessment` wants."""
