"""One image: opened in every way, classified, saved, and never lost on an error."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.imaging.opening import read_file
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Figure, Flag, FlagTest, Group
from desktop.core.paths import SAMPLES
from desktop.session.opening_request import of_entry
from desktop.widgets.common.wording import percent
from desktop.widgets.image.minimap import Minimap
from desktop.widgets.visit.recent_menu import RecentMenu
from tests.making import NINE, SIZE, contract, lesion, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import press

MakeDesk = Callable[[Path], Desk]


def flag(threshold: float) -> Flag:
    return Flag("melanoma", "Melanoma", ("melanoma",), threshold, 0.95, 0.4, 4, 88, "validation split, 448 images")


def test_window_shows_the_probabilities_of_the_classifier(desk: Desk, tmp_path: Path, model_file: Path) -> None:
    path = write_lesion(tmp_path / "lesion.jpg", seed=3, size=(640, 480))
    classifier = Classifier(model_file)
    expected = classifier.predict(classifier.prepare(read_file(path), path.name)[None])[0]
    desk.open(path)
    answer = desk.parts.open_image.answer
    assert answer is not None
    np.testing.assert_allclose(answer.prediction.probabilities, expected.probabilities, atol=1e-5)
    shown = desk.texts(desk.parts.window.visit_page.result_panel)
    for probability in expected.probabilities:
        assert percent(probability) in shown


def test_every_label_is_in_the_panel_malignant_first(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png"))
    texts = desk.texts(desk.parts.window.visit_page.result_panel)
    order = [
        "MALIGNANT",
        "Melanoma",
        "Squamous cell carcinoma",
        "Basal cell carcinoma",
        "PRECURSOR",
        "Actinic keratosis",
    ]
    order += [
        "BENIGN",
        "Nevus",
        "Pigmented benign keratosis",
        "Seborrheic keratosis",
        "Dermatofibroma",
        "Vascular lesion",
    ]
    positions = [texts.index(word) for word in order]
    assert positions == sorted(positions)


def test_sorting_by_probability_is_remembered(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.png")
    make_desk(model_file).parts.window.menus.actions["by size"].trigger()
    desk = make_desk(model_file)
    desk.open(path)
    answer = desk.parts.open_image.answer
    assert answer is not None
    by_id = dict(zip(answer.contract.label_ids, answer.prediction.probabilities, strict=True))
    benign = {label.name: by_id[label.id] for label in answer.contract.labels if label.malignancy == "benign"}
    panel = desk.parts.window.visit_page.result_panel
    names = [label for label in panel.findChildren(QLabel) if label.text() in benign and label.isVisible()]

    def shown() -> list[str]:
        return [label.text() for label in sorted(names, key=lambda label: label.mapTo(panel, QPoint()).y())]

    desk.wait(lambda: shown() == sorted(benign, key=lambda name: -benign[name]))


def test_opened_image_is_in_the_history_and_opening_it_again_adds_nothing(desk: Desk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.jpg")
    desk.open_and_keep(path)
    assert "Answer to " in desk.texts(desk.parts.window)
    desk.open_and_keep(path)
    entries = desk.entries()
    assert [entry.image.name for entry in entries] == ["lesion.jpg"]
    assert entries[0].image.path.read_bytes() == path.read_bytes()
    assert "saved" not in desk.texts(desk.parts.window.frame.strip).lower()


def test_sample_is_classified_and_never_saved(desk: Desk) -> None:
    desk.open(min(SAMPLES.glob("*.png")))
    desk.rest()
    assert desk.entries() == []
    assert "synthetic drawing, not saved" in desk.texts(desk.parts.window.visit_page)


def test_entry_has_the_initials(desk: Desk, tmp_path: Path) -> None:
    desk.parts.window.visit_page.first_steps.initials_changed.emit("MK")
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    assert desk.entries()[0].initials == "MK"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.jpg", b"", "“empty.jpg” is empty"),
        ("letter.jpg", b"Dear colleague, ", "“letter.jpg” is not an image that can be opened"),
        ("phone.heic", b"\0\0\0\x18ftypheic" + b"\0" * 64, "“phone.heic” is damaged or cut off"),
    ],
)
def test_bad_file_gets_a_sentence_and_the_window_stays_usable(
    desk: Desk, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    desk.parts.window.open_files([tmp_path / name])
    desk.wait(lambda: sentence in desk.parts.window.visit_page.messages.text())
    desk.open_and_keep(write_lesion(tmp_path / "good.png"))
    assert desk.parts.window.visit_page.messages.text() == ""
    assert len(desk.entries()) == 1


def test_newer_image_replaces_one_that_is_still_being_opened(desk: Desk, tmp_path: Path) -> None:
    first = write_lesion(tmp_path / "first.png", seed=1, size=(2400, 1800))
    second = write_lesion(tmp_path / "second.png", seed=2)
    desk.parts.window.open_files([first])
    desk.open_and_keep(second)
    desk.wait(lambda: {entry.image.name for entry in desk.entries()} == {"first.png", "second.png"})
    desk.settle()
    picture = desk.parts.open_image.picture
    assert picture is not None
    assert picture.name == "second.png"


def test_dropped_files_open_and_a_dropped_folder_is_classified(desk: Desk, tmp_path: Path) -> None:
    window = desk.parts.window
    image = write_lesion(tmp_path / "lesion.png")
    folder = write_lesion(tmp_path / "folder" / "other.png", seed=2).parent
    for path in (image, folder):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        left, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(QPoint(400, 400), Qt.DropAction.CopyAction, mime, left, no_key)
        QApplication.sendEvent(window, entering)
        assert entering.isAccepted()
        QApplication.sendEvent(window, QDropEvent(QPointF(400, 400), Qt.DropAction.CopyAction, mime, left, no_key))
    desk.wait(lambda: window.batch.table.rowCount() == 1)
    desk.wait(lambda: [entry.image.name for entry in desk.entries()] == ["lesion.png"])


def test_pasted_image_is_saved_as_png(desk: Desk) -> None:
    picture = lesion(seed=5)
    image = QImage(picture.tobytes(), picture.width, picture.height, 3 * picture.width, QImage.Format.Format_RGB888)
    QGuiApplication.clipboard().setImage(image.copy())
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        desk.qtbot.keyClick(desk.parts.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (entry,) = desk.entries()
    assert (entry.image.format, entry.image.width, entry.image.height) == ("PNG", picture.width, picture.height)


def test_paste_without_an_image_says_so(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("no image")
    desk.qtbot.keyClick(desk.parts.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "no image on the clipboard" in desk.parts.window.visit_page.messages.text()


def test_arrow_keys_go_through_the_images_opened_together(desk: Desk, tmp_path: Path) -> None:
    paths = [write_lesion(tmp_path / f"{number}.png", seed=number) for number in range(3)]
    desk.open(*paths)
    view = desk.parts.window.visit_page.view
    for expected in ("1.png", "2.png", "2.png"):
        desk.qtbot.keyClick(view, Qt.Key.Key_Right)
        desk.wait(lambda name=expected: (picture := desk.parts.open_image.picture) and picture.name == name)
    desk.qtbot.keyClick(view, Qt.Key.Key_Left)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) and picture.name == "1.png")


def test_zoom_keeps_the_point_under_the_cursor(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "large.png", size=(1600, 1200)))
    view = desk.parts.window.visit_page.view
    cursor = QPoint(200, 150)
    before = view.mapToScene(cursor)
    scale = view.transform().m11()
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    place, angle = QPointF(cursor), QPoint(0, 240)
    wheel = QWheelEvent(place, place, QPoint(), angle, no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view.viewport(), wheel)
    after = view.mapToScene(cursor)
    assert view.transform().m11() > 1.5 * scale
    assert abs(after.x() - before.x()) < 2 / view.transform().m11()
    assert abs(after.y() - before.y()) < 2 / view.transform().m11()


def test_z_toggles_between_fit_and_one_to_one(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "large.png", size=(2400, 1800)))
    view = desk.parts.window.visit_page.view
    fitted = view.transform().m11()
    assert fitted < 1
    desk.qtbot.keyClick(view, Qt.Key.Key_Z)
    assert view.transform().m11() == pytest.approx(1)
    desk.qtbot.keyClick(view, Qt.Key.Key_Z)
    assert view.transform().m11() == pytest.approx(fitted)


def test_letters_of_the_image_do_nothing_with_ctrl_or_meta(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "large.png", size=(2400, 1800)))
    view = desk.parts.window.visit_page.view
    assert not desk.parts.window.frame.undo_stack.undo_text
    shown = view.transform()
    for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.MetaModifier):
        for key in (Qt.Key.Key_Z, Qt.Key.Key_M, Qt.Key.Key_R):
            desk.qtbot.keyClick(view, key, modifier)
            assert view.transform() == shown, (key, modifier)


def test_rotating_and_mirroring_change_only_the_view(desk: Desk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "wide.png", size=(800, 400))
    before = path.read_bytes()
    desk.open(path)
    answer = desk.parts.open_image.answer
    view = desk.parts.window.visit_page.view
    upright = view.viewport().grab().toImage()
    said = []
    for key in (Qt.Key.Key_M, Qt.Key.Key_M, Qt.Key.Key_R, Qt.Key.Key_M, Qt.Key.Key_M):
        desk.qtbot.keyClick(view, key)
        (zoom,) = [one for one in desk.parts.window.visit_page.head.findChildren(QLabel) if "%" in one.text()]
        assert zoom.minimumWidth() >= zoom.sizeHint().width()
        said.append(zoom.text().rpartition(" · ")[0])
    assert said == ["mirrored", "", "turned 90°", "turned 90°, mirrored", "turned 90°"]
    assert view.viewport().grab().toImage() != upright
    corner = view.mapFromScene(0, 0)
    assert corner.x() > view.viewport().width() / 2
    assert corner.y() < view.viewport().height() / 2
    desk.qtbot.keyClick(view, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert view.viewport().grab().toImage() == upright
    assert path.read_bytes() == before
    assert desk.parts.open_image.answer is answer


def test_minimap_shows_and_chooses_the_part_in_view(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "large.png", size=(2400, 1800)))
    view = desk.parts.window.visit_page.view
    minimap = view.findChildren(Minimap)[0]
    assert not minimap.isVisible()
    desk.qtbot.keyClick(view, Qt.Key.Key_Z)
    assert minimap.isVisible()
    desk.qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    seen = view.mapToScene(view.viewport().rect().center())
    assert seen.x() < 400
    assert seen.y() < 400


def test_frame_is_hidden_while_space_is_held(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png"))
    view = desk.parts.window.visit_page.view
    with_frame = view.grab().toImage()
    desk.qtbot.keyPress(view, Qt.Key.Key_Space)
    assert view.grab().toImage() != with_frame
    desk.qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert view.grab().toImage() == with_frame


def test_a_raised_flag_leads_and_says_what_its_threshold_missed(make_desk: MakeDesk, tmp_path: Path) -> None:
    figure = Figure("accuracy", "test images", 0.4, 100, 40, 0.3, 0.5)
    model = write_model(tmp_path / "flags.onnx", contract(flags=(flag(0.0),), figures=(figure,)))
    desk = make_desk(model)
    desk.open(write_lesion(tmp_path / "lesion.png"))
    texts = desk.texts(desk.parts.window.visit_page.result_panel)
    assert "Demonstration model: right on 40 of 100 test images. Not for patients." in texts
    assert "Melanoma alert" in texts
    assert "Melanoma: on the images that set its limit raised for 95 of 100, and for 60 of 100 others." in texts


def test_an_answer_without_flag_never_reassures(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "flags.onnx", contract(flags=(flag(1.0),))))
    desk.open(write_lesion(tmp_path / "lesion.png"))
    texts = desk.texts(desk.parts.window.visit_page.result_panel)
    assert "No alert raised" in texts
    assert "Melanoma: on the images that set its limit raised for 95 of 100" in texts
    assert "That rules nothing out." in texts


def test_flags_are_told_by_their_figures_on_images_that_did_not_set_them(make_desk: MakeDesk, tmp_path: Path) -> None:
    malignant = ("melanoma", "squamous_cell_carcinoma", "basal_cell_carcinoma")
    tested = FlagTest("test images", 13, 48, 46, 70)
    whole = Flag("malignant", "Malignancy", malignant, 1.0, 0.95, 0.4, 9, 184, "validation split", tested)
    desk = make_desk(write_model(tmp_path / "flags.onnx", contract(flags=(whole,))))
    desk.open(write_lesion(tmp_path / "lesion.png"))
    texts = desk.texts(desk.parts.window.visit_page.result_panel)
    assert "No alert raised" in texts
    assert "Malignancy: in testing raised for 73 of 100, and for 66 of 100 other images." in texts


def test_small_image_gives_a_warning(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "tiny.png", size=(SIZE - 8, SIZE - 8)))
    assert f"The image is small ({SIZE - 8} pixels" in desk.texts(desk.parts.window.visit_page.result_panel)


def test_saved_answer_is_unchanged_by_another_model(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    (old,) = desk.entries()
    desk = make_desk(write_model(tmp_path / "newer.onnx", seed=9))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.open_image.open(of_entry(old))
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    before = desk.texts(desk.parts.window.visit_page.result_panel)
    desk.parts.model.load(write_model(tmp_path / "third.onnx", contract(labels=NINE[:4]), seed=3))
    desk.wait(lambda: desk.parts.model.classifier is not None and len(desk.parts.model.classifier.contract.labels) == 4)
    assert desk.texts(desk.parts.window.visit_page.result_panel) == before


def test_figures_are_exposed_to_a_screen_reader(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_lesion(tmp_path / "lesion.png"))
    answer = desk.parts.open_image.answer
    assert answer is not None
    nevus = percent(answer.prediction.probabilities[answer.contract.label_ids.index("nevus")])
    names = [label.accessibleName() for label in desk.parts.window.visit_page.result_panel.findChildren(QLabel)]
    assert f"Nevus: {nevus}" in names


def test_keratoses_are_listed_under_their_sum(make_desk: MakeDesk, tmp_path: Path) -> None:
    keratoses = ("pigmented_benign_keratosis", "seborrheic_keratosis")
    group = Group("benign_keratosis", "Benign keratosis", keratoses)
    desk = make_desk(write_model(tmp_path / "group.onnx", contract(groups=(group,))))
    desk.open(write_lesion(tmp_path / "lesion.png"))
    answer = desk.parts.open_image.answer
    assert answer is not None
    by_id = dict(zip(answer.contract.label_ids, answer.prediction.probabilities, strict=True))
    shown = desk.texts(desk.parts.window.visit_page.result_panel).split("\n")
    assert shown[shown.index("Benign keratosis") + 1 :].count(percent(sum(by_id[label] for label in keratoses))) >= 1


def test_answer_to_a_novel_image_is_shown_on_request_and_that_is_recorded(make_desk: MakeDesk, tmp_path: Path) -> None:
    description = contract(novelty_threshold=1.0, flags=(flag(0.0),))
    desk = make_desk(write_model(tmp_path / "novel.onnx", description, novelty=2.5))
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    panel = desk.parts.window.visit_page.result_panel
    texts = desk.texts(panel)
    assert "Melanoma alert" in texts
    assert "No answer: not like the images that the model learned from" in texts
    assert "Vascular lesion" not in texts
    press(desk, "Show anyway")
    assert "Vascular lesion" in desk.texts(panel)
    from desktop.core.records.database import Database  # noqa: PLC0415 - looks into the file as nothing in the app does

    database = Database.open(desk.folder)
    query = "SELECT reason FROM disclosure ORDER BY id"
    wanted = ["without own view", "despite abstention"]  # blind-first is off: showing the answer at all is recorded too
    desk.wait(lambda: [row["reason"] for row in database.read(query)] == wanted)
    database.close()


def test_uncertain_answer_names_no_label(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "unsure.onnx", contract(certainty_threshold=1.0)))
    desk.open(write_lesion(tmp_path / "lesion.png"))
    texts = desk.texts(desk.parts.window.visit_page.result_panel)
    assert "Too uncertain to name one diagnosis\nThis does not mean benign." in texts
    assert "▸" not in texts
    assert "Vascular lesion" in texts


def test_without_a_model_the_image_is_shown_and_the_panel_says_what_to_do(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "gone.onnx")
    panel = desk.parts.window.visit_page.result_panel
    desk.wait(lambda: "The model “gone.onnx” cannot be read" in desk.texts(panel))
    desk.parts.window.open_files([write_lesion(tmp_path / "lesion.png")])
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    assert "“gone.onnx” cannot be read" in desk.texts(panel)
    assert any(button.text() == "Choose model…" and button.isVisible() for button in panel.findChildren(QPushButton))


def test_answer_that_cannot_be_saved_says_so_and_is_saved_on_retry(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file stands where the data folder should be")
    desk = make_desk(model_file)
    desk.open(write_lesion(tmp_path / "lesion.png"))
    desk.wait(
        lambda: any("1 answer not saved" in button.text() for button in desk.parts.window.findChildren(QPushButton))
    )
    desk.open(write_lesion(tmp_path / "another.png", seed=2))
    desk.wait(lambda: desk.parts.open_image.unsaved == 2)
    assert "Vascular lesion" in desk.texts(desk.parts.window.visit_page.result_panel)
    folder.unlink()
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        press(desk, "Try again")
    desk.wait(lambda: desk.parts.open_image.unsaved == 0)
    assert sorted(entry.image.name for entry in desk.entries()) == ["another.png", "lesion.png"]


def test_recent_images_are_remembered(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.png")
    make_desk(model_file).open(path)
    window = make_desk(model_file).parts.window
    menu = window.findChildren(RecentMenu)[0]
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()][:1] == ["lesion.png"]


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "<\u00a01\u00a0%"),
        (0.004, "<\u00a01\u00a0%"),
        (0.24, "24 %"),
        (0.996, ">\u00a099\u00a0%"),
        (1.0, ">\u00a099\u00a0%"),
    ],
)
def test_percentages_never_claim_certainty(qtbot: QtBot, probability: float, text: str) -> None:
    assert percent(probability) == text
