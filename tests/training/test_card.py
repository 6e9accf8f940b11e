"""A model file's description of itself: sentences on its limits, and remarks about single labels."""

from pathlib import Path

from training.run.limits import read_limits


def test_a_line_that_starts_with_a_label_is_a_remark_about_it(tmp_path: Path) -> None:
    file = tmp_path / "limits.txt"
    file.write_text(
        "It knows nine labels: no others.\n\nnevus: learned from few images\nwart: not one of its labels\n", "utf-8"
    )
    limits, remarks = read_limits(str(file), ["melanoma", "nevus"])
    assert limits == ("It knows nine labels: no others.", "wart: not one of its labels")
    assert remarks == {"nevus": "learned from few images"}
    assert read_limits("", ["nevus"]) == ((), {})
