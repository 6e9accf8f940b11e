"""What the audit sends and prints, with a local database, and the list of shipped software."""

import importlib
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("audit")


@pytest.fixture
def soup(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("soup")


class Database(BaseHTTPRequestHandler):
    """A database with one vulnerability of one package."""

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [{"vulns": [{"id": "OSV-1"}]} if one["package"]["name"] == "pillow" else {} for one in queries]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"results": results}).encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Database)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_vulnerability_of_a_locked_version_is_named(
    audit: ModuleType, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(service) == 1
    said = capsys.readouterr().out
    assert re.search(r"^pillow [0-9.]+: OSV-1$", said, re.MULTILINE)
    assert f"{len(audit.locked())} packages were checked; 1 of them" in said


def test_no_vulnerability(audit: ModuleType, service: str) -> None:
    assert audit.holes({"numpy": "2.4.6"}, service) == {}


def test_a_missing_connection_is_reported(audit: ModuleType, service: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(service.replace("127.0.0.1", "nowhere.invalid")) == 2
    assert "Nothing was checked" in capsys.readouterr().err


def test_every_lock_is_read(audit: ModuleType) -> None:
    assert {"pillow", "pytest", "pyinstaller"} <= audit.locked().keys()


def test_list_of_shipped_software_agrees_with_the_locks(soup: ModuleType) -> None:
    """`python scripts/soup.py` makes it again."""
    versions = soup.shipped()
    assert soup.PURPOSES.keys() == versions.keys()
    written = soup.LIST.read_text(encoding="utf-8")
    assert re.findall(r"^\| ([a-z0-9-]+) \| ([0-9.]+) \|", written, re.MULTILINE) == list(versions.items())
    assert all(cell.strip() for row in re.findall(r"^\| .*$", written, re.MULTILINE) for cell in row[1:-1].split("|"))


def test_libraries_linked_into_a_wheel_are_listed_with_what_they_say_of_themselves(soup: ModuleType) -> None:
    written = soup.LIST.read_text(encoding="utf-8")
    for wheel, names in {
        "cryptography": ["OpenSSL"],
        "sqlcipher3": ["SQLCipher", "SQLite", "OpenSSL"],
        "pillow": [],
    }.items():
        linked = soup.linked_into(wheel)
        assert [library.name for library in linked] == names
        for library in linked:
            assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", library.version)
            assert re.search(
                rf"^\| {library.name} \| [0-9.]+ \| {library.licence} \| {wheel} \|$", written, re.MULTILINE
            )
            assert library.cpe.split(":")[5] == library.version
