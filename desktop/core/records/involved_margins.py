"""The query for findings with involved margins after which no re-excision was planned."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from desktop.core.diagnoses import NO_RESIDUAL_TUMOUR
from desktop.core.records.care_steps import Step, day_done, is_done
from desktop.core.records.newest import OF_SUBJECT, is_binned, visit_of
from desktop.core.records.people import EXCISION
from desktop.core.records.specimens import first_entered
from desktop.core.records.unsettled_results import HISTOPATHOLOGY

_OF_ASSESSMENT = OF_SUBJECT.format(table="assessment", subject="result")
_OF_OUTCOME = OF_SUBJECT.format(table="outcome", subject="result")

# Row ids are compared, as in `result_days`: the clock may have been wrong. Another plan at the same visit replaces one.
_IS_SETTLED = f"""
    EXISTS (SELECT 1 FROM assessment AS plan WHERE plan.id IN ({_OF_ASSESSMENT}) AND plan.plan = '{EXCISION}'
            AND CASE WHEN plan.outcomes_before IS NULL THEN plan.time > result.time
                ELSE plan.outcomes_before >= {first_entered("result", "result")} END
            AND NOT EXISTS (SELECT 1 FROM assessment AS other WHERE other.id IN ({_OF_ASSESSMENT}) AND other.id > plan.id
                            AND other.plan NOT IN ('', '{EXCISION}') AND {visit_of("other")} IS {visit_of("plan")}))
    OR EXISTS (SELECT 1 FROM assessment AS plan WHERE plan.id IN ({_OF_ASSESSMENT})
               AND {day_done(Step.TAKEN, "plan.id")} > result.date)
    OR EXISTS (SELECT 1 FROM outcome WHERE id IN ({_OF_OUTCOME}) AND kind = 'histopathology' AND date > result.date
               AND (margins = 'clear' OR diagnosis = '{NO_RESIDUAL_TUMOUR}') AND {is_binned("outcome")} = 0)"""
"""Whether a re-excision was planned after the finding `result`, a row with its subject, or was taken, or has a finding."""

INVOLVED = f"""
    SELECT result.*, result.id AS subject FROM ({HISTOPATHOLOGY}) AS result
    WHERE result.margins = 'involved' AND {is_done(Step.REEXCISION_CLOSED, "result.id")} = 0 AND NOT ({_IS_SETTLED})"""
