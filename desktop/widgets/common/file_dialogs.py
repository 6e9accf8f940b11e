"""File and folder dialogs, and saving tables through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.audit_trail import AuditTrail
from desktop.system.settings import BATCH_FOLDER, EXPORT_FOLDER, IMAGE_FOLDER, Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.message_bar import MessageBar

if TYPE_CHECKING:
    from desktop.core.imaging import opening
    from desktop.core.records import audit_acts, table_files, tables
    from desktop.core.records.audit_acts import Detail
    from desktop.core.records.tables import TableRow
else:
    audit_acts = Late("desktop.core.records.audit_acts")
    opening = Late("desktop.core.imaging.opening")
    table_files = Late("desktop.core.records.table_files")
    tables = Late("desktop.core.records.tables")


class FileDialogs(QObject):
    """Asks for files, starting in the folder used last."""

    def __init__(self, window: QWidget, tasks: Tasks, settings: Settings, audit: AuditTrail) -> None:
        super().__init__(window)
        self._audit = audit
        self._window = window
        self._tasks = tasks
        self._settings = settings

    def choose_images(self) -> list[Path]:
        """Ask for images; return none if the user cancels."""
        patterns = " ".join(f"*{extension}" for extension in sorted(opening.EXTENSIONS))
        names, _ = QtWidgets.QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Open images"),
            self._settings.get(IMAGE_FOLDER),
            self.tr("Images ({patterns})").format(patterns=patterns) + ";;" + self.tr("All files (*)"),
        )
        if names:
            self._settings.put(IMAGE_FOLDER, str(Path(names[0]).parent))
        return [Path(name) for name in names]

    def choose_original(self, name: str) -> Path | None:
        """Ask for the new location of an image that was moved."""
        chosen, _ = QtWidgets.QFileDialog.getOpenFileName(
            self._window, self.tr("Where is “{name}” now?").format(name=name), self._settings.get(IMAGE_FOLDER)
        )
        return Path(chosen) if chosen else None

    def choose_folder(self) -> Path | None:
        """Ask for a folder to classify."""
        name = QtWidgets.QFileDialog.getExistingDirectory(
            self._window, self.tr("Classify a folder"), self._settings.get(BATCH_FOLDER)
        )
        if not name:
            return None
        self._settings.put(BATCH_FOLDER, name)
        return Path(name)

    def choose_watched(self) -> Path | None:
        """Ask for a folder to watch, such as the camera's export folder."""
        name = QtWidgets.QFileDialog.getExistingDirectory(
            self._window, self.tr("Watch a folder for new images"), self._settings.get(IMAGE_FOLDER)
        )
        return Path(name) if name else None

    def choose_model(self) -> Path | None:
        """Ask for a model file."""
        name, _ = QtWidgets.QFileDialog.getOpenFileName(
            self._window, self.tr("Choose a model"), "", self.tr("Models (*.onnx);;All files (*)")
        )
        return Path(name) if name else None

    def choose_report(self, name: str) -> Path | None:
        """Ask where to save a report as PDF, proposing `name`."""
        offered = Path(self._settings.get(EXPORT_FOLDER) or Path.home()) / name
        target = ask_target(self._window, self.tr("Save the report"), offered, self.tr("PDF document (*.pdf)"))
        if target is not None:
            self._settings.put(EXPORT_FOLDER, str(target.parent))
        return target

    def save_table(
        self,
        rows: list[TableRow],
        labels: tuple[str, ...] | None,
        name: str,
        messages: MessageBar,
        note: str = "",
        *,
        of: str,
        has_patients: bool = False,
    ) -> None:
        """Ask for a file, write a table to it as CSV or JSON Lines by its extension, and report the result with `note`.

        `of` says in the audit log what the table is of: "history" or "batch".
        If the rows `has_patients`, a CSV with patient data can be chosen as well; it is never the default.
        """
        folder = Path(self._settings.get(EXPORT_FOLDER) or Path.home())
        forms = {
            self.tr("CSV table (*.csv)"): tables.TableFormat.CSV,
            self.tr("JSON Lines (*.jsonl)"): tables.TableFormat.JSON_LINES,
        }
        with_patient = self.tr("CSV with patient data (*.csv)")
        if has_patients:
            forms[with_patient] = tables.TableFormat.CSV
        with _save_dialog(self._window, self.tr("Save the table"), folder / name) as dialog:
            dialog.setNameFilters(list(forms))
            dialog.setDefaultSuffix(tables.TableFormat.CSV)
            dialog.filterSelected.connect(lambda one: dialog.setDefaultSuffix(forms[one]))
            if not dialog.exec():
                return
            target, chosen = Path(dialog.selectedFiles()[0]), dialog.selectedNameFilter()
        form = tables.TableFormat.JSON_LINES if target.suffix.lower() == ".jsonl" else tables.TableFormat.EXCEL
        names_patients = form is tables.TableFormat.EXCEL and chosen == with_patient
        self._settings.put(EXPORT_FOLDER, str(target.parent))
        one, several = (
            (
                self.tr("1 row with patient data saved in “{file}”."),
                self.tr("{count} rows with patient data saved in “{file}”."),
            )
            if names_patients
            else (self.tr("1 row saved in “{file}”."), self.tr("{count} rows saved in “{file}”."))
        )
        saved = (one if len(rows) == 1 else several).format(count=len(rows), file=target)

        def write(fail: Callable[[AppError], None]) -> None:
            self._tasks.run(
                Lane.IMAGES,
                lambda _task: table_files.write_table(target, rows, labels, form, include_patient=names_patients),
                lambda _nothing: messages.say(f"{saved} {note}".strip(), error=False),
                fail,
            )

        detail: dict[str, Detail] = {
            "of": of,
            "format": form.value,
            "rows": len(rows),
            "patient data": names_patients,
        }
        self._audit.attempt(audit_acts.Action.TABLE_EXPORTED, detail, write, messages.tell)


def ask_target(window: QWidget, title: str, offered: Path, form: str) -> Path | None:
    """Ask where to save a file of one format; return None if the user cancels.

    A missing extension is added before the user is asked whether to overwrite an existing file.
    """
    with _save_dialog(window, title, offered) as dialog:
        dialog.setNameFilter(form)
        dialog.setDefaultSuffix(offered.suffix)
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None


@contextmanager
def _save_dialog(window: QWidget, title: str, offered: Path) -> Iterator[QtWidgets.QFileDialog]:
    """Make a dialog for the name of a new file, and delete it afterwards: the window would keep it until the program ends."""
    dialog = QtWidgets.QFileDialog(window, title, str(offered))
    dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
    try:
        yield dialog
    finally:
        dialog.deleteLater()
