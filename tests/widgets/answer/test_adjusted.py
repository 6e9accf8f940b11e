"""Figures for the patient and for the practice: they change what is shown beside an answer, and take no alert away."""

import csv
import dataclasses
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from desktop.core.inference.adjusted import NOT_ADJUSTED, Adjusted
from desktop.core.inference.alerts import Alert, AlertTerm
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.context import Context, ContextFactor, ContextTest, ContextValue
from desktop.core.inference.contract import Contract, Group
from desktop.core.inference.prior import prior_for, shifted
from desktop.core.records.history import History
from desktop.core.records.table_files import write_table
from desktop.core.records.tables import TableRow
from desktop.session.practice import PracticePrior
from desktop.widgets.answer.adjusted_line import AdjustedLine
from desktop.widgets.answer.headline import Headline
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.answer.shown_answer import ModelPart
from desktop.widgets.batch.batch_rows import FOR_PRACTICE
from desktop.widgets.common.wording import percent
from desktop.widgets.history.history_words import EntryWords
from tests.alerts import ALWAYS, NEVER, cancer_alert, melanoma_alert
from tests.making import NINE, contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.image.test_regions import draw
from tests.widgets.mouse_and_keys import key
from tests.widgets.report.test_report import close, dialog, text

MakeDesk = Callable[..., Desk]
SPREAD = 152
"""The seed of a drawn model whose answer to the drawn image is spread over several labels, melanoma at 29 %."""
LABELS = tuple(label.id for label in NINE)
PRIOR = {label: 0.2 if label == "melanoma" else 0.1 for label in LABELS}
WITHOUT = "Raised without what is known of the patient (age 70–79)"
TEST = ContextTest("melanoma", 0.95, "all", 200, 190, 194, 200, 100, 103, 300, 30, 40)


def layer(offset: float) -> Context:
    """Return a layer in which age 70-79 adds `offset` to the logarithm of melanoma."""
    factor = ContextFactor("age", (ContextValue("70-79", {"melanoma": offset}),))
    return Context("x", "x", (factor,), ("melanoma",), (TEST,), ())


def model(alert: Alert, context: Context | None = None, **changes: object) -> Contract:
    return contract(alerts=(alert,), calibration_mix=PRIOR, context=context, **changes)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return write_lesion(tmp_path / "lesion.png", seed=3, size=(640, 480))


@pytest.fixture
def open_with(make_desk: MakeDesk, tmp_path: Path, image: Path) -> Callable[..., Desk]:
    """Open the image with a model of this contract; of a patient if an age band is given."""

    def opened(described: Contract, age_band: str = "", *, blind: bool = False) -> Desk:
        desk = make_desk(write_model(tmp_path / "model.onnx", described, seed=SPREAD), blind=blind)
        desk.wait(lambda: desk.parts.model.classifier is not None)
        if age_band:
            desk.parts.edits.add_patient("P-1", "unknown", age_band, patient_ids=set())(
                lambda _reverse: None, pytest.fail
            )
            desk.wait(lambda: desk.parts.open_patient.patient is not None)
        if blind:
            desk.parts.window.open_files([image])
            desk.wait(desk.entries)
        else:
            desk.open_and_keep(image)
        if age_band:
            desk.wait(lambda: desk.parts.open_patient.images)
        desk.rest()
        return desk

    return opened


def panel(desk: Desk) -> ResultPanel:
    return desk.parts.window.visit_page.result_panel


def line(desk: Desk) -> AdjustedLine:
    (found,) = panel(desk).findChildren(AdjustedLine)
    return found


def headline(desk: Desk) -> tuple[str, str, str]:
    (box,) = panel(desk).findChildren(Headline)
    return box.content


def shown(desk: Desk) -> ModelPart:
    part = panel(desk).shown()
    assert part is not None
    return part


def values(part: ModelPart) -> dict[str, str]:
    return {row.name: row.value for group in part.groups for row in group.rows}


def marked(part: ModelPart) -> list[str]:
    return [row.name for group in part.groups for row in group.rows if row.is_top]


def own(desk: Desk) -> dict[str, float]:
    answer = desk.parts.open_image.answer
    assert answer is not None
    return dict(zip(LABELS, answer.prediction.probabilities, strict=True))


def adjusted(desk: Desk) -> Adjusted:
    """Return what is saved beside the only entry."""
    desk.rest()
    (entry,) = desk.entries()
    return entry.adjusted


def melanoma_of(image: Path, folder: Path) -> float:
    """Return what the drawn model answers for melanoma."""
    classifier = Classifier(write_model(folder / "plain.onnx", contract(), seed=SPREAD))
    (answer,) = classifier.predict(classifier.prepare(image.read_bytes(), image.name)[None])
    return answer.probabilities[LABELS.index("melanoma")]


def test_prior_changes_the_figures_and_nothing_else(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS)))
    desk.parts.window.visit_page.result_panel.order_by_size(wanted=True)
    before, entry = shown(desk), desk.entries()[0]
    judgement = desk.parts.open_image.answer
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.5))
    after = shown(desk)
    assert values(after) != values(before)
    assert list(values(after)) == list(values(before)), "the order is that of the model's own figures"
    assert marked(after) == marked(before)
    assert (after.headline, after.plain, after.is_flag, after.signs) == (
        before.headline,
        before.plain,
        before.is_flag,
        before.signs,
    )
    assert "50 % melanomas among the images, as set for your practice" in after.basis
    assert desk.parts.open_image.answer == judgement
    assert adjusted(desk).melanomas == 0.5
    (again,) = desk.entries()
    assert again.answer == entry.answer, "what the model answered stays as it was saved"


def test_model_s_own_figures_are_one_click_away(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(NEVER)))
    before = values(shown(desk))
    assert line(desk).text == ""
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    for_practice = values(shown(desk))
    melanoma = own(desk)["melanoma"]
    assert f"for 3 % melanomas; image alone {percent(melanoma)}" in line(desk).text
    line(desk).button.click()
    assert values(shown(desk)) == before
    assert line(desk).text.startswith(f"Melanoma {percent(melanoma)}, image alone; ")
    line(desk).button.click()
    assert values(shown(desk)) == for_practice
    desk.parts.window.frame.practice.set_prior(None)
    assert line(desk).text == ""
    assert values(shown(desk)) == before
    assert adjusted(desk) == NOT_ADJUSTED


def test_ranges_over_other_views_stand_beside_the_model_s_own_figures(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS)))
    before = values(shown(desk))
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    assert values(shown(desk)) != before
    button = next(one for one in panel(desk).findChildren(QPushButton) if one.text() == "Stability")
    button.click()
    desk.wait(lambda: "raised in" in desk.texts(panel(desk)))
    assert values(shown(desk)) == before


def test_the_copied_result_does_not_name_what_is_known_of_the_patient(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS), layer(-0.7)), "70-79")
    assert "age 70–79" in line(desk).text
    key(desk, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    copied = QGuiApplication.clipboard().text()
    assert "with what is known of the patient" in copied
    assert "70–79" not in copied
    assert "as text without patient data" in desk.parts.window.visit_page.messages.text()


def test_no_alert_stands_beside_less_than_one_per_cent(
    open_with: Callable[..., Desk], image: Path, tmp_path: Path
) -> None:
    low = math.log(0.004 / melanoma_of(image, tmp_path))
    desk = open_with(model(melanoma_alert(ALWAYS), layer(low)), "70-79")
    assert headline(desk)[1] == "Melanoma alert"
    assert "Less than 1 % beside an alert would mislead" in line(desk).text
    assert values(shown(desk))["Melanoma"] == percent(own(desk)["melanoma"])
    assert not line(desk).button.isVisibleTo(panel(desk))


def test_alert_stays_where_context_lowers_the_figure(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS), layer(-0.7)), "70-79")
    kind, strong, plain = headline(desk)
    assert (kind, strong) == ("flag", "Melanoma alert")
    assert f"{WITHOUT}, which lowers the figure, not the alert." in plain
    assert "In testing raised for 95 of 100 melanomas" in plain
    alone = own(desk)["melanoma"]
    saved = adjusted(desk)
    assert saved.raised == ()
    assert saved.with_context is not None
    assert saved.with_context["melanoma"] < alone
    assert values(shown(desk))["Melanoma"] == percent(saved.with_context["melanoma"])
    assert line(desk).text == (
        f"Melanoma {percent(saved.with_context['melanoma'])} with age 70–79; image alone {percent(alone)}."
    )


def test_beside_a_skin_cancer_alert_the_line_names_what_the_alert_is_about(open_with: Callable[..., Desk]) -> None:
    alerts = (melanoma_alert(NEVER), cancer_alert(ALWAYS))
    desk = open_with(contract(alerts=alerts, calibration_mix=PRIOR, context=layer(-0.7)), "70-79")
    assert headline(desk)[1] == "Skin cancer alert (BCC, SCC)"
    alone, saved = own(desk), adjusted(desk).with_context
    assert saved is not None
    about = max(("basal_cell_carcinoma", "squamous_cell_carcinoma"), key=lambda label: alone[label])
    assert saved["melanoma"] < alone["melanoma"]
    assert saved[about] > alone[about], "melanoma alone would tell that age lowers it"
    name = next(label.name for label in NINE if label.id == about)
    assert line(desk).text == (
        f"{name} {percent(saved[about])} with age 70–79; image alone {percent(alone[about])}."
        f" Melanoma {percent(saved['melanoma'])}; image alone {percent(alone['melanoma'])}."
    )
    words = EntryWords(lambda _entry: False)
    with History.open(desk.folder) as history:
        words.know_models(history.models())
    assert words.adjusted(desk.entries()[0]) == line(desk).text


def test_beside_a_region_it_does_not_read_as_if_the_whole_image_raised_no_alert(
    open_with: Callable[..., Desk],
) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS), layer(-0.7)), "70-79")
    key(desk, Qt.Key.Key_G)
    draw(desk, (20, 20), (300, 300))
    desk.wait(lambda: desk.texts(panel(desk)).count("Region 1: Melanoma alert"))
    assert "Whole image: Melanoma alert" in desk.texts(panel(desk))
    assert WITHOUT in headline(desk)[2]
    assert "alone" not in headline(desk)[2]


def test_no_lower_figure_is_told_where_both_are_shown_alike(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS), layer(-0.0001)), "70-79")
    alone, saved = own(desk)["melanoma"], adjusted(desk).with_context
    assert saved is not None
    assert saved["melanoma"] < alone
    assert percent(saved["melanoma"]) == percent(alone)  # both stand on the screen
    plain = headline(desk)[2]
    assert f"{WITHOUT}." in plain
    assert "lowers" not in plain


def test_no_lower_figure_is_told_beside_one_that_the_practice_raises(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS), layer(-0.2)), "70-79")
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.5))
    assert int(values(shown(desk))["Melanoma"].split()[0]) > round(100 * own(desk)["melanoma"])
    assert f"{WITHOUT}." in headline(desk)[2]
    assert "lowers" not in headline(desk)[2]


@pytest.fixture
def raised_by_age(open_with: Callable[..., Desk], image: Path, tmp_path: Path) -> Desk:
    """An image that raises nothing alone, of a patient whose age raises the alert."""
    threshold = math.log(melanoma_of(image, tmp_path)) + 0.3
    alert = dataclasses.replace(melanoma_alert(threshold), intercept=0.0, terms=(AlertTerm(("melanoma",), 1.0),))
    return open_with(model(alert, layer(2.0)), "70-79")


def test_line_of_a_part_says_that_only_age_raises_its_alert(raised_by_age: Desk) -> None:
    desk = raised_by_age
    key(desk, Qt.Key.Key_G)
    draw(desk, (20, 20), (300, 300))
    desk.wait(lambda: "Whole image: Melanoma alert, raised only with age 70–79 · malignant" in desk.texts(panel(desk)))
    report = dialog(desk)
    assert "Whole image: Melanoma alert, raised only with age 70–79 · malignant" in text(report)
    close(desk, report)


def test_context_raises_an_alert_with_its_own_test_figures(raised_by_age: Desk) -> None:
    kind, strong, plain = headline(raised_by_age)
    assert (kind, strong) == ("flag", "Melanoma alert")
    assert "Raised only with what is known of the patient (age 70–79)." in plain
    assert (
        "In testing raised with or without age, sex and site for 194 of 200 melanomas and 103 of 200 naevi, all biopsied."
        in plain
    )
    assert marked(shown(raised_by_age)) == ["Melanoma"]
    answer = raised_by_age.parts.open_image.answer
    assert answer is not None
    assert answer.judgement.flags == ()
    assert adjusted(raised_by_age).raised == ("melanoma",)


def test_report_without_patient_data_does_not_name_what_is_known_of_the_patient(raised_by_age: Desk) -> None:
    shown = dialog(raised_by_age)
    assert "Raised only with what is known of the patient (age 70–79)." in str(shown.report)
    assert "with age 70–79" in str(shown.report)
    shown.patient.click()
    assert "70–79" not in str(shown.report)
    assert "Raised only with what is known of the patient." in str(shown.report)
    close(raised_by_age, shown)


def test_skin_cancer_alert_that_context_raises_names_what_was_counted(
    open_with: Callable[..., Desk], image: Path, tmp_path: Path
) -> None:
    threshold = math.log(1 - melanoma_of(image, tmp_path))
    labels = ("melanoma", "squamous_cell_carcinoma", "basal_cell_carcinoma")
    alert = dataclasses.replace(cancer_alert(threshold), intercept=0.0, terms=(AlertTerm(labels, 1.0),))
    factor = ContextFactor("age", (ContextValue("70-79", {"basal_cell_carcinoma": 5.0}),))
    test = dataclasses.replace(TEST, alert="malignant")
    context = Context("x", "x", (factor,), ("malignant",), (test,), ())
    desk = open_with(contract(alerts=(melanoma_alert(NEVER), alert), context=context), "70-79")
    _kind, strong, plain = headline(desk)
    assert strong == "Skin cancer alert (BCC, SCC)"
    assert "for 194 of 200 skin cancers (melanomas too) and 143 of 500 other lesions, all biopsied." in plain
    (name,) = marked(shown(desk))
    assert name in {"Basal cell carcinoma", "Squamous cell carcinoma"}, "as where the image alone raises it"


def test_alert_goes_with_the_context_that_raised_it(raised_by_age: Desk) -> None:
    patient = raised_by_age.parts.open_patient.patient
    assert patient is not None
    change = raised_by_age.parts.edits.correct_patient(patient, "P-1", "unknown", ("70-79", ""))
    change(lambda _reverse: None, pytest.fail)
    raised_by_age.wait(lambda: headline(raised_by_age)[1] == "No alert raised")
    assert adjusted(raised_by_age) == NOT_ADJUSTED


@pytest.mark.parametrize("is_another_opened", [False, True], ids=["ended", "another patient"])
def test_alert_stays_in_the_record_once_its_patient_is_left(raised_by_age: Desk, *, is_another_opened: bool) -> None:
    desk = raised_by_age
    before = adjusted(desk)
    assert before.raised == ("melanoma",)
    if is_another_opened:
        add = desk.parts.edits.add_patient("P-2", "female", "20-29", patient_ids=set())
        add(lambda _reverse: None, pytest.fail)
    else:
        desk.parts.open_patient.close()
    desk.wait(lambda: desk.parts.open_image.picture is None)
    assert adjusted(desk) == before


def test_opening_the_image_beside_another_patient_leaves_its_record_as_it_is(raised_by_age: Desk, image: Path) -> None:
    desk = raised_by_age
    before = adjusted(desk)
    add = desk.parts.edits.add_patient("P-2", "female", "20-29", patient_ids=set())
    add(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: desk.parts.open_image.picture is None)
    desk.parts.window.open_files([image])
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.rest()
    assert [one.adjusted for one in desk.entries()] == [before]


def test_both_figures_stand_in_history_table_report_and_clipboard_text(raised_by_age: Desk) -> None:
    desk = raised_by_age
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    desk.rest()
    (entry,) = desk.entries()
    alone, both = own(desk)["melanoma"], entry.adjusted
    assert both.for_prior is not None
    assert entry.flags == ("melanoma",)
    figures = percent(both.for_prior["melanoma"]), percent(alone)
    told = "Melanoma {} with age 70–79, for 3 % melanomas; image alone {}.".format(*figures)
    assert shown(desk).adjusted.startswith(told)
    assert f"The figures of the image alone: Melanoma {percent(alone)}" in shown(desk).adjusted
    report = dialog(desk)
    assert told in text(report)
    assert f"The figures of the image alone: Melanoma {percent(alone)}" in text(report)
    close(desk, report)
    desk.parts.window.show_workspace("history")
    page = desk.parts.window.history
    desk.wait(lambda: page.table.rowCount() == 1)
    page.rows.selectRow(0)
    desk.wait(lambda: told in desk.texts(page.preview))
    assert "Melanoma alert" in desk.texts(page.preview)
    write_table(desk.folder / "table.csv", [TableRow.of_entry(entry)])
    with (desk.folder / "table.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row["p_melanoma"]) == pytest.approx(alone)
    assert float(row["prior_p_melanoma"]) == pytest.approx(both.for_prior["melanoma"])
    assert float(row["prior_melanoma"]) == 0.03
    assert (row["flag"], row["context_flag"]) == ("", "melanoma")


def test_shares_of_other_labels_are_named_on_panel_history_table_and_batch_column(
    open_with: Callable[..., Desk],
) -> None:
    keratoses = Group("keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis"))
    desk = open_with(model(melanoma_alert(NEVER), groups=(keratoses,)))
    others = {"nevus": 0.6, "pigmented_benign_keratosis": 0.02, "seborrheic_keratosis": 0.02}
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03, others=others))
    desk.rest()
    new = prior_for(PRIOR, {"melanoma": 0.03, **others})
    figure = shifted(own(desk), PRIOR, new)["melanoma"]
    shares = "3 % melanomas (Benign keratosis 4 %, Nevus 60 %)"
    told = f"Melanoma {percent(figure)} for {shares}; image alone {percent(own(desk)['melanoma'])}."
    assert line(desk).text == told
    assert shown(desk).basis.startswith(f"Percentages assume {shares} among the images, as set for your practice")
    desk.parts.window.show_workspace("history")
    page = desk.parts.window.history
    desk.wait(lambda: page.table.rowCount() == 1)
    page.rows.selectRow(0)
    desk.wait(lambda: told in desk.texts(page.preview))
    (entry,) = desk.entries()
    write_table(desk.folder / "table.csv", [TableRow.of_entry(entry)])
    with (desk.folder / "table.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert {label: float(row[f"prior_{label}"]) for label in LABELS} == pytest.approx(new)
    table = desk.parts.window.batch.table
    table.start(model(melanoma_alert(NEVER), groups=(keratoses,)))
    assert table.headerData(FOR_PRACTICE, Qt.Orientation.Horizontal) == f"for {shares}"


def test_nothing_is_adjusted_before_the_own_assessment(open_with: Callable[..., Desk]) -> None:
    desk = open_with(model(melanoma_alert(ALWAYS), layer(2.0)), "70-79", blind=True)
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    desk.rest()
    assert line(desk).text == ""
    assert adjusted(desk) == NOT_ADJUSTED, "what was not shown is not noted as shown"
    desk.parts.blinding.skip()
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert "with age 70–79, for 3 % melanomas" in line(desk).text
    assert adjusted(desk).melanomas == 0.03


def test_model_without_prior_and_layer_says_nothing_of_them(open_with: Callable[..., Desk]) -> None:
    desk = open_with(contract(alerts=(melanoma_alert(NEVER),)), "70-79")
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    assert line(desk).text == ""
    assert adjusted(desk) == NOT_ADJUSTED
