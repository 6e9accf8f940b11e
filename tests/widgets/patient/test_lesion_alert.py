"""Several images of a lesion at one visit are one answer: in the box, in the course and in the report."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.draft import Draft
from desktop.core.imaging.preprocessing import Box
from desktop.core.inference.alerts import Alert
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.context import Context, ContextFactor, ContextValue
from desktop.core.inference.contract import QualityLimits
from desktop.core.records.history import History
from desktop.session.opening_request import of_entry, of_placed
from desktop.widgets.answer.answer_lead import AnswerLead
from desktop.widgets.answer.headline import Headline
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.follow_up import course
from desktop.widgets.follow_up.film import film_of
from desktop.widgets.history.history_words import EntryWords
from desktop.widgets.report.report_words import ReportOptions, VisitChoices
from desktop.widgets.report.visit_answers import VisitAnswers
from desktop.widgets.report.visit_pictures import LoadedVisit
from desktop.widgets.report.visit_subject import VisitSubject, read_visit
from desktop.widgets.report.visit_words import compose_visit
from tests.alerts import ALWAYS, NEVER, cancer_alert, melanoma_alert
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import key, press, workbench_of
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient
from tests.widgets.report.test_report import close, dialog

MakeDesk = Callable[..., Desk]

SPREAD = 152
"""The seed of a model whose figures are not all less than 1 %."""


def box(desk: Desk) -> tuple[str, str, str]:
    (found,) = desk.parts.window.visit_page.result_panel.findChildren(Headline)
    return found.content


def two(folder: Path) -> list[Path]:
    return [write_lesion(folder / f"{seed}.png", seed=seed, size=(640, 480)) for seed in (1, 2)]


def scores(folder: Path) -> list[float]:
    """Return the scores of the alert for the two images, the higher one first."""
    classifier = Classifier(write_model(folder / "plain.onnx", contract()))
    found = []
    for path in two(folder):
        (prediction,) = classifier.predict(classifier.prepare(path.read_bytes(), path.name)[None])
        by_id = dict(zip(classifier.contract.label_ids, prediction.probabilities, strict=True))
        found.append(melanoma_alert(0.0).score(by_id))
    return sorted(found, reverse=True)


@pytest.fixture
def visit(make_desk: MakeDesk, tmp_path: Path) -> Callable[..., Desk]:
    """Open a lesion of a patient with these images, under a model whose melanoma alert has this limit."""

    def _visit(
        limit: float,
        *paths: Path,
        blind: bool = False,
        others: tuple[Alert, ...] = (),
        seed: int = 0,
        **changes: object,
    ) -> Desk:
        described = contract(alerts=(melanoma_alert(limit), *others), **changes)
        model = write_model(tmp_path / "model.onnx", described, seed=seed)
        desk = make_desk(model, blind=blind)
        desk.wait(lambda: desk.parts.model.classifier is not None)
        choose_patient(desk, "P-1")
        add_lesion(desk)
        bring(desk, *paths)
        desk.rest()
        return desk

    return _visit


def test_lesion_raises_the_alert_by_the_mean_of_its_images(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2 - 1e-3, *two(tmp_path))
    desk.wait(lambda: box(desk)[2].startswith("1 of 2 images: derm "))
    assert box(desk)[2].splitlines()[1].startswith("In testing raised for 95 of 100 melanomas")
    assert box(desk)[:2] == ("flag", "Melanoma alert")


def is_open(desk: Desk, name: str) -> bool:
    picture = desk.parts.open_image.picture
    return picture is not None and picture.name == name


def test_report_of_one_of_two_images_says_which_it_is(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2 - 1e-3, *two(tmp_path))
    desk.wait(lambda: box(desk)[2].startswith("1 of 2 images: derm "))
    strip = desk.parts.window.visit_page.strip
    for number, image in enumerate(strip.images(), 1):
        strip.setCurrentRow(number)  # the first row is the heading of the visit
        desk.wait(lambda name=image.name: desk.parts.open_image.answer is not None and is_open(desk, name))
        desk.settle()
        shown = dialog(desk)
        assert shown.report.caption.startswith(f"{image.name}, derm {number}, ")
        close(desk, shown)


def test_image_above_the_limit_does_not_vanish_in_the_mean(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2 + 1e-3, *two(tmp_path))
    desk.wait(lambda: box(desk)[2].startswith("1 of 2 images: derm "))
    assert box(desk)[2].splitlines()[1].startswith("The mean of the images does not raise it.")
    assert box(desk)[:2] == ("flag", "Melanoma alert")
    assert "of 100" not in box(desk)[2]


def test_box_says_of_the_image_shown_that_only_age_makes_it_raise_the_alert(
    visit: Callable[..., Desk], tmp_path: Path
) -> None:
    high, low = scores(tmp_path)
    age = ContextFactor("age", (ContextValue("70-79", {"melanoma": 5.0}),))
    context = Context("x", "x", (age,), ("melanoma",), (), ())
    desk = visit((high + low) / 2 - 1e-3, *two(tmp_path), context=context)
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])
    number, patient = alerted_number(desk), desk.parts.open_patient.patient
    assert patient is not None
    change = desk.parts.edits.correct_patient(patient, "P-1", "unknown", ("", "70-79"))
    change(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: box(desk)[2].startswith("2 of 2 images\n"))
    for place, said in ((2 - number, True), (number - 1, False)):
        shown = desk.parts.open_patient.images[place]
        desk.parts.open_image.open(of_placed(shown, desk.parts.open_patient.patient))
        desk.wait(lambda: desk.parts.open_image.answer is not None)
        desk.settle()
        assert "In testing raised for 95 of 100 melanomas" in box(desk)[2]
        assert ("The image shown raises it only with age 70–79." in box(desk)[2]) is said
        part = desk.parts.window.visit_page.result_panel.shown()
        assert part is not None
        assert [row.name for group in part.groups for row in group.rows if row.is_top] == ["Melanoma"]


def test_box_of_each_image_and_the_report_say_that_one_raises_the_alert_only_with_age(
    visit: Callable[..., Desk], tmp_path: Path
) -> None:
    high, low = scores(tmp_path)
    by_age = 2 * (high - low)  # raises both scores by about this, above either alone
    age = ContextFactor("age", (ContextValue("70-79", {"melanoma": by_age}),))
    desk = visit(
        (high + low) / 2 + by_age + (high - low) / 5,
        *two(tmp_path),
        context=Context("x", "x", (age,), ("melanoma",), (), ()),
    )
    patient = desk.parts.open_patient.patient
    assert patient is not None
    change = desk.parts.edits.correct_patient(patient, "P-1", "unknown", ("", "70-79"))
    change(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: box(desk)[2].startswith("1 of 2 images: derm "))
    alerted = int(box(desk)[2].removeprefix("1 of 2 images: derm ")[0])
    untested, only = "The mean of the images does not raise it.", "Raised only with what is known of the patient"
    for place, is_named in ((alerted - 1, True), (2 - alerted, False)):
        desk.parts.open_image.open(of_placed(desk.parts.open_patient.images[place], patient))
        desk.wait(lambda named=is_named: desk.parts.open_image.answer and ("(shown)" in box(desk)[2]) is named)
        desk.settle()
        assert untested in box(desk)[2]
        assert box(desk)[2].endswith(f"{only} (age 70–79).")
    assert any(untested in line and f"{only} (age 70–79)." in line for line in report_lines(desk, words_of(desk)))


def test_alert_names_its_image_and_a_click_goes_there(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2, *two(tmp_path))
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])
    alerted = alerted_number(desk)
    other, strip = 3 - alerted, desk.parts.window.visit_page.strip
    strip.select("")
    strip.step(other + 1)  # a heading and the images before it
    desk.wait(lambda: f"1 of 2 images: derm {alerted}\n" in box(desk)[2])
    shown = desk.parts.window.visit_page.result_panel.shown()
    assert shown is not None
    assert shown.plain.startswith(f"1 of 2 images: derm {alerted}\n")
    click_link(desk, f"derm {alerted}")
    desk.wait(lambda: f"1 of 2 images: derm {alerted} (shown)" in box(desk)[2])
    picture = desk.parts.open_image.picture
    assert picture is not None
    assert strip.selected_images()[0].key == picture.sha256
    assert strip.selected_images()[0].caption == f"derm {alerted}"
    assert desk.parts.window.focusWidget() is desk.parts.window.visit_page.view


@pytest.mark.parametrize("other_patient", [False, True])
def test_an_image_of_a_patient_who_is_not_open_is_answered_with_its_lesion(
    visit: Callable[..., Desk], tmp_path: Path, *, other_patient: bool
) -> None:
    """It said "No alert raised" of an image whose lesion has an alert, and gave figures without the age."""
    high, low = scores(tmp_path)
    age = ContextFactor("age", (ContextValue("70-79", {"basal_cell_carcinoma": 2.0}),))
    desk = visit((high + low) / 2 + 1e-3, *two(tmp_path), context=Context("x", "x", (age,), ("melanoma",), (), ()))
    patient = desk.parts.open_patient.patient
    assert patient is not None
    desk.parts.edits.correct_patient(patient, "P-1", "unknown", ("", "70-79"))(lambda _reverse: None, pytest.fail)
    panel = desk.parts.window.visit_page.result_panel
    desk.wait(lambda: "1 of 2 images" in box(desk)[2] and "with age 70–79" in desk.texts(panel))
    alerted = alerted_number(desk)
    named, quiet = desk.parts.open_patient.images[alerted - 1], desk.parts.open_patient.images[2 - alerted]
    if other_patient:
        choose_patient(desk, "Z-1")
    else:
        desk.parts.open_patient.close()
    desk.wait(lambda: desk.parts.open_patient.patient is None or other_patient)
    desk.settle()
    desk.parts.open_image.open(of_entry(quiet.entries[-1]))
    desk.wait(lambda: f"1 of 2 images: image\N{NO-BREAK SPACE}{alerted}\n" in box(desk)[2])
    assert box(desk)[:2] == ("flag", "Melanoma alert")
    assert "The mean of the images does not raise it." in box(desk)[2]
    assert "with age 70–79" in desk.texts(panel)
    assert "2 images of this lesion and visit" in desk.texts(desk.parts.window)
    desk.settle()
    click_link(desk, f"image\N{NO-BREAK SPACE}{alerted}")
    desk.wait(lambda: is_open(desk, named.image.name) and "(shown)" in box(desk)[2])
    assert "This image is of P-1, L1" in desk.texts(desk.parts.window)


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("size", [(1280, 800), (1024, 560)])
def test_what_must_not_be_missed_is_readable_beside_the_form(
    visit: Callable[..., Desk], tmp_path: Path, size: tuple[int, int]
) -> None:
    """The line of a region was laid over the last lines of the alert, once the form for an assessment was open."""
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2 + 1e-3, *two(tmp_path))
    desk.parts.window.resize(*size)
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])
    regions = workbench_of(desk).regions
    regions.classify(Box(100, 100, 160, 160))
    desk.wait(lambda: len(regions.items) == 1)
    page = desk.parts.window.visit_page
    press(desk, "assessment", page.assessment_panel)
    desk.settle()
    (lead,) = page.result_panel.findChildren(AnswerLead)
    parts = [one for one in lead.children() if isinstance(one, QWidget) and one.isVisible()]
    parts.sort(key=lambda one: one.y())
    assert len(parts) == 3
    for part, below in pairwise([*parts, None]):
        assert part is not None
        assert part.height() >= part.heightForWidth(part.width())
        assert part.geometry().bottom() < (lead.height() if below is None else below.y())
    assert page.result_panel.rect().contains(lead.geometry())
    assert page.assessment_panel.y() >= page.result_panel.geometry().bottom()


def test_follow_up_goes_to_the_image_that_raised_the_alert(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2, *two(tmp_path))
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])
    images, open_image = desk.parts.open_patient.images, desk.parts.open_image
    alerted = alerted_number(desk)
    open_image.open(of_placed(images[2 - alerted], desk.parts.open_patient.patient))
    desk.wait(lambda: open_image.answer is not None)
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    page = desk.parts.window.workspaces.follow_up.page
    desk.wait(lambda: [one for one in page.findChildren(QPushButton) if "Melanoma alert: show" in one.text()])
    press(desk, "Melanoma alert: show", page)
    desk.wait(lambda: f"derm {alerted} (shown)" in box(desk)[2])
    assert desk.parts.window.workspaces.current == "visit"


def alerted_number(desk: Desk) -> int:
    """Return which image of the lesion raised the alert, by what was saved of it."""
    (number,) = [place for place, one in enumerate(desk.parts.open_patient.images, 1) if one.entries[-1].flags]
    return number


def click_link(desk: Desk, words: str) -> None:
    """Click a link of the box, which is where the words are drawn."""
    (label,) = [one for one in desk.parts.window.findChildren(PlainLabel) if f">{words}</a>" in one.text()]
    before = label.fontMetrics().horizontalAdvance("1 of 2 images: d")
    spot = QPoint(before, label.fontMetrics().height() // 2)
    desk.qtbot.mouseClick(label, Qt.MouseButton.LeftButton, pos=spot)


def dark(folder: Path) -> Path:
    Image.new("RGB", (640, 480)).save(folder / "dark.png")
    return folder / "dark.png"


LIMITS = QualityLimits("degraded test images", 0.05, exposure_dark_most=0.5)


def test_no_alert_is_said_of_a_lesion_with_a_withheld_image(visit: Callable[..., Desk], tmp_path: Path) -> None:
    desk = visit(NEVER, two(tmp_path)[0], dark(tmp_path), quality=LIMITS)
    desk.wait(lambda: box(desk)[1] == "1 of 2 images not answered")
    assert "No alert raised" not in desk.texts(desk.parts.window)


def test_no_alert_is_said_of_a_lesion_with_an_image_of_an_older_model(
    visit: Callable[..., Desk], make_desk: MakeDesk, tmp_path: Path
) -> None:
    first, second = two(tmp_path)
    visit(NEVER, first)
    newer = write_model(tmp_path / "newer.onnx", contract(alerts=(melanoma_alert(NEVER),)), seed=9)
    desk = make_desk(newer)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    desk.wait(lambda: desk.parts.open_patient.lesions)
    desk.parts.open_patient.choose(desk.parts.open_patient.lesions[0].id)
    desk.rest()
    bring(desk, second)
    desk.wait(lambda: box(desk)[1] == "1 of 2 images not answered")


def test_nothing_is_counted_before_the_own_assessment(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2, *two(tmp_path), blind=True)
    panel = desk.parts.window.visit_page.result_panel
    assert "of 2 images" not in desk.texts(panel)
    desk.parts.blinding.commit(Draft(diagnosis="nevus", plan="none"))
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])


def words_of(desk: Desk) -> EntryWords:
    words = EntryWords(desk.parts.blinding.conceals_entry)
    with History.open(desk.folder) as history:
        words.know_models(history.models())
    return words


def report_lines(desk: Desk, words: EntryWords, *, with_patient: bool = True) -> tuple[str, ...]:
    patient = desk.parts.open_patient.patient
    assert patient is not None
    with History.open(desk.folder) as history:
        subject = read_visit(history, patient.id)
    assert isinstance(subject, VisitSubject)
    chosen = VisitChoices(frozenset(one.lesion.id for one in subject.lesions))
    choices = ReportOptions(with_patient=with_patient, visit=chosen)
    conceals, classifier = desk.parts.blinding.conceals_entry, desk.parts.model.classifier
    answers = VisitAnswers(lambda _entry: "answer", words.lesion, conceals, classifier)
    made = compose_visit(subject, LoadedVisit(), answers, "", choices, desk.entries()[0].time)
    return made.lesions[0].answers


def test_report_of_a_visit_without_patient_data_does_not_name_the_age(
    visit: Callable[..., Desk], tmp_path: Path
) -> None:
    high, _low = scores(tmp_path)
    age = ContextFactor("age", (ContextValue("70-79", {"melanoma": 5.0}),))
    desk = visit(high + 1e-3, *two(tmp_path), context=Context("x", "x", (age,), ("melanoma",), (), ()))
    patient = desk.parts.open_patient.patient
    assert patient is not None
    desk.parts.edits.correct_patient(patient, "P-1", "unknown", ("", "70-79"))(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: box(desk)[2].startswith("2 of 2 images\n"))
    desk.settle()
    said = "Raised only with what is known of the patient"
    assert any(f"{said} (age 70–79)." in line for line in report_lines(desk, words_of(desk)))
    without = report_lines(desk, words_of(desk), with_patient=False)
    assert any(f"{said}." in line for line in without)
    assert "70–79" not in "".join(without)


@pytest.mark.parametrize(
    ("number", "seed", "lowers"),
    [
        (1, SPREAD, ", which lowers the figure, not the alert."),
        (2, SPREAD, ", which lowers the figure, not the alert."),
        (1, 0, "."),  # both figures read "< 1 %"
    ],
)
def test_report_of_a_visit_says_as_the_box_that_age_lowers_the_figure_and_not_the_alert(
    visit: Callable[..., Desk], tmp_path: Path, number: int, seed: int, lowers: str
) -> None:
    age = ContextFactor("age", (ContextValue("70-79", {"melanoma": -0.7}),))
    context = Context("x", "x", (age,), ("melanoma",), (), ())
    desk = visit(ALWAYS, *two(tmp_path)[:number], seed=seed, context=context)
    patient = desk.parts.open_patient.patient
    assert patient is not None
    assert not any("Raised without" in line for line in report_lines(desk, words_of(desk)))
    desk.parts.edits.correct_patient(patient, "P-1", "unknown", ("", "70-79"))(lambda _reverse: None, pytest.fail)
    said = "Raised without what is known of the patient"
    desk.wait(lambda: f"{said} (age 70–79){lowers}" in box(desk)[2])
    desk.wait(lambda: all(entry.adjusted.with_context for entry in desk.entries()))
    told = [line for line in report_lines(desk, words_of(desk)) if said in line]
    assert len(told) == 1
    assert told[0].endswith(f"all biopsied. {said} (age 70–79){lowers}")
    without = report_lines(desk, words_of(desk), with_patient=False)
    assert any(line.endswith(f"all biopsied. {said}{lowers}") for line in without)


def test_course_and_report_count_the_images_of_the_lesion(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2, *two(tmp_path))
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])
    words = words_of(desk)
    lesion = desk.parts.open_patient.lesions[0]
    lines = course.lines_of_answers(film_of(desk.parts.open_patient, lesion.id), words)
    said = f"Melanoma alert, 1 of 2 images: image\N{NO-BREAK SPACE}{alerted_number(desk)}"
    assert lines[0].text == f"Lesion: {said}"
    assert len(lines) == 3
    together, tested, *answers = report_lines(desk, words)
    assert together == said
    assert tested.startswith("The mean of the images does not raise it."), (
        "what the alert was in testing stands before the answers"
    )
    assert answers[:2] == ["Image 1 of 2, answer", "Image 2 of 2, answer"]


@pytest.mark.parametrize("order", [1, -1])
def test_the_most_serious_alert_of_the_lesion_is_named_alone(
    visit: Callable[..., Desk], tmp_path: Path, order: int
) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2, *two(tmp_path)[::order], others=(cancer_alert(ALWAYS),))
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])
    images, words = desk.parts.open_patient.images, words_of(desk)
    (number,) = [place for place, one in enumerate(images, 1) if "melanoma" in one.entries[-1].flags]
    assert all("malignant" in one.entries[-1].flags for one in images)
    film = film_of(desk.parts.open_patient, desk.parts.open_patient.lesions[0].id)
    said = f"Melanoma alert, 1 of 2 images: image\N{NO-BREAK SPACE}{number}"
    assert course.lines_of_answers(film, words)[0].text == f"Lesion: {said}"
    assert report_lines(desk, words)[0] == said
    assert course.seen_answer(film, words) == course.SeenAnswer("Melanoma alert", images[number - 1].image.sha256)


def test_course_and_report_tell_of_a_withheld_image(visit: Callable[..., Desk], tmp_path: Path) -> None:
    desk = visit(NEVER, two(tmp_path)[0], dark(tmp_path), quality=LIMITS)
    desk.wait(lambda: box(desk)[1] == "1 of 2 images not answered")
    words = words_of(desk)
    lines = course.lines_of_answers(film_of(desk.parts.open_patient, desk.parts.open_patient.lesions[0].id), words)
    assert lines[0].text == "Lesion: 1 of 2 images not answered"
    assert report_lines(desk, words)[0] == "1 of 2 images not answered"


def test_history_counts_the_images_of_the_lesion(visit: Callable[..., Desk], tmp_path: Path) -> None:
    desk = visit(NEVER, two(tmp_path)[0], dark(tmp_path), quality=LIMITS)
    desk.wait(lambda: box(desk)[1] == "1 of 2 images not answered")
    desk.parts.window.show_workspace("history")
    page = desk.parts.window.history
    desk.wait(lambda: page.table.rowCount() == 2)
    desk.settle()
    desk.qtbot.mouseClick(
        page.rows.viewport(), Qt.MouseButton.LeftButton, pos=page.rows.visualRect(page.table.index(0, 1)).center()
    )
    desk.wait(lambda: "1 of 2 images not answered" in desk.texts(page.preview))


def test_history_names_the_file_that_raised_the_alert(visit: Callable[..., Desk], tmp_path: Path) -> None:
    high, low = scores(tmp_path)
    desk = visit((high + low) / 2, *two(tmp_path))
    desk.wait(lambda: "1 of 2 images" in box(desk)[2])
    name = next(entry.image.name for entry in desk.entries() if entry.flags)
    desk.parts.window.show_workspace("history")
    page = desk.parts.window.history
    desk.wait(lambda: page.table.rowCount() == 2)
    desk.settle()
    desk.qtbot.mouseClick(
        page.rows.viewport(), Qt.MouseButton.LeftButton, pos=page.rows.visualRect(page.table.index(0, 1)).center()
    )
    desk.wait(lambda: f"Melanoma alert, 1 of 2 images: {name}" in desk.texts(page.preview))


def test_arrows_select_no_image_but_the_one_that_is_shown(visit: Callable[..., Desk], tmp_path: Path) -> None:
    """What is selected is dragged together: after a commit by key, Left selected both."""
    desk = visit(ALWAYS, *two(tmp_path), blind=True)
    key(desk, Qt.Key.Key_5)
    key(desk, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    strip = desk.parts.window.visit_page.strip
    for arrow in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Left):
        key(desk, arrow)
        desk.settle()
        picture = desk.parts.open_image.picture
        assert picture is not None
        assert [one.name for one in strip.selected_images()] == [picture.name]
