import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.imaging.dicom_patient import DicomPatient
from desktop.core.records.history import History
from desktop.core.records.patient_file import age_band_on, ages_that_contradict, visit_on
from desktop.core.records.people import Placement, RiskFactors
from desktop.session.import_item import ImportItem, names_another, place
from tests.core.records.history_contents import an_image, clock, keep

TODAY = dt.date(2026, 11, 23)
EARLIER = dt.date(2025, 10, 1)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", now=clock()) as opened:
        yield opened


def kept_image(history: History, name: str) -> int:
    """Save an answer for an image; return the image's id."""
    keep(history, name)
    image_id = history.people.image_id_of(an_image(name).sha256)
    assert image_id is not None
    return image_id


# Patients


def test_patient_is_found_by_the_text_typed_so_far(history: History) -> None:
    people = history.people
    for pseudonym in ("P-0412", "P-0413", "Straße 7"):
        people.add_patient(pseudonym, "female", by="MK")
    assert [patient.pseudonym for patient in people.find_patients("p-041")] == ["P-0413", "P-0412"]
    assert [patient.pseudonym for patient in people.find_patients("7 STRASSE")] == ["Straße 7"]
    assert people.find_patients("P-0412 x") == []
    assert len(people.find_patients("", limit=2)) == 2


def test_turkish_dotted_capital_is_found_by_a_plain_letter(history: History) -> None:
    people = history.people
    patient = people.add_patient("İSTANBUL 7", "male", by="MK")
    for typed in ("istanbul", "İstanbul", "ISTANBUL 7"):
        assert people.find_patients(typed) == [patient]


def test_patient_is_found_by_the_id_among_many_that_contain_it(history: History) -> None:
    people = history.people
    known = people.add_patient("P-1", "female", by="MK")
    for number in range(120):
        people.add_patient(f"P-1{number:03}", "male", by="MK")
    assert people.find_patients("p-1", limit=3)[0] == known
    assert people.patient_called("Ｐ-１") == known
    people.set_binned("patient", known.id, binned=True, by="MK")
    assert people.patient_called("P-1") is None


@pytest.mark.parametrize("other", ["a  b 1", "Ａ　Ｂ １", " A B\t1 "])
def test_spaces_width_and_case_do_not_make_another_patient(history: History, other: str) -> None:
    people = history.people
    patient = people.add_patient("A B 1", "female", by="MK")
    assert people.patient_called(other) == patient
    assert people.find_patients(other) == [patient]
    assert not names_another(DicomPatient(other, "female", None), patient)
    with pytest.raises(RecordsError, match="There is a patient “A B 1” already"):
        people.add_patient(other, "female", by="MK")


def test_two_patients_of_an_older_history_with_equal_pseudonyms_stay_two(history: History) -> None:
    people = history.people
    first, second = (people.add_patient(pseudonym, "female", by="MK") for pseudonym in ("K 1", "K 2"))
    connection = history._database._connection  # older versions took the two spellings for two patients
    connection.execute(
        "INSERT INTO patient_detail (patient, pseudonym, sex, initials, time) VALUES (?, 'k  1', 'female', '', '2026')",
        (second.id,),
    )
    assert {one.id for one in people.find_patients("k 1")} == {first.id, second.id}
    assert people.correct_patient(second.id, "k  1", "male", by="MK").sex == "male"


def test_skin_type_is_optional_and_can_be_corrected(history: History) -> None:
    people = history.people
    known = people.add_patient("P-1", "female", by="MK", skin_type="V")
    unknown = people.add_patient("P-2", "male", by="MK")
    assert (known.skin_type, unknown.skin_type) == ("V", "")
    assert people.correct_patient(unknown.id, "P-2", "male", by="MK", skin_type="II").skin_type == "II"
    assert people.correct_patient(known.id, "P-1b", "female", by="MK").skin_type == "V"
    assert people.correct_patient(known.id, "P-1b", "female", by="MK", skin_type="").skin_type == ""
    assert {one.pseudonym: one.skin_type for one in people.find_patients()} == {"P-1b": "", "P-2": "II"}


def test_birth_year_is_optional_and_can_be_corrected(history: History) -> None:
    people = history.people
    known = people.add_patient("P-1", "female", by="MK", birth_year=1960)
    unknown = people.add_patient("P-2", "male", by="MK")
    assert (known.birth_year, unknown.birth_year) == (1960, None)
    assert people.correct_patient(unknown.id, "P-2", "male", by="MK", birth_year=1971).birth_year == 1971
    assert people.correct_patient(known.id, "P-1b", "female", by="MK").birth_year == 1960
    assert people.correct_patient(known.id, "P-1b", "female", by="MK", birth_year=None).birth_year is None
    people.set_binned("patient", unknown.id, binned=True, by="MK")
    assert people.add_patient("P-2", "unknown", by="MK").birth_year == 1971


def test_age_of_each_visit_follows_from_the_birth_year_and_what_was_recorded_stays(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-1", "female", by="MK")
    people.begin_visit(patient.id, EARLIER, "40-49", by="MK")
    people.begin_visit(patient.id, TODAY, "60-69", by="MK")
    people.correct_patient(patient.id, "P-1", "female", by="MK", birth_year=1960)
    visits = tuple(people.visits(patient.id))
    assert [visit.age_band for visit in visits] == ["60-69", "40-49"]
    days = EARLIER, TODAY, TODAY + dt.timedelta(2000)
    assert [age_band_on(visits, day, 1960) for day in days] == ["60-69", "60-69", "70-79"]
    assert ages_that_contradict(visits, 1960) == [visits[1]]
    assert ages_that_contradict(visits, 1982) == [visits[0]]
    assert ages_that_contradict(visits, 2026) == list(visits)
    next_year = visit_on(history, patient.id, TODAY + dt.timedelta(60), "MK")
    assert next_year.age_band == ""  # nobody recorded one: it follows
    assert visit_on(history, patient.id, TODAY, "MK") == visits[0]
    people.correct_patient(patient.id, "P-1", "female", by="MK", birth_year=None)
    assert visit_on(history, patient.id, TODAY + dt.timedelta(61), "MK").age_band == "60-69"


def test_patient_from_the_bin_keeps_what_is_not_said_anew(history: History) -> None:
    people = history.people
    first = people.add_patient("P-1", "female", by="MK", skin_type="III")
    people.set_binned("patient", first.id, binned=True, by="MK")
    again = people.add_patient("P-1", "unknown", by="MK")
    assert (again.id, again.sex, again.skin_type) == (first.id, "female", "III")
    people.set_binned("patient", first.id, binned=True, by="MK")
    assert people.add_patient("P-1", "unknown", by="MK", skin_type="IV").skin_type == "IV"


def test_patients_are_ordered_by_their_last_visit_which_is_shown(history: History) -> None:
    people = history.people
    early, late, none = (people.add_patient(pseudonym, "male", by="MK") for pseudonym in ("P-1", "P-2", "P-3"))
    people.begin_visit(late.id, TODAY + dt.timedelta(days=1), "", by="MK")
    people.begin_visit(early.id, EARLIER, "", by="MK")
    people.begin_visit(early.id, EARLIER - dt.timedelta(days=9), "", by="MK")
    assert people.find_patients() == [late, none, early]
    assert people.last_visits([early.id, late.id, none.id]) == {
        early.id: EARLIER,
        late.id: TODAY + dt.timedelta(days=1),
    }


def test_most_recent_patient_is_offered_first(history: History) -> None:
    people = history.people
    first = people.add_patient("P-1", "male", by="MK")
    second = people.add_patient("P-2", "unknown", by="MK")
    assert people.find_patients() == [second, first]
    people.begin_visit(first.id, TODAY, "", by="MK")
    assert people.find_patients() == [first, second]


def test_correction_applies_and_the_earlier_value_stays_in_the_file(history: History) -> None:
    people = history.people
    patient = people.add_patient(" P-0412 ", "female", by="MK")
    corrected = people.correct_patient(patient.id, "P-0421", "other", by="AB")
    assert (corrected.id, corrected.pseudonym, corrected.sex) == (patient.id, "P-0421", "other")
    assert people.find_patients("0412") == []
    rows = history._database.read("SELECT pseudonym, initials FROM patient_detail ORDER BY id")
    assert [tuple(row) for row in rows] == [("P-0412", "MK"), ("P-0421", "AB")]
    people.correct_patient(patient.id, "P-0421", "other", by="AB")  # nothing has changed: nothing is written
    assert len(history._database.read("SELECT * FROM patient_detail")) == 2


def test_two_patients_never_share_a_pseudonym(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    other = people.add_patient("P-0413", "female", by="MK")
    with pytest.raises(RecordsError, match="There is a patient “P-0412” already"):
        people.add_patient("p-0412 ", "male", by="MK")
    with pytest.raises(RecordsError, match="There is a patient “P-0412” already"):
        people.correct_patient(other.id, "P-0412", "female", by="MK")
    with pytest.raises(RecordsError, match="Enter a pseudonym"):
        people.add_patient("  ", "male", by="MK")
    people.set_binned("patient", patient.id, binned=True, by="MK")
    with pytest.raises(RecordsError, match=r"A patient “P-0412” is in the bin\. Restore that patient"):
        people.correct_patient(other.id, "P-0412", "male", by="MK")


def test_patient_in_the_bin_is_restored_with_all_data_when_added_again(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "unknown", by="MK")
    lesion = people.add_lesion(patient.id, "L1", "back", by="MK")
    people.set_binned("patient", patient.id, binned=True, by="MK")
    back = people.add_patient("p-0412", "female", by="AB")
    assert (back.id, back.pseudonym, back.sex, back.is_binned) == (patient.id, "P-0412", "female", False)
    assert people.lesions(back.id) == [lesion]


def test_image_of_a_patient_in_the_bin_has_no_owner_until_they_are_restored(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    visit = people.begin_visit(patient.id, TODAY, "", by="MK")
    image_id = people.save_clinical(an_image(), lesion_id=None, visit_id=visit.id, by="MK")
    people.set_binned("patient", patient.id, binned=True, by="MK")
    assert people.owner(image_id) is None
    people.set_binned("patient", patient.id, binned=False, by="MK")
    assert people.owner(image_id) == patient.id


def test_image_moved_back_belongs_to_the_first_patient_again(history: History) -> None:
    people = history.people
    first, later = (people.add_patient(pseudonym, "female", by="MK") for pseudonym in ("P-1", "P-2"))
    visits = [people.begin_visit(patient.id, TODAY, "", by="MK").id for patient in (first, later)]
    image_id = people.save_clinical(an_image(), lesion_id=None, visit_id=visits[0], by="MK")
    before = people.move([image_id], None, visits[1], by="MK")
    assert people.owner(image_id) == later.id
    people.put_back(before, by="MK")
    assert people.owner(image_id) == first.id
    people.move([image_id], None, visits[1], by="MK")
    people.move([image_id], None, visits[0], by="MK")
    assert people.owner(image_id) == first.id


def test_binned_patient_is_not_offered_until_restored(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    assert people.set_binned("patient", patient.id, binned=True, by="MK")
    assert not people.set_binned("patient", patient.id, binned=True, by="MK")
    assert people.find_patients() == []
    assert people.patient(patient.id).is_binned
    assert people.set_binned("patient", patient.id, binned=False, by="MK")
    assert people.find_patients() == [patient]


# Visits and lesions


def test_same_day_is_the_same_visit(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    visit = people.begin_visit(patient.id, TODAY, "60-69", by="MK")
    assert people.begin_visit(patient.id, TODAY, "60-69", by="AB") == visit
    earlier = people.begin_visit(patient.id, EARLIER, "", by="AB")
    assert people.visits(patient.id) == [visit, earlier]
    corrected = people.begin_visit(patient.id, TODAY, "70-79", by="AB")
    assert (corrected.id, corrected.age_band) == (visit.id, "70-79")
    other = people.add_patient("P-2", "male", by="MK")
    assert people.begin_visit(other.id, TODAY, "", by="MK").id != visit.id


def test_risk_factors_are_not_asked_until_they_are_answered(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-1", "female", by="MK")
    assert patient.risk == RiskFactors()
    risk = RiskFactors("yes", "no", "", "over 100")
    assert people.correct_patient(patient.id, "P-1", "female", risk=risk, by="MK").risk == risk
    assert people.correct_patient(patient.id, "P-2", "female", by="MK").risk == risk
    people.set_binned("patient", patient.id, binned=True, by="MK")
    assert people.add_patient("P-2", "male", by="MK").risk == risk
    cleared = people.correct_patient(patient.id, "P-2", "male", risk=RiskFactors(), by="MK")
    assert people.patient(patient.id) == cleared
    assert cleared.risk == RiskFactors()


def test_pin_of_a_lesion_stays_as_long_as_its_site(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-1", "female", by="MK").id
    lesion = people.add_lesion(patient, "L1", "scapula-left", pin=(0.375, 0.25), by="MK")
    assert people.lesions(patient) == [lesion]
    assert lesion.pin == (0.375, 0.25)
    assert people.correct_lesion(lesion.id, name="scar", site="scapula-left", by="MK").pin == (0.375, 0.25)
    moved = people.correct_lesion(lesion.id, name="scar", site="scapula-left", pin=(0.4, 0.25), by="MK")
    assert moved.pin == (0.4, 0.25)
    assert people.correct_lesion(lesion.id, name="scar", site="calf-left", by="MK").pin is None
    assert people.correct_lesion(lesion.id, name="scar", site="calf-left", pin=(0.0, 1.0), by="MK").pin == (0.0, 1.0)
    assert people.correct_lesion(lesion.id, name="scar", site="calf-left", pin=None, by="MK").pin is None


def test_a_pin_lies_within_the_drawing(history: History) -> None:
    patient = history.people.add_patient("P-1", "female", by="MK").id
    with pytest.raises(sqlite3.IntegrityError):
        history.people.add_lesion(patient, "L1", "calf-left", pin=(1.01, 0.5), by="MK")
    assert history.people.lesions(patient) == []


def test_lesions_are_numbered(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    assert people.next_lesion_name(patient.id) == "L1"
    first = people.add_lesion(patient.id, "L1", "back_upper", by="MK")
    second = people.add_lesion(patient.id, "L2", "", by="MK")
    renamed = people.correct_lesion(second.id, name="scar", site="scalp", by="MK")
    assert (renamed.name, renamed.site) == ("scar", "scalp")
    assert people.next_lesion_name(patient.id) == "L3"
    assert people.lesions(patient.id) == [first, renamed]
    people.set_binned("lesion", first.id, binned=True, by="MK")
    assert people.lesions(patient.id) == [renamed]
    assert people.lesion(first.id).is_binned


# Where images belong


def test_image_is_placed_and_unplaced(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    visit = people.begin_visit(patient.id, TODAY, "", by="MK")
    lesion = people.add_lesion(patient.id, "L1", "", by="MK")
    image_id = kept_image(history, "a.jpg")
    before = people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    assert before == Placement(image_id, "dermoscopy", None, None)
    (placed,) = people.images(patient.id)
    assert (placed.image.name, placed.kind, placed.lesion_id, placed.visit_id) == (
        "a.jpg",
        "dermoscopy",
        lesion.id,
        visit.id,
    )
    assert [entry.image.name for entry in placed.entries] == ["a.jpg"]
    (now,) = people.put_back([before], by="MK")
    assert people.placement(image_id) == before
    assert people.images(patient.id) == []
    people.put_back([now], by="MK")
    assert [found.image_id for found in people.images(patient.id)] == [image_id]


def test_image_without_a_lesion_is_pending_at_its_visit(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    visit = people.begin_visit(patient.id, TODAY, "", by="MK")
    image_id = kept_image(history, "a.jpg")
    people.place(image_id, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")
    assert [(placed.lesion_id, placed.visit_id) for placed in people.images(patient.id)] == [(None, visit.id)]


def test_entries_in_the_bin_hide_their_image_from_the_patient(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    lesion = people.add_lesion(patient.id, "L1", "", by="MK")
    image_id = kept_image(history, "a.jpg")
    people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=None, by="MK")
    (entry,) = people.images(patient.id)[0].entries
    history.bin([entry.id], by="MK")
    assert people.images(patient.id) == []
    history.restore([entry.id], by="MK")
    assert len(people.images(patient.id)) == 1


def test_clinical_photograph_is_saved_without_an_entry(history: History) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by="MK")
    visit = people.begin_visit(patient.id, TODAY, "", by="MK")
    lesion = people.add_lesion(patient.id, "L1", "", by="MK")
    image = an_image("overview.jpg")
    image_id = people.save_clinical(image, lesion_id=lesion.id, visit_id=visit.id, by="MK")
    (placed,) = people.images(patient.id)
    assert (placed.image_id, placed.image, placed.kind, placed.entries) == (image_id, image, "clinical", ())
    assert history.entries() == []
    assert people.save_clinical(image, lesion_id=lesion.id, visit_id=visit.id, by="MK") == image_id


@pytest.mark.parametrize("has_lesion", [True, False], ids=["with a lesion", "without one"])
def test_removed_photograph_that_is_imported_as_dermoscopy_is_among_the_images_again(
    history: History, *, has_lesion: bool
) -> None:
    people = history.people
    patient = people.add_patient("P-1", "female", by="MK")
    visit = people.begin_visit(patient.id, TODAY, "", by="MK")
    image_id = kept_image(history, "a.jpg")
    people.place(image_id, kind="clinical", lesion_id=None, visit_id=visit.id, by="MK")
    people.set_binned("image", image_id, binned=True, by="MK")
    assert people.images(patient.id) == []
    lesion_id = people.add_lesion(patient.id, "L1", "", by="MK").id if has_lesion else None
    item = ImportItem("a.jpg", None, None, "dermoscopy", patient, lesion_id, TODAY)
    assert place(history, item, an_image("a.jpg").sha256, "MK") is None
    (image,) = people.images(patient.id)
    assert (image.image_id, image.kind, image.lesion_id) == (image_id, "dermoscopy", lesion_id)


def test_moved_image_is_in_both_histories_and_can_be_moved_back(history: History) -> None:
    people = history.people
    wrong, right = (people.add_patient(name, "female", by="MK") for name in ("P-1", "P-2"))
    wrong_visit, right_visit = (people.begin_visit(patient.id, TODAY, "", by="MK") for patient in (wrong, right))
    wrong_lesion = people.add_lesion(wrong.id, "L1", "", by="MK")
    right_lesion = people.add_lesion(right.id, "L7", "", by="MK")
    image_id = kept_image(history, "a.jpg")
    people.place(image_id, kind="dermoscopy", lesion_id=wrong_lesion.id, visit_id=wrong_visit.id, by="MK")
    assert people.moved(wrong.id) == []

    undo = people.move([image_id], right_lesion.id, right_visit.id, by="AB")
    assert people.images(wrong.id) == []
    assert [placed.lesion_id for placed in people.images(right.id)] == [right_lesion.id]
    (moved,) = people.moved(wrong.id)
    assert people.moved(right.id) == [moved]
    assert (moved.name, moved.from_patient, moved.to_patient, moved.initials) == ("a.jpg", wrong, right, "AB")
    assert (moved.from_lesion, moved.to_lesion) == ("L1", "L7")

    people.put_back(undo, by="AB")
    assert [placed.lesion_id for placed in people.images(wrong.id)] == [wrong_lesion.id]
    assert people.images(right.id) == []
    assert [(step.from_patient, step.to_patient) for step in people.moved(right.id)] == [(right, wrong), (wrong, right)]


def test_an_image_that_is_nobodys_for_a_while_was_moved_to_where_it_is_now(history: History) -> None:
    people = history.people
    one, other = (people.add_patient(name, "female", by="MK") for name in ("P-1", "P-2"))
    places = [
        (people.add_lesion(patient.id, "L1", "", by="MK").id, people.begin_visit(patient.id, TODAY, "", by="MK").id)
        for patient in (one, other)
    ]
    image_id = kept_image(history, "a.jpg")
    people.move([image_id], *places[0], by="MK")
    undone = people.move([image_id], None, None, by="MK")
    assert [(step.from_patient, step.to_patient) for step in people.moved(one.id)] == [(one, None)]
    people.put_back(undone, by="MK")
    assert people.moved(one.id) == [], "undone and redone"
    people.move([image_id], None, None, by="MK")
    people.move([image_id], *places[1], by="MK")
    (moved,) = people.moved(one.id)
    assert (moved.from_patient, moved.from_lesion, moved.to_patient, moved.to_lesion) == (one, "L1", other, "L1")
    assert people.moved(other.id) == [moved]


def test_lesion_of_one_patient_and_visit_of_another_are_refused(history: History) -> None:
    people = history.people
    one, other = (people.add_patient(name, "female", by="MK") for name in ("P-1", "P-2"))
    lesion = people.add_lesion(one.id, "L1", "", by="MK")
    visit = people.begin_visit(other.id, TODAY, "", by="MK")
    image_id = kept_image(history, "a.jpg")
    with pytest.raises(ValueError, match="is not of the patient"):
        people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")


def test_lesion_moved_to_another_patient_takes_its_images(history: History) -> None:
    people = history.people
    wrong, right = (people.add_patient(name, "female", by="MK") for name in ("P-1", "P-2"))
    visit = people.begin_visit(wrong.id, TODAY, "60-69", by="MK")
    lesion = people.add_lesion(wrong.id, "L1", "scalp", by="MK")
    image_id = kept_image(history, "a.jpg")
    people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    moved = people.correct_lesion(lesion.id, name="L4", site="scalp", patient_id=right.id, by="MK")
    assert (moved.patient_id, people.lesions(wrong.id)) == (right.id, [])
    assert [placed.image_id for placed in people.images(right.id)] == [image_id]
    assert people.images(wrong.id) == []
    (seen,) = people.visits(right.id)
    assert (seen.id, seen.date, seen.age_band) == (visit.id, TODAY, "")  # the age band was the other patient's
