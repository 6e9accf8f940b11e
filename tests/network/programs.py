"""Other DICOM programs for tests: real ones of pynetdicom, on the loopback, at a port that the system chooses."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydicom import Dataset

from desktop.core.exchange.dicom_images import EXPLICIT_VR, JPEG_BASELINE
from desktop.core.exchange.dicom_patients import DERMOSCOPIC, PHOTOGRAPHIC
from desktop.core.exchange.dicom_peer import Peer
from desktop.network.pynetdicom import AE, evt

TITLE = "PACS"
ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22"
VERIFICATION = "1.2.840.10008.1.1"
WORKLIST = "1.2.840.10008.5.1.4.31"
ALL = {
    VERIFICATION: ["1.2.840.10008.1.2"],
    DERMOSCOPIC: [EXPLICIT_VR, JPEG_BASELINE],
    PHOTOGRAPHIC: [EXPLICIT_VR, JPEG_BASELINE],
    ENHANCED_SR: [EXPLICIT_VR],
    WORKLIST: [EXPLICIT_VR],
}


@dataclass
class Program:
    """A program that listens: what it received, what it was asked, and how it answers."""

    received: list[Any] = field(default_factory=list)
    queries: list[Any] = field(default_factory=list)
    callers: list[tuple[str, str]] = field(default_factory=list)
    """Who connected: AE titles, and the names of implementations."""
    entries: Sequence[Any] = ()
    """What it answers to a query for a worklist."""
    status: Callable[[Any, int], int] = lambda _event, _number: 0x0000
    """Gives the status of the answer to each object, by the event and the number of the object, from 0."""
    find_status: int | None = None
    """The status with which it ends a query at once; None answers it."""
    port: int = 0

    def peer(self, **changes: Any) -> Peer:
        """Return how it is reached."""
        return Peer(**{"title": TITLE, "host": "127.0.0.1", "port": self.port, **changes})

    def take(self, event: Any) -> int:
        status = self.status(event, len(self.received))
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        self.received.append(dataset)
        return status

    def find(self, event: Any) -> Iterator[tuple[int, Any]]:
        self.queries.append(event.identifier)
        if self.find_status is not None:
            yield self.find_status, None
            return
        for one in self.entries:
            if event.is_cancelled:
                yield 0xFE00, None
                return
            yield 0xFF00, one


@contextmanager
def listening(
    program: Program,
    *,
    classes: dict[str, list[str]] | None = None,
    knows: Sequence[str] = (),
    most: int = 10,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Program]:
    """Let a program listen: for these SOP classes, to these AE titles (empty for all), to so many at a time."""
    ae = AE(ae_title=TITLE)
    ae.require_called_aet = True
    ae.require_calling_aet = [*knows]
    ae.maximum_associations = most
    ae.acse_timeout = 10.0  # of a connection that ends before it asks for anything
    for sop_class, syntaxes in (ALL if classes is None else classes).items():
        ae.add_supported_context(sop_class, syntaxes)
    handlers = [
        (evt.EVT_C_STORE, program.take),
        (evt.EVT_C_FIND, program.find),
        (evt.EVT_ACCEPTED, lambda event: program.callers.append(_caller(event.assoc.requestor))),
    ]
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers, ssl_context=tls)
    assert server is not None
    program.port = server.socket.getsockname()[1]
    try:
        yield program
    finally:
        for one in ae.active_associations:
            if one.is_rejected:  # it waits for the other side to close: an abort now would be out of turn
                one.join()
        ae.shutdown()


def _caller(requestor: Any) -> tuple[str, str]:
    return requestor.ae_title, str(requestor.implementation_version_name)


def entry(number: str, name: str, **more: str) -> Any:
    """Return an entry of a worklist in UTF-8; `more` are attributes of the patient, and `time` and `what` of the step."""
    one = Dataset()
    one.SpecificCharacterSet = "ISO_IR 192"
    one.PatientID = number
    one.PatientName = name
    step = Dataset()
    step.Modality = "DMS"
    step.ScheduledProcedureStepStartDate = more.pop("day", "20260302")
    step.ScheduledProcedureStepStartTime = more.pop("time", "0915")
    step.ScheduledProcedureStepDescription = more.pop("what", "")
    for keyword, value in more.items():
        setattr(one, keyword, value)
    one.ScheduledProcedureStepSequence = [step]
    return one


def certificate(folder: Path) -> Path:
    """Write a certificate for the loopback with its key into a file; return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "PACS")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "pacs.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file
