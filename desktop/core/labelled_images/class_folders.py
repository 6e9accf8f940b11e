"""Labelled images in class folders, with remarks on other images found there."""

from collections.abc import Iterable
from pathlib import Path

from desktop.core.imaging.dicom_dataset import is_dicom
from desktop.core.imaging.kinds import read_beginning
from desktop.core.imaging.opening import EXTENSIONS
from desktop.core.inference.image_files import find_images, passed_over_remark
from desktop.core.labelled_images.labelled import SPLIT_NAMES, FoundImages, LabelledImage, Split
from desktop.core.labels import label_id
from desktop.core.marking import tr
from desktop.core.sentence import Sentence


def read_folders(data: Path) -> FoundImages:
    """Read `Train/<class>/*` with `Test/<class>/*`, or `<class>/*`; no image is opened."""
    folders = _subfolders(data)
    parents: list[tuple[Split | None, Path]] = [
        (split, folder) for folder in folders if (split := SPLIT_NAMES.get(folder.name.casefold()))
    ]
    stray: list[Path] = []
    if any(split == "train" for split, _ in parents):
        stray = [folder for folder in folders if folder.name.casefold() not in SPLIT_NAMES]
    else:
        parents = [(None, data)]
    images: list[LabelledImage] = []
    names: dict[str, str] = {}
    passed_over: list[str] = []
    for split, folder in [(split, folder) for split, parent in parents for folder in _subfolders(parent)]:
        found = find_images([folder])
        passed_over += found.passed_over.values()
        label = label_id(folder.name)
        for path in found.images:
            names.setdefault(label, folder.name)
            images.append(LabelledImage(path, path.relative_to(data).as_posix(), label, split))
    remarks = [*_stray(stray), *_loose(dict.fromkeys([data, *(parent for _, parent in parents)]))]
    if remark := passed_over_remark(passed_over):
        remarks.append(Sentence(remark.template, remark.fields))
    return FoundImages(images, names, remarks, passed_over=len(passed_over))


def _subfolders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _stray(folders: Iterable[Path]) -> list[Sentence]:
    """Return a remark on each folder with images beside the folders of the splits."""
    counts = {folder: len(find_images([folder]).images) for folder in folders}
    return [
        Sentence(
            tr(
                "“{folder}” stands beside Train and is not read, images in it: {count}. Move it into Train, Validation or "
                "Test."
            ),
            {"folder": folder.name, "count": count},
        )
        for folder, count in counts.items()
        if count
    ]


def _loose(folders: Iterable[Path]) -> list[Sentence]:
    """Return a remark on each parent folder that directly contains images."""
    remarks = []
    for folder in folders:
        loose = sorted(path for path in folder.iterdir() if path.is_file() and _is_image(path))
        if loose:
            remarks.append(
                Sentence(
                    tr(
                        "Loose images in “{folder}”, which are not read: {count}, the first is “{name}”. Move each into the "
                        "folder of its class."
                    ),
                    {"folder": folder.name, "count": len(loose), "name": loose[0].name},
                )
            )
    return remarks


def _is_image(path: Path) -> bool:
    return path.suffix.casefold() in EXTENSIONS or is_dicom(read_beginning(path))
