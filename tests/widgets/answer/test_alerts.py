"""The alert box: one per lesion, with the alert's test figures, and its text if none is raised."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.draft import Draft
from desktop.core.inference.alerts import Alert
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import QualityLimits
from desktop.core.inference.several_images import LesionAlert, LesionAnswer
from desktop.core.labels import Malignancy
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from desktop.core.records.reexcision import plan_reexcision
from desktop.session.opening_request import of_entry
from desktop.widgets.answer.alert_words import AlertContext, LesionImage, figures_text
from desktop.widgets.answer.headline import Headline
from desktop.widgets.common.wording import percent
from desktop.widgets.history.history_words import EntryWords
from tests.alerts import ALWAYS, NEVER, cancer_alert, melanoma_alert
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk

MakeDesk = Callable[..., Desk]
SPREAD = 152
"""The seed of a drawn model whose answers are spread over several labels."""
RULES_NOTHING_OUT = "That rules nothing out. In testing 5 of 100 biopsied melanomas raised no melanoma alert"
UNSUSPECTED = "; those that nobody suspected were not tested."
NONE_RAISED = f"{RULES_NOTHING_OUT}{UNSUSPECTED}"


@pytest.fixture
def opened(make_desk: MakeDesk, tmp_path: Path) -> Callable[..., Desk]:
    """Open an image with a model that has these alerts, and wait for the answer."""

    def _opened(*alerts: Alert, novelty: float | None = None, **changes: object) -> Desk:
        desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=alerts, **changes), novelty=novelty))
        desk.open(write_lesion(tmp_path / "lesion.png", seed=3, size=(640, 480)))
        return desk

    return _opened


def said(desk: Desk) -> tuple[str, str, str]:
    (box,) = desk.parts.window.visit_page.result_panel.findChildren(Headline)
    return box.content


def test_melanoma_alert_gives_its_test_figures_and_no_percentage(opened: Callable[..., Desk]) -> None:
    kind, strong, plain = said(opened(melanoma_alert(ALWAYS), cancer_alert(ALWAYS)))
    assert (kind, strong) == ("flag", "Melanoma alert")
    assert plain == "In testing raised for 95 of 100 melanomas and 50 of 100 naevi, all biopsied."


def test_alert_for_skin_cancer_alone_has_its_own_figures(opened: Callable[..., Desk]) -> None:
    kind, strong, plain = said(opened(melanoma_alert(NEVER), cancer_alert(ALWAYS)))
    assert (kind, strong) == ("flag", "Skin cancer alert (BCC, SCC)")
    assert (
        plain
        == "In testing raised for 95 of 100 skin cancers (melanomas too) and 43 of 100 other lesions, all biopsied."
    )


def test_alerted_label_is_marked_and_not_the_highest_benign_one(opened: Callable[..., Desk]) -> None:
    desk = opened(melanoma_alert(ALWAYS), cancer_alert(ALWAYS))
    answer, shown = desk.parts.open_image.answer, desk.parts.window.visit_page.result_panel.shown()
    assert answer is not None
    assert shown is not None
    assert answer.judgement.leading != ("melanoma",), "another label is the highest"
    assert [row.name for group in shown.groups for row in group.rows if row.is_top] == ["Melanoma"]


def test_skin_cancer_alert_marks_no_melanoma(opened: Callable[..., Desk]) -> None:
    shown = opened(melanoma_alert(NEVER), cancer_alert(ALWAYS)).parts.window.visit_page.result_panel.shown()
    assert shown is not None
    (marked,) = [row.name for group in shown.groups for row in group.rows if row.is_top]
    assert marked in {"Basal cell carcinoma", "Squamous cell carcinoma"}


def test_answer_without_alert_never_reassures(opened: Callable[..., Desk]) -> None:
    cancers = ", and 5 of 100 biopsied skin cancers (melanomas too) raised no skin cancer alert"
    expected = f"{RULES_NOTHING_OUT}{cancers}{UNSUSPECTED}"
    assert said(opened(melanoma_alert(NEVER), cancer_alert(NEVER))) == ("note", "No alert raised", expected)


def test_alert_is_shown_with_a_withheld_answer(opened: Callable[..., Desk]) -> None:
    desk = opened(melanoma_alert(ALWAYS), novelty=2.5, novelty_threshold=1.0)
    kind, strong, plain = said(desk)
    assert (kind, strong) == ("flag", "Melanoma alert")
    assert "95 of 100 melanomas" in plain
    assert "No answer: not like the images that the model learned from." in plain


@pytest.mark.parametrize(
    "withheld",
    [
        {"novelty": 2.5, "novelty_threshold": 1.0},
        {"quality": QualityLimits("degraded test images", 0.05, sharpness_least=1.1)},
        {"certainty_threshold": 0.99},
    ],
)
def test_no_alert_is_never_shown_for_a_withheld_or_uncertain_answer(
    opened: Callable[..., Desk], withheld: dict[str, object]
) -> None:
    texts = opened(melanoma_alert(NEVER), **withheld)
    assert "No alert raised" not in texts.texts(texts.parts.window.visit_page.result_panel)
    assert "raised no melanoma alert" not in texts.texts(texts.parts.window.visit_page.result_panel)


def test_no_alert_is_never_shown_for_an_answer_of_an_earlier_model(
    opened: Callable[..., Desk], make_desk: MakeDesk, tmp_path: Path
) -> None:
    desk = opened(melanoma_alert(NEVER))
    desk.wait(desk.entries)
    (old,) = desk.entries()
    desk = make_desk(write_model(tmp_path / "newer.onnx", contract(alerts=(melanoma_alert(NEVER),)), seed=9))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.open_image.open(of_entry(old))
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert said(desk)[1] == "Earlier answer"
    assert "No alert raised" not in desk.texts(desk.parts.window.visit_page.result_panel)


def test_untested_sites_are_named_in_place_of_the_figures(opened: Callable[..., Desk]) -> None:
    desk = opened(melanoma_alert(NEVER))
    desk.parts.window.visit_page.result_panel.use_context(AlertContext(not_tested="Not tested on nails."))
    assert said(desk) == ("note", "No alert raised", "That rules nothing out. Not tested on nails.")


def test_untested_sites_stand_beside_the_counts_of_an_alert(opened: Callable[..., Desk]) -> None:
    desk = opened(melanoma_alert(ALWAYS))
    answer = desk.parts.open_image.answer
    assert answer is not None
    counts = figures_text(answer.judgement.flags[0])
    desk.parts.window.visit_page.result_panel.use_context(AlertContext(not_tested="Not tested on nails."))
    assert said(desk) == ("flag", "Melanoma alert", f"{counts} Not tested on nails.")


def test_own_plan_is_shown_without_an_alert(opened: Callable[..., Desk]) -> None:
    desk = opened(melanoma_alert(NEVER))
    desk.parts.window.visit_page.result_panel.use_context(AlertContext(has_plan=True))
    assert said(desk)[2] == f"{NONE_RAISED} Your plan stands: no alert is no reason against a biopsy."


@pytest.fixture
def beside(opened: Callable[..., Desk]) -> Callable[..., Desk]:
    """Show an answer without an alert as that of a lesion with a second image that raised one, or has no answer."""

    def _beside(
        *others: Alert, raised: bool, is_tested: bool = True, unanswered: int = 0, uncertain: int = 0, hidden: int = 0
    ) -> Desk:
        desk = opened(melanoma_alert(ALWAYS))
        answer = desk.parts.open_image.answer
        assert answer is not None
        alerts = (LesionAlert(answer.judgement.flags[0], (1,), is_tested),) if raised else ()
        desk = opened(melanoma_alert(NEVER), *others)
        lesion = LesionAnswer(2, unanswered, uncertain, alerts)
        images = (LesionImage("0" * 64, "derm 1", is_shown=True), LesionImage("1" * 64, "derm 2", is_shown=False))
        desk.parts.window.visit_page.result_panel.use_context(AlertContext(lesion=lesion, images=images, hidden=hidden))
        return desk

    return _beside


def test_alert_of_another_image_of_the_lesion_is_in_the_same_box(beside: Callable[..., Desk]) -> None:
    figures = "In testing raised for 95 of 100 melanomas and 50 of 100 naevi, all biopsied."
    assert said(beside(raised=True)) == ("flag", "Melanoma alert", f"1 of 2 images: derm 2\n{figures}")


def test_less_serious_alert_of_the_image_shown_stands_below_that_of_another(beside: Callable[..., Desk]) -> None:
    kind, strong, plain = said(beside(cancer_alert(ALWAYS), raised=True))
    assert (kind, strong) == ("flag", "Melanoma alert")
    assert plain.startswith("1 of 2 images: derm 2\n")
    assert plain.endswith("\nThis image: Skin cancer alert (BCC, SCC).")


def test_alert_that_the_mean_does_not_raise_is_shown_without_figures(beside: Callable[..., Desk]) -> None:
    kind, strong, plain = said(beside(raised=True, is_tested=False))
    assert (kind, strong) == ("flag", "Melanoma alert")
    assert plain.startswith("1 of 2 images: derm 2\nThe mean of the images does not raise it.")
    assert "of 100" not in plain


@pytest.mark.parametrize(
    ("missing", "first"),
    [
        ({"unanswered": 1}, "1 of 2 images not answered"),
        ({"uncertain": 1}, "1 of 2 images too uncertain to name one diagnosis"),
    ],
)
def test_lesion_with_an_unanswered_image_has_no_no_alert(
    beside: Callable[..., Desk], missing: dict[str, int], first: str
) -> None:
    kind, strong, plain = said(beside(raised=False, **missing))
    assert (kind, strong) == ("note", first)
    assert "Nothing is said of the lesion until each of its images is answered." in plain
    assert "raised no melanoma alert" not in plain


def test_image_whose_answer_is_hidden_is_not_called_unanswered(beside: Callable[..., Desk]) -> None:
    kind, strong, plain = said(beside(raised=False, unanswered=1, hidden=1))
    assert (kind, strong) == ("note", "1 of 2 images: your diagnosis first")
    assert plain.startswith("The others raise no alert. Nothing is said of the lesion until all its answers are shown.")


def test_alert_stands_beside_an_unanswered_image(beside: Callable[..., Desk]) -> None:
    assert said(beside(raised=True, unanswered=1))[:2] == ("flag", "Melanoma alert")


def test_committed_biopsy_is_shown_beside_no_alert(opened: Callable[..., Desk]) -> None:
    desk = opened(melanoma_alert(NEVER))
    desk.wait(desk.entries)
    (entry,) = desk.entries()
    desk.parts.blinding.commit(Draft("nevus", "nevus", plan=EXCISION))
    desk.wait(lambda: "Your plan stands" in said(desk)[2])
    assert entry.answer.flags == ()


def test_plan_does_not_stand_any_more_once_histopathology_is_there(opened: Callable[..., Desk]) -> None:
    desk = opened(melanoma_alert(NEVER))
    desk.wait(desk.entries)
    desk.parts.blinding.commit(Draft("nevus", "nevus", plan=EXCISION))
    desk.wait(lambda: "Your plan stands" in said(desk)[2])
    today = dt.datetime.now().astimezone().date()
    with History.open(desk.folder) as history:
        image = history.people.image_id_of(desk.entries()[0].image.sha256)
        history.assessments.add_outcome(
            image_id=image,
            kind="histopathology",
            diagnosis="melanoma_in_situ",
            margins="involved",
            date=today,
            by="MK",
        )
    desk.parts.history_service.changed.emit()
    desk.wait(lambda: said(desk) == ("note", "No alert raised", NONE_RAISED))
    with History.open(desk.folder) as history:
        plan_reexcision(history, lesion_id=None, image_id=image, note="Re-excision", today=today, by="MK")
    desk.parts.history_service.changed.emit()
    desk.rest()
    assert said(desk) == ("note", "No alert raised", NONE_RAISED), "what is planned now rests on the histology"


@pytest.fixture
def of_unsure_kind(make_desk: Callable[..., Desk], tmp_path: Path) -> Callable[[float], Desk]:
    """Open an image of which only the benign labels together are certain, with a melanoma alert of this limit."""

    def _opened(alert: float) -> Desk:
        image = write_lesion(tmp_path / "lesion.png")
        plain = Classifier(write_model(tmp_path / "plain.onnx", contract(), seed=SPREAD))
        (prediction,) = plain.predict(plain.prepare(image.read_bytes(), image.name)[None])
        shares = dict(zip(plain.contract.label_ids, prediction.probabilities, strict=True))
        kinds = {label.id: label.malignancy for label in plain.contract.labels}
        benign = sum(share for label, share in shares.items() if kinds[label] is Malignancy.BENIGN)
        highest = max(shares, key=lambda label: shares[label])
        assert kinds[highest] is Malignancy.BENIGN, "the drawn model answers so"
        limit = (shares[highest] + benign) / 2
        changes = {"alerts": (melanoma_alert(alert),), "certainty_threshold": limit}
        desk = make_desk(write_model(tmp_path / "model.onnx", contract(**changes), seed=SPREAD))
        desk.wait(lambda: desk.parts.model.classifier is not None)
        desk.open_and_keep(image)
        return desk

    return _opened


def test_lists_name_no_label_where_the_visit_marks_none(of_unsure_kind: Callable[[float], Desk]) -> None:
    desk = of_unsure_kind(NEVER)
    kind, strong, plain_text = said(desk)
    assert (kind, strong) == ("note", "No alert raised")
    assert plain_text == f"Too uncertain to name one diagnosis.\n{NONE_RAISED}"
    shown = desk.parts.window.visit_page.result_panel.shown()
    assert shown is not None
    assert not [row.name for group in shown.groups for row in group.rows if row.is_top]
    words = EntryWords(lambda _entry: False)
    (entry,) = desk.entries()
    assert (words.label(entry), words.probability(entry), words.lead(entry)) == ("uncertain", "", "uncertain")


def test_beside_an_alert_the_label_of_the_alert_alone_is_named(of_unsure_kind: Callable[[float], Desk]) -> None:
    desk = of_unsure_kind(ALWAYS)
    kind, strong, plain_text = said(desk)
    assert (kind, strong) == ("flag", "Melanoma alert")
    assert plain_text.endswith("Too uncertain to name one diagnosis."), "that this does not mean benign, the alert says"
    shown = desk.parts.window.visit_page.result_panel.shown()
    assert shown is not None
    assert [row.name for group in shown.groups for row in group.rows if row.is_top] == ["Melanoma"]
    words = EntryWords(lambda _entry: False)
    (entry,) = desk.entries()
    assert (words.label(entry), words.probability(entry)) == ("uncertain", "")
    with History.open(desk.folder) as history:
        words.know_models(history.models())
    assert words.lead(entry) == f"Melanoma {percent(entry.answer.probabilities['melanoma'])}, image alone"
    assert "uncertain" not in words.answer(entry)
