"""C-ECHO: asks another DICOM program whether it hears us."""

import threading

from desktop.core.exchange.dicom_peer import NetworkError, Peer
from desktop.core.marking import tr
from desktop.network.association import VERIFICATION, associated, broken

_IMPLICIT_VR = "1.2.840.10008.1.2"
_SUCCESS = 0x0000


def echo(peer: Peer, cancelled: threading.Event) -> None:
    """Ask once.

    Raises:
        NetworkError: it cannot be reached, or refuses; the sentence says why.
    """
    deaf = tr("{peer} is reached, but does not answer tests (C-ECHO).")
    with associated(peer, [(VERIFICATION, [_IMPLICIT_VR])], deaf, cancelled) as association:
        answer = association.send_c_echo()
    if "Status" not in answer:
        raise broken(peer)
    if answer.Status != _SUCCESS:
        raise NetworkError(
            tr("{peer} answered the test with an error ({status})."), peer=peer.name, status=f"{answer.Status:04X}"
        )
