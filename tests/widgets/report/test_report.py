"""The report of the open image: its content, and how it is saved, printed and copied."""

import dataclasses
import datetime as dt
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPushButton

from desktop import __version__
from desktop.core.draft import Draft
from desktop.core.inference.contract import Flag
from desktop.core.records.history import History
from desktop.core.records.people import Sex
from desktop.core.records.seal import Head
from desktop.core.records.verifying import check_history
from desktop.system.settings import EXPORT_FOLDER
from desktop.system.tasks import Lane
from desktop.widgets.common.wording import local_time
from desktop.widgets.report.markup import first_page
from desktop.widgets.report.page import ReportPages
from desktop.widgets.report.report_dialog import ReportDialog
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk

MakeDesk = Callable[..., Desk]
ALWAYS = Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.95, 0.4, 4, 88, "validation split, 448 images")
STANDING = "Not a certified medical device. For research and teaching; your own examination decides."


def key(desk: Desk, letter: Qt.Key, *more: Qt.KeyboardModifier) -> None:
    """Press a key with Ctrl on the window, which is active again after a dialog."""
    desk.parts.window.activateWindow()
    desk.wait(desk.parts.window.isActiveWindow)
    held = Qt.KeyboardModifier.ControlModifier
    for modifier in more:
        held |= modifier
    desk.qtbot.keyClick(desk.parts.window, letter, held)


def dialog(desk: Desk) -> ReportDialog:
    """Open the report with its key."""
    key(desk, Qt.Key.Key_P)
    desk.wait(lambda: desk.parts.window.findChildren(ReportDialog))
    found = desk.parts.window.findChildren(ReportDialog)[-1]
    desk.wait(found.isVisible)
    return found


def close(desk: Desk, shown: ReportDialog) -> None:
    desk.qtbot.keyClick(shown, Qt.Key.Key_Escape)
    desk.wait(lambda: not desk.parts.window.findChildren(ReportDialog))


def text(shown: ReportDialog) -> str:
    return ReportPages(shown.report, 96).text()


def tick(desk: Desk, box: QCheckBox) -> None:
    box.setFocus()
    desk.qtbot.keyClick(box, Qt.Key.Key_Space)


def press(desk: Desk, shown: ReportDialog, words: str) -> None:
    button = next(b for b in shown.findChildren(QPushButton) if words in b.text().replace("&", ""))
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def of_patient(
    desk: Desk, path: Path, *, sex: Sex = "female", age_band: str = "60-69", birth_year: int | None = None
) -> str:
    """Open and save an image of Jane's lesion; return its SHA-256."""
    desk.open_and_keep(path)
    picture = desk.parts.open_image.picture
    assert picture is not None
    with History.open(desk.folder) as history:
        people = history.people
        patient = people.add_patient("P-0412", sex, by="MK", birth_year=birth_year)
        visit = people.begin_visit(patient.id, dt.date(2026, 11, 23), age_band, by="MK")
        lesion = people.add_lesion(patient.id, "L2", "", by="MK")
        image_id = people.image_id_of(picture.sha256)
        assert image_id is not None
        people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    return picture.sha256


def test_the_report_states_the_head_of_the_seal(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg", seed=3, size=(640, 480)))
    found = re.search(r"seal (\d+:[0-9a-f]{32}) · LesionLens", dialog(desk).report.versions)
    assert found is not None
    desk.rest()
    assert check_history(desk.folder, kept=Head.parse(found[1])).faults == []


def test_the_report_matches_the_panel(desk: Desk, tmp_path: Path, model_file: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg", seed=3, size=(640, 480)))
    shown = dialog(desk)
    page = text(shown)
    panel = desk.parts.window.visit_page.result_panel.shown()
    answer, picture = desk.parts.open_image.answer, desk.parts.open_image.picture
    assert panel is not None
    assert answer is not None
    assert picture is not None
    for part in (panel.headline, *panel.plain.splitlines(), *panel.signs.splitlines(), *panel.basis.splitlines()):
        assert part in page
    for group in panel.groups:
        for row in group.rows:
            assert row.name in page
            assert row.value.replace("\N{NO-BREAK SPACE}", " ") in page  # a document gives its text so
    for part in (picture.sha256, answer.prediction.model_sha256, "version 1", __version__, STANDING, "lesion.jpg"):
        assert part in page
    assert "Demonstration model" in page
    assert "No assessment was entered." in page
    assert "The image belongs to no patient." in page
    close(desk, shown)


def test_report_has_the_date_of_the_answer_not_of_the_viewing(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg", seed=3))
    given = desk.parts.open_image.given
    assert given is not None
    earlier = dt.datetime(2026, 3, 12, 9, 0, tzinfo=dt.UTC)
    desk.parts.open_image.show(dataclasses.replace(given, answer=dataclasses.replace(given.answer, time=earlier)))
    shown = dialog(desk)
    assert local_time(earlier) in text(shown)
    close(desk, shown)


def test_report_dates_an_answer_as_the_history_does_however_often_its_image_is_opened(
    desk: Desk, make_desk: MakeDesk, tmp_path: Path, model_file: Path
) -> None:
    path = write_lesion(tmp_path / "lesion.png", seed=3)
    desk.open_and_keep(path)
    (entry,) = desk.entries()
    answer = desk.parts.open_image.answer
    assert answer is not None
    earlier = dt.datetime(2026, 3, 12, 9, 0, tzinfo=dt.UTC)
    later = make_desk(model_file, data="other")
    with History.open(later.folder, now=lambda: earlier) as history:
        linked = dataclasses.replace(entry.image, path=path, stored=False)
        history.save(linked, entry.answer, answer.contract, by="MK")
    later.open_and_keep(path)
    shown = dialog(later)
    assert f"answer of {local_time(earlier)}" in text(shown)
    close(later, shown)


def test_a_corrected_outcome_is_struck_out_below_the_one_that_counts(desk: Desk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.png")
    desk.open_and_keep(path)
    desk.parts.open_image.close()
    with History.open(desk.folder) as history:
        image_id = history.people.image_id_of(desk.entries()[0].image.sha256)
        corrects = None
        for diagnosis in ("melanoma", "dermatofibroma", "nevus"):
            corrects = history.assessments.add_outcome(
                image_id=image_id,
                kind="histopathology",
                diagnosis=diagnosis,
                date=dt.date(2026, 3, 1),
                laboratory_number=f"H26-{diagnosis}",
                note=f"Text on {diagnosis}",
                corrects=corrects,
                by="MK",
            ).id
    desk.open(path)
    desk.wait(lambda: desk.parts.blinding.image_status is not None)
    shown = dialog(desk)
    found = text(shown)
    corrected = [f"Corrected: Histopathology of 1 Mar 2026: {name}" for name in ("Melanoma", "Dermatofibroma")]
    assert found.index("Histopathology of 1 Mar 2026: Nevus") < found.index(corrected[0])
    page = first_page(shown.report, 12, 300, with_notes=True)
    struck = re.findall("<s>(.*?)</s>", page)
    assert struck[::3] == corrected, "oldest first, as assessments are"
    assert [line.split("H26-")[1] for line in struck[1::3]] == ["melanoma", "dermatofibroma"], "what is said beside it"
    assert struck[2::3] == ["Text on melanoma", "Text on dermatofibroma"]


@pytest.mark.parametrize(
    ("recorded", "age"),
    [("", "60–69, born 1960"), ("60-69", "60–69, born 1960"), ("40-49", "60–69, born 1960 (recorded: 40–49)")],
)
def test_the_age_follows_from_the_birth_year(desk: Desk, tmp_path: Path, recorded: str, age: str) -> None:
    of_patient(desk, write_lesion(tmp_path / "lesion.jpg", seed=3), age_band=recorded, birth_year=1960)
    shown = dialog(desk)
    assert dict(shown.report.patient)["Age"] == age
    tick(desk, shown.patient)
    assert "1960" not in text(shown)
    close(desk, shown)


def test_unknown_patient_data_are_named_once(desk: Desk, tmp_path: Path) -> None:
    of_patient(desk, write_lesion(tmp_path / "lesion.jpg", seed=3), sex="unknown", age_band="")
    shown = dialog(desk)
    page = " ".join(text(shown).split())
    assert "Sex not known" in page
    assert "Age not known" in page
    close(desk, shown)


def test_nothing_of_the_answer_is_on_the_report_before_the_own_assessment(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "m.onnx", contract(flags=(ALWAYS,))), blind=True)
    path = write_lesion(tmp_path / "lesion.jpg", seed=3)
    desk.open_and_keep(path)
    shown = dialog(desk)
    page = text(shown)
    assert "Not shown: today's diagnosis comes first." in page
    for hint in ("Melanoma alert", "MALIGNANT", "Nevus", " %", desk.parts.model.classifier.sha256):  # type: ignore[union-attr]
        assert hint not in page
    assert not shown.overlay.isEnabled()
    close(desk, shown)
    key(desk, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert "There is no answer to copy." in desk.texts(desk.parts.window.visit_page.messages)

    with desk.qtbot.waitSignal(desk.parts.blinding.committed):
        desk.parts.blinding.commit(Draft(diagnosis="nevus", plan="none", note="Seen <before>."))
    desk.wait(lambda: desk.parts.window.visit_page.result_panel.shown() is not None)
    shown = dialog(desk)
    page = text(shown)
    assert "before the model, " in page
    assert "Seen <before>." in page
    assert page.index("before the model, ") < page.index("Melanoma alert")
    close(desk, shown)


def test_withheld_figures_are_not_on_the_report_unless_they_are_shown(make_desk: MakeDesk, tmp_path: Path) -> None:
    model = write_model(tmp_path / "m.onnx", contract(novelty_threshold=1.0, flags=(ALWAYS,)), novelty=5.0)
    desk = make_desk(model)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg"))
    shown = dialog(desk)
    page = text(shown)
    assert "This does not mean benign." in page
    assert "Melanoma alert" in page
    assert "Vascular lesion" not in page
    close(desk, shown)
    anyway = next(b for b in desk.parts.window.findChildren(QPushButton) if b.text() == "Show anyway" and b.isVisible())
    desk.qtbot.mouseClick(anyway, Qt.MouseButton.LeftButton)
    shown = dialog(desk)
    assert "Vascular lesion" in text(shown)
    close(desk, shown)


def test_the_overlay_is_on_it_only_if_it_is_ticked(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg", seed=3, size=(640, 480)))
    shown = dialog(desk)
    assert not shown.overlay.isEnabled()
    close(desk, shown)
    desk.parts.window.visit_page.tools.actions_by_id["overlay"].trigger()
    desk.wait(lambda: desk.parts.window.features.workbench.overlay.caption)
    shown = dialog(desk)
    assert shown.overlay.isEnabled()
    assert shown.report.overlay is None
    assert "hint" not in text(shown)
    tick(desk, shown.overlay)
    assert "A hint, not a proof." in text(shown)
    overlay = shown.report.overlay
    assert overlay is not None
    assert overlay.size().toTuple() == (640, 480)
    close(desk, shown)


def test_patient_data_are_on_it_unless_they_are_unticked(desk: Desk, tmp_path: Path) -> None:
    of_patient(desk, write_lesion(tmp_path / "Doe_Jane.jpg", seed=3))
    shown = dialog(desk)
    assert shown.patient.isChecked()
    assert "the name of the image's file" in shown.patient.toolTip()
    for part in ("P-0412", "female", "60–69", "L2", "Doe_Jane.jpg"):
        assert part in text(shown)
    tick(desk, shown.patient)
    for part in ("P-0412", "female", "60–69", "L2", "Doe_Jane"):
        assert part not in text(shown)
    assert "Patient data are left out." in text(shown)
    close(desk, shown)


def test_the_pdf_file_name_has_no_patient_data(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = of_patient(desk, write_lesion(tmp_path / "Doe_Jane.jpg", seed=3))
    out = tmp_path / "out"
    out.mkdir()
    desk.parts.window._session.settings.put(EXPORT_FOLDER, str(out))
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)  # accepts the proposed name
    shown = dialog(desk)
    press(desk, shown, "Save as PDF")
    desk.wait(lambda: "Saved in" in shown.messages.text())
    (saved,) = out.iterdir()
    assert saved.read_bytes().startswith(b"%PDF-")
    assert sha256[:8] in saved.name
    assert saved.suffix == ".pdf"
    assert not any(part in saved.name for part in ("Doe", "Jane", "0412"))
    close(desk, shown)


def test_an_error_while_saving_is_reported(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg"))
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(tmp_path / "not" / "there.pdf")])
    shown = dialog(desk)
    press(desk, shown, "Save as PDF")
    desk.wait(lambda: "“there.pdf” cannot be written" in shown.messages.text())
    close(desk, shown)


def test_the_result_is_shown_even_if_the_report_was_closed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg"))
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(tmp_path / "not" / "there.pdf")])
    shown = dialog(desk)
    go_on = threading.Event()
    for _thread in range(Lane.IMAGES.value[1]):
        desk.parts.tasks.run(Lane.IMAGES, lambda _task: go_on.wait(), lambda _done: None, lambda _error: None)
    press(desk, shown, "Save as PDF")
    close(desk, shown)
    go_on.set()
    desk.wait(lambda: "“there.pdf” cannot be written" in desk.parts.window.visit_page.messages.text())


def test_without_a_printer_the_page_opens_in_the_pdf_viewer(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Viewer(QObject):
        opened: str = ""

        @Slot(QUrl)
        def show(self, url: QUrl) -> None:
            self.opened = url.toLocalFile()

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    viewer = Viewer()
    QDesktopServices.setUrlHandler("file", viewer, "show")
    try:
        desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg"))
        shown = dialog(desk)
        press(desk, shown, "Print")
        desk.wait(shown.messages.text)
        assert Path(viewer.opened).read_bytes().startswith(b"%PDF-")
        close(desk, shown)
    finally:
        QDesktopServices.unsetUrlHandler("file")


def test_the_clinics_lines_are_remembered(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.jpg"))
    shown = dialog(desk)
    shown.clinic.setFocus()
    desk.qtbot.keyClicks(shown.clinic, "Clinic of A")
    assert "Clinic of A" in text(shown)
    close(desk, shown)
    shown = dialog(desk)
    assert text(shown).strip().startswith("Clinic of A")
    close(desk, shown)


def test_a_sentence_explains_that_no_image_is_open(desk: Desk) -> None:
    key(desk, Qt.Key.Key_P)
    assert "a report is of one image" in desk.parts.window.visit_page.messages.text()


def test_the_result_is_copied_as_text_without_the_files_name(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "Doe_Jane.jpg", seed=3))
    key(desk, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    copied = QGuiApplication.clipboard().text()
    panel = desk.parts.window.visit_page.result_panel.shown()
    assert panel is not None
    assert panel.headline in copied
    assert copied.startswith("Demonstration model")
    assert copied.endswith(STANDING)
    for group in panel.groups:
        for row in group.rows:
            assert f"{row.name}\t{row.value}" in copied
    assert "Doe" not in copied


def test_a_sample_is_called_a_drawing(desk: Desk) -> None:
    desk.parts.window.features.sources.open_sample()
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    shown = dialog(desk)
    assert "Synthetic drawing, not a lesion." in text(shown)
    close(desk, shown)
