"""How long a report of a visit with 8 lesions holds the window up while it is saved as PDF.

    python benchmarks/reports.py [--lesions 8] [--rounds 5]

Each lesion has two pictures of 1600 x 1200 pixels with noise, which packs worst. The report is laid out and painted on the GUI
thread, because text documents may be made there alone; between two steps the window handles events. The table has the processor
time of the whole report, which is what one step would hold the window up, and of the longest step of each round.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtGui import QImage

from benchmarks.measuring import load, machine
from benchmarks.window import application
from desktop.widgets.report.page import pdf_in_steps
from desktop.widgets.report.report_content import ReportStatement
from desktop.widgets.report.visit_content import LesionPart, VisitPicture, VisitReport

_SIZE = (1600, 1200)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lesions", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    _application = application()
    report = _report(chosen.lesions)
    print(machine(("PySide6-Essentials", "numpy")) + load("before"))
    rounds = [_measured(report) for _ in range(chosen.rounds)]
    print(f"{chosen.lesions} lesions, {chosen.rounds} rounds, ms of the GUI thread: median (least to most)")
    for name, times in (("whole report", [sum(one) for one in rounds]), ("longest step", [max(one) for one in rounds])):
        print(f"{name:<14} {statistics.median(times):6.0f} ({min(times):.0f} to {max(times):.0f})")
    return 0


def _measured(report: VisitReport) -> list[float]:
    """Return the milliseconds of each step."""
    steps, times = pdf_in_steps(report), []
    while True:
        begin = time.thread_time()
        step = next(steps, None)
        times.append(1000 * (time.thread_time() - begin))
        if step is None:
            return times


def _report(lesions: int) -> VisitReport:
    chance = np.random.default_rng(1)

    def picture(caption: str) -> VisitPicture:
        pixels = chance.integers(0, 256, (_SIZE[1], _SIZE[0], 4), dtype=np.uint8)
        image = QImage(pixels.data, *_SIZE, QImage.Format.Format_RGB32).copy()
        return VisitPicture(image, caption)

    parts = tuple(
        LesionPart(
            number,
            f"L{number} left scapula",
            (picture("12 Mar 2025"), picture("23 Nov 2026")),
            (ReportStatement("Nevus, plan: follow-up", "before the model, 10:42, by MK", "Darker rim."),),
            (),
            ("LL-1: Nevus 61 %", "Percentages assume 14 % melanomas among the images; not your patient's risk."),
        )
        for number in range(1, lesions + 1)
    )
    return VisitReport(
        title="Report of the visit",
        clinic=("Clinic",),
        made="made 23 Nov 2026 10:50",
        band="",
        patient=(("Patient", "P-0412"),),
        patient_absent="",
        map=None,
        overviews=(),
        lesions=parts,
        no_lesion="",
        left_out="",
        later="",
        others_heading="",
        others=(),
        own_heading="My assessment and plan",
        no_assessment="",
        outcome_heading="Outcome",
        model_heading="What the model says",
        earlier_heading="Earlier image",
        conclusion_heading="Conclusion",
        conclusion="Next visit in three months.",
        signature="Date, name, signature",
        versions="",
        disclaimer="Not a certified medical device.",
        page_name="P-0412, 23 Nov 2026",
    )


if __name__ == "__main__":
    sys.exit(main())
