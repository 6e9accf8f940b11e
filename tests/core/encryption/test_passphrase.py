"""A passphrase in memory of its own: one form of Unicode, character by character, and the text before it overwritten."""

import pytest

from desktop.core.encryption.passphrase import Passphrase


@pytest.mark.parametrize(
    "text", ["", "four words", "Gr\u00fc\u00dfe", "\u0447\u0435\u0442", "\U0001f511 key", "half \ud83d"]
)
def test_it_has_the_characters_of_the_text(text: str) -> None:
    made = Passphrase(text)
    assert list(made) == list(text)
    assert len(made) == len(text)
    assert bytes(made.secret) == text.encode("utf-8", "surrogatepass")


def test_accents_are_the_same_however_they_are_typed() -> None:
    assert Passphrase("Gru\u0308\u00dfe") == Passphrase("Gr\u00fc\u00dfe")
    assert Passphrase("Gru\u0308\u00dfe") != Passphrase("Grusse")
    assert len(Passphrase("Gru\u0308\u00dfe")) == 5


@pytest.mark.parametrize("text", ["four words", "Gru\u0308\u00dfe aus Zu\u0308rich"])
def test_a_text_that_is_taken_is_overwritten(text: str) -> None:
    typed = "".join(list(text))
    made = Passphrase.taken(typed)
    assert set(typed) == {"\0"}
    assert made == Passphrase(text)


def test_it_does_not_tell_itself() -> None:
    assert "four" not in repr(Passphrase("four words")) + str(Passphrase("four words"))
