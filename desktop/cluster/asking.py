"""Questions to a scheduler and its workers, none of which is waited for without end: one that hangs ends no connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_ANSWER = 60.0
"""A scheduler that has not answered for so long hangs: it answers at once, and an overloaded one after seconds."""


def asked(
    client: Client, call: Callable[..., Any], *given: object, seconds: float | None = None, **named: object
) -> Any:
    """Call a method of the client's that asks the scheduler, and return what it returns. Few of them take a limit themselves.

    Args:
        client: the client.
        call: its method.
        given: what the method is given.
        seconds: for how long the answer is waited for; None for as long as a scheduler needs that asks nobody else.
        named: what the method is given by name.

    Raises:
        TimeoutError: there is no answer. It is one of `outages.SIGNS`.
    """

    async def ask() -> object:  # on the client's own thread, where its methods return what is to be awaited
        return await call(*given, **named)

    return client.sync(ask, callback_timeout=SECONDS_TO_ANSWER if seconds is None else seconds)
