"""`LesionLens --self-test`: prints a line for each working part, or the first failure."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import self_test
from desktop.__main__ import compose
from desktop.core.errors import PassphraseError
from desktop.core.inference.classifier import Classifier
from desktop.core.records.history import History
from desktop.session.lock import Lock


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_every_part_works(qtbot: QtBot, capsys: pytest.CaptureFixture[str]):
    assert self_test.run(compose) == 0
    assert [line.split(":")[:2] for line in lines(capsys)] == [
        ["ok", part]
        for part in (" model", " samples", " trial", " window", " history", " encryption", " lock", " network")
    ]


def test_another_model_is_a_failure(
    model_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(self_test, "SHIPPED_MODEL", model_file)
    assert self_test.run(compose) == 1
    (line,) = lines(capsys)
    assert line.startswith("FAILED: the model is ")


def test_a_missing_model_is_reported_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(self_test, "SHIPPED_MODEL", tmp_path / "gone.onnx")
    assert self_test.run(compose) == 1
    (line,) = lines(capsys)
    assert line.startswith("FAILED: The model “gone.onnx” cannot be read")


def test_different_answers_are_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    content = json.loads(self_test.GOLDEN.read_text(encoding="utf-8"))
    content["probabilities"]["synthetic-1-pigment-network.png"]["nevus"] += 2e-4
    changed = tmp_path / "golden.json"
    changed.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(self_test, "GOLDEN", changed)
    assert self_test.run(compose) == 1
    assert [line.split(":")[0] for line in lines(capsys)] == ["ok", "FAILED"]


def test_a_history_that_cannot_be_written_is_a_failure(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(History, "entries", lambda *_, **__: [])
    assert self_test.run(compose) == 1
    assert lines(capsys)[-1] == "FAILED: the history holds 0 entries, not the one that was kept"


def test_a_lock_that_stays_closed_is_a_failure(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(Lock, "_open", lambda lock, _key: lock.refused.emit(PassphraseError("refused")))
    assert self_test.run(compose) == 1
    assert [line.partition(":")[0] for line in lines(capsys)] == ["ok"] * 6 + ["FAILED"]


def test_a_bug_is_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(Classifier, "predict", fail)
    assert self_test.run(compose) == 1
    assert lines(capsys)[-1] == "FAILED: ZeroDivisionError: by zero"
