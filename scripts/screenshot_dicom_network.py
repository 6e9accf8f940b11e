"""The scene with the DICOM network: the settings, a visit that is to be sent, and a worklist. Nobody is connected."""

from __future__ import annotations

import datetime as dt

from desktop.core.draft import Draft
from desktop.core.exchange.asked_patient import AskedPatient
from desktop.core.exchange.dicom_peer import NetworkError
from desktop.core.exchange.worklist_items import Worklist, WorklistItem
from desktop.core.marking import tr
from desktop.session import dicom_network
from desktop.system import settings as keys
from desktop.widgets.common.wording import sentence
from desktop.widgets.window.dicom_network_dialog import DicomNetworkDialog
from desktop.widgets.window.dicom_worklist_dialog import DicomWorklistDialog
from desktop.widgets.window.send_visit_dialog import SendVisitDialog
from screenshot_drawings import draw_images
from screenshot_patients import open_patient
from screenshot_steps import Setting, add_lesion, bring
from studio import SMALLEST

_TODAY = (
    ("08:30", AskedPatient("47110815", "Beispiel", "Anna", dt.date(1961, 6, 3), "female"), "Dermoscopy, follow-up"),
    ("08:45", AskedPatient("47110932", "Muster", "Jörg", dt.date(1974, 11, 20), "male"), "Dermoscopy"),
    ("09:15", AskedPatient("47111007", "Größe", "Zoë", dt.date(1988, 2, 29), "female"), "Dermoscopy, new lesion"),
)


def dicom_network_scene(given: Setting) -> None:
    """The settings, what is to be sent, and who is on the worklist."""
    studio = given.studio("dicom network")
    settings = studio.parts.settings
    settings.put(keys.DICOM_IS_ON, True)
    settings.put(keys.DICOM_ARCHIVE_TITLE, "PACS")
    settings.put(keys.DICOM_ARCHIVE_HOST, "pacs.clinic.example")
    settings.put(keys.DICOM_WORKLIST_TITLE, "RIS")
    settings.put(keys.DICOM_WORKLIST_HOST, "ris.clinic.example")
    studio.trigger("DICOM network…")
    asking = studio.dialog(DicomNetworkDialog)
    studio.settle()
    studio.take(given.name("dicom-network"), over=asking)
    peer = dicom_network.archive_of(settings)
    unknown = tr("{peer} does not know the AE title “{own}”: have it entered there.")
    asking.outcome.setText(sentence(NetworkError(unknown, peer=peer.name, own=peer.own_title)))
    studio.take(given.name("dicom-network"), SMALLEST, over=asking)
    asking.reject()
    open_patient(studio, "P-0412")
    add_lesion(studio, "scapula-left")
    bring(studio, *draw_images(given.work / "dicom network", 2, first=11))
    studio.parts.blinding.commit(Draft(diagnosis="nevus"))
    studio.settle()
    studio.trigger("Send the visit to the archive…")
    sending = studio.dialog(SendVisitDialog)
    studio.wait(lambda: "To be sent" in sending.contents.text(), "nothing is to be sent")
    studio.take(given.name("dicom-send"), over=sending)
    sending.reject()
    worklist = DicomWorklistDialog("LESIONLENS", own_entries=True, parent=studio.window)
    worklist.open()
    day = worklist.day.day()
    worklist.show_answer(Worklist([WorklistItem(patient, day, time, what) for time, patient, what in _TODAY]))
    studio.settle()
    studio.take(given.name("dicom-worklist"), over=worklist)
    worklist.reject()
    studio.close()
