"""After an encryption or decryption is killed or fails at a step, the next start finds one whole history, and no plain
remains of an encrypted one. `make check-kill` kills them at every step, with SIGKILL."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from desktop.core.encryption.file_cipher import MAGIC
from desktop.core.errors import RecordsError
from desktop.core.records.converting import decrypt_history, encrypt_history
from desktop.core.records.history import History
from desktop.core.records.images import IMAGES
from desktop.core.records.key_file import Protection, protection, unlock_history
from tests.core.encryption.test_keys import PASSPHRASE
from tests.core.records.test_backup import a_clinic
from tests.core.records.test_converting import KEY, contents, readable, told
from tests.core.records.test_restore_step import Killed, Steps, copy, ended

Convert = Callable[[Path], None]

ON: Convert = partial(encrypt_history, key=KEY, passphrase=PASSPHRASE)
OFF: Convert = partial(decrypt_history, key=KEY)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return a_clinic(tmp_path)


def found(folder: Path, held: tuple[object, ...], texts: list[bytes]) -> Protection:
    """Open a history as the next start does; return whether it is encrypted."""
    state = protection(folder)
    assert state is not Protection.KEY_FILE_LOST
    key = unlock_history(folder, PASSPHRASE) if state is Protection.ENCRYPTED else None
    with History.open(folder, key=key) as history:
        history.sweep()
    assert contents(folder, key) == held
    if key is not None:
        assert readable(folder, texts) == []
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    return state


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("work", [ON, OFF])
def test_kill_at_a_step(plain: Path, tmp_path: Path, work: Convert, is_done: bool) -> None:
    held, texts = contents(plain, None), told(plain)
    if work is OFF:
        ON(plain)
    steps = ended(work, copy(plain, tmp_path / "counted"), None, Killed(), is_done=False)
    assert steps > 30
    states = []
    are_in_both_forms = 0  # killed between the first image and the second, four steps later
    for at in range(2 if is_done else 5, steps + 1, 4):
        folder = copy(plain, tmp_path / f"killed-{at}")
        assert ended(work, folder, at, Killed(), is_done=is_done) >= at
        forms = {path.read_bytes().startswith(MAGIC) for path in (folder / IMAGES).glob("*/*.png")}
        are_in_both_forms += len(forms) == 2
        states.append(found(folder, held, texts))
    assert are_in_both_forms
    order = [Protection.PLAIN, Protection.ENCRYPTED]
    assert list(dict.fromkeys(states)) == (order if work is ON else order[::-1]), "once the copy is taken, it stays"


@pytest.mark.parametrize("work", [ON, OFF])
def test_failure_at_a_step_leaves_one_whole_history(plain: Path, tmp_path: Path, work: Convert) -> None:
    held, texts = contents(plain, None), told(plain)
    if work is OFF:
        ON(plain)
    before = protection(plain)
    steps = ended(work, copy(plain, tmp_path / "counted"), None, Killed(), is_done=False)
    for at in (*range(3, steps - 12, 6), *range(steps - 12, steps + 1)):
        folder = copy(plain, tmp_path / f"failed-{at}")
        failed = ""
        with pytest.MonkeyPatch.context() as patch:
            Steps(patch, at, PermissionError(13, "Permission denied"), is_done=False)
            try:
                work(folder)
            except RecordsError as error:
                failed = str(error)
        assert (found(folder, held, texts) is before) == bool(failed)
        assert "Permission denied" in failed or not failed
