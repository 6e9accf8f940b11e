"""Scenes with whole folders: a running batch, a finished one, the long history, new images that wait."""

from __future__ import annotations

from screenshot_drawings import draw_images
from screenshot_steps import Setting, say_of_some
from studio import LARGE

MANY = 200
"""Entries of the long history."""
SOME = 24
"""Rows of the batch that is photographed while it runs."""


def folder(given: Setting) -> None:
    """A finished batch, its summary, a history of 200 entries, new images that wait."""
    studio = given.studio("folder")
    place = given.work / "clinic-export"
    draw_images(place, MANY)
    for number in (1, 2):
        (place / f"broken-{number}.jpg").write_text("no image")
    studio.window.open_files([place])
    studio.wait(lambda: studio.window.batch.table.rowCount() > SOME, "the batch does not begin")
    studio.take(given.name("batch-running"))
    studio.wait(
        lambda: not studio.parts.batch.is_running and not studio.parts.batch.is_saving, "the batch does not end"
    )
    studio.settle()
    studio.take(given.name("batch"))
    studio.take(given.name("batch"), LARGE)
    studio.window.batch.show_summary()
    studio.take(given.name("batch-summary"))
    studio.window.batch.send_requested.emit(studio.window.batch.table.answers())
    studio.wait(lambda: studio.count() == MANY, f"the history has not {MANY} entries")
    say_of_some(studio)
    studio.window.show_workspace("history")
    page = studio.window.history
    studio.wait(lambda: page.table.rowCount() > 0, "the history shows nothing")
    page.rows.selectRow(3)
    studio.settle(1.5)
    studio.take(given.name("history"))
    studio.take(given.name("history"), LARGE)
    page.show_as("grid")
    studio.settle(1.5)
    studio.take(given.name("history-pictures"))
    page.show_as("table")
    inbox = given.work / "camera"
    inbox.mkdir(exist_ok=True)
    studio.parts.watched_folder.watch(inbox)
    studio.wait(lambda: studio.parts.watched_folder.is_watching, "the folder is not watched")
    draw_images(inbox, 3, first=301)
    studio.wait(lambda: studio.parts.watched_folder.count == 3, "new images are not counted")
    studio.window.show_workspace("visit")
    studio.take(given.name("inbox"))
    studio.close()
