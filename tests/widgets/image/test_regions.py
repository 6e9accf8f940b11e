"""Regions: a square on the image has its own prediction, which is chosen, saved, removed and restored."""

import gc
import re
from collections.abc import Callable
from pathlib import Path
from weakref import ref

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QRadioButton

from desktop.core.draft import Draft
from desktop.core.imaging.preprocessing import Box
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Flag
from desktop.core.paths import SAMPLES
from desktop.core.records.history import History
from desktop.session.opening_request import of_entry
from desktop.widgets.answer.shown_answer import result_text
from desktop.widgets.common.wording import percent
from desktop.widgets.follow_up import course
from desktop.widgets.history.history_words import EntryWords
from tests.alerts import ALWAYS, MELANOMA, cancer_alert, melanoma_alert
from tests.making import SIZE, contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import click, drag, is_tinted, key, workbench_of

MakeDesk = Callable[..., Desk]


def press(desk: Desk, text: str) -> None:
    def found() -> list[QAbstractButton]:
        buttons = desk.parts.window.findChildren(QAbstractButton)
        return [one for one in buttons if one.isVisible() and text in one.text()]

    desk.wait(found)
    desk.qtbot.mouseClick(found()[0], Qt.MouseButton.LeftButton)


def draw(desk: Desk, start: tuple[float, float], end: tuple[float, float]) -> Box:
    """Draw a region and wait until its answer is in the history."""
    regions = workbench_of(desk).regions
    count = len(regions.items)
    drag(desk, start, end)
    desk.wait(lambda: len(regions.items) == count + 1 and regions.items[-1].kept.entry_id is not None)
    box = regions.items[-1].answer.region
    assert box is not None
    return box


@pytest.fixture
def opened(desk: Desk, tmp_path: Path) -> Desk:
    """A window with an image of 800 x 600 pixels that is in the history."""
    desk.open_and_keep(write_lesion(tmp_path / "two.png", seed=3, size=(800, 600)))
    return desk


def test_a_drawn_square_is_classified_from_the_file_and_saved_beside_the_whole(opened: Desk, model_file: Path) -> None:
    key(opened, Qt.Key.Key_G)
    box = draw(opened, (100, 100), (300, 260))
    assert abs(box.left - 100) <= 2
    assert abs(box.right - box.left - 200) <= 4
    assert box.right - box.left == box.bottom - box.top
    classifier = Classifier(model_file)
    picture = opened.parts.open_image.picture
    answer = opened.parts.open_image.answer
    assert picture is not None
    assert answer is not None
    expected = classifier.run(classifier.prepare(picture.data, picture.name, box)[None]).probabilities[0]
    np.testing.assert_allclose(answer.prediction.probabilities, expected, atol=1e-5)
    texts = opened.texts(opened.parts.window.visit_page.result_panel)
    assert f"region of {box.right - box.left} × {box.bottom - box.top} pixels" in texts
    assert percent(max(expected)) in texts
    assert [entry.region for entry in opened.entries()] == [f"{box.left},{box.top},{box.right},{box.bottom}", ""]


def test_several_regions_are_chosen_by_click_and_by_button(opened: Desk) -> None:
    key(opened, Qt.Key.Key_G)
    first = draw(opened, (80, 80), (240, 240))
    second = draw(opened, (400, 200), (640, 440))
    key(opened, Qt.Key.Key_Escape)
    open_image, panel = opened.parts.open_image, opened.parts.window.visit_page.result_panel

    def shown() -> Box | None:
        assert open_image.answer is not None
        return open_image.answer.region

    assert shown() == second
    click(opened, (160, 160))
    assert shown() == first
    press(opened, "Region 2")
    assert shown() == second
    click(opened, (700, 550))
    assert shown() is None
    assert "region of" not in opened.texts(panel)


def test_removing_a_region_bins_its_entry_and_undo_restores_both(opened: Desk) -> None:
    key(opened, Qt.Key.Key_G)
    box = draw(opened, (100, 100), (300, 300))
    key(opened, Qt.Key.Key_Escape)
    key(opened, Qt.Key.Key_Delete)
    opened.wait(lambda: workbench_of(opened).regions.items == [])
    assert len(opened.entries(binned=True)) == 1
    assert "region of" not in opened.texts(opened.parts.window.visit_page.result_panel)
    press(opened, "Undo")
    opened.wait(lambda: [given.answer.region for given in workbench_of(opened).regions.items] == [box])
    assert opened.entries(binned=True) == []
    press(opened, "Undo")  # the drawing itself
    opened.wait(lambda: len(opened.entries(binned=True)) == 1)
    assert [entry.region for entry in opened.entries()] == [""]


def test_removed_region_comes_back_after_another_was_drawn(opened: Desk) -> None:
    key(opened, Qt.Key.Key_G)
    first = draw(opened, (100, 100), (300, 300))
    key(opened, Qt.Key.Key_Escape)
    key(opened, Qt.Key.Key_Delete)
    regions = workbench_of(opened).regions
    opened.wait(lambda: regions.items == [])
    key(opened, Qt.Key.Key_G)
    draw(opened, (400, 300), (600, 500))
    press(opened, "Undo")  # the drawing of the second
    opened.wait(lambda: len(opened.entries(binned=True)) == 2)
    opened.rest()
    press(opened, "Undo")  # the removal of the first
    opened.wait(lambda: [given.answer.region for given in regions.items] == [first])
    assert len(opened.entries(binned=True)) == 1


def test_a_region_can_be_undone_as_soon_as_it_is_there(opened: Desk) -> None:
    told: list[str] = []
    stack = opened.parts.window.frame.undo_stack
    workbench_of(opened).regions.classified.connect(lambda _given: told.append(stack.undo_text))
    key(opened, Qt.Key.Key_G)
    draw(opened, (100, 100), (300, 300))
    name = opened.parts.open_image.picture.name
    assert told == [f"region of {name}"]


def test_region_can_be_undone_without_its_picture_staying_in_memory(opened: Desk, tmp_path: Path) -> None:
    picture = ref(opened.parts.open_image.picture)
    key(opened, Qt.Key.Key_G)
    draw(opened, (100, 100), (300, 300))
    key(opened, Qt.Key.Key_Escape)
    opened.open_and_keep(write_lesion(tmp_path / "next.png", seed=4))
    opened.rest()
    gc.collect()
    assert picture() is None
    opened.parts.window.frame.undo_stack.undo()
    opened.wait(lambda: len(opened.entries(binned=True)) == 1)


def test_a_region_can_be_drawn_with_the_keyboard_alone(opened: Desk) -> None:
    key(opened, Qt.Key.Key_G)
    for name in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_Return):
        key(opened, name)
    regions = workbench_of(opened).regions
    opened.wait(lambda: len(regions.items) == 1)
    box = regions.items[0].answer.region
    assert box == Box(278, 178, 498, 398)  # 200 in the middle, 12 to the left and up, a tenth larger about its middle


def test_enter_accepts_the_square_and_does_not_commit_a_draft(opened: Desk) -> None:
    key(opened, Qt.Key.Key_1)
    key(opened, Qt.Key.Key_G)
    key(opened, Qt.Key.Key_Return)
    opened.wait(lambda: len(workbench_of(opened).regions.items) == 1)
    status = opened.parts.blinding.image_status
    assert status is not None
    assert status.assessments == ()


def wait_until_committed(desk: Desk, diagnosis: str) -> None:
    def committed() -> list[str]:
        status = desk.parts.blinding.image_status
        return [] if status is None else [one.diagnosis for one in status.assessments]

    desk.wait(lambda: committed() == [diagnosis])
    desk.rest()


@pytest.mark.parametrize("form_key", [Qt.Key.Key_1, Qt.Key.Key_Comma, Qt.Key.Key_Period])
def test_enter_commits_the_form_whose_key_was_pressed_after_the_square(opened: Desk, form_key: Qt.Key) -> None:
    key(opened, Qt.Key.Key_1)
    for name in (Qt.Key.Key_G, Qt.Key.Key_Left, form_key, Qt.Key.Key_Return):
        key(opened, name)
    wait_until_committed(opened, "melanoma")
    assert workbench_of(opened).regions.items == []
    assert len(opened.entries()) == 1


def test_no_square_that_nobody_set_is_classified_after_a_diagnosis(opened: Desk) -> None:
    for name in (Qt.Key.Key_G, Qt.Key.Key_5, Qt.Key.Key_Return, Qt.Key.Key_Return):
        key(opened, name)
    wait_until_committed(opened, "nevus")
    assert workbench_of(opened).regions.items == []
    assert len(opened.entries()) == 1


def test_a_change_in_the_form_ends_the_tool(opened: Desk) -> None:
    view = opened.parts.window.visit_page.view
    for name in (Qt.Key.Key_G, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus):
        key(opened, name)
    edge = 278, 300
    assert (is_tinted(opened, edge), view.has_tool) == (True, True)
    key(opened, Qt.Key.Key_5)
    assert (is_tinted(opened, edge), view.has_tool) == (False, False), "what the tool's line says holds no longer"


def test_enter_commits_the_form_where_a_region_was_drawn_and_the_tool_is_on(opened: Desk) -> None:
    key(opened, Qt.Key.Key_5)
    key(opened, Qt.Key.Key_G)
    box = draw(opened, (100, 100), (300, 300))
    key(opened, Qt.Key.Key_Return)
    wait_until_committed(opened, "nevus")
    assert [given.answer.region for given in workbench_of(opened).regions.items] == [box]


def test_enter_in_the_form_commits_it_while_a_square_lies_on_the_image(opened: Desk) -> None:
    key(opened, Qt.Key.Key_5)
    key(opened, Qt.Key.Key_G)
    buttons = opened.parts.window.visit_page.assessment_panel.findChildren(QRadioButton)
    opened.qtbot.keyClick(next(one for one in buttons if one.isChecked()), Qt.Key.Key_Return)
    wait_until_committed(opened, "nevus")
    assert workbench_of(opened).regions.items == []


def test_enter_commits_a_second_assessment_with_the_tool_on_after_a_blind_one(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png", size=(400, 300)))
    desk.wait(desk.parts.window.visit_page.assessment_panel.isVisible)
    for name in (Qt.Key.Key_G, Qt.Key.Key_5, Qt.Key.Key_Return):
        key(desk, name)
    wait_until_committed(desk, "nevus")
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    for name in (Qt.Key.Key_G, Qt.Key.Key_1, Qt.Key.Key_Return):
        key(desk, name)
    desk.wait(lambda: len(desk.parts.blinding.image_status.assessments) == 2)
    desk.rest()
    assert [(one.diagnosis, one.before_model) for one in desk.parts.blinding.image_status.assessments] == [
        ("nevus", True),
        ("melanoma", False),
    ]
    assert len(desk.entries()) == 1


def test_most_serious_answer_leads_whichever_part_is_shown(make_desk: MakeDesk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "two.png", seed=3, size=(800, 600))
    desk = make_desk(write_model(tmp_path / "m.onnx", contract()))
    desk.open_and_keep(path)
    key(desk, Qt.Key.Key_G)
    draw(desk, (20, 20), (120, 120))
    regions = workbench_of(desk).regions
    assert regions.whole is not None
    column = contract().label_ids.index("melanoma")
    whole, region = (one.answer.prediction.probabilities[column] for one in (regions.whole, regions.items[0]))
    assert whole != region
    between = Flag("melanoma", "Melanoma", ("melanoma",), (whole + region) / 2, 0.95, 0.4, 4, 88, "test images")
    desk = make_desk(write_model(tmp_path / "flag.onnx", contract(flags=(between,))), data="other")
    desk.open_and_keep(path)
    key(desk, Qt.Key.Key_G)
    draw(desk, (20, 20), (120, 120))
    panel = desk.parts.window.visit_page.result_panel
    for chosen in ("Region 1", "Whole image"):
        press(desk, chosen)
        desk.wait(lambda: panel.shown() is not None)
        shown = panel.shown()
        assert shown is not None
        assert shown.is_flag
        assert "Melanoma alert" in shown.headline
        (first, second) = [line for line in shown.plain.splitlines() if line.startswith(("Whole image:", "Region 1:"))]
        assert ("Melanoma alert" in first, "Melanoma alert" in second) == (True, False)
        assert first.startswith("Whole image" if whole > region else "Region 1")
        if not first.startswith(chosen):
            assert shown.headline.startswith(first.split(":")[0])


def test_melanoma_alert_leads_while_the_part_shown_raises_the_lesser_one(make_desk: MakeDesk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "two.png", seed=3, size=(800, 600))
    desk = make_desk(write_model(tmp_path / "m.onnx", contract()))
    desk.open_and_keep(path)
    key(desk, Qt.Key.Key_G)
    draw(desk, (20, 20), (120, 120))
    regions = workbench_of(desk).regions
    assert regions.whole is not None
    whole, region = (
        MELANOMA.score(dict(zip(contract().label_ids, one.answer.prediction.probabilities, strict=True)))
        for one in (regions.whole, regions.items[0])
    )
    alerts = melanoma_alert((whole + region) / 2), cancer_alert(ALWAYS)
    desk = make_desk(write_model(tmp_path / "alerts.onnx", contract(alerts=alerts)), data="other")
    desk.open_and_keep(path)
    key(desk, Qt.Key.Key_G)
    draw(desk, (20, 20), (120, 120))
    panel = desk.parts.window.visit_page.result_panel
    leading, lesser = ("Whole image", "Region 1") if whole > region else ("Region 1", "Whole image")
    for chosen, headline in ((leading, "Melanoma alert"), (lesser, f"{leading}: Melanoma alert")):
        press(desk, chosen)
        desk.wait(lambda headline=headline: (shown := panel.shown()) is not None and shown.headline == headline)
        shown = panel.shown()
        assert shown is not None
        assert "In testing raised for 95 of 100 melanomas" in shown.plain
        (first, second) = [line for line in shown.plain.splitlines() if line.startswith(("Whole image:", "Region 1:"))]
        assert first.startswith(f"{leading}: Melanoma alert · malignant "), (
            "it raises both, and the serious one leads alone"
        )
        assert second.startswith(f"{lesser}: Skin cancer alert (BCC, SCC)")
        assert all(re.search(r"· malignant [^,]+%, highest figure .+%", line) for line in (first, second))


def test_a_small_region_of_a_large_image_is_called_a_region(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "alert.onnx", contract(alerts=(melanoma_alert(ALWAYS),))))
    desk.open_and_keep(write_lesion(tmp_path / "two.png", seed=3, size=(800, 600)))
    key(desk, Qt.Key.Key_G)
    box = draw(desk, (20, 20), (40, 40))
    part = desk.parts.window.visit_page.result_panel.shown()
    assert part is not None
    warning = (
        f"The region is small ({box.right - box.left} pixels, the model looks at {SIZE}): do not rely on the answer"
    )
    assert f"{warning}." in part.plain
    assert "image is small" not in part.plain
    desk.wait(lambda: len(desk.entries()) == 2)
    words = EntryWords(lambda _entry: False)
    with History.open(desk.folder) as history:
        words.know_models(history.models())
    whole, region = sorted(desk.entries(), key=lambda one: bool(one.region))
    assert words.remarks(region).endswith(f"; {warning[:1].lower()}{warning[1:]}")
    assert course.answer_text(region, words).endswith(f". {warning}.")
    assert "small" not in words.remarks(whole) + course.answer_text(whole, words)


def test_the_same_square_twice_is_one_region(opened: Desk) -> None:
    for _ in range(2):
        key(opened, Qt.Key.Key_G)
        key(opened, Qt.Key.Key_Right)
        key(opened, Qt.Key.Key_Return)
        opened.wait(lambda: len(workbench_of(opened).regions.items) == 1)
        key(opened, Qt.Key.Key_Escape)
    opened.wait(lambda: len(opened.entries()) == 2)


def test_another_image_has_no_regions(opened: Desk, tmp_path: Path) -> None:
    key(opened, Qt.Key.Key_G)
    draw(opened, (100, 100), (300, 300))
    opened.open_and_keep(write_lesion(tmp_path / "other.png", seed=5))
    assert workbench_of(opened).regions.items == []
    assert not opened.parts.window.visit_page.tools.actions_by_id["region"].isChecked()


def test_regions_of_an_image_are_restored_when_it_is_reopened(opened: Desk, tmp_path: Path) -> None:
    key(opened, Qt.Key.Key_G)
    kept, removed = draw(opened, (100, 100), (300, 300)), draw(opened, (400, 200), (600, 400))
    before = workbench_of(opened).regions.items[0].answer.prediction
    key(opened, Qt.Key.Key_Escape)
    key(opened, Qt.Key.Key_Delete)
    opened.wait(lambda: len(opened.entries(binned=True)) == 1)
    opened.open_and_keep(write_lesion(tmp_path / "other.png", seed=5))
    opened.open((tmp_path / "two.png").rename(tmp_path / "called otherwise.png"))
    opened.wait(lambda: workbench_of(opened).regions.items)
    assert [given.answer.region for given in workbench_of(opened).regions.items] == [kept]
    assert kept != removed
    press(opened, "Region 1")
    answer = opened.parts.open_image.answer
    assert answer is not None
    assert answer.region == kept
    np.testing.assert_allclose(answer.prediction.probabilities, before.probabilities, atol=1e-9)
    assert len(opened.entries()) == 3


def test_an_entry_of_a_region_opens_at_that_region(opened: Desk) -> None:
    key(opened, Qt.Key.Key_G)
    box = draw(opened, (100, 100), (300, 300))
    entry = opened.entries()[0]
    opened.parts.open_image.open(of_entry(entry))
    opened.wait(lambda: opened.parts.open_image.answer is not None)
    answer = opened.parts.open_image.answer
    assert answer is not None
    assert answer.region == box
    assert len(opened.entries()) == 2


def test_a_region_of_a_sample_is_classified_and_never_saved(desk: Desk) -> None:
    desk.open(min(SAMPLES.glob("*.png")))
    key(desk, Qt.Key.Key_G)
    drag(desk, (100, 100), (400, 400))
    desk.wait(lambda: len(workbench_of(desk).regions.items) == 1)
    desk.rest()
    assert desk.entries() == []


def test_no_region_is_classified_before_the_own_assessment(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png", size=(400, 300)))
    key(desk, Qt.Key.Key_G)
    assert not desk.parts.window.visit_page.tools.actions_by_id["region"].isChecked()
    messages = desk.parts.window.visit_page.messages
    for press, said in (
        (lambda: key(desk, Qt.Key.Key_G), "a region can be classified after it"),
        (desk.parts.window.visit_page.tools.actions_by_id["seen"].trigger, "what the model saw is shown after it"),
    ):
        press()
        assert messages.text() == f"Enter your diagnosis first: {said}."
    desk.parts.blinding.commit(Draft("nevus", "nevus", plan="none"))
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert not messages.isVisible()


def test_a_withheld_answer_of_a_region_is_disclosed_separately(make_desk: MakeDesk, tmp_path: Path) -> None:
    model = write_model(tmp_path / "novel.onnx", contract(novelty_threshold=1.0), novelty=2.5)
    desk = make_desk(model)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png", size=(400, 300)))
    key(desk, Qt.Key.Key_G)
    draw(desk, (50, 50), (200, 200))
    with desk.qtbot.waitSignal(desk.parts.history_service.changed):
        press(desk, "Show anyway")
    from desktop.core.records.database import Database  # noqa: PLC0415 - looks into the file as nothing in the app does

    database = Database.open(desk.folder)
    rows = database.read(
        "SELECT region FROM disclosure JOIN prediction ON prediction.id = disclosure.prediction"
        " WHERE reason = 'despite abstention'"
    )
    database.close()
    assert [row["region"] != "" for row in rows] == [True]


def test_report_and_copied_text_say_that_the_answer_is_for_a_region(opened: Desk) -> None:
    whole = opened.parts.window.visit_page.result_panel.shown()
    assert whole is not None
    assert "region" not in whole.age
    key(opened, Qt.Key.Key_G)
    box = draw(opened, (100, 100), (300, 260))
    side = box.right - box.left
    region = opened.parts.window.visit_page.result_panel.shown()
    assert region is not None
    assert f"For a region of {side} × {side} pixels" in region.age
    assert region.age in result_text(region, "")
