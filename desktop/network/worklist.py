"""Modality worklist C-FIND: asks a hospital's system who is to be examined."""

import threading
from collections.abc import Iterator
from typing import Any

from desktop.core.exchange.dicom_peer import NetworkError, Peer
from desktop.core.exchange.worklist_items import Worklist, read_item
from desktop.core.marking import tr
from desktop.network.association import associated, broken

_WORKLIST = "1.2.840.10008.5.1.4.31"
_SYNTAXES = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")

MOST = 500
"""Entries of a list that are read; more are nobody's day."""

_SUCCESS, _CANCELLED = 0x0000, 0xFE00
_PENDING = frozenset({0xFF00, 0xFF01})
_MESSAGE = 1


def ask_worklist(peer: Peer, query: Any, cancelled: threading.Event) -> Worklist:
    """Ask for the entries that match a query (`worklist_items.wanted`).

    Raises:
        NetworkError: it cannot be reached, or refuses; the sentence says why.
    """
    answered = Worklist()
    with associated(peer, [(_WORKLIST, _SYNTAXES)], tr("{peer} has no worklist."), cancelled) as association:
        status = None
        for status, answer in _distinct(association.send_c_find(query, _WORKLIST, msg_id=_MESSAGE)):
            if status not in _PENDING:
                break
            if len(answered.items) + answered.unreadable >= MOST:
                answered.has_more = True
                association.abort()
                break
            item = None if answer is None else read_item(answer)
            if item is None:
                answered.unreadable += 1
            else:
                answered.items.append(item)
    if not answered.has_more and status not in {_SUCCESS, _CANCELLED}:
        if status is None:
            raise broken(peer)
        raise NetworkError(
            tr("{peer} could not answer ({status}). Tell whoever runs it."), peer=peer.name, status=f"{status:04X}"
        )
    answered.items.sort(key=lambda one: (one.day is None, one.day, one.time, one.patient.last_name))
    return answered


def _distinct(answers: Iterator[tuple[Any, Any]]) -> Iterator[tuple[int | None, Any]]:
    """Yield status and answer; an answer that cannot be decoded comes twice, with one status."""
    before = None
    for status, answer in answers:
        if status is not before:
            yield (int(status.Status) if "Status" in status else None), answer
        before = status
