"""pydicom, configured before its first use.

As soon as it is imported, pydicom looks for example files and brings along the code that would download them. LesionLens
speaks to no network, and the application is built without the modules for it: empty modules stand in for those two.
"""

import logging
import sys
import warnings
from types import ModuleType


def _leave_out(name: str, **attributes: object) -> None:
    if name not in sys.modules:
        stand_in = ModuleType(name, "Stands in for a part of pydicom that LesionLens leaves out.")
        vars(stand_in).update(attributes)
        sys.modules[name] = stand_in


_leave_out("pydicom.examples")
_leave_out("pydicom.data", get_palette_files=None)  # colour tables of other devices, for pixels that are not ours

from pydicom import Dataset, config, dcmread, dcmwrite  # noqa: E402 - the stand-ins come first
from pydicom.dataset import FileMetaDataset  # noqa: E402
from pydicom.encaps import encapsulate, get_frame  # noqa: E402
from pydicom.filereader import read_dataset  # noqa: E402
from pydicom.multival import MultiValue  # noqa: E402
from pydicom.uid import UID  # noqa: E402

__all__ = [
    "UID",
    "Dataset",
    "FileMetaDataset",
    "MultiValue",
    "dcmread",
    "dcmwrite",
    "encapsulate",
    "get_frame",
    "read_dataset",
]

# Values that break the standard (a number in quotes) are common and are read as intended. pydicom's warnings about them
# repeat the value, which would put a patient's name into the log.
config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", category=UserWarning, module=r"pydicom\b")
