"""C-STORE: sends objects to an archive, which says of each whether it took it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from desktop.core.errors import AppError
from desktop.core.exchange.dicom_objects import DicomObject
from desktop.core.exchange.dicom_peer import NetworkError, Peer
from desktop.core.marking import tr
from desktop.network.association import ANSWERING, associated, broken

_SUCCESS = 0x0000
_CHANGED, _DISCARDED, _UNLIKE = 0xB000, 0xB006, 0xB007
"""The warnings of PS3.4, table B.2-1: the archive took the object, and changed elements, dropped some, or found it odd."""

SLOWEST = 125_000
"""Bytes in a second of the slowest network that is waited for."""

_NO_ROOM, _NOT_ALLOWED = 0xA7, 0x0124
"""What concerns all further objects too: the archive is full, or takes nothing from us."""


@dataclass
class Sent:
    """What became of objects.

    `received` are the UIDs of those that the archive took, `changed` how many of these with a warning, `refused` an error
    for each that it did not take. `error` is what ended the sending before its end, None if nothing did.
    """

    received: list[str] = field(default_factory=list)
    changed: int = 0
    refused: list[NetworkError] = field(default_factory=list)
    error: AppError | None = None


def send(
    peer: Peer,
    objects: Sequence[DicomObject],
    cancelled: threading.Event,
    progress: Callable[[int], None] = lambda _done: None,
) -> Sent:
    """Send objects in one association.

    Args:
        peer: the archive.
        objects: what to send.
        cancelled: set by the user; what was not acknowledged by then counts as not received.
        progress: called with the number of objects that the archive has answered.

    Raises:
        NetworkError: there is no association; then nothing was sent.
    """
    sent = Sent()
    useless = tr(
        "{peer} takes no objects of these kinds: ask whoever runs it for Dermoscopic Photography and Enhanced SR."
    )
    with associated(peer, _contexts(objects), useless, cancelled) as association:
        accepted = {(str(one.abstract_syntax), str(one.transfer_syntax[0])) for one in association.accepted_contexts}
        for done, one in enumerate(objects, 1):
            if (one.sop_class, one.syntax) not in accepted:
                sent.refused.append(
                    NetworkError(tr("{peer} does not take {what}."), peer=peer.name, what=one.class_name)
                )
            else:
                if cancelled.is_set() or not association.is_established:
                    sent.error = broken(peer)
                    break
                association.dimse_timeout = ANSWERING + one.byte_size / SLOWEST
                answer = association.send_c_store(one.dataset)
                if "Status" not in answer:
                    sent.error = broken(peer)
                    break
                sent.error = _judge(peer, one, int(answer.Status), sent)
                if sent.error is not None:
                    break
            progress(done)
    if cancelled.is_set():
        sent.error = None  # the user ended it
    return sent


def _contexts(objects: Iterable[DicomObject]) -> list[tuple[str, list[str]]]:
    """Return a context for each class with each syntax: of several syntaxes in one the archive would choose."""
    return [
        (sop_class, [syntax]) for sop_class, syntax in dict.fromkeys((one.sop_class, one.syntax) for one in objects)
    ]


def _judge(peer: Peer, one: DicomObject, status: int, sent: Sent) -> AppError | None:
    """Take an answer; return the error that ends the sending."""
    if status == _SUCCESS or status in {_CHANGED, _DISCARDED, _UNLIKE}:
        sent.received.append(one.uid)
        sent.changed += status != _SUCCESS
        return None
    if status >> 8 == _NO_ROOM:
        return NetworkError(
            tr("{peer} has no room for more ({status}). Tell whoever runs it, then send again."),
            peer=peer.name,
            status=f"{status:04X}",
        )
    if status == _NOT_ALLOWED:
        return NetworkError(
            tr("{peer} does not allow LesionLens to store anything. Tell whoever runs it."), peer=peer.name
        )
    sent.refused.append(
        NetworkError(
            tr("{peer} refused {what} ({status})."), peer=peer.name, what=one.class_name, status=f"{status:04X}"
        )
    )
    return None
