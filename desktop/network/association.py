"""An association with another DICOM program: opened, or refused with a sentence."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from desktop.core.exchange.dicom_peer import NetworkError, Peer
from desktop.core.exchange.identifiers import IMPLEMENTATION, IMPLEMENTATION_NAME
from desktop.core.marking import tr
from desktop.network.pynetdicom import AE, Association, build_context

VERIFICATION = "1.2.840.10008.1.1"
"""The SOP class of C-ECHO."""

CONNECTING, ANSWERING = 10.0, 60.0
"""Seconds to wait for a connection, and for each answer: an archive may write an image before it answers."""

_USER, _PRESENTATION = 1, 3
_UNKNOWN_US, _UNKNOWN_THEM, _BUSY = (_USER, 3), (_USER, 7), frozenset({(_PRESENTATION, 1), (_PRESENTATION, 2)})
"""Source and reason of a refusal (PS3.8, table 9-21): our AE title is not known, theirs is another, too many are connected."""

_REFUSED = frozenset({1, 2})
"""The results of a refusal: for good, or for now."""

_LOOK = 0.1
"""Seconds between two looks at whether the user has stopped it."""


@contextmanager
def associated(
    peer: Peer, contexts: Iterable[tuple[str, Iterable[str]]], nothing_accepted: str, cancelled: threading.Event
) -> Iterator[Association]:
    """Open an association, and release it at the end; it is aborted as soon as `cancelled` is set.

    Args:
        peer: the other program.
        contexts: the SOP classes with their transfer syntaxes.
        nothing_accepted: the sentence for a program that knows none of these classes, with `{peer}`.
        cancelled: set by the user.

    Raises:
        NetworkError: it cannot be reached, or refuses.
    """
    peer.check()
    ae = AE(ae_title=peer.own_title)
    ae.implementation_class_uid, ae.implementation_version_name = IMPLEMENTATION, IMPLEMENTATION_NAME
    ae.connection_timeout = CONNECTING
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = ANSWERING
    asked = [build_context(sop_class, [*syntaxes]) for sop_class, syntaxes in contexts]
    address = _address(peer)
    tls = (_tls(peer), peer.host) if peer.uses_tls else None
    association = ae.associate(address, peer.port, asked, ae_title=peer.title, tls_args=tls)
    if not association.is_established:
        if association.rejected_contexts:
            raise NetworkError(nothing_accepted, peer=peer.name)
        raise _refusal(peer, association, address)
    ended = threading.Event()
    watcher = threading.Thread(target=_abort_if, args=(association, cancelled, ended), name="stop of an association")
    watcher.start()
    try:
        yield association
    finally:
        ended.set()
        watcher.join()
        if association.is_established:
            association.release()


def broken(peer: Peer) -> NetworkError:
    """Return the error for an association that has ended, or an answer that has not come."""
    return NetworkError(tr("The connection to {peer} broke, or no answer came. Try again."), peer=peer.name)


def _abort_if(association: Association, cancelled: threading.Event, ended: threading.Event) -> None:
    while not ended.wait(_LOOK):
        if cancelled.is_set():
            association.abort()
            # As where the other side aborts: whoever waits for an answer wakes up.
            association.dimse.msg_queue.put((None, None))
            return


def _address(peer: Peer) -> str:
    try:
        found = socket.getaddrinfo(peer.host, peer.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # a name that no name can be
        raise NetworkError(
            tr("There is no computer “{host}” in this network. Check the address."), host=peer.host
        ) from error
    return str(found[0][4][0])


def _tls(peer: Peer) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=peer.authority)
    except OSError as error:  # ssl.SSLError is one
        raise NetworkError(
            tr("The file “{file}” has no certificates that can be read (PEM)."), file=peer.authority
        ) from error


def _refusal(peer: Peer, association: Association, address: str) -> NetworkError:
    """Return why there is no association."""
    answer = _rejection(association)
    if answer is not None:
        source, reason = int(answer.result_source), int(answer.diagnostic)
        if (source, reason) == _UNKNOWN_US:
            return NetworkError(
                tr("{peer} does not know the AE title “{own}”: have it entered there."),
                peer=peer.name,
                own=peer.own_title,
            )
        if (source, reason) == _UNKNOWN_THEM:
            return NetworkError(
                tr("The program at {host}:{port} is not “{title}”: check its AE title."),
                host=peer.host,
                port=peer.port,
                title=peer.title,
            )
        if (source, reason) in _BUSY:
            return NetworkError(tr("{peer} takes no more connections now. Try again later."), peer=peer.name)
        return NetworkError(
            tr("{peer} refused the connection (source {source}, reason {reason})."),
            peer=peer.name,
            source=source,
            reason=reason,
        )
    return _unreachable(peer, address)


def _rejection(association: Association) -> Any:
    """Return the other program's refusal, None if it gave none.

    pynetdicom 3.0.4 leaves it in its queue if it came, and with it the end of the connection, before it looked whether it is
    connected.
    """
    if association.is_rejected:
        return association.acceptor.primitive
    waiting: Any = association.dul.receive_pdu()
    return waiting if getattr(waiting, "result", None) in _REFUSED else None


def _unreachable(peer: Peer, address: str) -> NetworkError:
    """Connect once more, without DICOM, to find out what fails: pynetdicom does not tell."""
    try:
        with socket.create_connection((address, peer.port), CONNECTING) as connection:
            if peer.uses_tls:
                with _tls(peer).wrap_socket(connection, server_hostname=peer.host):
                    pass
    except ssl.SSLCertVerificationError as error:
        return NetworkError(
            tr("The certificate of {peer} is not trusted ({detail})."), peer=peer.name, detail=error.verify_message
        )
    except ssl.SSLError as error:
        return NetworkError(tr("{peer} does not speak TLS ({detail})."), peer=peer.name, detail=error.reason or error)
    except ConnectionRefusedError:
        return NetworkError(
            tr("Nothing listens at {host}, port {port}. Check the port, and that the other program runs."),
            host=peer.host,
            port=peer.port,
        )
    except TimeoutError:
        return NetworkError(
            tr("{host} does not answer at port {port}. Check the address, the network and the firewall."),
            host=peer.host,
            port=peer.port,
        )
    except OSError as error:
        return NetworkError(
            tr("{host}, port {port}, cannot be reached ({detail})."),
            host=peer.host,
            port=peer.port,
            detail=error.strerror or error,
        )
    return NetworkError(
        tr("{peer} answers, but not as a DICOM program does, or it ended the connection. Check port and TLS."),
        peer=peer.name,
    )
