"""The user's settings: one typed table over QSettings."""

from contextlib import suppress
from pathlib import Path
from typing import Generic, Self, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from desktop.core.frozen import frozen
from desktop.core.private_files import make_file, make_folder

T = TypeVar("T", str, bool, int, list[str], QByteArray)

RECENT_LIMIT = 10


@frozen
class Setting(Generic[T]):
    """One setting: its key in the file, and its default."""

    key: str
    default: T


THEME = Setting("view/theme", "system")
BY_SIZE = Setting("view/by_size", False)
SEEN_FRAME = Setting("view/outline", True)  # the key in the files of 0.1.0
ORDER_BY_APPEARANCE = Setting("view/order_by_appearance", False)
"""Whether the contact sheet offers an order that nobody has tested."""
GEOMETRY = Setting("window/geometry", QByteArray())
HAS_BEGUN = Setting("window/has_begun", False)
"""Whether the program was in use before, so that it need not introduce itself."""
INITIALS = Setting("user/initials", "")
BLIND_FIRST = Setting("user/blind_first", True)
IDLE_LOCK = Setting("user/idle_lock", 0)  # minutes; 0 is never
IMAGE_FOLDER = Setting("folders/images", "")
BATCH_FOLDER = Setting("folders/batch", "")
WATCHED_FOLDER = Setting("folders/watched", "")
BACKUP_FOLDER = Setting("folders/backup", "")
EXPORT_FOLDER = Setting("folders/export", "")
HISTORY_FILTER = Setting("history/filter", "")
HISTORY_LOOK = Setting("history/look", "table")
HISTORY_COLUMNS = Setting("history/columns", "")
HISTORY_SPLIT = Setting("history/split", QByteArray())
HISTORY_PREVIEW = Setting("history/preview", True)
RECENT: Setting[list[str]] = Setting("files/recent", [])
SCALE_DEVICES: Setting[list[str]] = Setting("ruler/devices", [])
CAPTURE_DEVICES: Setting[list[str]] = Setting("follow_up/devices", [])
OVERLAY_OPACITY = Setting("view/overlay_opacity", 55)
CLINIC: Setting[list[str]] = Setting("report/clinic", [])
MODEL = Setting("model/file", "")
GDT_IS_ON = Setting("practice_system/gdt", False)
GDT_FOLDER = Setting("practice_system/folder", "")
GDT_OWN_ID = Setting("practice_system/own_id", "LSNL")
GDT_SYSTEM_ID = Setting("practice_system/system_id", "PVS1")
GDT_CHARACTER_SET = Setting("practice_system/character_set", "3")
GDT_TEST = Setting("practice_system/test", "DERM")
GDT_FINDINGS = Setting("practice_system/findings", "6220")
GDT_REPORT = Setting("practice_system/report", True)
GDT_PSEUDONYM = Setting("practice_system/pseudonym", "number")
HISTORY_TRIAL = Setting("model/history_trial", "")
"""The model file that is tried on the history and not decided about."""
TRAINING: Setting[list[str]] = Setting("model/training", [])
"""The folder that a new model is made of, and the file of the model that it was exported for; see `TrainingRun`."""
DICOM_IS_ON = Setting("dicom/is_on", False)
DICOM_OWN_TITLE = Setting("dicom/own_title", "LESIONLENS")
DICOM_ARCHIVE_TITLE = Setting("dicom/archive_title", "")
DICOM_ARCHIVE_HOST = Setting("dicom/archive_host", "")
DICOM_ARCHIVE_PORT = Setting("dicom/archive_port", 104)
DICOM_WORKLIST_TITLE = Setting("dicom/worklist_title", "")
DICOM_WORKLIST_HOST = Setting("dicom/worklist_host", "")
DICOM_WORKLIST_PORT = Setting("dicom/worklist_port", 104)
DICOM_TLS = Setting("dicom/tls", False)
DICOM_AUTHORITY = Setting("dicom/authority", "")
DICOM_ANSWERS = Setting("dicom/answers", False)
DICOM_OWN_ENTRIES = Setting("dicom/own_entries", True)
PRACTICE_PRIOR = Setting("model/practice_prior", "")
FOLLOW_UP_MONTHS = Setting("practice/follow_up_months", 18)
"""After how many months of follow-up an unchanged lesion counts as benign in own figures."""


class Settings:
    """Typed access to the table above."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read the settings in a data folder. Folder and file are created for their owner only, which Qt does not do."""
        file = folder / "settings.ini"
        with suppress(OSError):  # settings that cannot be written are lost; the history reports the unwritable folder
            make_folder(folder)
            make_file(file)
        return cls(QSettings(str(file), QSettings.Format.IniFormat))

    def get(self, setting: Setting[T]) -> T:
        """Return the user's choice, or the default."""
        value = self._store.value(setting.key, setting.default, type(setting.default))
        if isinstance(value, type(setting.default)):
            return value
        return setting.default

    def put(self, setting: Setting[T], value: T) -> None:
        """Save the user's choice."""
        self._store.setValue(setting.key, value)

    def sync(self) -> None:
        """Write unsaved changes to the file."""
        self._store.sync()

    def recent_files(self) -> list[Path]:
        """Return the recently opened images, newest first."""
        return [Path(text) for text in self.get(RECENT)]

    def add_recent_file(self, path: Path) -> None:
        """Add an image in front of the recent ones."""
        others = [text for text in self.get(RECENT) if text != str(path)]
        self.put(RECENT, [str(path), *others][:RECENT_LIMIT])

    def forget_recent_files(self) -> None:
        """Clear the list of recent images."""
        self.put(RECENT, [])
