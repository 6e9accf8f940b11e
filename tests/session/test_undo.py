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
def undo_stack(writes: Writes) -> UndoStack:
    made = UndoStack()
    for value in (1, 2):
        made.carry_out(f"to {value}", writes.setting(value))
        writes.succeed()
    return made


def failures(undo_stack: UndoStack) -> list[tuple[AppError, Callable[[], None]]]:
    told: list[tuple[AppError, Callable[[], None]]] = []
    undo_stack.failed.connect(lambda error, again: told.append((error, again)))
    return told


def test_changes_are_undone_newest_first_and_redone_in_order(undo_stack: UndoStack, writes: Writes) -> None:
    for text, place in (("to 2", 1), ("to 1", 0)):
        assert undo_stack.undo_text == text
        undo_stack.undo()
        writes.succeed()
        assert writes.place == place
    assert undo_stack.undo_text == ""
    for text, place in (("to 1", 1), ("to 2", 2)):
        assert undo_stack.redo_text == text
        undo_stack.redo()
        writes.succeed()
        assert writes.place == place


def test_an_undo_that_fails_stays_where_it_was_and_can_be_tried_again(undo_stack: UndoStack, writes: Writes) -> None:
    told = failures(undo_stack)
    undo_stack.undo()
    for attempt in (1, 2):
        writes.fail()
        assert (undo_stack.undo_text, undo_stack.redo_text, len(told)) == ("to 2", "", attempt)
        told[-1][1]()
    writes.succeed()
    assert (writes.place, undo_stack.undo_text, undo_stack.redo_text) == (1, "to 1", "to 2")


def test_trying_again_does_nothing_once_something_else_is_the_newest_change(
    undo_stack: UndoStack, writes: Writes
) -> None:
    told = failures(undo_stack)
    undo_stack.undo()
    writes.fail()
    undo_stack.carry_out("to 3", writes.setting(3))
    writes.succeed()
    told[-1][1]()
    assert not writes.under_way
    assert undo_stack.undo_text == "to 3"


def test_nothing_is_undone_twice_or_past_a_change_that_is_being_written(undo_stack: UndoStack, writes: Writes) -> None:
    undo_stack.undo()
    undo_stack.undo()
    undo_stack.redo()
    assert len(writes.under_way) == 1
    assert undo_stack.is_writing
    writes.succeed()
    undo_stack.carry_out("to 5", writes.setting(5))
    undo_stack.undo()
    assert len(writes.under_way) == 1
    writes.succeed()
    assert (writes.place, undo_stack.undo_text) == (5, "to 5")


def test_a_failed_change_cannot_be_undone_but_can_be_tried_again(undo_stack: UndoStack, writes: Writes) -> None:
    told = failures(undo_stack)
    undo_stack.carry_out("to 3", writes.setting(3))
    writes.fail()
    assert undo_stack.undo_text == "to 2"
    told[-1][1]()
    writes.succeed()
    assert (writes.place, undo_stack.undo_text) == (3, "to 3")


def test_an_error_goes_to_the_caller_only_if_it_handles_errors(undo_stack: UndoStack, writes: Writes) -> None:
    told, own = failures(undo_stack), list[AppError]()
    undo_stack.carry_out("to 3", writes.setting(3), failed=own.append)
    writes.fail()
    assert (len(told), len(own)) == (0, 1)


def test_a_new_change_clears_the_redo_stack(undo_stack: UndoStack, writes: Writes) -> None:
    undo_stack.undo()
    writes.succeed()
    undo_stack.add("to 4", writes.setting(1))
    assert (undo_stack.undo_text, undo_stack.redo_text) == ("to 4", "")


def test_a_change_that_cannot_be_undone_clears_the_stack_and_says_so(undo_stack: UndoStack, writes: Writes) -> None:
    told: list[str] = []
    undo_stack.refused.connect(told.append)
    undo_stack.end("An assessment is locked.")
    undo_stack.undo()
    assert told == ["An assessment is locked."]
    assert not writes.under_way
    undo_stack.carry_out("to 3", writes.setting(3))
    writes.succeed()
    undo_stack.undo()
    writes.succeed()
    undo_stack.undo()
    assert len(told) == 2
    assert writes.place == 2


def test_a_stack_cleared_while_an_undo_is_written_stays_clear(undo_stack: UndoStack, writes: Writes) -> None:
    undo_stack.undo()
    undo_stack.end("An assessment is locked.")
    writes.succeed()
    assert (undo_stack.undo_text, undo_stack.redo_text, undo_stack.has_ended) == ("", "", True)
