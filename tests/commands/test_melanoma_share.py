"""`lesionlens-classify --melanoma-share`: figures for a practice's own prior stand last and change nothing else."""

import csv
from pathlib import Path

import pytest

from desktop.commands import classify
from desktop.core.inference.prior import prior_for, shifted
from tests.alerts import ALWAYS, melanoma_alert
from tests.commands.test_context import LAYER
from tests.making import NINE, contract, write_lesion, write_model

PRIOR = {label.id: 0.2 if label.id == "melanoma" else 0.1 for label in NINE}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    described = contract(alerts=(melanoma_alert(ALWAYS),), calibration_mix=PRIOR, context=LAYER)
    return write_model(tmp_path / "model.onnx", described)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        write_lesion(tmp_path / "in" / f"{seed}.jpg", seed)
    (tmp_path / "in" / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    return tmp_path / "in"


def classified(folder: Path, model: Path, *more: str, code: int = 1) -> list[dict[str, str]]:
    """Classify a folder, in which one file is broken; return the rows of the table."""
    out = folder.parent / "out.csv"
    assert classify.main([str(folder), "--model", str(model), "--csv", str(out), *more]) == code
    if code == 2:
        return []
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_of_prior(column: str) -> bool:
    return column.startswith("prior_")


def test_figures_for_the_share_stand_last_and_nothing_else_changes(folder: Path, model: Path) -> None:
    plain, rows = classified(folder, model), classified(folder, model, "--melanoma-share", "3")
    assert [{name: cell for name, cell in row.items() if not is_of_prior(name)} for row in rows] == plain
    names = list(rows[0])
    of_prior = [name for name in names if is_of_prior(name)]
    assert names[-len(of_prior) - 2 :] == [*of_prior, "not_for_patients", "working_points"]
    assert of_prior[0] == "prior_melanoma"
    new = prior_for(PRIOR, {"melanoma": 0.03})
    for row in rows:
        if row["status"] == "error":
            assert {row[name] for name in of_prior} == {""}
            continue
        assert row["flag"] == "melanoma"
        own = {label: float(row[f"p_{label}"]) for label in PRIOR}
        for label, figure in shifted(own, PRIOR, new).items():
            assert float(row[f"prior_p_{label}"]) == pytest.approx(figure, abs=1e-6)
            assert float(row[f"prior_{label}"]) == pytest.approx(new[label])


def test_share_and_context_count_together(folder: Path, model: Path) -> None:
    (folder.parent / "patients.csv").write_text("file,age\n0.jpg,71\n", encoding="utf-8")
    rows = classified(folder, model, "--context", str(folder.parent / "patients.csv"), "--melanoma-share", "3")
    row = next(row for row in rows if row["file"].endswith("0.jpg"))
    with_context = {label: float(row[f"context_p_{label}"]) for label in PRIOR}
    both = shifted(with_context, PRIOR, prior_for(PRIOR, {"melanoma": 0.03}))
    assert float(row["prior_p_melanoma"]) == pytest.approx(both["melanoma"], abs=1e-6)


def test_run_with_a_share_is_carried_on_to_the_same_table(folder: Path, model: Path) -> None:
    whole = classified(folder, model, "--melanoma-share", "3")
    interrupt(folder)
    assert classified(folder, model, "--melanoma-share", "3", "--resume") == whole


@pytest.mark.parametrize(
    ("begun", "carried_on"),
    [(("3",), ("3,5",)), ((), ("3",)), (("3",), ())],
    ids=["another", "none before", "none now"],
)
def test_table_begun_with_another_share_is_refused(
    folder: Path,
    model: Path,
    begun: tuple[str, ...],
    carried_on: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    classified(folder, model, *(f"--melanoma-share={share}" for share in begun))
    before = interrupt(folder)
    classified(folder, model, "--resume", *(f"--melanoma-share={share}" for share in carried_on), code=2)
    assert "“out.csv.partial” was begun with other shares for the practice, or with none." in capsys.readouterr().err
    assert (folder.parent / "out.csv.partial").read_bytes() == before


def test_shares_of_other_labels_are_taken_by_their_ids(folder: Path, model: Path) -> None:
    shares = ("--melanoma-share=3", "--other-share=nevus=60", "--other-share", "basal_cell_carcinoma=10,5")
    rows = classified(folder, model, *shares)
    new = prior_for(PRIOR, {"melanoma": 0.03, "nevus": 0.6, "basal_cell_carcinoma": 0.105})
    row = next(row for row in rows if row["status"] == "ok")
    assert {label: float(row[f"prior_{label}"]) for label in PRIOR} == pytest.approx(new)
    interrupt(folder)
    classified(folder, model, "--melanoma-share=3", "--other-share=nevus=61", "--resume", code=2)
    assert classified(folder, model, *shares, "--resume") == rows


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (("--other-share=scar=5",), "“model.onnx” has no label scar. It has actinic_keratosis, "),
        (("--other-share=nevus=60", "--other-share=basal_cell_carcinoma=40"), "The shares add up to 103.0 %."),
    ],
)
def test_shares_that_the_model_cannot_have_are_refused(
    folder: Path, model: Path, shares: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    classified(folder, model, "--melanoma-share=3", *shares, code=2)
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (("--other-share=nevus=60",), "--other-share goes with --melanoma-share"),
        (("--melanoma-share=3", "--other-share=melanoma=5"), "is no share of another label, such as nevus=60"),
        (("--melanoma-share=3", "--other-share=nevus"), "is no share of another label, such as nevus=60"),
        (("--melanoma-share=3", "--other-share=nevus=0"), "is no share of another label, such as nevus=60"),
    ],
)
def test_options_that_are_no_shares_are_a_wrong_call(
    folder: Path, shares: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        classify.main([str(folder), *shares])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_model_that_does_not_say_what_it_assumes_is_refused(
    folder: Path, model_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classified(folder, model_file, "--melanoma-share", "3", code=2)
    assert "does not say what its percentages assume" in capsys.readouterr().err


@pytest.mark.parametrize("share", ["0.9", "51", "many", "nan"])
def test_share_that_is_none_is_refused(folder: Path, share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        classify.main([str(folder), "--melanoma-share", share])
    assert ended.value.code == 2
    assert "is no share from 1 to 50 per cent" in capsys.readouterr().err


def interrupt(folder: Path) -> bytes:
    """Leave the table as a run that was interrupted after three rows leaves it; return its bytes."""
    out = folder.parent / "out.csv"
    begun = b"".join(out.read_bytes().splitlines(keepends=True)[:4])
    out.unlink()
    (folder.parent / "out.csv.partial").write_bytes(begun)
    return begun
