"""The failures of a check of the built application."""

from __future__ import annotations


class FailedError(Exception):
    """The application is not what it should be."""


def expect(holds: object, sentence: str) -> None:
    """Go on if something holds.

    Raises:
        FailedError: it does not.
    """
    if not holds:
        raise FailedError(sentence)
