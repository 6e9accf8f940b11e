"""Blind-first below the widgets: the values handed to them contain nothing of a concealed answer."""

import dataclasses
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Flag
from desktop.core.records.people import Assessment
from desktop.core.records.plans import NO_PLANS
from desktop.session.answers import answer_picture
from desktop.session.picture import load_picture
from desktop.widgets.answer.shown_answer import ModelPart, ProbabilityGroup, ProbabilityRow
from desktop.widgets.report import report_words
from desktop.widgets.report.page import ReportPages
from desktop.widgets.report.report_content import Report
from desktop.widgets.report.report_words import ReportOptions, ReportSubject
from tests.making import contract, write_lesion, write_model

NOW = dt.datetime(2026, 11, 23, 10, 42, tzinfo=dt.UTC)
ALWAYS = Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.95, 0.4, 4, 88, "test images")
TOLD = ModelPart(
    age="For a region",
    is_flag=True,
    headline="Melanoma alert",
    plain="Melanoma: in testing raised for 94 of 100",
    withheld="The figures are withheld",
    groups=(ProbabilityGroup("MALIGNANT", "26 %", (ProbabilityRow("Melanoma", "24 %", 0.24, is_top=True),)),),
    signs="Novelty: as in training",
    basis="Calibrated on",
)


@pytest.fixture
def subject(qapp: QCoreApplication, tmp_path: Path) -> ReportSubject:
    """Create an image with everything an answer can have."""
    classifier = Classifier(write_model(tmp_path / "m.onnx", contract(flags=(ALWAYS,))))
    path = write_lesion(tmp_path / "lesion.png")
    picture = load_picture(path.name, path, path.read_bytes())
    return ReportSubject(
        picture=picture,
        owner=None,
        assessments=(),
        plans=NO_PLANS,
        outcomes=(),
        answer=answer_picture(picture, classifier),
        shown=TOLD,
        is_concealed=True,
        band="",
        head="12:" + "ab" * 16,
        overlay=(QImage(8, 8, QImage.Format.Format_RGB32), "a hint, not a proof: what speaks for Melanoma"),
    )


def telling(subject: ReportSubject) -> list[str]:
    """Return every text that only an answer contains."""
    assert subject.answer is not None
    return [
        *(TOLD.age, TOLD.headline, TOLD.plain, TOLD.withheld, "MALIGNANT", "26 %", "24 %", TOLD.signs, TOLD.basis),
        *(
            "a hint, not a proof",
            subject.answer.prediction.model_sha256,
            "Test model",
            "images prepared by",
            "answer of",
        ),
    ]


def texts(report: Report) -> str:
    return f"{dataclasses.replace(report, overlay=None)}\n{ReportPages(report, 96).text()}"


def test_a_report_contains_nothing_of_a_concealed_answer(subject: ReportSubject) -> None:
    everything = ReportOptions(with_patient=True, with_overlay=True)
    concealed = report_words.compose(subject, everything, NOW)
    assert [text for text in telling(subject) if text in texts(concealed)] == []
    assert (concealed.answer, concealed.overlay, concealed.overlay_caption) == (None, None, "")
    assert "Not shown: today's diagnosis comes first." in texts(concealed)
    # The search must find these texts once they may be shown.
    shown = report_words.compose(dataclasses.replace(subject, is_concealed=False), everything, NOW)
    assert [text for text in telling(subject) if text not in f"{shown}"] == []
    assert shown.overlay is not None


def test_the_report_file_name_reveals_nothing_of_the_answer(subject: ReportSubject) -> None:
    shown = dataclasses.replace(subject, is_concealed=False)
    assert report_words.file_name(subject, NOW) == report_words.file_name(shown, NOW)


def test_own_assessment_is_on_the_report_while_the_answer_is_concealed(subject: ReportSubject) -> None:
    view = Assessment(1, None, None, 1, True, "nevus", None, "high", "none", None, "", "", "MK", NOW)
    report = report_words.compose(dataclasses.replace(subject, assessments=(view,)), ReportOptions(), NOW)
    assert [statement.text for statement in report.assessments]
    assert [text for text in telling(subject) if text in texts(report)] == []


INBOX = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from desktop.session.watched_folder import WatchedFolder
from desktop.system.tasks import Tasks

application = QCoreApplication([])
tasks, folder = Tasks(), Path(sys.argv[1])
inbox = WatchedFolder(tasks)
inbox.watch(folder)

def look():
    if inbox.is_watching and not (folder / "new.png").exists():
        (folder / "new.png").write_bytes((folder.parent / "lesion.png").read_bytes())
    if inbox.count:
        print(inbox.waiting() == [folder / "new.png"])
        print("desktop.core.inference.classifier" in sys.modules and "onnxruntime" in sys.modules)
        inbox.stop()
        tasks.close()
        application.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
application.exec()
"""


def test_the_watched_folder_knows_only_the_path_of_a_new_image(tmp_path: Path) -> None:
    write_lesion(tmp_path / "lesion.png")
    (tmp_path / "export").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", INBOX, str(tmp_path / "export")], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False"]
