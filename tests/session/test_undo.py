"""The undo stack moves only after a write has succeeded, one step at a time, and never past what cannot be undone."""

from collections.abc import Callable

import pytest

from desktop.core.errors import AppError, RecordsError, UndoRefusedError
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

    def fail(self, error: AppError | None = None) -> None:
        _value, _done, failed = self.under_way.pop(0)
        failed(error or RecordsError("The history is locked."))


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


def test_a_change_is_named_once_it_is_written_and_again_when_it_is_redone(
    undo_stack: UndoStack, writes: Writes
) -> None:
    named: list[str] = []
    undo_stack.written.connect(named.append)
    undo_stack.carry_out("to 3", writes.setting(3))
    assert named == []
    writes.fail()
    assert named == []
    undo_stack.carry_out("to 3", writes.setting(3))
    writes.succeed()
    assert named == ["to 3"]
    undo_stack.undo()
    writes.succeed()
    assert named == ["to 3"]
    undo_stack.redo()
    writes.succeed()
    assert named == ["to 3", "to 3"]


def test_changes_are_undone_in_the_order_in_which_they_were_begun(undo_stack: UndoStack, writes: Writes) -> None:
    named: list[str] = []
    undo_stack.written.connect(named.append)
    undo_stack.carry_out("to 3", writes.setting(3))
    later = undo_stack.add("placing", writes.setting(9))
    writes.succeed()
    assert undo_stack.is_newest(later)
    assert named == [], "the line would name another change than the offer beside it"
    undo_stack.tell_written(later)
    assert named == ["placing"]
    undo_stack.undo()
    writes.succeed()
    assert undo_stack.undo_text == "to 3"


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


def full_disk() -> RecordsError:
    error = RecordsError("The disk is full.")
    error.__cause__ = OSError()
    return error


def test_what_the_disk_did_not_take_is_held_until_it_is_saved(undo_stack: UndoStack, writes: Writes) -> None:
    told = failures(undo_stack)
    for value in (3, 4):
        undo_stack.carry_out(f"to {value}", writes.setting(value))
        writes.fail(full_disk())
    assert undo_stack.unsaved == 2
    told[0][1]()
    assert undo_stack.unsaved == 1, "it is being written"
    writes.fail(full_disk())
    assert undo_stack.unsaved == 2
    undo_stack.save_again()
    for _ in range(2):
        writes.succeed()
    assert (undo_stack.unsaved, writes.place) == (0, 3)
    for _error, again in told:  # the messages may still be there
        again()
    assert not writes.under_way


def test_what_was_refused_for_what_it_is_is_not_held(undo_stack: UndoStack, writes: Writes) -> None:
    undo_stack.carry_out("to 3", writes.setting(3))
    writes.fail(RecordsError("The finding cannot be before the biopsy."))
    assert undo_stack.unsaved == 0


def test_what_may_be_of_an_erased_patient_is_not_held_any_more(undo_stack: UndoStack, writes: Writes) -> None:
    for value, patient_ids in ((3, (1,)), (4, (2,)), (5, ())):
        undo_stack.carry_out(f"to {value}", writes.setting(value), patient_ids=patient_ids)
        writes.fail(full_disk())
    undo_stack.clear()
    assert undo_stack.unsaved == 3, "the history was opened again"
    undo_stack.forget_unsaved(1)
    undo_stack.save_again()
    assert [value for value, *_ in writes.under_way] == [4]


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


@pytest.mark.parametrize("is_asked_twice", [False, True])
def test_a_redo_survives_a_change_that_is_added_while_it_is_written(
    undo_stack: UndoStack, writes: Writes, is_asked_twice: bool
) -> None:
    named: list[str] = []
    undo_stack.written.connect(named.append)
    undo_stack.undo()
    writes.succeed()
    undo_stack.redo()
    if is_asked_twice:
        told = failures(undo_stack)
        writes.fail()
        told[-1][1]()
    later = undo_stack.add("placing", writes.setting(9))
    assert undo_stack.redo_text == "to 2"
    writes.succeed()
    assert named == [], "the line would name another change than the offer beside it"
    assert undo_stack.is_newest(later)
    assert undo_stack.redo_text == ""
    for text in ("placing", "to 2", "to 1"):
        assert undo_stack.undo_text == text
        undo_stack.undo()
        writes.succeed()
    assert writes.place == 0


def test_a_redo_survives_a_change_that_is_begun_and_written_meanwhile(undo_stack: UndoStack, writes: Writes) -> None:
    for text in ("to 2", "to 1"):
        assert undo_stack.undo_text == text
        undo_stack.undo()
        writes.succeed()
    undo_stack.redo()
    undo_stack.carry_out("to 7", writes.setting(7))
    assert undo_stack.redo_text == "to 1"
    writes.succeed()
    writes.succeed()
    assert (undo_stack.undo_text, undo_stack.redo_text) == ("to 7", ""), "“to 2” would be redone past it"
    for place in (1, 0):
        undo_stack.undo()
        writes.succeed()
        assert writes.place == place


def test_nothing_is_redone_past_a_change_that_is_added_while_its_undo_is_written(
    undo_stack: UndoStack, writes: Writes
) -> None:
    undone: list[str] = []
    undo_stack.undone.connect(undone.append)
    undo_stack.undo()
    undo_stack.add("placing", writes.setting(9))
    writes.succeed()
    assert (undo_stack.undo_text, undo_stack.redo_text, undone[-1]) == ("placing", "", "")


def test_an_undo_that_fails_below_a_newer_change_is_not_offered_again(undo_stack: UndoStack, writes: Writes) -> None:
    told = failures(undo_stack)
    undo_stack.undo()
    undo_stack.add("placing", writes.setting(9))
    writes.fail()
    assert [again for _error, again in told] == [None]
    assert undo_stack.undo_text == "placing"


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


def questions(undo_stack: UndoStack) -> list[tuple[tuple[int, ...], bool, Callable[[], None]]]:
    asked: list[tuple[tuple[int, ...], bool, Callable[[], None]]] = []
    undo_stack.confirmation_needed.connect(lambda ids, is_redo, go_on: asked.append((ids, is_redo, go_on)))
    return asked


@pytest.mark.parametrize("present", [None, 2])
def test_a_change_of_a_patient_who_is_not_open_is_undone_and_redone_only_after_confirmation(
    writes: Writes, present: int | None
) -> None:
    undo_stack = UndoStack(open_patient_id=lambda: present)
    asked = questions(undo_stack)
    undo_stack.carry_out("to 1", writes.setting(1), patient_ids=(1,))
    writes.succeed()
    for act, is_redo, place in ((undo_stack.undo, False, 0), (undo_stack.redo, True, 1)):
        act()
        assert not writes.under_way
        ids, asked_redo, go_on = asked.pop()
        assert (ids, asked_redo) == ((1,), is_redo)
        go_on()
        writes.succeed()
        assert writes.place == place
    assert not asked


def test_a_change_of_the_open_patient_or_of_none_is_undone_without_a_question(writes: Writes) -> None:
    undo_stack = UndoStack(open_patient_id=lambda: 2)
    asked = questions(undo_stack)
    for value, ids in ((1, ()), (2, (2,)), (3, (1, 2))):
        undo_stack.carry_out(f"to {value}", writes.setting(value), patient_ids=ids)
        writes.succeed()
    for place in (2, 1, 0):
        undo_stack.undo()
        writes.succeed()
        assert writes.place == place
    assert not asked


def test_trying_a_confirmed_undo_again_does_not_ask_again(writes: Writes) -> None:
    undo_stack = UndoStack()
    asked, told = questions(undo_stack), failures(undo_stack)
    undo_stack.add("to 1", writes.setting(0), patient_ids=(1,))
    undo_stack.undo()
    asked[0][2]()
    for _ in range(2):
        writes.fail()
        told.pop()[1]()
    writes.succeed()
    assert (len(asked), undo_stack.redo_text) == (1, "to 1")


def test_a_confirmation_that_comes_after_another_change_does_nothing(writes: Writes) -> None:
    undo_stack = UndoStack()
    asked = questions(undo_stack)
    undo_stack.add("to 1", writes.setting(0), patient_ids=(1,))
    undo_stack.undo()
    undo_stack.add("to 2", writes.setting(1))
    asked[0][2]()
    assert not writes.under_way


def test_patients_who_are_known_only_after_the_write_are_asked_about(writes: Writes) -> None:
    undo_stack, ids = UndoStack(), set[int]()
    asked = questions(undo_stack)
    undo_stack.carry_out("to 1", writes.setting(1), patient_ids=ids)
    writes.succeed()
    ids.add(7)
    undo_stack.undo()
    assert [one[0] for one in asked] == [(7,)]


def test_a_refused_undo_is_reported_without_a_retry(undo_stack: UndoStack, writes: Writes) -> None:
    told, reasons = failures(undo_stack), list[object]()
    undo_stack.refused.connect(reasons.append)
    undo_stack.undo()
    error = UndoRefusedError("P-1 has an image.")
    writes.fail(error)
    assert (told, reasons) == ([], [error])
    assert (undo_stack.undo_text, undo_stack.redo_text, undo_stack.is_writing) == ("to 2", "", False)


def test_what_was_undone_is_named_until_something_else_happens(undo_stack: UndoStack, writes: Writes) -> None:
    named: list[str] = []
    undo_stack.undone.connect(named.append)
    undo_stack.undo()
    writes.fail()
    assert named == []
    for act, name in ((undo_stack.undo, "to 2"), (undo_stack.redo, ""), (undo_stack.undo, "to 2")):
        act()
        writes.succeed()
        assert named[-1] == name
    undo_stack.add("to 3", writes.setting(1))
    assert named[-1] == ""


@pytest.mark.parametrize("is_erased", [True, False], ids=["clear", "end"])
def test_a_change_that_was_being_written_when_the_stack_was_cleared_is_not_undone(
    undo_stack: UndoStack, writes: Writes, is_erased: bool
) -> None:
    undo_stack.carry_out("to 3", writes.setting(3))
    if is_erased:
        undo_stack.clear()
    else:
        undo_stack.end("It is locked.")
    writes.succeed()
    assert (undo_stack.undo_text, undo_stack.has_ended, undo_stack.is_writing) == ("", not is_erased, False)
    undo_stack.carry_out("to 4", writes.setting(4))
    writes.succeed()
    assert undo_stack.undo_text == "to 4"
