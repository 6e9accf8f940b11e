"""pynetdicom, configured before its first use; pydicom is first."""

import logging

import desktop.core.imaging.pydicom  # noqa: F401 - configures what pynetdicom is built on

# Its log repeats what is sent and answered, with names.
logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)

from pynetdicom import AE, evt  # noqa: E402 - the log is silent first
from pynetdicom.association import Association  # noqa: E402
from pynetdicom.presentation import build_context  # noqa: E402

__all__ = ["AE", "Association", "build_context", "evt"]
