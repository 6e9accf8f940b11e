"""Model answers as a table apart from the findings, headed "Machine, unverified"."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from desktop.core.errors import AppError, RecordsError
from desktop.core.exchange.columns import time_cell
from desktop.core.inference.contract import Contract
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.inference.judgement import Abstention
from desktop.core.marking import tr
from desktop.core.records.cells import MARK, csv_cell, csv_line, text_of
from desktop.core.records.entries import Authorship, points_text
from desktop.core.records.exchanged_values import AnswerStep, Disclosure
from desktop.core.records.values import StoredAnswer

HEADING = "Machine, unverified"
NOTE = f"{HEADING}. A model's figures, no finding: no clinician has confirmed them."
TABLE = "machine.csv"
MODELS = "models"
"""The folder of the models' contracts, each named by the SHA-256 of its model."""

_COLUMNS = (
    *("image", "region", "alerts", "working_points", "prior", "model", "model_sha256", "probabilities"),
    *("top", "top_probability", "malignant_probability", "abstention", "kind_uncertain", "quality", "novelty"),
    *("preprocessing", "app_version", "who", "when", "seen", "steps"),
)


@dataclass(frozen=True)
class MachineAnswer:
    """A model's answer to an image of the folder.

    `disclosures` say who saw it before an assessment, `steps` what was done about its alert, or why its image is not assessed.
    """

    file: str
    region: str
    answer: StoredAnswer
    written: Authorship
    disclosures: tuple[Disclosure, ...]
    steps: tuple[AnswerStep, ...]

    @property
    def whose(self) -> str:
        """Whose the figures are, in the words of the window: neither the patient's nor those of the lesion's other images."""
        return "region alone" if self.region else "image alone"


class _Seen(msgspec.Struct, frozen=True):
    lesion: bool
    reason: str
    who: str
    when: str


class _Step(msgspec.Struct, frozen=True):
    step: Literal["alert closed", "plan closed"]
    day: dt.date | None
    person: str
    note: str
    who: str
    when: str


def table_text(answers: Iterable[MachineAnswer], contracts: Mapping[str, Contract]) -> str:
    """Return the table; `contracts` are those of the models, by SHA-256, with the name and prior of each."""
    lines = [csv_line([HEADING]), csv_line(_COLUMNS)]
    for one in answers:
        contract, answer = contracts[one.answer.model_sha256], one.answer
        seen = [
            _Seen(shown.has_lesion, shown.reason, shown.written.initials, shown.written.time)
            for shown in one.disclosures
        ]
        cells = (
            *(one.file, one.region, _json(answer.flags), points_text(answer.working_points)),
            *(_json(contract.prior), contract.name, answer.model_sha256, _json(answer.probabilities), answer.top),
            *(_json(answer.top_probability), _json(answer.malignant_probability), answer.abstention or ""),
            *(_json(answer.kind_uncertain), answer.quality or "", _json(answer.novelty)),
            *(str(answer.preprocessing_version), answer.app_version, *one.written.values, _json(seen)),
            _json([_step(step) for step in one.steps]),
        )
        lines.append(csv_line(map(csv_cell, cells)))
    return MARK + "".join(lines)


def read_machine_table(folder: Path) -> tuple[list[MachineAnswer], dict[str, Contract]]:
    """Read the answers of a folder and the contracts of their models; none where it has no such table.

    Raises:
        RecordsError: it, or the contract of a model, cannot be read.
    """
    path = folder / TABLE
    if not path.exists():
        return [], {}
    try:
        answers = list(_answers(path.read_text("utf-8-sig")))
        contracts = {
            sha256: parse_contract((folder / MODELS / f"{sha256}.json").read_text("utf-8"))
            for sha256 in {one.answer.model_sha256 for one in answers}
        }
    except (OSError, ValueError, KeyError, TypeError, csv.Error, AppError) as error:
        raise RecordsError(
            tr("The model answers in “{file}” cannot be read ({detail}). Nothing was imported."),
            file=path,
            detail=error,
        ) from error
    return answers, contracts


def _answers(text: str) -> Iterator[MachineAnswer]:
    reader = csv.reader(io.StringIO(text, newline=""))
    if next(reader, None) != [HEADING] or next(reader, None) != list(_COLUMNS):
        raise ValueError(HEADING)
    for cells in reader:
        row = dict(zip(_COLUMNS, map(text_of, cells), strict=True))
        sha256 = row["model_sha256"]
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(sha256)
        answer = StoredAnswer(
            probabilities=msgspec.json.decode(row["probabilities"], type=dict[str, float]),
            top=row["top"],
            top_probability=msgspec.json.decode(row["top_probability"], type=float),
            malignant_probability=msgspec.json.decode(row["malignant_probability"], type=float | None),
            flags=msgspec.json.decode(row["alerts"], type=tuple[str, ...]),
            abstention=Abstention(row["abstention"]) if row["abstention"] else None,
            kind_uncertain=msgspec.json.decode(row["kind_uncertain"], type=bool),
            quality=row["quality"] or None,
            novelty=msgspec.json.decode(row["novelty"], type=float | None),
            model_sha256=sha256,
            preprocessing_version=int(row["preprocessing"]),
            app_version=row["app_version"],
            working_points=msgspec.json.decode(row["working_points"], type=dict[str, float]),
        )
        seen = msgspec.json.decode(row["seen"], type=list[_Seen])
        disclosures = tuple(Disclosure(one.lesion, one.reason, _written(one.who, one.when)) for one in seen)
        steps = tuple(
            AnswerStep(
                one.step,
                None if one.day is None else one.day.isoformat(),
                one.person,
                one.note,
                _written(one.who, one.when),
            )
            for one in msgspec.json.decode(row["steps"], type=list[_Step])
        )
        written = _written(row["who"], row["when"])
        yield MachineAnswer(row["image"], row["region"], answer, written, disclosures, steps)


def _written(who: str, when: str) -> Authorship:
    return Authorship(who, time_cell(when))


def _step(one: AnswerStep) -> _Step:
    return msgspec.convert(
        {
            "step": one.step,
            "day": one.day,
            "person": one.person,
            "note": one.note,
            "who": one.written.initials,
            "when": one.written.time,
        },
        _Step,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
