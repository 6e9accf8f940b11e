"""The reason that somebody types for a decision, which is kept with it."""

from desktop.core.errors import RecordsError
from desktop.core.marking import tr

MAX_REASON = 500
"""Characters of a reason: a sentence or two."""


def checked_reason(typed: str) -> str:
    """Return a reason on one line.

    Raises:
        RecordsError: there is none, or one of more than `MAX_REASON` characters.
    """
    reason = " ".join(typed.split())
    if not reason:
        raise RecordsError(tr("Enter a reason: it is kept with the decision."))
    if len(reason) > MAX_REASON:
        raise RecordsError(tr("The reason is longer than {limit} characters. Shorten it."), limit=MAX_REASON)
    return reason
