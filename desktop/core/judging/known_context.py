"""Age, sex and site as a clinic's table of labelled images gives them, for a model that has a layer for these."""

from collections.abc import Callable, Iterable
from pathlib import Path

from desktop.core.errors import UsageError
from desktop.core.inference.context import age_band_of, sex_of, site_of
from desktop.core.inference.context_file import ContextTable
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.marking import tr
from desktop.core.patient_context import PatientContext
from desktop.core.sentence import Counted, Sentence

_STRANGE = Counted(
    tr("{count} entry of age, sex or site is not understood and taken for unknown: “{first}”."),
    tr("{count} entries of age, sex or site are not understood and taken for unknown, the first is “{first}”."),
)


def context_in(images: Iterable[LabelledImage]) -> tuple[ContextTable | None, tuple[Sentence, ...]]:
    """Return what the data themselves say of the patients, None if they say nothing, and a remark on what is not understood."""
    strange: list[str] = []

    def read(reader: Callable[[str], str], text: str) -> str:
        try:
            return reader(text)
        except UsageError:
            strange.append(text)
            return ""

    rows = {}
    for image in images:
        age = "" if image.age is None else f"{image.age:g}"
        context = PatientContext(read(age_band_of, age), read(sex_of, image.sex), read(site_of, image.site))
        if context:
            rows[str(image.path)] = context
    remarks = (_STRANGE.of(len(strange), first=strange[0]),) if strange else ()
    return (ContextTable("data", Path(), rows) if rows else None), remarks
