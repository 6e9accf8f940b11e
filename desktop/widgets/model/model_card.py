"""The card of a model: a summary for the clinician, then training data, figures, thresholds and layers."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.labels import MELANOMA
from desktop.core.records.model_decisions import ModelDecision
from desktop.widgets.common.card import Card, facts_card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import count, in_order, label_name
from desktop.widgets.model.adoption_card import adoption_card
from desktop.widgets.model.model_charts import recalls_card, reliability_card
from desktop.widgets.model.model_context import context_card
from desktop.widgets.model.model_summary import summary_card
from desktop.widgets.model.model_tables import figures_card, layers_card
from desktop.widgets.model.model_thresholds import thresholds_card
from desktop.widgets.model.recalibration_card import recalibration_card


def model_card(classifier: Classifier, adopted: ModelDecision | None = None) -> QWidget:
    """Lay out a model's contract, first what a clinician can act on, then the technical half. Missing parts are left out.

    The working points of its alerts are marked. `adopted` is the decision with which it came into use, if there is one.
    """
    contract = classifier.contract
    body = QWidget()
    heading = PlainLabel(body.tr("Technical details"))
    heading.setObjectName("title")
    recalls = [recalls_card(contract, body)] if contract.recalls else []
    reliability = [reliability_card(contract, body)] if contract.reliability else []
    whole = QVBoxLayout(body)
    whole.setContentsMargins(0, 0, 8, 0)
    whole.setSpacing(16)
    whole.addWidget(summary_card(contract, classifier.working_points, body))
    if adopted is not None:
        whole.addWidget(adoption_card(adopted, body))
    if contract.recalibration is not None:
        whole.addWidget(recalibration_card(contract.recalibration, body))
    whole.addLayout(_columns([_learned(contract, body)], recalls))
    whole.addWidget(heading)
    whole.addLayout(
        _columns(
            [_identity(contract, classifier.path, classifier.sha256, body), *reliability],
            [figures_card(contract, body), thresholds_card(contract, classifier.working_points, body)],
        )
    )
    if contract.context is not None:
        whole.addWidget(context_card(contract, contract.context, body))
    whole.addWidget(layers_card(contract, body))
    return body


def _columns(*sides: Sequence[Card]) -> QHBoxLayout:
    """Lay out cards in columns, the first a little narrower; a column without cards is left out."""
    columns = QHBoxLayout()
    columns.setSpacing(16)
    for number, cards in enumerate(filter(None, sides)):
        column = QVBoxLayout()
        column.setSpacing(16)
        for card in cards:
            column.addWidget(card)
        column.addStretch(1)
        columns.addLayout(column, 6 if number else 5)
    return columns


def _identity(contract: Contract, path: Path, sha256: str, parent: QWidget) -> Card:
    tr = parent.tr
    return facts_card(
        tr("The file"),
        (
            (tr("Name"), contract.name),
            (tr("Intended use"), _intended_use(contract, parent)),
            (tr("Made on"), contract.date),
            (tr("Architecture"), contract.architecture.name),
            (tr("Parameters"), count(contract.architecture.parameters)),
            (tr("Input"), _input(contract, parent)),
            (tr("Labels"), ", ".join(label_name(contract, label.id) for label in in_order(contract.labels))),
            (tr("Licence"), contract.licence),
            (tr("File"), str(path)),
            (tr("SHA-256"), "\u200b".join(sha256[start : start + 16] for start in range(0, 64, 16))),
        ),
    )


def _learned(contract: Contract, parent: QWidget) -> Card:
    """List the training data by label, in the order of the result, and the prior that calibration assumes."""
    tr, data = parent.tr, contract.training_data
    known = [label.id for label in in_order(contract.labels)]
    counts = sorted(
        data.label_counts.items(), key=lambda item: known.index(item[0]) if item[0] in known else len(known)
    )
    card = facts_card(
        tr("Learned from"),
        (
            (tr("Sources"), ", ".join(data.sources) or tr("not stated")),
            (tr("Licence"), data.licence),
            (tr("Images"), count(sum(data.label_counts.values())) if data.label_counts else tr("not stated")),
            *((label_name(contract, label), count(images)) for label, images in counts),
        ),
    )
    melanoma = (contract.calibration_mix or {}).get(MELANOMA)
    if melanoma is not None:
        card.add_note(
            tr("Percentages assume {share:.0f} % melanomas among the images; not your patient's risk.").format(
                share=100 * melanoma
            )
        )
    return card


def _intended_use(contract: Contract, parent: QWidget) -> str:
    if not contract.is_for_patients:
        return parent.tr("demonstration; not for patients")
    return parent.tr("research and teaching")


def _input(contract: Contract, parent: QWidget) -> str:
    side = contract.input_size
    how = parent.tr("stretched to a square") if contract.fit == "stretch" else parent.tr("central square")
    return f"{side} × {side}, {how}"
