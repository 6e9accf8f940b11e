"""An assessment that was imported from another program reads in the window as what it is."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from desktop.core.exchange.importing import import_folder
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from tests.making import write_lesion
from tests.widgets.answer.test_blind_first import type_on_image, views, wait_until_asked
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import open_lesion
from tests.widgets.mouse_and_keys import key


def bring_todays(desk: Desk, tmp_path: Path) -> None:
    """Import an image of today with an assessment from another program, and open its lesion."""
    folder = tmp_path / "from elsewhere"
    folder.mkdir()
    write_lesion(folder / "a.png", seed=1)
    today = dt.datetime.now().astimezone().date()
    rows = f"P-1,L1,{today},a.png,nevus,AB\n"
    (folder / "records.csv").write_text(f"patient,lesion,date,image,assessment,who\n{rows}")
    with History.open(desk.folder) as history:
        import_folder(history, ImageStore(desk.folder), folder, by="MK")
        (patient,) = history.people.find_patients()
        (lesion,) = history.people.lesions(patient.id)
    open_lesion(desk, patient, lesion)
    desk.settle()


def test_imported_assessment_is_neither_before_nor_after_the_model(desk: Desk, tmp_path: Path) -> None:
    bring_todays(desk, tmp_path)
    panel = desk.parts.window.visit_page.assessment_panel
    desk.wait(lambda: "imported, made elsewhere" in desk.texts(panel))
    key(desk, Qt.Key.Key_C)
    course = desk.parts.window.workspaces.follow_up.page.course
    desk.wait(lambda: "imported, made elsewhere" in desk.texts(course))
    assert ", by AB" in desk.texts(course)
    for texts in (desk.texts(panel), desk.texts(course)):
        assert "after the model" not in texts
        assert "before the model" not in texts


def test_imported_assessment_of_today_does_not_take_the_own_one_from_blind_first(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    bring_todays(desk, tmp_path)
    wait_until_asked(desk)
    assert desk.parts.window.visit_page.result_panel.shown() is None
    type_on_image(desk, Qt.Key.Key_1, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.window.visit_page.result_panel.shown() is not None)
    assert [(one.diagnosis, one.before_model) for one in views(desk)] == [("nevus", None), ("melanoma", True)]
