import logging
from pathlib import Path

import pytest

from desktop.core.errors import ImageError, RecordsError
from desktop.core.imaging import dicom
from desktop.core.imaging.faults import as_image_error
from desktop.core.imaging.frames import frame_path
from desktop.core.imaging.opening import read_file
from tests.core.imaging import dicoms
from tests.making import lesion


def test_a_sentence_passes_unchanged() -> None:
    with pytest.raises(RecordsError, match="The history is locked"), as_image_error("a.jpg"):
        raise RecordsError("The history is locked.")


@pytest.mark.parametrize("error", [RuntimeError("odd"), RecursionError(), KeyError("odd"), AssertionError()])
def test_any_other_exception_gives_a_sentence_and_a_traceback_in_the_log(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(ImageError, match=r"“a\.jpg” cannot be read"):  # noqa: SIM117
        with as_image_error("a.jpg"):
            raise error
    assert type(error).__name__ in caplog.text
    assert "a.jpg" not in caplog.messages[0]


def test_a_frame_that_a_library_cannot_extract_gives_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("what pydicom may raise")

    monkeypatch.setattr(dicom.pydicom, "dcmwrite", fail)
    path = tmp_path / "two.dcm"
    path.write_bytes(dicoms.dicom([dicoms.jpeg(lesion(seed)) for seed in (1, 2)], (160, 120)))
    with pytest.raises(ImageError, match=r"“two frame 1\.dcm” cannot be read"):
        read_file(frame_path(path, 1))
