"""The report of a visit: its content, its pages, what blind-first leaves out, and how it is saved."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog, QProgressBar, QPushButton, QWidget

from desktop.core.imaging.capture import Capture
from desktop.core.imaging.scale import Scale
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import EXCISION, FOLLOW_UP
from desktop.core.registration.similarity import Similarity
from desktop.widgets.answer.alert_words import AlertContext
from desktop.widgets.answer.answer_words import calibration_text
from desktop.widgets.answer.headline import Headline
from desktop.widgets.common.body.body_marks import BodyMark
from desktop.widgets.common.progress_dialog import ProgressDialog
from desktop.widgets.common.wording import local_day, local_time
from desktop.widgets.report import report_output, visit_markup
from desktop.widgets.report.page import page_images, pdf
from desktop.widgets.report.report_content import ReportStatement
from desktop.widgets.report.report_dialog import ReportDialog
from desktop.widgets.report.visit_answers import VisitAnswers
from desktop.widgets.report.visit_content import LesionPart, OtherPart, VisitMap, VisitPicture, VisitReport
from desktop.widgets.report.visit_map import map_views
from desktop.widgets.report.visit_options import VisitOptions
from desktop.widgets.report.visit_pages import VisitPages
from desktop.widgets.report.visit_subject import read_visit
from desktop.widgets.report.visit_words import later_text
from desktop.widgets.visit.lesion_words import day_text
from tests.alerts import ALWAYS, NEVER, melanoma_alert
from tests.core.exchange.histories import DAY, Practice, at
from tests.core.records.history_contents import an_image, keep
from tests.days import today
from tests.making import NINE, contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient

MakeDesk = Callable[..., Desk]

MIX = {label.id: 0.16 if label.id == "melanoma" else 0.105 for label in NINE}

CONCEALED = "Model's answer: hidden until the lesion is next assessed"


def picture(colour: str = "#a06040") -> QImage:
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def part(number: int, note: str = "") -> LesionPart:
    return LesionPart(
        1,
        f"L{number} left scapula",
        (VisitPicture(picture("#805030"), "12 Mar 2025"), VisitPicture(picture(), "23 Nov 2026")),
        (ReportStatement("Nevus, plan: follow-up", "before the model, 10:42, by MK", note),),
        (ReportStatement("Histopathology of 1 Dec 2026: Nevus", "entered 10:50, by MK"),),
        ("LL-1: Melanoma alert, Nevus 61 %",),
    )


def report(*parts: LesionPart, **changes: object) -> VisitReport:
    whole = VisitReport(
        title="Report of the visit",
        clinic=("Clinic <of> A & B",),
        made="made at 10:42",
        band="Demonstration model. Not for patients.",
        patient=(("Patient", "P-0412"),),
        patient_absent="Patient data are left out.",
        map=None,
        overviews=(),
        lesions=parts,
        no_lesion="No lesion was chosen.",
        left_out="An image without a lesion is not in this report: “a<b>.png”.",
        later="A later visit, of 2 Dec 2026, is not in this report.",
        others_heading="Other lesions",
        others=(OtherPart(2, "L2 left calf", ("Melanoma <1 mm", "Follow-up on 1 Dec 2026")),),
        own_heading="My assessment and plan",
        no_assessment="No assessment was entered.",
        outcome_heading="Outcome",
        model_heading="What the model says",
        earlier_heading="Earlier image",
        conclusion_heading="Conclusion",
        conclusion="All lesions <1 mm.\nSee again in spring.",
        signature="Date, name, signature",
        versions="seal 9:0bcb, LesionLens",
        disclaimer="Not a certified medical device.",
        page_name="P-0412, 23 Nov 2026",
    )
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


@pytest.mark.usefixtures("qapp")
def test_the_assessment_stands_before_the_model_and_the_signature_last() -> None:
    text = VisitPages(report(part(1)), 96).text()
    order = [
        "Clinic <of> A & B", "P-0412", "Demonstration model",
        "A later visit, of 2 Dec 2026, is not in this report.",
        "An image without a lesion is not in this report: “a<b>.png”.", "L1 left scapula", "12 Mar 2025", "23 Nov 2026",
        "My assessment and plan", "Nevus, plan: follow-up", "Outcome", "Histopathology of 1 Dec 2026",
        "What the model says", "Melanoma alert", "Other lesions",
        "L2 left calf", "Melanoma <1 mm. Follow-up on 1 Dec 2026", "All lesions <1 mm.", "See again in spring.",
        "Date, name, signature",
        "Not a certified medical device.", "seal 9:0bcb",
    ]  # fmt: skip
    places = [text.find(one) for one in order]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.usefixtures("qapp")
def test_each_lesion_stands_whole_on_a_page_and_a_long_one_goes_on() -> None:
    assert VisitPages(report(part(1)), 96).count() == 1
    several = VisitPages(report(*map(part, range(1, 6))), 96)
    assert 2 < several.count() <= 5
    for page in several._pages:
        assert sum(one.height for one in page) <= 1123
        assert all(one.begin == 0 for one in page)  # none is cut
    long = VisitPages(report(part(1, "A line of a long note.\n" * 150)), 96)
    assert long.count() > 2
    assert pdf(report(part(1), part(2))).startswith(b"%PDF")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("lines", "pages", "is_small"), [(6, 1, True), (20, 2, False)])
def test_the_body_map_is_smaller_only_where_that_saves_a_page(lines: int, pages: int, is_small: bool) -> None:
    shown = VisitMap("Lesions", (BodyMark(1, "L1", "scapula-left", None, "L1"),), (("L1", "left scapula"),), (), "")
    lesion = dataclasses.replace(part(1, "A line of a note.\n" * lines), apart="Sizes cannot be compared.")
    laid_out = VisitPages(report(lesion, map=shown, clinic=(), band="", left_out="", later="", others=()), 96)
    assert laid_out.count() == pages
    assert (laid_out._pages[0][0].height < map_views(shown.marks)[0].size.height()) is is_small


@pytest.mark.usefixtures("qapp")
def test_pictures_are_large_and_every_page_is_drawn() -> None:
    pages = VisitPages(report(*map(part, range(1, 4))), 96)
    drawn = page_images(pages, 794)
    assert len(drawn) == pages.count()
    colours = [drawn[0].pixelColor(x, y).name() for x in range(0, 794, 6) for y in range(0, 1123, 6)]
    assert colours.count("#a06040") + colours.count("#805030") > 0.15 * len(colours)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("text", visit_markup.Text)
def test_two_pictures_of_known_width_are_drawn_at_one_scale(text: visit_markup.Text) -> None:
    def widths(*mm_wide: float | None) -> list[int]:
        pictures = tuple(VisitPicture(picture(), "23 Nov 2026", mm) for mm in mm_wide)
        one = dataclasses.replace(part(1), pictures=pictures)
        html = visit_markup.lesion(report(one), one, 330, text)
        return [int(width) for width in re.findall(r'<img src="picture-\d" width="(\d+)"', html)]

    column = max(widths(None, None))
    assert widths(None, None) == widths(10.0, None) == [column, column]
    assert widths(10.0, 10.0) == [column, column]
    assert widths(8.0, 10.0) == [pytest.approx(0.8 * column, abs=1), column]
    assert widths(10.0, 5.0) == [column, pytest.approx(0.5 * column, abs=1)]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("text", visit_markup.Text)
def test_of_two_pictures_that_are_not_at_one_scale_the_earlier_stands_below_and_says_why(
    text: visit_markup.Text,
) -> None:
    one = dataclasses.replace(part(1), apart="Sizes cannot be compared.", cautions=("Biopsied in between.",))
    html = visit_markup.lesion(report(one), one, 330, text)
    sizes = dict(re.findall(r'<img src="(picture-\d)" width="(\d+)"', html))
    assert int(sizes["picture-0"]) == pytest.approx(0.6 * 330 * 640 / 480, abs=1)
    assert int(sizes["picture-0"]) < int(sizes["picture-1"])
    order = [
        html.index(words)
        for words in (*("picture-1", "My assessment", "What the model says", "Earlier image", "picture-0"), one.apart)
    ]
    assert order == sorted(order)
    assert html.count("Biopsied in between.") == 1


@pytest.mark.usefixtures("qapp")
def test_a_picture_with_a_scale_has_its_bar() -> None:
    pictures = (VisitPicture(picture(), "12 Mar 2025", 8.0), VisitPicture(picture(), "23 Nov 2026", 10.0))
    one = dataclasses.replace(part(1), pictures=pictures)
    html = visit_markup.lesion(report(one), one, 330, visit_markup.Text.BELOW)
    shown = [int(width) for width in re.findall(r'<img src="picture-\d" width="(\d+)"', html)]
    bars = [int(width) for width in re.findall(r'<img src="scale" width="(\d+)"', html)]
    assert bars == [pytest.approx(2 * shown[1] / 10, abs=1)] * 2, "2 mm in both, for they are at one scale"
    text = VisitPages(report(one), 96).text().replace("\N{NO-BREAK SPACE}", " ")
    assert text.count("2 mm") == 2
    drawn = page_images(VisitPages(report(one), 96), 794)[0]
    assert any(drawn.pixelColor(x, y).name() == "#000000" for x in range(794) for y in range(0, 1123, 2))


@pytest.mark.usefixtures("qapp")
def test_a_report_without_lesions_and_patient_says_so() -> None:
    text = VisitPages(report(patient=(), page_name=""), 96).text()
    assert "No lesion was chosen." in text
    assert "Patient data are left out." in text
    assert "P-0412" not in text


def a_visit(desk: Desk, folder: Path) -> None:
    """Bring an image of today for a lesion that was photographed and assessed a year ago, and one for a new lesion."""
    choose_patient(desk, "P-0412")
    add_lesion(desk)
    (first,) = desk.parts.open_patient.lesions
    bring(desk, write_lesion(folder / "old.png", seed=1))
    visit = desk.parts.open_patient
    patient = visit.patient
    assert patient is not None
    with History.open(desk.folder) as history:
        people = history.people
        before = people.begin_visit(patient.id, visit.date - dt.timedelta(days=365), "50-59", by="MK")
        (old,) = people.images(patient.id)
        people.place(old.image_id, kind="dermoscopy", lesion_id=first.id, visit_id=before.id, by="MK")
        history.assessments.assess(
            lesion_id=first.id,
            visit_id=before.id,
            before_model=True,
            diagnosis="dermatofibroma",
            plan=FOLLOW_UP,
            plan_date=visit.date,
            by="MK",
        )
    visit.choose(first.id)
    bring(desk, write_lesion(folder / "new.png", seed=2))
    add_lesion(desk)
    bring(desk, write_lesion(folder / "other.png", seed=3))
    desk.rest()


def assess(desk: Desk, name: str, diagnosis: str) -> None:
    patient = desk.parts.open_patient.patient
    assert patient is not None
    with History.open(desk.folder) as history:
        lesion = next(one for one in history.people.lesions(patient.id) if one.name == name)
        visit = history.people.visits(patient.id)[0]
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=visit.id,
            before_model=True,
            diagnosis=diagnosis,
            plan=EXCISION,
            note="darker rim",
            by="MK",
        )


def open_report(desk: Desk) -> ReportDialog:
    desk.parts.window.menus.actions["visit report"].trigger()
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(ReportDialog) if one.isVisible()])
    return desk.parts.window.findChildren(ReportDialog)[-1]


def made(shown: ReportDialog) -> VisitReport:
    found = shown.report
    assert isinstance(found, VisitReport)
    return found


def test_all_lesions_of_the_visit_with_the_image_of_before(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    assess(desk, "L1", "melanoma")
    shown = open_report(desk)
    one, two = made(shown).lesions
    assert (one.heading, two.heading) == ("L1", "L2")
    assert [len(one.pictures), len(two.pictures)] == [2, 1]
    assert all(picture.image is not None for picture in (*one.pictures, *two.pictures))
    said, late = one.assessments
    assert late.text.startswith("For the visit of "), "it was entered today as well, in no report of its own"
    assert "Melanoma" in said.text
    assert said.note == "darker rim"
    assert "biopsy or excision" in said.text
    assert one.answers
    options = shown.findChild(VisitOptions)
    assert options is not None
    options.earlier.click()
    options.model.click()
    next(iter(options.lesions.values())).click()
    (left,) = made(shown).lesions
    assert (left.heading, left.answers) == ("L2", ())
    options.conclusion.setPlainText("Biopsy of L1.")
    assert made(shown).conclusion == "Biopsy of L1."
    assert "file" not in shown.patient.toolTip(), "this report names none"
    shown.patient.click()
    assert "P-0412" not in VisitPages(made(shown), 96).text()


def test_images_without_a_lesion_that_it_leaves_out_are_named(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    desk.parts.open_patient.choose(None)
    bring(
        desk,
        *(write_lesion(tmp_path / f"{name}.png", seed=seed) for seed, name in enumerate(("now", "told", "old"), 7)),
    )
    visit = desk.parts.open_patient
    assert visit.patient is not None
    before = visit.date - dt.timedelta(days=40)
    with History.open(desk.folder) as history:
        earlier = history.people.begin_visit(visit.patient.id, before, "", by="MK")
        for image in history.people.images(visit.patient.id):
            if image.image.name in {"told.png", "old.png"} and image.lesion_id is None:
                history.people.place(image.image_id, kind="dermoscopy", lesion_id=None, visit_id=earlier.id, by="MK")
                if image.image.name == "told.png":
                    history.assessments.add_outcome(
                        image_id=image.image_id, kind="histopathology", diagnosis="melanoma", date=before, by="MK"
                    )
    shown = open_report(desk)
    named = f"Images without a lesion are not in this report: “now.png”, “told.png” of {local_day(before)}."
    assert made(shown).left_out == named
    shown.patient.click()
    text = VisitPages(made(shown), 96).text()
    assert "2 images without a lesion are not in this report." in text
    assert "now.png" not in text


def test_a_visit_of_images_without_a_lesion_alone_says_what_to_do(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-0412")
    bring(desk, write_lesion(tmp_path / "now.png", seed=1))
    desk.settle()
    desk.parts.window.menus.actions["visit report"].trigger()
    messages = desk.parts.window.workspaces.messages
    desk.wait(messages.text)
    assert messages.text() == (
        "This patient has no lesion that was photographed or assessed at a visit. “now.png” has no lesion: choose one, then "
        "make the report."
    )


def test_a_conclusion_is_not_lost_by_escape(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, questions: list[str]
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    for conclusion, asked in (("", []), ("Biopsy of L1.", ["Discard what was entered?"])):
        shown = open_report(desk)
        options = shown.findChild(VisitOptions)
        assert options is not None
        options.conclusion.setPlainText(conclusion)
        desk.qtbot.keyClick(shown, Qt.Key.Key_Escape)
        desk.settle()
        assert questions == asked


def test_lesions_that_were_not_seen_at_the_visit_have_their_findings_and_open_steps(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    patient, today = desk.parts.open_patient.patient, desk.parts.open_patient.date
    assert patient is not None
    day = today - dt.timedelta(days=40)
    with History.open(desk.folder) as history:
        before = history.people.visits(patient.id)[-1]
        plain = history.people.add_lesion(patient.id, "L3", "", by="MK")
        other = history.people.add_lesion(patient.id, "L4", "", by="MK")
        plan = history.assessments.assess(
            lesion_id=other.id, visit_id=before.id, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
        history.care_steps.record(CareStep(Step.TAKEN, plan.id, day, "AB", ""), by="MK")
        found = history.assessments.add_outcome(
            lesion_id=other.id,
            kind="histopathology",
            diagnosis="melanoma",
            breslow_mm=0.8,
            date=day,
            laboratory_number="H-26-77",
            by="MK",
        )
        history.care_steps.record(CareStep(Step.TOLD, found.id, today, "MK", ""), by="MK")
        history.assessments.assess(
            lesion_id=other.id,
            visit_id=before.id,
            before_model=False,
            diagnosis="melanoma",
            plan=FOLLOW_UP,
            plan_date=today + dt.timedelta(days=90),
            by="MK",
        )
    shown = open_report(desk)
    (line,) = made(shown).others  # nothing is known of the other lesion
    assert (line.lesion_id, line.name) == (other.id, other.name)
    finding, first, second, follow_up = line.lines
    assert first.startswith(
        f"For the visit of {local_day(before.date)}: Melanoma, earlier plan: biopsy or excision; before the model"
    )
    assert second.startswith(f"For the visit of {local_day(before.date)}: Melanoma, plan: follow-up")
    assert finding.startswith(f"Histopathology of {local_day(day)}: Melanoma, Breslow 0.8 mm")
    assert "H-26-77" in finding
    assert f"patient told on {local_day(today)} by MK" in finding
    assert follow_up == f"Follow-up on {day_text(today + dt.timedelta(days=90))}"
    text = VisitPages(made(shown), 96).text()
    assert f"{other.name}" in text[text.index("Other lesions") :]
    held = str(made(shown).held["held lesions"]).split()
    assert str(other.id) in held
    assert str(plain.id) not in held
    shown.patient.click()
    assert "H-26-77" not in VisitPages(made(shown), 96).text()
    options = shown.findChild(VisitOptions)
    assert options is not None
    options.others.click()
    assert made(shown).others == ()
    assert "Other lesions" not in VisitPages(made(shown), 96).text()


def test_a_biopsy_without_a_result_is_told_under_other_lesions_with_its_note_also_once_it_is_closed(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    patient, today = desk.parts.open_patient.patient, desk.parts.open_patient.date
    assert patient is not None
    day = today - dt.timedelta(days=40)
    with History.open(desk.folder) as history:
        before = history.people.visits(patient.id)[-1]
        lesion = history.people.add_lesion(patient.id, "L3", "", by="MK")
        plan = history.assessments.assess(
            lesion_id=lesion.id, visit_id=before.id, before_model=True, diagnosis="nevus", plan=EXCISION, by="MK"
        )
        history.care_steps.record(CareStep(Step.TAKEN, plan.id, day, "AB", "excision, lateral suture"), by="MK")

    def told(shown: ReportDialog) -> list[str]:
        (line,) = made(shown).others
        *lines, late = line.lines
        assert late.startswith("For the visit of"), "it was assessed today"
        shown.reject()
        return lines

    taken, note = f"Biopsy taken on {local_day(day)}, by AB", "“excision, lateral suture”"
    assert told(open_report(desk)) == [f"{taken}; histology still open, {note}"]
    with History.open(desk.folder) as history:
        lost = CareStep(Step.PLAN_CLOSED, plan.id, today, "AB", "specimen lost by laboratory")
        history.care_steps.record(lost, by="MK")
    closed = f"Biopsy closed on {local_day(today)}, by AB, “specimen lost by laboratory”"
    assert told(open_report(desk)) == [f"{taken}, {note}", closed]
    with History.open(desk.folder) as history:
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=today, by="MK"
        )
    assert told(open_report(desk)) == [f"{taken}, {note}", f"Histopathology of {local_day(today)}: Nevus", closed]


def test_the_map_has_the_lesions_under_other_lesions_behind_those_of_the_visit(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-0412")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    patient, today = desk.parts.open_patient.patient, desk.parts.open_patient.date
    assert patient is not None
    with History.open(desk.folder) as history:
        cut = history.people.add_lesion(patient.id, "L2", "calf-right", pin=(0.3, 0.8), by="MK")
        history.people.add_lesion(patient.id, "L3", "abdomen-upper-right", by="MK")
        history.assessments.add_outcome(
            lesion_id=cut.id, kind="histopathology", diagnosis="melanoma", date=today, by="MK"
        )
    shown = open_report(desk)
    drawn = made(shown).map
    assert drawn is not None
    signs = [(one.name, one.pin is not None, one.is_secondary) for one in drawn.marks]
    assert signs == [("L1", False, False), ("L2", True, True)], "nothing is said of L3 in the report"
    legend = "Grey and small: under Other lesions."
    text = VisitPages(made(shown), 96).text().replace("\N{NO-BREAK SPACE}", " ")
    first = text[: text.index("My assessment and plan")]
    assert "L2   right calf" in first
    assert legend in first
    assert "L3" not in text
    options = shown.findChild(VisitOptions)
    assert options is not None
    options.others.click()
    alone = made(shown).map
    assert alone is not None
    assert [one.name for one in alone.marks] == ["L1"]
    assert legend not in VisitPages(made(shown), 96).text()


def test_it_tells_nothing_of_an_answer_that_blind_first_conceals(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    shown = open_report(desk)
    assert {line for one in made(shown).lesions for line in one.answers} == {CONCEALED}
    shown.reject()
    assess(desk, "L2", "nevus")
    desk.parts.open_patient.reload()
    desk.rest()
    one, two = made(open_report(desk)).lesions
    assert one.answers == (CONCEALED,)
    assert two.answers
    assert CONCEALED not in two.answers


def test_no_alert_is_explained_for_each_lesion_as_in_the_window(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(NEVER),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    (box,) = desk.parts.window.visit_page.result_panel.findChildren(Headline)
    _kind, title, plain = box.content
    assert (title, plain[:23]) == ("No alert raised", "That rules nothing out.")
    shown = made(open_report(desk))
    assert [one.answers[0] for one in shown.lesions] == [f"{title}. {plain}"] * 2, "before any percentage"
    assert f"{title}. {plain}" in VisitPages(shown, 96).text()
    nail = AlertContext(not_tested="Not tested on nails.")
    (entry,) = [one for one in desk.entries() if one.image.name == "other.png"]
    answers = VisitAnswers(lambda _one: "an answer", lambda _all: "", lambda _one: False, desk.parts.model.classifier)
    expected = "No alert raised. That rules nothing out. Not tested on nails."
    uncalibrated = "Percentages are not calibrated. Learned on 9 images, 11 % of them melanomas."
    assert answers.lines([entry], nail) == [expected, "an answer", uncalibrated]
    region = dataclasses.replace(
        entry, region="0,0,99,99", answer=dataclasses.replace(entry.answer, flags=("melanoma",))
    )
    beside = answers.lines([entry], nail, [[region]])
    assert beside == ["an answer", "an answer", uncalibrated], (
        "beside a region's alert it is not said that there is none"
    )
    unfinished = answers.lines([entry, None], nail)
    assert "No alert raised" not in " ".join(unfinished)
    assert unfinished[0].endswith("Nothing is said of the lesion until each of its images is answered.")
    other = dataclasses.replace(answers, classifier=None)
    risk = "Percentages are not your patient's risk."
    assert other.lines([entry], nail) == ["A low figure rules nothing out.", "an answer", risk]


def test_an_alert_has_its_figures_in_testing_and_is_not_called_a_risk(make_desk: MakeDesk, tmp_path: Path) -> None:
    calibrated = contract(alerts=(melanoma_alert(ALWAYS),), calibration_mix=MIX)
    desk = make_desk(write_model(tmp_path / "model.onnx", calibrated))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    (box,) = desk.parts.window.visit_page.result_panel.findChildren(Headline)
    _kind, title, plain = box.content
    figures = "In testing raised for 95 of 100 melanomas and 50 of 100 naevi, all biopsied."
    assert (title, figures in plain) == ("Melanoma alert", True)
    risk = calibration_text(calibrated)
    assert risk == "Percentages assume 16 % melanomas among the images; not your patient's risk."
    shown = made(open_report(desk))
    for one in shown.lesions:
        alert, answer, meaning = one.answers
        assert (alert, meaning) == (f"Melanoma alert. {figures}", risk), "the alert where else its absence stands"
        assert "Melanoma alert" in answer
    (entry,) = [one for one in desk.entries() if one.image.name == "other.png"]
    answers = VisitAnswers(lambda _one: "an answer", lambda _all: "", lambda _one: False, desk.parts.model.classifier)
    nail = AlertContext(not_tested="Not tested on nails.")
    assert answers.lines([entry], nail) == [f"Melanoma alert. {figures} Not tested on nails.", "an answer", risk]
    earlier_model = dataclasses.replace(answers, classifier=None)
    assert earlier_model.lines([entry], nail) == ["an answer", "Percentages are not your patient's risk."]
    concealed = dataclasses.replace(answers, conceals=lambda _one: True)
    assert concealed.lines([entry], nail) == [CONCEALED]


def test_the_earlier_image_is_the_one_compared_else_the_first_of_its_day(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    first = desk.parts.open_patient.lesions[0]
    desk.parts.open_patient.choose(first.id)
    bring(desk, write_lesion(tmp_path / "overview.png", seed=4))
    desk.rest()
    patient = desk.parts.open_patient.patient
    assert patient is not None
    with History.open(desk.folder) as history:
        people = history.people
        before = people.visits(patient.id)[-1]
        images = {one.image.name: one for one in people.images(patient.id)}
        people.place(
            images["overview.png"].image_id, kind="dermoscopy", lesion_id=first.id, visit_id=before.id, by="MK"
        )
        old, overview, new = (images[name].image for name in ("old.png", "overview.png", "new.png"))

        def compared() -> tuple[str, str, bool]:
            subject = read_visit(history, patient.id)
            assert subject is not None
            (one,) = [one for one in subject.lesions if one.lesion.id == first.id]
            assert one.shown is not None
            assert one.earlier is not None
            has_scales = all(known.mm_per_pixel is not None for known in one.known.values())
            return one.earlier[0].image.name, one.shown.image.name, has_scales

        assert compared() == ("old.png", "new.png", False)
        history.alignments.keep_by_hand(overview.sha256, new.sha256, Similarity(1.0, 0.0, 0.0, 0.0), by="MK")
        assert compared() == ("overview.png", "new.png", False)
        for name in ("overview.png", "new.png"):
            history.scales.give(images[name].image_id, Scale(0.02, ""), by="MK")
        assert compared() == ("overview.png", "new.png", True)
        history.alignments.keep_by_hand(old.sha256, new.sha256, Similarity(1.0, 0.0, 0.0, 0.0), by="MK")
        assert compared() == ("old.png", "new.png", False)


def test_sizes_that_cannot_be_compared_are_named_below_two_pictures(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    shown = made(open_report(desk))
    reason = "Sizes in these two pictures cannot be compared: the scale of at least one is not known."
    assert [(one.apart, one.size_remark) for one in shown.lesions] == [
        (reason, ""),
        ("", "Size not measured: no scale."),
    ]
    assert VisitPages(shown, 96).text().count(reason) == 1


def test_finding_of_an_image_is_reported_with_the_lesion_that_it_has_now(tmp_path: Path) -> None:
    day = dt.date(2026, 9, 1)
    with History.open(tmp_path / "data") as history:
        people = history.people
        patient = people.add_patient("P-77", "female", by="MK").id
        visit = people.begin_visit(patient, day, "", by="MK").id
        lesion = people.add_lesion(patient, "L1", "", by="MK").id
        keep(history, "a.jpg")
        image = people.image_id_of(an_image("a.jpg").sha256)
        assert image is not None
        found = history.assessments.add_outcome(
            image_id=image, kind="histopathology", diagnosis="melanoma", date=day, by="MK"
        )
        people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
        assert (read := read_visit(history, patient)) is not None
        assert [one.outcomes for one in read.lesions] == [(found,)]
        later = people.begin_visit(patient, day + dt.timedelta(days=30), "", by="MK")
        keep(history, "b.jpg")
        loose = people.image_id_of(an_image("b.jpg").sha256)
        assert loose is not None
        people.place(loose, kind="dermoscopy", lesion_id=None, visit_id=later.id, by="MK")
        assert (read := read_visit(history, patient)) is not None
        assert [one.outcomes for one in read.others] == [(found,)]


def seen_before(desk: Desk, folder: Path) -> dt.date:
    """Photograph and assess a lesion at a visit of 40 days ago, with an empty one of today; return the day of the first."""
    choose_patient(desk, "P-0412")
    add_lesion(desk)
    bring(desk, write_lesion(folder / "old.png", seed=1))
    desk.rest()
    patient, today = desk.parts.open_patient.patient, desk.parts.open_patient.date
    assert patient is not None
    before = today - dt.timedelta(days=40)
    with History.open(desk.folder) as history:
        visit = history.people.begin_visit(patient.id, before, "", by="MK")
        (image,) = history.people.images(patient.id)
        history.people.place(image.image_id, kind="dermoscopy", lesion_id=image.lesion_id, visit_id=visit.id, by="MK")
        history.assessments.assess(
            lesion_id=image.lesion_id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
        )
    desk.parts.open_patient.reload()
    desk.rest()
    return before


def test_a_visit_at_which_nothing_was_done_hides_no_report(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    before = seen_before(desk, tmp_path)
    desk.parts.open_image.close()
    desk.rest()
    shown = open_report(desk)
    assert local_day(before) in made(shown).page_name
    assert ["Nevus" in said.text for one in made(shown).lesions for said in one.assessments] == [True]


def test_it_is_of_the_visit_of_the_image_in_front(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    before = seen_before(desk, tmp_path)
    desk.parts.open_patient.choose(None)
    bring(desk, write_lesion(tmp_path / "now.png", seed=2))
    desk.rest()
    desk.parts.window.menus.actions["visit report"].trigger()
    messages, today = desk.parts.window.workspaces.messages, local_day(desk.parts.open_patient.date)
    desk.wait(messages.text)
    assert messages.text() == (
        f"No lesion was photographed or assessed at the visit of {today}. “now.png” has no lesion: choose one, then make the "
        "report. For the report of another visit, open an image of it."
    )
    old = next(one for one in desk.parts.open_patient.images if one.image.name == "old.png")
    desk.parts.open_image.open(desk.parts.open_patient.request_for(old))
    desk.rest()
    assert local_day(before) in made(open_report(desk)).page_name


def test_a_report_of_an_earlier_visit_names_the_later_one_and_todays_comes_first(tmp_path: Path) -> None:
    """A report of the older visit alone would read as if nothing had happened since."""
    practice = Practice(tmp_path, at(8), "MK")
    patient = practice.patient("P-1")
    lesion = practice.history.people.add_lesion(patient, "L1", "back", by="MK").id
    days = [DAY, DAY + dt.timedelta(30)]
    for day in days:
        practice.image(lesion=lesion, visit=practice.visit(patient, day))
    old, new = sorted(practice.history.people.images(patient), key=lambda one: one.image_id)

    def read(in_front: str = "") -> tuple[dt.date, str]:
        found = read_visit(practice.history, patient, in_front)
        assert found is not None
        return found.visit.date, later_text(found)

    later = f"A later visit, of {local_day(days[1])}, is not in this report."
    assert [read(one) for one in (old.image.sha256, new.image.sha256, "")] == [
        (DAY, later),
        (days[1], ""),
        (days[1], ""),
    ]
    practice.image(lesion=lesion, visit=practice.visit(patient, today()))
    assert read(old.image.sha256) == (today(), "")
    practice.history.close()


def test_what_lies_between_two_pictures_and_their_light_stand_below_them(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    unknown = "Light not known: do not compare colours, white lines, vessels."
    shown = open_report(desk)
    assert [one.cautions for one in made(shown).lesions] == [(unknown,), ()]  # the other one has no earlier picture
    shown.reject()
    first, today = desk.parts.open_patient.lesions[0], desk.parts.open_patient.date
    day = today - dt.timedelta(days=50)
    with History.open(desk.folder) as history:
        for kind in (InfluenceKind.CRYOTHERAPY, InfluenceKind.PREGNANCY):
            history.influences.add(kind, first.id, Span(day, day), by="MK")
        history.assessments.add_outcome(lesion_id=first.id, kind="histopathology", diagnosis="nevus", date=day, by="MK")
        same = Capture("DL4", "contact", "polarised")
        for one in desk.entries():
            history.captures.give(one.image.sha256, same, by="MK")
    shown = open_report(desk)
    between = (
        "Biopsied in between: a recurrent nevus can mimic melanoma.",
        "Cryotherapy in between: it can hide a melanoma, and mimic one.",
        "Pregnancy in between: do not put a change down to it.",
    )
    assert [one.cautions for one in made(shown).lesions] == [between, ()]
    text = VisitPages(made(shown), 96).text()
    assert all(line in text for line in between)
    options = shown.findChild(VisitOptions)
    assert options is not None
    options.earlier.click()
    assert [one.cautions for one in made(shown).lesions] == [(), ()]


def test_it_is_saved_and_logged(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    target = tmp_path / "visit.pdf"
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(target)])
    shown = open_report(desk)
    desk.qtbot.mouseClick(shown.save, Qt.MouseButton.LeftButton)
    desk.wait(target.exists)
    desk.rest()
    assert target.read_bytes().startswith(b"%PDF")
    with History.open(desk.folder) as history:
        (saved,) = [act for act in history.audit.page(AuditFilter()).acts if act.action == Action.REPORT_SAVED]
    assert (saved.patient, saved.detail["patient data"]) == ("P-0412", True)


def test_it_tells_when_it_was_saved_not_when_its_dialog_was_opened(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 0)
    shown = open_report(desk)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=4)

    class Later(dt.datetime):
        @classmethod
        def now(cls, _zone: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return later

    monkeypatch.setattr(report_output, "dt", SimpleNamespace(datetime=Later, UTC=dt.UTC))
    saved: list[VisitReport] = []
    shown.save_requested.connect(saved.append)
    desk.qtbot.mouseClick(shown.save, Qt.MouseButton.LeftButton)
    assert [one.made for one in saved] == [f"made {local_time(later)}"]


def test_it_can_be_stopped_while_it_is_laid_out(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(model_file)
    a_visit(desk, tmp_path)
    target = tmp_path / "visit.pdf"
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(target)])
    shown = open_report(desk)
    desk.qtbot.mouseClick(shown.save, Qt.MouseButton.LeftButton)
    (progress,) = desk.parts.window.findChildren(ProgressDialog)
    bar, stop = progress.findChild(QProgressBar), progress.findChild(QPushButton)
    assert bar is not None
    assert stop is not None
    bar.valueChanged.connect(lambda _value: stop.click())
    desk.wait(lambda: "Stopped" in shown.messages.text())
    desk.rest()
    assert not target.exists()
    assert failures(desk) == [True]


def test_a_bug_in_the_layout_is_told_and_logged(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(model_file)
    a_visit(desk, tmp_path)
    target = tmp_path / "visit.pdf"
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(target)])
    shown = open_report(desk)
    broken = dataclasses.replace(made(shown), conclusion=7)  # type: ignore[arg-type]
    with desk.qtbot.capture_exceptions() as raised:
        shown.save_requested.emit(broken)
        desk.wait(lambda: "Something unexpected went wrong" in shown.messages.text())
    assert len(raised) == 1
    desk.rest()
    assert not target.exists()
    assert failures(desk) == [False]


def failures(desk: Desk) -> list[object]:
    """Return of each act that failed whether the user stopped it."""
    with History.open(desk.folder) as history:
        return [act.detail["stopped"] for act in history.audit.page(AuditFilter()).acts if act.action == Action.FAILED]


def test_it_is_made_once_however_often_its_key_is_pressed(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    a_visit(desk, tmp_path)
    window = desk.parts.window
    window.menus.actions["visit report"].trigger()
    assert window.cursor().shape() is Qt.CursorShape.BusyCursor
    window.menus.actions["visit report"].trigger()
    desk.wait(lambda: window.findChildren(ReportDialog))
    desk.rest()
    (shown,) = window.findChildren(ReportDialog)
    assert window.cursor().shape() is Qt.CursorShape.ArrowCursor
    shown.reject()
    assert open_report(desk).isVisible(), "it can be made again"


def test_without_a_patient_it_says_what_to_do(desk: Desk) -> None:
    desk.parts.window.menus.actions["visit report"].trigger()
    assert "Choose a patient first" in desk.texts(desk.parts.window)
    assert not desk.parts.window.findChildren(QWidget, "papers")
