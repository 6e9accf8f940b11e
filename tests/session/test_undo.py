"""The undo stack moves only after a write has succeeded, one step at a time, and never past what cannot be undone."""

from collections.abc import Callable

import pytest

from desktop.core.errors import AppError, RecordsError
from desktop.session.undo import Failed, Step, UndoStack


class Writes:
    """Writes that end when the test lets them; each sets a key to a value, and can be reversed."""

    def __init__(self) -> None:
        self.place = 0
        self.under_way: list[tuple[int, Callable[[Step | None], None], Failed]] = []

    def setting(self, value: int) -> Step:
        def carry_out(done: Callable[[Step | None], None], failed: Failed) -> None:
            self.under_way.append((value, done, failed))

        return carry_out

    def succeed(self) -> None:
        value, done, _failed = self.under_way.pop(0)
        before, self.place = self.place, value
        done(self.setting(before))

    def fail(self) -> None:
        _value, _done, failed = self.under_way.pop(0)
        failed(RecordsError("The history is locked."))


@pytest.fixture
def writes() -> Writes:
    return Writes()


@pytest.fixture
def changes(writes: Writes) -> UndoStack:
    made = UndoStack()
    for value in (1, 2):
        made.carry_out(f"to {value}", writes.setting(value))
        writes.succeed()
    return made


def failures(changes: UndoStack) -> list[tuple[AppError, Callable[[], None]]]:
    told: list[tuple[AppError, Callable[[], None]]] = []
    changes.failed.connect(lambda error, again: told.append((error, again)))
    return told


def test_changes_are_undone_newest_first_and_redone_in_order(changes: UndoStack, writes: Writes) -> None:
    for text, place in (("to 2", 1), ("to 1", 0)):
        assert changes.undo_text == text
        changes.undo()
        writes.succeed()
        assert writes.place == place
    assert changes.undo_text == ""
    for text, place in (("to 1", 1), ("to 2", 2)):
        assert changes.redo_text == text
        changes.redo()
        writes.succeed()
        assert writes.place == place


def test_an_undo_that_fails_stays_where_it_was_and_can_be_tried_again(changes: UndoStack, writes: Writes) -> None:
    told = failures(changes)
    changes.undo()
    for attempt in (1, 2):
        writes.fail()
        assert (changes.undo_text, changes.redo_text, len(told)) == ("to 2", "", attempt)
        told[-1][1]()
    writes.succeed()
    assert (writes.place, changes.undo_text, changes.redo_text) == (1, "to 1", "to 2")


def test_trying_again_does_nothing_once_something_else_is_the_newest_change(changes: UndoStack, writes: Writes) -> None:
    told = failures(changes)
    changes.undo()
    writes.fail()
    changes.carry_out("to 3", writes.setting(3))
    writes.succeed()
    told[-1][1]()
    assert not writes.under_way
    assert changes.undo_text == "to 3"


def test_nothing_is_undone_twice_or_past_a_change_that_is_being_written(changes: UndoStack, writes: Writes) -> None:
    changes.undo()
    changes.undo()
    changes.redo()
    assert len(writes.under_way) == 1
    assert changes.is_writing
    writes.succeed()
    changes.carry_out("to 5", writes.setting(5))
    changes.undo()
    assert len(writes.under_way) == 1
    writes.succeed()
    assert (writes.place, changes.undo_text) == (5, "to 5")


def test_a_failed_change_cannot_be_undone_but_can_be_tried_again(changes: UndoStack, writes: Writes) -> None:
    told = failures(changes)
    changes.carry_out("to 3", writes.setting(3))
    writes.fail()
    assert changes.undo_text == "to 2"
    told[-1][1]()
    writes.succeed()
    assert (writes.place, changes.undo_text) == (3, "to 3")


def test_an_error_goes_to_the_caller_only_if_it_handles_errors(changes: UndoStack, writes: Writes) -> None:
    told, own = failures(changes), list[AppError]()
    changes.carry_out("to 3", writes.setting(3), failed=own.append)
    writes.fail()
    assert (len(told), len(own)) == (0, 1)


def test_a_new_change_clears_the_redo_stack(changes: UndoStack, writes: Writes) -> None:
    changes.undo()
    writes.succeed()
    changes.add("to 4", writes.setting(1))
    assert (changes.undo_text, changes.redo_text) == ("to 4", "")


def test_a_change_that_cannot_be_undone_clears_the_stack_and_says_so(changes: UndoStack, writes: Writes) -> None:
    told: list[str] = []
    changes.refused.connect(told.append)
    changes.end("An assessment is locked.")
    changes.undo()
    assert told == ["An assessment is locked."]
    assert not writes.under_way
    changes.carry_out("to 3", writes.setting(3))
    writes.succeed()
    changes.undo()
    writes.succeed()
    changes.undo()
    assert len(told) == 2
    assert writes.place == 2


def test_a_stack_cleared_while_an_undo_is_written_stays_clear(changes: UndoStack, writes: Writes) -> None:
    changes.undo()
    changes.end("An assessment is locked.")
    writes.succeed()
    assert (changes.undo_text, changes.redo_text, changes.has_ended) == ("", "", True)
