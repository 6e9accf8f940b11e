"""Exports the open patient for a record system, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.core.exchange import collecting, exporting, folder_formats
    from desktop.core.exchange.exporting import Exported
    from desktop.core.exchange.fhir_reports import VisitPdf
    from desktop.core.records.history import History
    from desktop.core.records.people import Patient
else:
    collecting = Late("desktop.core.exchange.collecting")
    exporting = Late("desktop.core.exchange.exporting")
    folder_formats = Late("desktop.core.exchange.folder_formats")


def export_patient(
    history_service: HistoryService,
    patient: Patient,
    pdf: VisitPdf | None,
    target: Path,
    done: Callable[[Exported], None],
    failed: Callable[[AppError], None],
) -> None:
    """Export a patient as bundles of HL7 FHIR into a new folder, with the report of a visit; the audit log gets the act."""

    def work(history: History, by: str) -> Exported:
        return exporting.export_folder(
            history,
            history_service.image_store,
            collecting.Selection(patient=patient.pseudonym),
            target,
            form=folder_formats.ExportFormat.FHIR,
            pdf=pdf,
            by=by,
        )

    history_service.write(work, done, failed, is_shown=False, is_whole=False)
