"""GDT files: byte for byte, damaged in 2,000 ways, and exchanged through a folder."""

import datetime as dt
import random
import re
from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.core.exchange.asked_patient import AskedPatient, PseudonymFrom
from desktop.core.exchange.gdt_folder import (
    REJECTED,
    Connection,
    put_result,
    take_request,
    try_out,
    waiting_requests,
)
from desktop.core.exchange.gdt_lines import CharacterSet, GdtError, encoded, read_lines, write_lines
from desktop.core.exchange.gdt_records import (
    Attachment,
    FindingsField,
    Request,
    RequestKind,
    Result,
    read_request,
    write_request,
    write_result,
)

PATIENT = AskedPatient("04711", "Müller", "Agnes", dt.date(1922, 6, 3), "female")
MOMENT = dt.datetime(2026, 11, 23, 10, 42, 7, tzinfo=dt.UTC)


def lines(*some: str, codec: str = "iso8859-1") -> bytes:
    return "".join(f"{one}\r\n" for one in some).encode(codec)


def result(**changes: object) -> Result:
    parts: dict[str, object] = {"patient": PATIENT, "moment": MOMENT, "test": "DERM", "findings": ("Nävus, Rücken",)}
    return Result(**(parts | changes))  # type: ignore[arg-type]


def test_the_lines_of_a_file_as_a_public_bridge_writes_it() -> None:
    fields = [
        *(("8000", "6310"), ("8315", "MT1"), ("8316", "PVSYSTEM"), ("9218", "02.10"), ("3000", "4711")),
        *(("8402", "DEMO01"), ("6200", "04052026"), ("3101", "Mustermann"), ("3102", "Hans"), ("6228", "Eine Zeile")),
    ]
    data = write_lines(fields, CharacterSet.ISO_8859_1)
    assert data == lines(
        *("01380006310", "014810000166", "0128315MT1", "0178316PVSYSTEM", "014921802.10", "01330004711"),
        *("0158402DEMO01", "017620004052026", "0193101Mustermann", "0133102Hans", "0196228Eine Zeile"),
    )
    assert len(data) == 166
    assert read_lines(data, "x") == [fields[0], ("8100", "00166"), *fields[1:]]


def test_a_request_as_a_practice_system_writes_it() -> None:
    data = lines(
        *("01380006302", "014810000225", "014921802.00", "01930000000002191", "0153101Müller", "0143102Agnes"),
        *("017310330061922", "0213107Wannenstr. 7", "01031102", "023310679106 Freiburg", "01641110000000"),
        *("01341121000", "014410400000", "01041212", "0128402BDT"),
        codec="cp437",
    )
    request = read_request(data, "TERMPAIN.GDT")
    born = dt.date(1922, 6, 30)
    assert request == Request(
        RequestKind.EXAMINATION, AskedPatient("0000002191", "Müller", "Agnes", born, "female"), "BDT"
    )


def test_a_request_of_gdt_3_is_read() -> None:
    """Objects are passed over; the birth date may be written with the year first, and characters be those of 8859-15."""
    data = lines(
        *("01380006302", "0228200Obj_Kopfdaten", "0178316PRAX_PVS", "014921803.01", "01092064", "01082014"),
        *("0208200Obj_Patient", "014300002345", "0143101Žižka", "017310319450818", "01031101", "01082016"),
        codec="iso8859-15",
    )
    request = read_request(data, "x")
    assert request.patient == AskedPatient("02345", "Žižka", "", dt.date(1945, 8, 18), "male")


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("30061922", (1922, 6, 30)),
        ("19220630", (1922, 6, 30)),
        ("19121945", (1945, 12, 19)),
        ("20101112", (2010, 11, 12)),
    ],
)
def test_a_birth_date_is_read_either_way(text: str, born: tuple[int, int, int]) -> None:
    request = read_request(lines("01380006302", "0123000123", f"0173103{text}"), "x")
    assert request.patient.birth_date == dt.date(*born)


def test_a_result_byte_for_byte() -> None:
    attachment = Attachment("report.pdf", "PDF", "Befund", r"C:\GDT\report.pdf")
    said = result(findings=("Nävus, Rücken", "x" * 70), comments=("Kontrolle in 3 Monaten",), attachments=(attachment,))
    data = write_result(said, receiver="PVS1", sender="LSNL", character_set=CharacterSet.ISO_8859_1)
    assert data == lines(
        *("01380006310", "014810000405", "0138315PVS1", "0138316LSNL", "01092063", "014921802.10", "014300004711"),
        *("0153101Müller", "0143102Agnes", "017310303061922", "01031102", "017620023112026", "0156201104207"),
        *("0138402DERM", "0226220Nävus, Rücken"),
        *("0696220" + "x" * 60, "0196220" + "x" * 10),
        *("0316227Kontrolle in 3 Monaten", "0196302report.pdf", "0126303PDF", "0156304Befund"),
        r"0266305C:\GDT\report.pdf",
    )


@pytest.mark.parametrize("findings", [(), ("",), (" ", "\n")])
def test_without_a_finding_no_result_is_written(findings: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="needs a finding"):
        write_result(result(findings=findings), receiver="PVS1", sender="LSNL", character_set=CharacterSet.ASCII)


@pytest.mark.parametrize("character_set", list(CharacterSet))
@pytest.mark.parametrize("findings_field", list(FindingsField))
def test_every_character_set_is_read_as_it_was_written(
    character_set: CharacterSet, findings_field: FindingsField
) -> None:
    said = result(findings=("Größe „5 – 6“ mm ≥ 5, Ø ŵ 中",))
    data = write_result(
        said, receiver="PVS1", sender="LSNL", character_set=character_set, findings_field=findings_field
    )
    fields = dict(read_lines(data, "x"))
    exact = character_set is not CharacterSet.ASCII
    assert fields["3101"] == ("Müller" if exact else "Mueller")
    assert fields[findings_field.value].startswith("Größe" if exact else "Groesse")
    assert fields[findings_field.value].endswith("w ?")
    assert int(fields["8100"]) == len(data)


def test_no_text_ends_a_line() -> None:
    assert encoded("a\r\n0133000999\x1a", CharacterSet.CP437) == b"a  0133000999 "
    data = write_result(
        result(patient=AskedPatient("1\r\n01030002"), findings=("x",)),
        receiver="PVS1",
        sender="LSNL",
        character_set=CharacterSet.ASCII,
    )
    assert [content for field, content in read_lines(data, "x") if field == "3000"] == ["1  01030002"]


def test_a_content_that_is_too_long_is_refused() -> None:
    with pytest.raises(GdtError, match="Field 6220 is too long"):
        write_lines([("8000", "6310"), ("6220", "x" * 991)], CharacterSet.ASCII)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (lines("01380006310", "0133000123"), "Line 2 .*length is wrong"),
        (lines("01380006310", "0123000123"), "no request that LesionLens knows .*6310"),
        (lines("0123000123", "01380006302"), "does not begin with field 8000"),
        (lines("01380006302"), "names no patient"),
        (lines("01380006302", "0123000   "), "names no patient"),
        (lines("01380006302", "0123000123", "0123000124"), "has field 3000 more than once"),
        (lines("01380006302", "014810000999", "0123000123"), "incomplete"),
        (lines("01380006302", "0123000123")[:-3], "Line 2 .*length is wrong"),
        (lines("01380006302", "0123000123", "01092067"), "character set that LesionLens does not know"),
        (lines("01380006302", "0123000123", "01092061", "0153101Müller"), "characters that its character set"),
        (lines("01380006302", "0123000123", "017310331022020"), "birth date that does not exist"),
        (lines("01380006302", "0123000123", "0138315PVS9"), "another receiver: PVS9"),
        (lines("01380006302", "0123000\x07\x08\x09"), "control characters"),
        (b"", "does not begin"),
        (b"\x00" * 50, "does not begin"),
        (b"%PDF-1.7", "Line 1 .*not a GDT line"),
        (b"x" * 1_000_001, "too large"),
    ],
)
def test_what_cannot_be_understood_is_said(changed: bytes, sentence: str) -> None:
    with pytest.raises(GdtError, match=sentence):
        read_request(changed, "LSNLPVS1.GDT", receiver="LSNL")


@pytest.mark.parametrize("end", [b"", b"\x1a", b"\x1a\x1a\0"])
def test_line_ends_and_ends_of_file_of_old_systems(end: bytes) -> None:
    data = lines("01380006301", "0123000123", "01031103")
    assert read_request(data.replace(b"\r", b"") + end, "x").patient == AskedPatient("123")
    assert read_request(data.removesuffix(b"\r\n") + end, "x").kind is RequestKind.PATIENT


def test_pseudonyms() -> None:
    assert PATIENT.pseudonym(PseudonymFrom.NUMBER) == "04711"
    assert PATIENT.pseudonym(PseudonymFrom.NAME) == "Müller, Agnes"
    assert PATIENT.pseudonym(PseudonymFrom.NAME_AND_BIRTH_DATE) == "Müller, Agnes, 1922-06-03"
    assert AskedPatient("7").pseudonym(PseudonymFrom.NAME) == "7"


@pytest.mark.parametrize(
    ("day", "age"), [((1922, 6, 2), None), ((1922, 6, 3), 0), ((2026, 6, 2), 103), ((2026, 6, 3), 104)]
)
def test_an_age_changes_on_the_birthday(day: tuple[int, int, int], age: int | None) -> None:
    assert PATIENT.age_on(dt.date(*day)) == age
    assert AskedPatient("7").age_on(dt.date(*day)) is None


def _damaged(whole: bytes, chance: random.Random) -> bytes:
    """Return a file damaged in one to three ways."""
    data = bytearray(whole)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data)) if data else 0
        rows = bytes(data).split(b"\r\n")
        match chance.randrange(9):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = chance.randbytes(chance.randint(1, 9))
            case 3:
                data = data[:at]
            case 4:
                chance.shuffle(rows)
                data = bytearray(b"\r\n".join(rows))
            case 5:
                data = bytearray(b"\r\n".join([*rows[:2], chance.choice(rows), *rows[2:]]))
            case 6:
                data[at:at] = b"0143000" + str(chance.randrange(10_000, 99_999)).encode() + b"\r\n"
            case 7:
                data = data.replace(b"\r\n", chance.choice([b"\n", b"\r", b"\n\r", b""]))
            case _:
                data += chance.choice([whole, b"\0" * 9, b"\x1a", b"\r\n\r\n"])
    return bytes(data)


def test_2000_damaged_files_are_read_or_refused_and_never_of_another_patient() -> None:
    chance = random.Random(20)  # noqa: S311 - the same damage at each run
    read = refused = 0
    for number in range(2000):
        patient = AskedPatient(f"{chance.randrange(100_000):05}", "Größwein", "Jörg", dt.date(1950, 1, 31), "male")
        wanted = Request(chance.choice(list(RequestKind)), patient, "DERM", "PVS1", "LSNL")
        whole = write_request(wanted, chance.choice(list(CharacterSet)))
        data = whole if number < 100 else _damaged(whole, chance)
        sentences = []
        try:
            found = read_request(data, f"{number}.GDT", receiver="LSNL")
        except AppError as error:
            sentences.append(str(error))
        if sentences:
            assert f"{number}.GDT" in sentences[0]
            refused += 1
        else:
            # An eye of its own: one patient's number stands in the file, and it is the one that was read.
            numbers = set(re.findall(rb"(?m)^\d{3}3000([^\r\n]*)\r?$", data.rstrip(b"\x1a\0")))
            assert {one.strip().decode("cp437") for one in numbers} == {found.patient.number}
            read += 1
    assert read > 100
    assert refused > 1000


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    folder = tmp_path / "gdt"
    folder.mkdir()
    return Connection(folder)


def ask(connection: Connection, name: str, number: str = "4711") -> Path:
    """Put a request into the folder as the practice system does."""
    request = Request(RequestKind.EXAMINATION, AskedPatient(number), "DERM", "PVS1", "LSNL")
    path = connection.folder / name
    path.write_bytes(write_request(request, CharacterSet.CP437))
    return path


def test_a_request_is_read_whole_and_deleted(connection: Connection) -> None:
    for name in ("lsnlpvs1.gdt", "LSNLPVS1.001", "LSNLPVS1.TMP", "PVS1LSNL.GDT", "LSNLPVS2.GDT", "LSNLPVS1.GDT.bak"):
        ask(connection, name)
    found = waiting_requests(connection)
    assert {path.name for path in found} == {"lsnlpvs1.gdt", "LSNLPVS1.001"}
    assert take_request(found[0], connection).patient.number == "4711"
    assert not found[0].exists()


def test_a_file_that_cannot_be_understood_is_put_aside(connection: Connection) -> None:
    for _ in range(2):
        path = ask(connection, "LSNLPVS1.GDT")
        path.write_bytes(b"nonsense")
        with pytest.raises(GdtError, match=r"Line 1 of “LSNLPVS1\.GDT”"):
            take_request(path, connection)
    assert waiting_requests(connection) == []
    assert {path.name for path in connection.folder.iterdir()} == {
        f"LSNLPVS1.GDT{REJECTED}",
        f"LSNLPVS1.GDT{REJECTED}2",
    }


def test_a_result_never_replaces_an_unread_one(connection: Connection) -> None:
    written = [put_result(result(findings=(f"{number}",)), connection) for number in range(3)]
    assert [path.name for path in written] == ["PVS1LSNL.GDT", "PVS1LSNL.001", "PVS1LSNL.002"]
    assert [dict(read_lines(path.read_bytes(), "x"))["6220"] for path in written] == ["0", "1", "2"]
    written[1].unlink()
    assert put_result(result(), connection) == written[1]
    assert not list(connection.folder.glob("*.tmp"))


def test_trying_out_leaves_nothing_and_says_what_fails(connection: Connection) -> None:
    waiting = ask(connection, "LSNLPVS1.GDT")
    for character_set in CharacterSet:
        try_out(Connection(connection.folder, character_set=character_set))
    assert [*connection.folder.iterdir()] == [waiting]
    with pytest.raises(GdtError, match="is not there"):
        try_out(Connection(connection.folder / "nothing"))
    with pytest.raises(GdtError, match="no GDT id"):
        try_out(Connection(connection.folder, own_id="../x"))
    with pytest.raises(GdtError, match="must differ"):
        try_out(Connection(connection.folder, own_id="PVS12", system_id="pvs13"))
