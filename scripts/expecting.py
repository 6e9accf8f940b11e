"""The failures of a check of the built application."""

from __future__ import annotations


class FailedError(Exception):
    """A check of the application failed."""


def expect(holds: object, sentence: str) -> None:
    """Raise a `FailedError` unless a condition holds.

    Raises:
        FailedError: the condition does not hold.
    """
    if not holds:
        raise FailedError(sentence)
