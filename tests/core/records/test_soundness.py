"""The tables of the newest layout are recognised without being made."""

from desktop.core.records.schema import MIGRATIONS, TABLES_SHA256
from desktop.core.records.soundness import digest, tables_of


def test_digest_is_that_of_the_newest_layout() -> None:
    assert digest(tables_of(len(MIGRATIONS))) == TABLES_SHA256
