"""The scene with the practice system: how it is connected, and its request for another patient than the open one."""

from __future__ import annotations

from desktop.core.exchange.asked_patient import AskedPatient
from desktop.core.exchange.gdt_records import Request, RequestKind
from desktop.session.practice_system import PracticeSystem
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.window.practice_system_dialog import PracticeSystemDialog
from screenshot_drawings import draw_images
from screenshot_patients import open_patient
from screenshot_steps import Setting, add_lesion, bring


def practice_system(given: Setting) -> None:
    """The settings, and the question."""
    studio = given.studio("practice system")
    studio.trigger("Practice system (GDT)…")
    asking = studio.dialog(PracticeSystemDialog)
    asking.is_on.setChecked(True)
    asking.folder.setText("/srv/practice/gdt")
    studio.settle()
    studio.take(given.name("practice-system"), over=asking)
    asking.reject()
    open_patient(studio, "P-0412")
    add_lesion(studio, "scapula-left")
    bring(studio, *draw_images(given.work / "practice system", 1, first=11))
    studio.settle()
    wanted = AskedPatient("4711", "Beispiel", "Anna", sex="female")
    (system,) = studio.window.findChildren(PracticeSystem)
    system.requested.emit(Request(RequestKind.EXAMINATION, wanted))
    bars = studio.window.visit_page.findChildren(MessageBar)
    studio.wait(
        lambda: any("asks for “4711, Beispiel, Anna”" in bar.text() for bar in bars if bar.isVisible()),
        "the practice system's request is not asked about",
    )
    studio.take(given.name("practice-system-asks"))
    studio.close()
