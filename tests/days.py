"""The day of a test. Read when a module is loaded, it would be yesterday's in a run over midnight."""

import datetime as dt


def today() -> dt.date:
    """Return the day where this computer is."""
    return dt.datetime.now().astimezone().date()
