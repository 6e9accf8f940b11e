"""The scales of images in the history."""

from pathlib import Path

from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from tests.core.records.history_contents import an_image, keep


def test_the_newest_scale_of_an_image_applies_and_can_be_removed(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        keep(history, "one.jpg")
        keep(history, "two.jpg")
        one, two = (an_image(name).sha256 for name in ("one.jpg", "two.jpg"))
        image_id = history.people.image_id_of(one)
        assert image_id is not None
        assert history.scales.of(one) is None
        for scale in (Scale(0.02), Scale(0.03, "Dermatoscope, 10×"), None, Scale(0.04)):
            history.scales.give(image_id, scale, by="MK")
            assert history.scales.of(one) == scale
        assert history.scales.of(two) is None
        assert history.scales.of("0" * 64) is None
        assert len(history._database.read("SELECT id FROM image_scale")) == 4
