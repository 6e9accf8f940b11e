"""Writes committed assessments and plans as GDT results for a practice system. Without either there is no result."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from desktop.core.diagnoses import confidence_name, diagnosis_name, plan_name
from desktop.core.exchange.anatomic_sites import site_words
from desktop.core.exchange.asked_patient import AskedPatient
from desktop.core.exchange.collecting import Collected
from desktop.core.exchange.contents import PatientContents
from desktop.core.exchange.findings import Finding, assessments, plans
from desktop.core.exchange.gdt_folder import MOST_RESULTS, Connection, put_result
from desktop.core.exchange.gdt_lines import GdtError
from desktop.core.exchange.gdt_records import Result
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.marking import tr
from desktop.core.records.exchanged_values import ImageRow


class GdtResults:
    """A folder with a file for each assessment and plan; images and model answers have no place in it."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        """Write into a folder, with the ids and fields of a connection.

        Raises:
            GdtError: the ids are none.
        """
        self._connection = replace(connection, folder=folder.absolute())
        self._connection.check()

    def add_image(self, file: str, data: bytes, row: ImageRow, original: bytes) -> str:  # noqa: ARG002 - as in all
        """Leave an image out: GDT has no place for it."""
        return file

    def finish(self, found: Collected, answers: list[MachineAnswer]) -> None:  # noqa: ARG002 - as in all
        """Write the results in the order of time.

        Raises:
            GdtError: there are more than one folder can hold, or a text is too long.
        """
        results = sorted((one for patient in found.contents.patients for one in _results(patient)), key=_moment)
        if len(results) > MOST_RESULTS:
            raise GdtError(
                tr("A GDT folder holds {limit} results, and these are {count}. Export with --patient or --since."),
                limit=MOST_RESULTS,
                count=len(results),
            )
        for result in results:
            put_result(replace(result, test=self._connection.test), self._connection)


def _moment(result: Result) -> dt.datetime:
    return result.moment


def _results(one: PatientContents) -> Iterator[Result]:
    patient = AskedPatient(one.patient.pseudonym, sex=one.patient.sex)
    for lesion in one.lesions:
        where = ", ".join(filter(None, (lesion.lesion.name, site_words(lesion.lesion.site))))
        for finding in (*assessments(lesion.statements), *plans(lesion.statements)):
            yield _result(patient, finding, where)
    for image in one.images:
        for finding in (*assessments(image.statements), *plans(image.statements)):
            yield _result(patient, finding, "")


def _result(patient: AskedPatient, finding: Finding, where: str) -> Result:
    written = finding.statement.written
    moment = dt.datetime.fromisoformat(written.time).astimezone()
    visit_day = finding.statement.day
    said = [
        diagnosis_name(finding.text("diagnosis")),
        finding.text("change"),
        _named("confidence", confidence_name(finding.text("confidence")).casefold()),
        _named("plan:", " on ".join(filter(None, (plan_name(finding.text("plan")), finding.text("plan_date"))))),
        finding.text("note"),
        _named("visit of", visit_day if visit_day != moment.date().isoformat() else ""),
    ]
    text = "; ".join(filter(None, said))
    by = "Planned by" if finding.statement.is_plan else "Assessed by"
    return Result(
        patient,
        moment,
        "",
        (f"{where}: {text}" if where else text,),
        (_named(by, written.initials),) if written.initials else (),
    )


def _named(heading: str, value: str) -> str:
    return f"{heading} {value}" if value else ""
