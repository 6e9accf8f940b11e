"""A baseline JPEG as a DICOM file, for the checks of the built application and for the pictures of the window."""

from __future__ import annotations

from pathlib import Path

from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, JPEGBaseline8Bit, generate_uid


def write_dicom(path: Path, jpeg: bytes, size: tuple[int, int], kind: UID, **attributes: str) -> Path:
    """Write a colour JPEG of a size, width and height in pixels, as a DICOM file of a storage class.

    `attributes` are further attributes by DICOM keyword. The same arguments give the same file.
    """
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.SOPClassUID, dataset.SOPInstanceUID = kind, generate_uid(entropy_srcs=["LesionLens", path.name])
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "YBR_FULL_422", 0
    dataset.Columns, dataset.Rows = size
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 8, 8, 7, 0
    dataset.PixelData = encapsulate([jpeg])
    dataset["PixelData"].VR = "OB"
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dcmwrite(path, dataset, enforce_file_format=True)
    return path
