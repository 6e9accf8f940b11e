"""The scene with the check of the history: whole, and after another program changed two rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from desktop.core.records.schema import FILE_NAME
from desktop.widgets.window.history_check import HistoryCheckDialog
from screenshot_drawings import draw_images
from screenshot_patients import open_patient
from screenshot_steps import Setting, add_lesion, bring
from studio import Studio


def seal(given: Setting) -> None:
    """Help > Check the history, twice."""
    studio = given.studio("seal")
    studio.write(lambda history, by: history.people.add_patient("P-0412", "female", by=by).id)
    open_patient(studio, "P-0412")
    add_lesion(studio, "scapula-left")
    bring(studio, *draw_images(given.work / "seal", 2, first=21))
    studio.settle()
    studio.trigger("Check the history…")
    dialog = studio.dialog(HistoryCheckDialog)
    dialog.with_images.setChecked(True)
    dialog.check_button.click()
    studio.wait(lambda: "is whole" in dialog.verdict.text(), "the history is not whole")
    studio.take(given.name("seal-whole"), over=dialog)
    _change_by_hand(studio)
    dialog.check_button.click()
    studio.wait(lambda: "is not as" in dialog.verdict.text(), "the changed rows are not found")
    studio.take(given.name("seal-changed"), over=dialog)
    studio.close()


def _change_by_hand(studio: Studio) -> None:
    """Change a probability and add an image, as a SQLite program can."""
    with closing(sqlite3.connect(studio.parts.history_service.folder / FILE_NAME)) as connection:
        (trigger,) = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'prediction_is_never_changed'"
        ).fetchone()
        connection.execute("DROP TRIGGER prediction_is_never_changed")
        connection.execute("UPDATE prediction SET top_probability = 0.01 WHERE id = 1")
        connection.execute(trigger)
        connection.execute(
            "INSERT INTO image_scale (image, mm_per_pixel, device, initials, time)"
            " VALUES (1, 0.02, '', 'MK', '2026-11-23T09:00:00.000000+00:00')"
        )
        connection.commit()
