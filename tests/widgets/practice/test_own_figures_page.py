"""The workspace Practice: plain words first, every figure leads to its lesions, and nothing that blind-first conceals."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTableWidget, QToolButton

from desktop.core.body_places import MUCOSA, NAIL, ROWS
from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.image_copies.hashes import THUMBNAIL
from desktop.core.imaging.preprocessing import checked_input
from desktop.core.judging import learned_lesions
from desktop.core.judging.learned_lesions import LearnedLesions
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures
from desktop.core.practice.drift import Measure, Month, MonthValue
from desktop.core.practice.follow_up import is_excluded_site
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.key_file import unlock_history
from desktop.core.records.people import EXCISION
from desktop.system.settings import INITIALS
from desktop.widgets.common.wording import shown_after
from desktop.widgets.practice.cases_sheet import CasesSheet
from desktop.widgets.practice.drift_card import sentence
from desktop.widgets.practice.own_figures_page import OwnFiguresPage
from tests.core.encryption.test_keys import PASSPHRASE
from tests.core.practice.clinic import CONTRACT, Clinic, MadeUp
from tests.core.practice.conftest import Clock
from tests.core.records.history_contents import an_answer, an_image
from tests.days import today
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk


def fill(folder: Path, count: int, proved: float = 1.0) -> list[MadeUp]:
    """Write a clinic with a histology of all its lesions, or of this share of them."""
    clock = Clock()

    def put(now: dt.datetime) -> None:
        clock.now = now

    with History.open(folder, now=clock) as history:
        return Clinic(history, put).add(count, proved=proved)


def show(desk: Desk) -> OwnFiguresPage:
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.staged_start.finish()
    desk.parts.window.show_workspace("own_figures")
    desk.settle()
    return desk.parts.window.workspaces.own_figures.page


def links(page: OwnFiguresPage) -> list[QPushButton]:
    return [one for one in page.findChildren(QPushButton) if one.isVisibleTo(page) and one.property("figure")]


def listed(desk: Desk) -> CasesSheet:
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(CasesSheet) if one.isVisible()])
    return next(one for one in desk.parts.window.findChildren(CasesSheet) if one.isVisible())


def rows(sheet: CasesSheet) -> list[list[str]]:
    table = sheet.table
    made = []
    for row in range(table.rowCount()):
        cells = [table.item(row, column) for column in range(table.columnCount())]
        made.append(["" if cell is None else cell.text() for cell in cells])
    return made


def test_an_empty_history_says_what_will_be_here(desk: Desk) -> None:
    page = show(desk)
    assert "No answers yet." in desk.texts(page)
    assert "against the histology" in desk.texts(page)


def test_answers_without_outcomes_say_how_outcomes_come_in(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    assert "No outcomes to count yet." in desk.texts(show(desk))


def test_few_outcomes_have_counts_and_no_per_cent(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    made = fill(tmp_path / "data", 12)
    desk = make_desk(model_file)
    whole = desk.texts(show(desk))
    cancers = sum(one.histology in {"melanoma", "melanoma_in_situ", "basal_cell_carcinoma"} for one in made)
    assert f"Lesions with histology: 12, skin cancers among them: {cancers}." in whole
    assert "Fewer than 20 lesions of a kind have counts and no per cent." in whole
    assert "never biopsied" not in whole, "all of them were"
    for said in (
        "Suspected only by you",
        "Suspected only by an alert",
        "Suspected only by the melanoma alert",
        "Your diagnosis before the model agrees with the melanoma alert, with or without histology",
        "Your diagnosis before the model agrees with the alerts, with or without histology",
        "Assessments before the model's answer that were changed after it: ",
        "Each lesion counts once at each visit.",
        "by your diagnosis before the model",
        "by any alert",
        "by the melanoma alert",
    ):
        assert said in whole
    assert "by the alert" not in whole
    assert "Model's alert" not in whole
    assert not [one for one in whole.splitlines() if "%" in one and "95 %" not in one]


def test_lesions_left_without_biopsy_are_named_by_the_alert_that_they_lack(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    made = [one for one in fill(tmp_path / "data", 60, proved=0.5) if not one.histology]
    raised = [{alert for image in one.alerts for alert in image} for one in made]
    desk = make_desk(model_file)
    page = show(desk)
    assert any(alerts and "melanoma" not in alerts for alerts in raised)
    for title, said, spared in (
        (
            "No alert and no biopsy",
            "lesions without an alert were never biopsied; their skin cancers",
            [not one for one in raised],
        ),
        (
            "No melanoma alert and no biopsy",
            "lesions without a melanoma alert were never biopsied; their melanomas",
            ["melanoma" not in one for one in raised],
        ),
    ):
        assert f"{sum(spared)} {said} are not counted" in desk.texts(page)
        (link,) = [one for one in links(page) if one.accessibleName() == f"{title}: {sum(spared)}"]
        link.click()
        sheet = listed(desk)
        assert title in desk.texts(sheet)
        assert len(rows(sheet)) == sum(spared)
        sheet.reject()


def test_a_count_lists_its_lesions_with_the_missed_first_and_a_row_opens_the_film(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    made = fill(tmp_path / "data", 60)
    desk = make_desk(model_file)
    page = show(desk)
    assert any(all(one.withheld) and not any(one.alerts) for one in made)
    for alert in ("an alert", "a melanoma alert"):
        assert f"A lesion without an answer and without {alert} stands under not suspected." in desk.texts(page)
    first = next(one for one in links(page) if " of " in one.text())
    k, n = (int(part) for part in first.text().split(" of "))
    first.click()
    sheet = listed(desk)
    found = rows(sheet)
    assert len(found) == n
    missed = [row for row in found if row[4] in {"Nevus", "Seborrheic keratosis", "Dermatofibroma"}]
    assert found[: n - k][: len(missed)] == missed[: n - k]
    after = [(row[4], row[6]) for row in found]
    assert any(said == "as before" for _before, said in after), "nothing was added"
    assert any(before == said != "–" for before, said in after), "the same was said again"
    patient, lesion = found[0][0], found[0][1]
    table: QTableWidget = sheet.table
    item = table.item(0, 0)
    assert item is not None
    desk.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(item).center())
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    desk.settle()
    assert desk.parts.window.workspaces.current == "follow_up"
    chosen = desk.parts.open_patient.patient
    assert chosen is not None
    assert chosen.pseudonym == patient
    assert any(f"L{place}" == lesion.split()[0] for place in range(1, 200))
    assert len(made) == 60


def test_the_page_is_in_the_audit_log(make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path) -> None:
    fill(tmp_path / "data", 3)
    show(make_desk(model_file))
    with History.open(tmp_path / "data") as history:
        acts = history.audit.page(AuditFilter(actions=frozenset({Action.FIGURES_VIEWED}))).acts
    assert len(acts) == 1


def keep_assessed(desk: Desk, image: Path, *, is_proved: bool) -> None:
    """Give an image that is in the history a lesion and an assessment, and a histology if it `is_proved`."""

    def work(history: History, by: str) -> None:
        (entry,) = history.entries()
        people = history.people
        patient = people.add_patient("P-0412", "female", by=by).id
        visit = people.begin_visit(patient, today(), "", by=by).id
        lesion = people.add_lesion(patient, "L1", "scapula-left", by=by).id
        image_id = people.image_id_of(entry.image.sha256)
        assert image_id is not None
        people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by=by)
        history.assessments.assess(
            lesion_id=lesion, visit_id=visit, before_model=True, diagnosis="melanoma", plan=EXCISION, by=by
        )
        if is_proved:
            history.assessments.add_outcome(
                lesion_id=lesion, kind="histopathology", diagnosis="melanoma", label="melanoma", date=today(), by=by
            )

    desk.open_and_keep(image)
    done: list[None] = []
    desk.parts.history_service.write(work, done.append, pytest.fail)
    desk.wait(lambda: done)


def keep_proved(desk: Desk, image: Path) -> None:
    keep_assessed(desk, image, is_proved=True)


def note_export(desk: Desk, model: Path) -> None:
    """Export every lesion, and note beside a model file that it learned from them."""
    with History.open(desk.folder) as history:
        for patient in history.people.find_patients():
            history.people.correct_patient(patient.id, patient.pseudonym, patient.sex, by="MK", training_use="yes")
        plan = history.training_exports.plan(contract().label_ids, "a" * 64, "2020-01-01")
        history.training_exports.note(plan, {one.lesion_id for one in plan.images}, by="MK")
    note = LearnedLesions({"this history": tuple(one.lesion for one in plan.images)})
    model.with_suffix(learned_lesions.SUFFIX).write_bytes(msgspec.json.encode(note))


@pytest.mark.parametrize("how", ["by its picture", "by an export", "not at all"])
def test_a_lesion_that_the_model_learned_from_is_not_counted(
    make_desk: Callable[..., Desk], tmp_path: Path, how: str
) -> None:
    is_learned = how != "not at all"
    image, other = write_lesion(tmp_path / "lesion.png", seed=3), write_lesion(tmp_path / "other.png", seed=8)
    model = write_model(tmp_path / "model.onnx", contract(intended_use="research"))
    known = image if how == "by its picture" else other
    thumbnail = checked_input(known.read_bytes(), THUMBNAIL, "stretch")[0]
    pictures = TrainingPictures.of("0" * 64, np.stack([thumbnail]))
    model.with_suffix(SUFFIX).write_bytes(pictures.to_bytes())
    desk = make_desk(model)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    keep_proved(desk, image)
    if how == "by an export":
        note_export(desk, model)
    page = show(desk)
    desk.wait(lambda: "Still comparing" not in desk.texts(page))
    apart = "Lesions that the model learned from, with or without histology: not counted"
    assert (apart in desk.texts(page)) is is_learned
    assert (": 0 lesions with histology are counted" in desk.texts(page)) is is_learned
    assert "each by its first answer, also those of lesions that it learned from." in desk.texts(page)
    assert ("Lesions with histology: 1," in desk.texts(page)) is not is_learned
    said = "1 lesion has histology, but is not counted: the model learned from it."
    assert (said in desk.texts(page)) is is_learned
    assert "No outcomes to count yet." not in desk.texts(page)
    assert "is not known" not in desk.texts(page)


@pytest.mark.parametrize("is_assessed", [True, False])
def test_nor_is_one_counted_without_histology(
    make_desk: Callable[..., Desk], tmp_path: Path, *, is_assessed: bool
) -> None:
    image = write_lesion(tmp_path / "lesion.png", seed=3)
    model = write_model(tmp_path / "model.onnx", contract(intended_use="research"))
    thumbnail = checked_input(image.read_bytes(), THUMBNAIL, "stretch")[0]
    model.with_suffix(SUFFIX).write_bytes(TrainingPictures.of("0" * 64, np.stack([thumbnail])).to_bytes())
    desk = make_desk(model)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    if is_assessed:
        keep_assessed(desk, image, is_proved=False)
    else:
        desk.open_and_keep(image)
    page = show(desk)
    apart = "Lesions that the model learned from, with or without histology: not counted"
    desk.wait(lambda: apart in desk.texts(page))
    whole = desk.texts(page)
    for counts in ("agrees with the ", "Suspected only by", "No alert and no biopsy", "Assessments before"):
        assert counts not in whole
    assert "Alerts and images without an answer" in whole, "these count all images, and say so"


def test_it_says_where_nobody_knows_what_the_model_learned_from(desk: Desk, tmp_path: Path) -> None:
    keep_proved(desk, write_lesion(tmp_path / "lesion.png"))
    page = show(desk)
    desk.wait(lambda: "Which images this model learned from is not known" in desk.texts(page))


def test_what_waits_for_an_own_diagnosis_is_left_out_while_blind_first_is_on(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    page = show(desk)
    left_out = "Blind-first is on. Lesions or images left out while their answers are hidden: 1."
    assert f"{left_out} {shown_after()}" in desk.texts(page)


def test_what_waits_for_todays_assessment_of_the_open_patient_is_left_out(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    with History.open(tmp_path / "data", now=Clock()) as history:
        clinic = Clinic(history, lambda _now: None)
        made = clinic.add(6, proved=0.0, patients=1.0)
        patient = history.people.patient(made[0].patient_id)
    desk = make_desk(model_file, blind=True)
    page = show(desk)
    assert "left out while their answers are hidden" not in desk.texts(page)
    desk.parts.open_patient.open(patient)
    desk.settle()
    own = sum(one.patient_id == patient.id for one in made)
    desk.wait(lambda: f"left out while their answers are hidden: {own}." in desk.texts(page))
    assert shown_after() in desk.texts(page)


def test_the_answers_of_another_model_can_be_counted(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    with History.open(tmp_path / "data") as history:
        for name, model in (("1.png", "a"), ("2.png", "a"), ("3.png", "b")):
            history.save(an_image(name), an_answer(model=model * 64, flags=("melanoma",)), CONTRACT, by="MK")
    desk = make_desk(model_file)
    page = show(desk)
    assert [page.models.itemText(place) for place in range(2)] == ["Test model (bbbbbbbb)", "Test model (aaaaaaaa)"]
    assert page.models.isVisibleTo(page)
    assert page.models.currentIndex() == 0  # that of the newest answer
    assert [one.text() for one in links(page)].count(
        "1 of 1"
    ) == 3  # any alert, that for melanoma, and none was certain
    page.models.setCurrentIndex(1)
    page.models.activated.emit(1)
    desk.settle()
    assert [one.text() for one in links(page)].count("2 of 2") == 3
    assert page.models.currentIndex() == 1


def test_an_erased_patient_is_behind_no_figure(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    made = fill(tmp_path / "data", 20)
    desk = make_desk(model_file)
    page = show(desk)
    assert "20 lesions with histology" in desk.texts(page)
    erased = made[0].patient_id
    left = sum(one.patient_id != erased for one in made)
    done: list[None] = []
    desk.parts.history_service.erase_patient(erased, done.append, pytest.fail)
    desk.wait(lambda: done)
    desk.settle()
    assert f"{left} lesions with histology" in desk.texts(page)


def test_one_person_has_figures_only_where_the_history_has_a_passphrase(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    made = fill(tmp_path / "data", 40)
    desk = make_desk(model_file)
    desk.parts.window._session.settings.put(INITIALS, "AB")
    page = show(desk)
    mine = next(one for one in page.findChildren(QToolButton) if "Mine" in one.text())
    assert not mine.isVisibleTo(page)
    make_desk(model_file, data="meanwhile")  # closes the first
    encrypt_history(tmp_path / "data", Key.new(MASTER_BYTES), PASSPHRASE)
    desk = make_desk(model_file, key=unlock_history(tmp_path / "data", PASSPHRASE))
    desk.parts.window._session.settings.put(INITIALS, "AB")
    page = show(desk)
    assert f"{len(made)} lesions with histology" in desk.texts(page)
    mine = next(one for one in page.findChildren(QToolButton) if one.text() == "Mine (AB)")
    mine.click()
    desk.settle()
    own = sum(one.changed is not None for one in made)
    assert f"{own} lesions with histology" in desk.texts(page)
    assert "Initials are no access control" in desk.texts(page)
    assert "Alerts and images without an answer" not in desk.texts(page)
    desk.parts.window._session.settings.put(INITIALS, "")
    desk.parts.window.workspaces.own_figures.refresh()
    desk.settle()
    assert f"{len(made)} lesions with histology" in desk.texts(page)


def test_the_months_of_a_follow_up_are_kept(make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path) -> None:
    fill(tmp_path / "data", 2)
    desk = make_desk(model_file)
    page = show(desk)
    assert "at least 18 months apart" in desk.texts(page)
    page.months.setCurrentIndex(page.months.findData(24))
    page.months.activated.emit(page.months.currentIndex())
    desk.settle()
    assert "at least 24 months apart" in desk.texts(page)
    desk = make_desk(model_file)
    page = show(desk)
    assert page.months.currentData() == 24
    assert "at least 24 months apart" in desk.texts(page)


def test_an_image_count_lists_the_lesions_at_their_visits(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    made = fill(tmp_path / "data", 30)
    desk = make_desk(model_file)
    page = show(desk)
    total = sum(len(one.alerts) + 1 for one in made)
    raised = sum(bool(alerts) for one in made for alerts in (*one.alerts, one.later and one.later[0]))
    next(one for one in links(page) if one.text() == f"{raised} of {total}").click()
    assert {row[0] for row in rows(listed(desk))} <= {f"P-{place:04}" for place in range(1, 31)}
    assert len(rows(listed(desk))) <= raised


def month(first: dt.date, low: float | None, sharpness: float = 0.6) -> Month:
    value = MonthValue(sharpness, low, None if low is None else 0.7)
    return Month(first, (), 30, {Measure.SHARPNESS: value})


def test_the_last_month_is_told_in_words() -> None:
    may, june = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
    assert sentence([]) == sentence([month(june, None)])
    assert "No month can be judged yet: that takes 3 complete months with at least 50 images" in sentence([])
    assert sentence([month(june, None), month(may, 0.55)]) == "Nothing moved in May 2026."
    moved = sentence([month(june, 0.65), month(may, 0.55)])
    assert moved == "Moved in June 2026: sharpness, 0.60 (limits 0.65 to 0.70). Look for the reason."


def test_every_special_site_of_the_body_map_is_known() -> None:
    sites = {f"{row.id}-left" if row.sided else row.id: row for row in ROWS}
    excluded = {site for site in sites if is_excluded_site(site)}
    special = {site for site, row in sites.items() if row.group in {NAIL, MUCOSA} or "acral" in row.also}
    face = {site for site, row in sites.items() if row.part_of == "face" and not site.startswith("scalp")}
    assert special | face | {"face", "heel-left"} == excluded
    assert is_excluded_site("")
