import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.imaging.opening import ImageHeader, read_header
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Label
from desktop.core.inference.judgement import judge
from desktop.core.labels import Malignancy
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.values import EntryFilter, KeptImage, SavedEntry, StoredAnswer
from tests.core.records.history_contents import MODEL, START, an_answer, an_image, clock, keep
from tests.making import contract, write_lesion
from tests.platforms import NO_UNICODE


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", now=clock()) as opened:
        yield opened


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(history: History, wanted: EntryFilter | None = None, **bounds: int) -> list[str]:
    return [entry.image.name for entry in history.entries(wanted, **bounds)]


def test_saved_entry_is_read_back_unchanged(history: History) -> None:
    image, answer = an_image("Läsion 1.jpg"), an_answer()
    kept = history.save(image, answer, contract(), by="MK", region="10,20,110,120")
    assert kept == SavedEntry(kept.entry_id, START, was_known=False, was_binned=False)
    entry = history.entry(kept.entry_id)
    assert (entry.image, entry.answer) == (image, answer)
    assert (entry.time, entry.initials, entry.region) == (START, "MK", "10,20,110,120")
    assert (entry.model_name, entry.is_binned) == ("Test model", False)
    assert list(entry.answer.probabilities) == list(answer.probabilities)
    assert history.entries() == [entry]
    assert history.contract_of(MODEL) == contract()


def test_optional_parts_stay_missing(history: History) -> None:
    answer = an_answer(malignant_probability=None, flags=(), abstention=None, novelty=None, kind_uncertain=True)
    kept = history.save(an_image(), answer, contract(), by="")
    assert history.entry(kept.entry_id).answer == answer


def test_a_history_is_read_by_the_next_start(tmp_path: Path) -> None:
    with History.open(tmp_path / "new" / "folder") as history:
        keep(history)
        before = history.entries()
    with History.open(tmp_path / "new" / "folder") as history:
        assert history.entries() == before


def test_a_saved_answer_gives_the_same_judgement(tmp_path: Path, history: History, model_file: Path) -> None:
    classifier = Classifier(model_file)
    source = write_lesion(tmp_path / "mole.png", 5)
    data = source.read_bytes()
    store = ImageStore(tmp_path / "data")
    prediction = classifier.predict(classifier.prepare(data, source.name)[None])[0]
    judgement = judge(prediction, classifier.contract)
    header = read_header(data, source.name)
    path = store.add(data, header.format)
    image = KeptImage.of(sha256_of(source), len(data), header, path, name=source.name, stored=True)
    answer = StoredAnswer.of(prediction, judgement, classifier.contract.label_ids, "0.1.0")
    kept = history.save(image, answer, classifier.contract, by="MK")
    entry = history.entry(kept.entry_id)
    assert entry.image.path.read_bytes() == data
    assert entry.answer.prediction == prediction
    assert judge(entry.answer.prediction, history.contract_of(classifier.sha256)) == judgement


def test_opening_a_known_image_again_adds_nothing(history: History) -> None:
    first = keep(history, "a.jpg")
    keep(history, "b.jpg")
    again = keep(history, "a.jpg")
    assert again == SavedEntry(first.entry_id, START, was_known=True, was_binned=False)
    assert names(history) == ["b.jpg", "a.jpg"]
    assert history.entry(first.entry_id).time == START


def test_another_model_region_or_preprocessing_is_another_entry(history: History) -> None:
    ids = {keep(history).entry_id, keep(history, model="b" * 64).entry_id}
    ids.add(history.save(an_image(), an_answer(), contract(), by="MK", region="0,0,9,9").entry_id)
    ids.add(keep(history, preprocessing_version=2).entry_id)
    assert len(ids) == history.count() == 4


def test_a_stored_copy_replaces_a_link(tmp_path: Path, history: History) -> None:
    entry_id = keep(history, "a.jpg").entry_id
    assert history.entry(entry_id).image.path == Path("/images/a.jpg")
    copy = an_image("a.jpg", tmp_path / "data" / "images", stored=True)
    history.save(copy, an_answer(), contract(), by="MK")
    assert history.entry(entry_id).image.stored
    keep(history, "a.jpg")
    assert history.entry(entry_id).image.path == copy.path


def test_the_data_folder_can_be_moved(tmp_path: Path) -> None:
    with History.open(tmp_path / "old") as history:
        copy = an_image("a.jpg", tmp_path / "old" / "images", stored=True)
        entry_id = history.save(copy, an_answer(), contract(), by="MK").entry_id
    (tmp_path / "old").rename(tmp_path / "new")
    with History.open(tmp_path / "new") as history:
        assert history.entry(entry_id).image.path == tmp_path / "new" / copy.path.relative_to(tmp_path / "old")


def test_a_path_that_is_not_unicode_is_preserved(history: History) -> None:
    path = Path("/images") / NO_UNICODE
    image = KeptImage.of("c" * 64, 1, ImageHeader("JPEG", 1, 1), path, name=path.name, stored=False)
    entry = history.entry(history.save(image, an_answer(), contract(), by="MK").entry_id)
    assert entry.image.path == path
    assert entry.image.name.encode().endswith(b".jpg")
    assert "�" in entry.image.name


# Bin


def test_the_bin_hides_and_restores(history: History) -> None:
    a, b, c = (keep(history, name).entry_id for name in ("a.jpg", "b.jpg", "c.jpg"))
    assert history.bin([a, b, 999], by="MK") == [a, b]
    assert history.bin([b, c], by="MK") == [c]
    assert (names(history), history.count()) == ([], 0)
    assert names(history, EntryFilter(binned=True)) == ["c.jpg", "b.jpg", "a.jpg"]
    assert history.entry(a).is_binned
    assert history.restore([a, b], by="MK") == [a, b]
    assert history.restore([a], by="MK") == []
    assert (names(history), names(history, EntryFilter(binned=True))) == (["b.jpg", "a.jpg"], ["c.jpg"])


def test_opening_an_image_that_is_in_the_bin_takes_it_out(history: History) -> None:
    entry_id = keep(history).entry_id
    history.bin([entry_id], by="MK")
    assert keep(history) == SavedEntry(entry_id, START, was_known=True, was_binned=True)
    assert names(history) == ["lesion.jpg"]


def test_many_entries_are_saved_at_once(history: History) -> None:
    ids = [keep(history, f"{number}.jpg").entry_id for number in range(40)]
    assert history.bin(ids * 1000, by="MK") == ids


# Finding


def test_the_newest_come_first_and_in_pages(history: History) -> None:
    for number in range(5):
        keep(history, f"{number}.jpg")
    assert names(history) == ["4.jpg", "3.jpg", "2.jpg", "1.jpg", "0.jpg"]
    assert names(history, limit=2) == ["4.jpg", "3.jpg"]
    assert names(history, limit=2, offset=3) == ["1.jpg", "0.jpg"]
    assert names(history, offset=9) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["Straße_Ä.png", "arm left.jpg", "IMG_2.JPG", "IMG_1.JPG"]),
        ("img", ["IMG_2.JPG", "IMG_1.JPG"]),
        ("IMG_1", ["IMG_1.JPG"]),
        ("g_", ["IMG_2.JPG", "IMG_1.JPG"]),
        ("%", []),
        ("STRASSE", ["Straße_Ä.png"]),
        ("a\u0308", ["Straße_Ä.png"]),  # an a and its dots apart, as macOS writes names
        ("basal cell", ["arm left.jpg"]),
        ("basal_cell", ["arm left.jpg"]),
        ("CARCINOMA", ["arm left.jpg"]),
        ("img melanoma", ["IMG_2.JPG"]),
        ("melanoma img", ["IMG_2.JPG"]),
        ("  left   ARM ", ["arm left.jpg"]),
        ("img basal", []),
        ("'; DROP TABLE image; --", []),
    ],
)
def test_text_search_covers_names_and_labels(history: History, text: str, found: list[str]) -> None:
    keep(history, "IMG_1.JPG", "nevus")
    keep(history, "IMG_2.JPG", "melanoma")
    keep(history, "arm left.jpg", "basal_cell_carcinoma")
    keep(history, "Straße_Ä.png", "nevus")
    assert names(history, EntryFilter(text=text)) == found
    assert history.count(EntryFilter(text=text)) == len(found)


def test_labels_of_other_models_are_found_by_their_names(history: History) -> None:
    own = contract(labels=(Label("x1", "Ödem", Malignancy.UNKNOWN), Label("x2", "Sonstiges", Malignancy.UNKNOWN)))
    answer = an_answer("x1", probabilities={"x1": 0.7, "x2": 0.3}, model="d" * 64)
    history.save(an_image("own.jpg"), answer, own, by="MK")
    keep(history, "nine.jpg", "melanoma")
    assert names(history, EntryFilter(text="ödem")) == ["own.jpg"]
    assert history.labels() == {"melanoma": "Melanoma", "x1": "Ödem"}
    assert names(history, EntryFilter(label="x1")) == ["own.jpg"]


def test_filter_by_date_in_any_time_zone(history: History) -> None:
    for number in range(4):
        keep(history, f"{number}.jpg")  # at 9:00, 9:01, 9:02, 9:03 UTC
    since, until = START + timedelta(minutes=1), START + timedelta(minutes=3)
    assert names(history, EntryFilter(since=since)) == ["3.jpg", "2.jpg", "1.jpg"]
    assert names(history, EntryFilter(until=until)) == ["2.jpg", "1.jpg", "0.jpg"]
    assert names(history, EntryFilter(since=since, until=until)) == ["2.jpg", "1.jpg"]
    berlin = timezone(timedelta(hours=1))
    assert names(history, EntryFilter(since=datetime(2026, 11, 23, 10, 3, tzinfo=berlin))) == ["3.jpg"]
    assert history.entries()[0].time.tzinfo == UTC


def test_every_condition_must_hold(history: History) -> None:
    keep(history, "x1.jpg", "nevus")
    binned = keep(history, "x2.jpg", "melanoma").entry_id
    keep(history, "x3.jpg", "melanoma")
    keep(history, "b4.jpg", "melanoma")
    history.bin([binned], by="MK")
    assert names(history, EntryFilter(text="x", label="melanoma")) == ["x3.jpg"]
    assert names(history, EntryFilter(text="x", label="melanoma", binned=True)) == ["x2.jpg"]


def test_unknown_id_raises_key_error(history: History) -> None:
    with pytest.raises(KeyError):
        history.entry(1)
    with pytest.raises(KeyError):
        history.contract_of(MODEL)


# Linked images and disclosures


def test_a_linked_image_that_was_moved_is_located(tmp_path: Path, history: History) -> None:
    original, other = write_lesion(tmp_path / "a.png", 1), write_lesion(tmp_path / "b.png", 2)
    sha256 = sha256_of(original)
    image = KeptImage(sha256, "a.png", "PNG", 160, 120, original.stat().st_size, original, stored=False)
    entry_id = history.save(image, an_answer(), contract(), by="MK").entry_id
    moved = original.rename(tmp_path / "moved.png")
    with pytest.raises(RecordsError, match=r"“b\.png” is not the image of this entry: its content differs"):
        history.locate(entry_id, other, by="MK")
    with pytest.raises(RecordsError, match=r"“gone\.png” cannot be read"):
        history.locate(entry_id, tmp_path / "gone.png", by="MK")
    assert history.entry(entry_id).image.path == original
    assert history.locate(entry_id, moved, by="MK").image.path == moved
    assert history.entry(entry_id).image.path == moved


def test_a_disclosure_is_recorded_with_who_and_when(tmp_path: Path, history: History) -> None:
    entry_id = keep(history).entry_id
    history.disclosures.disclose(entry_id, "despite abstention", by="MK")
    rows = history._database.read("SELECT prediction, reason, initials, time FROM disclosure")
    assert [tuple(row) for row in rows] == [(entry_id, "despite abstention", "MK", "2026-11-23T09:01:00.000000+00:00")]


def test_entries_of_an_image_outside_the_bin_oldest_first(history: History) -> None:
    whole, region, binned, _other = (
        history.save(an_image(name), an_answer(), contract(), by="MK", region=part).entry_id
        for name, part in (("a.jpg", ""), ("a.jpg", "0,0,50,50"), ("a.jpg", "9,9,50,50"), ("a.jpg copy", ""))
    )
    history.bin([binned], by="MK")
    image_id = history.people.image_id_of(an_image("a.jpg").sha256)
    assert image_id is not None
    assert [entry.id for entry in history.entries_of(image_id)] == [whole, region]
