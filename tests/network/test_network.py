"""DICOM over the network, with real programs of pynetdicom on the loopback."""

import io
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pynetdicom import evt, service_class
from pynetdicom.association import Association

from desktop.core.exchange import dicom_visit
from desktop.core.exchange.dicom_images import JPEG_BASELINE
from desktop.core.exchange.dicom_objects import DicomObject, ObjectKind
from desktop.core.exchange.dicom_patients import DERMOSCOPIC
from desktop.core.exchange.dicom_peer import NetworkError, Peer, Role
from desktop.core.exchange.dicom_visit import DicomVisit, VisitParts
from desktop.core.exchange.worklist_items import WorklistItem, read_item, wanted
from desktop.core.imaging.pydicom import read_dataset
from desktop.network import association
from desktop.network.echo import echo
from desktop.network.sending import Sent, send
from desktop.network.worklist import MOST, ask_worklist
from tests.core.exchange.histories import DAY, Practice, at
from tests.core.exchange.test_dicom import SIZE, answered, save, seen
from tests.core.imaging.dicoms import jpeg
from tests.making import lesion
from tests.network.programs import ENHANCED_SR, VERIFICATION, Program, certificate, entry, listening

NEVER = threading.Event()


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path / "data", at(8), "MK")
    yield practice
    practice.history.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(association, "ANSWERING", 20.0)


@pytest.fixture
def objects(practice: Practice) -> list[DicomObject]:
    """Two images of a visit, one a JPEG, with the assessment and the answer of a model to one of them."""
    lesion_id, visit = seen(practice)
    image = save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit)
    practice.image(lesion=lesion_id, visit=visit)
    answered(practice, image)
    practice.seen(lesion_id, visit, "melanoma", note="Rand größer")
    return made(practice)


def made(practice: Practice, *, with_answers: bool = False) -> list[DicomObject]:
    visit = DicomVisit(practice.history, "P-1", DAY, with_answers=with_answers)
    parts = VisitParts(visit, frozenset(one.uid for one in visit.objects))
    found: list[DicomObject] = []
    while part := parts.next(practice.store.read_kept):
        found += part
    assert parts.unreadable == []
    assert [one.uid for one in found] == [one.uid for one in visit.objects]
    return found


def error_of(peer: Peer) -> str:
    with pytest.raises(NetworkError) as raised:
        echo(peer, NEVER)
    return str(raised.value)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_a_visit_is_stored(practice: Practice, objects: list[DicomObject]) -> None:
    done: list[int] = []
    with listening(Program()) as archive:
        sent = send(archive.peer(own_title="DERM1"), objects, NEVER, done.append)
    assert sent == Sent([one.uid for one in objects])
    assert archive.callers == [("DERM1", "LESIONLENS")]
    assert done == [1, 2, 3]
    assert [one.SOPInstanceUID for one in archive.received] == sent.received
    assert archive.received[0].file_meta.TransferSyntaxUID == JPEG_BASELINE
    for there, here in zip(archive.received, objects, strict=True):
        assert there == here.dataset, "with every attribute"
    assert [one.kind for one in objects] == [ObjectKind.IMAGE, ObjectKind.IMAGE, ObjectKind.FINDING]
    assert "größer" in str(archive.received[2])


def test_model_answers_go_only_if_they_are_wanted(practice: Practice, objects: list[DicomObject]) -> None:
    assert ObjectKind.MACHINE not in {one.kind for one in objects}
    found = made(practice, with_answers=True)
    assert {one.kind for one in found} == {*ObjectKind}
    (answer,) = (one.dataset for one in found if one.kind is ObjectKind.MACHINE)
    assert answer.SeriesDescription == "Machine, unverified"


def test_without_an_assessment_no_finding_is_sent(practice: Practice) -> None:
    lesion_id, visit = seen(practice)
    save(practice, jpeg(lesion(1, SIZE)), "JPEG", lesion_id, visit)
    assert [one.kind for one in made(practice)] == [ObjectKind.IMAGE]


def test_what_is_sent_is_what_is_exported(practice: Practice, objects: list[DicomObject]) -> None:
    """An image that is passed over is counted: numbers are those of all images of the series."""
    visit = DicomVisit(practice.history, "P-1", DAY, with_answers=False)
    second = objects[1]
    (again,) = VisitParts(visit, frozenset({second.uid})).next(practice.store.read_kept)
    assert again.as_file() == second.as_file()
    assert again.dataset.InstanceNumber == 2


def test_a_large_visit_is_made_in_parts(
    practice: Practice, objects: list[DicomObject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dicom_visit, "PART", 1)
    parts = VisitParts(
        DicomVisit(practice.history, "P-1", DAY, with_answers=False), frozenset(one.uid for one in objects)
    )
    found = [[one.uid for one in parts.next(practice.store.read_kept)] for _ in range(3)]
    assert found == [[objects[0].uid], [one.uid for one in objects[1:]], []]


def test_an_image_that_cannot_be_read_is_left_out(practice: Practice, objects: list[DicomObject]) -> None:
    visit = DicomVisit(practice.history, "P-1", DAY, with_answers=False)
    row = visit.found.rows[visit.images[0].file]
    row.image.path.write_bytes(b"damaged")
    parts = VisitParts(visit, frozenset(one.uid for one in visit.objects))
    image, finding = parts.next(practice.store.read_kept)
    assert parts.next(practice.store.read_kept) == []
    assert len(parts.unreadable) == 1
    assert row.image.name in parts.unreadable[0]
    assert image.uid in str(finding.dataset)
    assert objects[0].uid not in str(finding.dataset)


def test_echo() -> None:
    with listening(Program()) as program:
        echo(program.peer(), NEVER)
    with listening(Program(), classes={ENHANCED_SR: ["1.2.840.10008.1.2.1"]}) as program:
        assert "does not answer tests" in error_of(program.peer())


def test_each_refusal_has_its_sentence() -> None:
    with listening(Program(), knows=["OTHER"]) as program:
        assert "does not know the AE title “LESIONLENS”" in error_of(program.peer())
    with listening(Program()) as program:
        assert "is not “ARCHIVE”: check its AE title" in error_of(program.peer(title="ARCHIVE"))
    with (
        listening(Program(), most=1) as program,
        association.associated(program.peer(), [(VERIFICATION, ["1.2.840.10008.1.2"])], "", NEVER),
    ):
        assert "takes no more connections now" in error_of(program.peer())


def test_a_refusal_that_comes_at_once_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """pynetdicom takes a connection that has ended before it looks for one that never was."""
    trigger, refused = evt.trigger, []

    def be_late(asked: Association, event: Any, attributes: dict[str, Any] | None = None) -> Any:
        if event is evt.EVT_REQUESTED and asked.is_requestor:
            refused.append(asked.dul.to_user_queue.get(timeout=60))
            asked.dul.to_user_queue.put(refused[0])
        return trigger(asked, event, attributes)

    monkeypatch.setattr(evt, "trigger", be_late)
    with listening(Program(), knows=["OTHER"]) as program:
        assert "does not know the AE title “LESIONLENS”" in error_of(program.peer())
    assert refused


def test_each_kind_of_silence_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing listens at 127.0.0.1" in error_of(Peer("PACS", "127.0.0.1", free_port()))
    assert "There is no computer “pacs.invalid”" in error_of(Peer("PACS", "pacs.invalid", 104))
    monkeypatch.setattr(association, "ANSWERING", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        peer = Peer("PACS", "127.0.0.1", silent.getsockname()[1])
        assert "but not as a DICOM program does" in error_of(peer)


@pytest.mark.parametrize(
    ("peer", "words"),
    [
        (Peer("", "pacs", 104), "Enter the AE title of the archive: 1 to 16 letters and digits."),
        (Peer("SEVENTEEN_LETTERS", "pacs", 104, role=Role.WORKLIST), "Enter the AE title of the worklist"),
        (Peer("PACS", "pacs", 104, own_title="DERMATOSKÖP"), "Enter the AE title of LesionLens"),
        (Peer("PACS", "", 104), "Enter the address of PACS"),
        (Peer("PACS", "the pacs", 104), "Enter the address of PACS"),
        (Peer("PACS", "pacs", 0), "Enter the port of PACS"),
        (Peer("PACS", "pacs", 104, uses_tls=True, authority=Path("missing.pem")), "is not there"),
    ],
)
def test_an_address_that_cannot_be_is_refused(peer: Peer, words: str) -> None:
    assert words in error_of(peer)


def test_tls(tmp_path: Path, objects: list[DicomObject]) -> None:
    file = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with listening(Program(), tls=context) as archive:
        peer = archive.peer(uses_tls=True, authority=file)
        assert send(peer, objects, NEVER).received == [one.uid for one in objects]
        assert "is not trusted" in error_of(archive.peer(uses_tls=True))
    with listening(Program()) as archive:
        assert "does not speak TLS" in error_of(archive.peer(uses_tls=True, authority=file))
    other = tmp_path / "empty.pem"
    other.write_text("nothing")
    assert "has no certificates" in error_of(Peer("PACS", "127.0.0.1", 104, uses_tls=True, authority=other))


def test_a_full_archive_ends_the_sending(objects: list[DicomObject]) -> None:
    archive = Program(status=lambda _event, number: 0xA700 if number == 1 else 0x0000)
    with listening(archive):
        sent = send(archive.peer(), objects, NEVER)
    assert sent.received == [objects[0].uid]
    assert "has no room for more (A700)" in str(sent.error)
    assert len(archive.received) == 2, "nothing more is sent"


def test_an_archive_that_does_not_allow_it(objects: list[DicomObject]) -> None:
    archive = Program(status=lambda _event, _number: 0x0124)
    with listening(archive):
        sent = send(archive.peer(), objects, NEVER)
    assert sent.received == []
    assert "does not allow LesionLens to store" in str(sent.error)


def test_a_refused_object_is_named_and_the_others_go(objects: list[DicomObject]) -> None:
    archive = Program(status=lambda _event, number: (0xC001, 0xB000, 0xB007)[number])
    with listening(archive):
        sent = send(archive.peer(), objects, NEVER)
    assert sent.received == [one.uid for one in objects[1:]]
    assert sent.changed == 2
    assert sent.error is None
    assert ["refused Dermoscopic Photography (C001)" in str(one) for one in sent.refused] == [True]


def test_a_class_that_the_archive_does_not_take_is_named(objects: list[DicomObject]) -> None:
    with listening(Program(), classes={DERMOSCOPIC: [JPEG_BASELINE]}) as archive:
        sent = send(archive.peer(), objects, NEVER)
    assert sent.received == [objects[0].uid]
    assert [str(one).partition(" does not take ")[2] for one in sent.refused] == [
        "Dermoscopic Photography.",
        "Enhanced SR.",
    ]


def test_a_connection_that_breaks_half_way(objects: list[DicomObject]) -> None:
    def abort(event: Any, number: int) -> int:
        if number == 1:
            event.assoc.abort()
        return 0x0000

    archive = Program(status=abort)
    with listening(archive):
        sent = send(archive.peer(), objects, NEVER)
    assert sent.received == [objects[0].uid], "only what was acknowledged"
    assert "broke, or no answer came" in str(sent.error)


def test_stop_takes_effect_while_the_archive_does_not_answer(objects: list[DicomObject]) -> None:
    cancelled, may_go_on = threading.Event(), threading.Event()

    def hang(_event: Any, number: int) -> int:
        if number == 1:
            cancelled.set()
            may_go_on.wait(30)
        return 0x0000

    archive = Program(status=hang)
    with listening(archive):
        sent = send(archive.peer(), objects, cancelled)
        may_go_on.set()
    assert sent == Sent([objects[0].uid])


def test_a_worklist_is_read(tmp_path: Path) -> None:
    entries = [
        entry("22", "Weiß^Jörg", time="1430", what="Kontrolle"),
        entry("11", "Müller^Änne", PatientSex="F", PatientBirthDate="19610603", what="Auflichtmikroskopie"),
    ]
    latin = entry("33", "Groß^Zoë")
    latin.SpecificCharacterSet = "ISO_IR 100"
    japanese = entry("44", "Yamada^Tarou=山田^太郎", time="")
    japanese.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    with listening(Program(entries=[*entries, latin, japanese])) as program:
        answered = ask_worklist(program.peer(), wanted(DAY, "LESIONLENS"), NEVER)
    (asked,) = program.queries
    assert asked.ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate == "20260302"
    assert asked.ScheduledProcedureStepSequence[0].ScheduledStationAETitle == "LESIONLENS"
    names = [(one.patient.last_name, one.patient.first_name) for one in answered.items]
    assert names == [("Yamada", "Tarou"), ("Groß", "Zoë"), ("Müller", "Änne"), ("Weiß", "Jörg")]
    agnes = answered.items[2]
    assert (agnes.patient.number, agnes.patient.sex, agnes.time) == ("11", "female", "09:15")
    assert str(agnes.patient.birth_date) == "1961-06-03"
    assert agnes.procedure == "Auflichtmikroskopie"
    assert (answered.unreadable, answered.has_more) == (0, False)


def test_entries_without_a_number_are_counted_and_a_long_list_is_cut() -> None:
    with listening(Program(entries=[entry("", "Nobody"), entry("1", "A")])) as program:
        answered = ask_worklist(program.peer(), wanted(DAY, ""), NEVER)
    assert ([one.patient.number for one in answered.items], answered.unreadable) == (["1"], 1)
    with listening(Program(entries=[entry("1", "A")] * (MOST + 1))) as program:
        answered = ask_worklist(program.peer(), wanted(DAY, ""), NEVER)
    assert (len(answered.items), answered.has_more) == (MOST, True)


def test_a_worklist_that_fails_has_its_sentence() -> None:
    with listening(Program(find_status=0xA700)) as program, pytest.raises(NetworkError, match="could not answer"):
        ask_worklist(program.peer(), wanted(DAY, ""), NEVER)
    with (
        listening(Program(), classes={VERIFICATION: ["1.2.840.10008.1.2"]}) as program,
        pytest.raises(NetworkError, match="has no worklist"),
    ):
        ask_worklist(program.peer(), wanted(DAY, ""), NEVER)


def written(one: Dataset) -> bytes:
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_dataset(stream, one)
    return stream.getvalue()


def test_four_hundred_mutated_answers() -> None:
    """Each is read, or counted as one that cannot be; texts are of one line, and none is endless."""
    draw = random.Random(20)  # noqa: S311 - the same mutations at each run
    whole = written(entry("11", "Müller^Änne", PatientSex="F", PatientBirthDate="19610603", what="Auflichtmikroskopie"))
    found: list[WorklistItem] = []
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            place = draw.randrange(len(data))
            match draw.randrange(4):
                case 0:
                    data[place] = draw.randrange(256)
                case 1:
                    del data[place : place + draw.randint(1, 9)]
                case 2:
                    data[place:place] = draw.randbytes(draw.randint(1, 9))
                case _:
                    data[place : place + 2] = b"\xff\xff"
        try:
            answer = read_dataset(io.BytesIO(bytes(data)), False, True)
        except Exception:  # noqa: BLE001, S112 - pynetdicom counts as undecodable whatever pydicom raises
            continue
        item = read_item(answer)
        if item is not None:
            found.append(item)
    assert len(found) > 100
    for one in found:
        texts = (one.patient.number, one.patient.last_name, one.patient.first_name, one.procedure, one.time)
        assert all(text.isprintable() and len(text) <= 200 for text in texts)


def test_an_answer_that_cannot_be_decoded_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encode = service_class.encode
    monkeypatch.setattr(
        service_class, "encode", lambda one, *how: b"\x10\x00\x10\x00PN" if one.PatientID == "22" else encode(one, *how)
    )
    with listening(Program(entries=[entry("22", "B"), entry("11", "A")])) as program:
        answered = ask_worklist(program.peer(), wanted(DAY, ""), NEVER)
    assert ([one.patient.number for one in answered.items], answered.unreadable) == (["11"], 1)
