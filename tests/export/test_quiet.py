import os

import pytest

from export.quiet import quiet


def test_startup_messages_of_libraries_are_held_back(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet():
        os.write(2, b"a greeting\n")
    os.write(2, b"a message\n")
    assert capfd.readouterr().err == "a message\n"


def fail_at_the_start() -> None:
    with quiet():
        os.write(2, b"why it failed\n")
        raise ImportError


def test_held_back_messages_are_shown_if_the_start_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ImportError):
        fail_at_the_start()
    assert capfd.readouterr().err == "why it failed\n"
