"""One figure of one thing is the same everywhere, and the words beside it say whose it is, the same everywhere."""

import csv
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.core.imaging.preprocessing import Box
from desktop.core.inference.adjusted import Adjusted
from desktop.core.inference.judgement import Abstention
from desktop.core.patient_context import PatientContext
from desktop.core.records.history import History
from desktop.core.records.table_files import write_table
from desktop.core.records.tables import TableRow
from desktop.core.records.values import Entry, ModelFacts
from desktop.session.practice import PracticePrior
from desktop.widgets.common.wording import percent
from desktop.widgets.follow_up.course import answer_text
from desktop.widgets.history.history_table import FILE, MALIGNANT, PROBABILITY
from desktop.widgets.history.history_words import EntryWords
from desktop.widgets.patient.lesion_summary import LesionSummary
from tests.alerts import ALWAYS, melanoma_alert
from tests.core.records.history_contents import an_answer, an_image
from tests.making import write_lesion, write_model
from tests.widgets.answer.test_adjusted import SPREAD, layer, model, shown, values
from tests.widgets.conftest import Desk
from tests.widgets.history.test_history import choose
from tests.widgets.image.test_regions import press
from tests.widgets.mouse_and_keys import key, workbench_of
from tests.widgets.patient.test_patient import add_lesion, bring
from tests.widgets.report.test_visit_report import made, open_report

TIME = datetime(2026, 11, 23, tzinfo=UTC)
WHOSE = "with age 70–79, for 50 % melanomas"


def is_shown(desk: Desk, name: str) -> bool:
    picture = desk.parts.open_image.picture
    return picture is not None and picture.name == name and desk.parts.open_image.answer is not None


def halves(path: Path) -> Path:
    """Write an image of 640 x 480 pixels with a dark half, which the model judges otherwise than the whole."""
    image = Image.new("RGB", (640, 480), (240, 200, 180))
    image.paste((20, 10, 8), (0, 0, 320, 480))
    image.save(path)
    return path


@pytest.fixture
def desk(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Open a lesion with two images of a patient whose age counts, in a practice with a share of its own; mark a region."""
    described = model(melanoma_alert(ALWAYS), layer(0.8))
    desk = make_desk(write_model(tmp_path / "model.onnx", described, seed=SPREAD))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.edits.add_patient("P-1", "unknown", "70-79", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    add_lesion(desk)
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.5))
    paths = write_lesion(tmp_path / "first.png", seed=3, size=(640, 480)), halves(tmp_path / "second.png")
    for path in paths:  # one after the other: each is shown, and its figures for the patient are saved
        bring(desk, path)
        desk.wait(lambda name=path.name: is_shown(desk, name))
        desk.rest()
    regions = workbench_of(desk).regions
    regions.classify(Box(60, 100, 260, 300))
    desk.wait(lambda: regions.items and regions.items[-1].kept.entry_id is not None)
    desk.settle()
    return desk


def entries_of(desk: Desk) -> tuple[Entry, Entry, Entry]:
    """Return the entries of the first image, the second one, and its region."""
    entries = {(one.image.name, bool(one.region)): one for one in desk.entries()}
    assert len(entries) == 3
    return entries["first.png", False], entries["second.png", False], entries["second.png", True]


def alone_of(entry: Entry) -> str:
    return percent(entry.answer.probabilities["melanoma"])


def adjusted_of(entry: Entry) -> str:
    assert entry.adjusted.figures is not None
    return percent(entry.adjusted.figures["melanoma"])


def told(entry: Entry) -> str:
    """Return what every line of an answer says of melanoma, about which the alert is."""
    whose = "region" if entry.region else "image"
    return f"Melanoma {alone_of(entry)}, {whose} alone; {adjusted_of(entry)} {WHOSE}"


def test_figures_of_image_lesion_and_region_differ(desk: Desk) -> None:
    """Else the other tests would show nothing."""
    first, second, region = entries_of(desk)
    figures = [alone_of(one) for one in (first, second, region)]
    assert len({*figures, *map(adjusted_of, (first, second, region))}) == 6


def test_visit_says_whose_its_figures_are(desk: Desk) -> None:
    first, second, region = entries_of(desk)
    for chosen, entry, name in (("Region 1", region, "Region"), ("Whole image", second, "Image")):
        press(desk, chosen)
        desk.wait(lambda name=name: shown(desk).whose == f"{name}, {WHOSE}")
        part = shown(desk)
        assert values(part)["Melanoma"] == adjusted_of(entry)
        assert f"Melanoma {adjusted_of(entry)} {WHOSE}; {name.lower()} alone {alone_of(entry)}." in part.adjusted
        press(desk, f"Show the figures of the {name.lower()} alone")
        assert (shown(desk).whose, values(shown(desk))["Melanoma"]) == (f"{name} alone", alone_of(entry))
        press(desk, "Show the adjusted figures")
    sums = [one.answer.malignant_probability or 0.0 for one in (first, second, region)]
    plain = shown(desk).plain.replace("\N{NO-BREAK SPACE}", " ")
    for name, figure, alone in (("Whole image", sums[1], "image"), ("Region 1", sums[2], "region")):
        (line,) = [line for line in plain.splitlines() if line.startswith(name)]
        assert f"malignant {percent(figure)}" in line
        assert line.endswith(f"({alone} alone)")
    (summary,) = desk.parts.window.findChildren(LesionSummary)
    low, high = sorted(sums[:2])
    mean = f"Malignant {percent((low + high) / 2)}, mean of 2 images, from {percent(low)} to {percent(high)}."
    assert "2 images of this lesion and visit, image alone" in desk.texts(summary)
    assert mean.replace(" %", "\N{NO-BREAK SPACE}%") in desk.texts(summary)


def test_copied_text_and_report_of_an_image_say_whose_the_figures_are(desk: Desk) -> None:
    desk.parts.window.menus.actions["copy result"].trigger()
    whose = WHOSE.replace("age 70–79", "what is known of the patient")  # the text has no patient data
    assert f"Region, {whose}\nMALIGNANT\t" in QApplication.clipboard().text()


def test_course_and_report_of_the_visit_have_the_figures_of_the_visit(desk: Desk) -> None:
    first, second, region = entries_of(desk)
    (lesion,) = made(open_report(desk)).lesions
    answers = "\n".join(lesion.answers).replace("\N{NO-BREAK SPACE}", " ")
    side = int(region.region.split(",")[2]) - int(region.region.split(",")[0])
    of_region = f"region of {side} × {side} pixels: Melanoma alert, {told(region)}"
    assert f"Image 1 of 2, {first.model_name}: Melanoma alert, {told(first)}" in answers
    assert f"Image 2 of 2, {second.model_name}: Melanoma alert, {told(second)}" in answers
    assert f"Image 2 of 2, {region.model_name}, {of_region}" in answers
    key(desk, Qt.Key.Key_Escape)
    desk.parts.window.workspaces.show_lesion()
    page = desk.parts.window.workspaces.follow_up.page

    def course() -> str:
        return desk.texts(page.course).replace("\N{NO-BREAK SPACE}", " ")

    desk.wait(lambda: told(second) in course())
    assert told(first) in course()
    assert of_region in course()


def previewed(desk: Desk, row: int) -> list[str]:
    """Choose a row of the history, which may be read once more meanwhile, and return the texts beside it."""
    choose(desk, row)
    return desk.texts(desk.parts.window.history.preview).splitlines()


def test_history_and_its_table_have_the_figures_of_the_image_alone(desk: Desk, tmp_path: Path) -> None:
    first, second, region = entries_of(desk)
    desk.parts.window.show_workspace("history")
    page = desk.parts.window.history
    desk.wait(lambda: page.table.rowCount() == 3)
    desk.settle()
    headers = [page.table.headerData(column, Qt.Orientation.Horizontal) for column in (PROBABILITY, MALIGNANT)]
    assert headers == ["Image alone", "Malignant sum, image alone"]
    for row, entry in ((0, region), (1, second), (2, first)):
        behind = ", region alone" if entry.region else ""
        assert page.table.index(row, FILE).data() == entry.image.name
        malignant = percent(entry.answer.malignant_probability or 0.0)
        assert page.table.index(row, MALIGNANT).data() == f"{malignant}{behind}"
        alone = "region alone" if entry.region else "image alone"
        headline = f"Melanoma {alone_of(entry)}, {alone}"
        desk.wait(lambda row=row, headline=headline: headline in previewed(desk, row))
        texts = desk.texts(page.preview)
        assert f"{malignant}, {alone}" in texts
        assert f"Melanoma {adjusted_of(entry)} {WHOSE}; {alone} {alone_of(entry)}." in texts
    write_table(tmp_path / "table.csv", [TableRow.of_entry(one) for one in (first, second, region)])
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [percent(float(row["p_melanoma"])) for row in rows] == [alone_of(one) for one in (first, second, region)]
    assert [bool(row["region"]) for row in rows] == [False, False, True]


def test_a_figure_that_would_belittle_an_alert_stands_in_no_line(desk: Desk) -> None:
    first, *_others = entries_of(desk)
    words = EntryWords(lambda _entry: False)
    with History.open(desk.folder) as history:
        words.know_models(history.models())
    assert words.answer(first) == told(first)
    assert first.adjusted.for_prior is not None
    low = dataclasses.replace(first.adjusted, for_prior={**first.adjusted.for_prior, "melanoma": 0.004})
    assert words.answer(dataclasses.replace(first, adjusted=low)) == f"Melanoma {alone_of(first)}, image alone"


def test_an_alert_that_only_the_patients_site_raised_is_called_so_in_course_and_history() -> None:
    words = EntryWords(lambda _entry: False)
    kept = dataclasses.replace(an_answer(), flags=())
    adjusted = Adjusted(PatientContext(site="trunk"), raised=("malignant",))
    entry = Entry(1, TIME, "MK", an_image(), "", "a model", kept, is_binned=False, adjusted=adjusted)
    words.know_models({kept.model_sha256: ModelFacts((), has_alerts=True, is_for_patients=True)})
    raised = "Skin cancer alert (BCC, SCC), raised only with site trunk"
    assert answer_text(entry, words).startswith(f"a model: {raised}; ")
    assert words.remarks(entry).startswith(f"{raised}; ")
    alone = dataclasses.replace(entry, answer=dataclasses.replace(kept, flags=("malignant",)))
    assert answer_text(alone, words).startswith("a model: Skin cancer alert (BCC, SCC), ")
    assert "raised" not in answer_text(alone, words)
    assert "raised" not in words.remarks(alone)
    both = dataclasses.replace(alone, adjusted=dataclasses.replace(adjusted, raised=("melanoma",)))
    raised = "Melanoma alert, raised only with site trunk"
    assert answer_text(both, words).startswith(f"a model: {raised}; "), "it leads, as in the visit"
    assert words.remarks(both).startswith(f"{raised}; ")


def test_a_line_says_why_there_is_no_answer_and_calls_no_alert_uncertain() -> None:
    words = EntryWords(lambda _entry: False)
    kept = an_answer(abstention=Abstention.UNCERTAIN, flags=("melanoma",))
    entry = Entry(1, TIME, "MK", an_image(), "", "a model", kept, is_binned=False)
    words.know_models({kept.model_sha256: ModelFacts((), has_alerts=True, is_for_patients=True)})
    assert answer_text(entry, words) == "a model: Melanoma alert, too uncertain to name one diagnosis"
    assert words.label(entry) == "uncertain"
    unlike = dataclasses.replace(entry, answer=an_answer(abstention=Abstention.NOVELTY, flags=()))
    assert answer_text(unlike, words) == "a model: no answer: not like the images that the model learned from"
    assert words.label(unlike) == "not answered"


@pytest.mark.parametrize(
    ("has_alerts", "told"),
    [
        (True, "Melanoma alert, 1 of 2 images: image\N{NO-BREAK SPACE}2"),
        (False, "Malignancy alert, 2 of 2 images; Melanoma alert, 1 of 2 images: image\N{NO-BREAK SPACE}2"),
    ],
)
def test_several_images_name_the_alert_that_leads_or_every_flag_of_a_model_without_alerts(
    has_alerts: bool, told: str
) -> None:
    words = EntryWords(lambda _entry: False)
    flags = (("malignant",), ("malignant", "melanoma"))
    entries = [
        Entry(number, TIME, "MK", an_image(), "", "a model", an_answer(abstention=None, flags=own), is_binned=False)
        for number, own in enumerate(flags, 1)
    ]
    models = {entries[0].answer.model_sha256: ModelFacts((), has_alerts=has_alerts, is_for_patients=True)}
    words.know_models(models)
    assert words.lesion(entries) == told
