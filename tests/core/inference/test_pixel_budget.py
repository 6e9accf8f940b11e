import threading

import pytest

from desktop.core.inference.pixel_budget import PixelBudget


def enter(room: PixelBudget, pixels: int) -> tuple[threading.Thread, threading.Event, threading.Event]:
    """Let a thread enter; return it, the event set when it has entered, and the event that makes it leave."""
    entered, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with room.taken(pixels):
            entered.set()
            leave.wait()

    thread = threading.Thread(target=stay)
    thread.start()
    return thread, entered, leave


def test_images_that_fit_enter_together_and_the_rest_wait() -> None:
    room = PixelBudget(30)
    first, first_entered, first_leave = enter(room, 15)
    second, second_entered, second_leave = enter(room, 15)
    assert first_entered.wait(60)
    assert second_entered.wait(60)
    third, third_entered, third_leave = enter(room, 1)
    first_leave.set()
    first.join()
    assert third_entered.wait(60)
    for thread, leave in ((second, second_leave), (third, third_leave)):
        leave.set()
        thread.join()


def test_an_image_larger_than_the_budget_enters_alone() -> None:
    room = PixelBudget(30)
    first, entered, leave = enter(room, 10)
    assert entered.wait(60)
    large, large_entered, large_leave = enter(room, 100)
    assert not large_entered.is_set()
    leave.set()
    first.join()
    assert large_entered.wait(60)
    small, small_entered, small_leave = enter(room, 1)
    assert not small_entered.is_set()
    large_leave.set()
    assert small_entered.wait(60)
    small_leave.set()
    for thread in (large, small):
        thread.join()


def test_an_image_that_needs_no_budget_never_waits() -> None:
    room = PixelBudget(30)
    with room.taken(100), room.taken(0):
        pass


def test_an_error_releases_the_budget() -> None:
    room = PixelBudget(30)
    with pytest.raises(ZeroDivisionError), room.taken(30):
        _ = 1 / 0
    with room.taken(30):
        pass
