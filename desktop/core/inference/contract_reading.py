"""Reads and checks the contract of a model file, which may come from anybody."""

from collections.abc import Iterator
from dataclasses import is_dataclass

import msgspec

from desktop.core.errors import ModelError
from desktop.core.inference.alerts import Alert
from desktop.core.inference.contract import CONTRACT_VERSION, Contract, Flag, Group, Label
from desktop.core.inference.plain_text import is_plain, one_line
from desktop.core.marking import tr

MAX_BYTES = 4_000_000
"""Of a contract's JSON; that of the shipped model, with its layer table, has a hundredth."""

MAX_LABELS = 500
"""Collections of skin images have at most some hundred classes; what shows 10,000 bars shows nothing."""

MAX_NAME, MAX_TEXT = 200, 5_000
"""Characters of a label's, group's or flag's id and name, and of any other text."""


def parse_contract(text: str | bytes) -> Contract:
    """Read and check a contract.

    Raises:
        ModelError: the text is no contract, is of another version, or contradicts itself.
    """
    if len(text) > MAX_BYTES:
        raise ModelError(
            tr("The model's description is longer than {limit} MB. Export the model again with lesionlens-export."),
            limit=MAX_BYTES // 1_000_000,
        )
    try:
        contract = msgspec.json.decode(text, type=Contract)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise ModelError(
            tr("The model's description cannot be read ({detail}). Export the model again with lesionlens-export."),
            detail=one_line(error),
        ) from error
    if contract.version != CONTRACT_VERSION:
        raise ModelError(
            tr("The model keeps version {found} of the contract, this app needs {wanted}. Use a matching LesionLens."),
            found=contract.version,
            wanted=CONTRACT_VERSION,
        )
    _check(contract)
    return contract


def _check(contract: Contract) -> None:
    known = set(contract.label_ids)
    if len(contract.labels) < 2 or len(known) != len(contract.labels):
        raise ModelError(tr("The model's labels are fewer than two or not all different. Export the model again."))
    if len(known) > MAX_LABELS:
        raise ModelError(
            tr("The model has {labels} labels; at most {limit} can be shown. Train it on fewer."),
            labels=len(known),
            limit=MAX_LABELS,
        )
    _check_texts(contract)
    parts: tuple[Group | Flag | Alert, ...] = (*contract.groups, *contract.flags, *contract.alerts)
    for part in parts:
        if not part.labels or not known.issuperset(part.labels):
            raise _unknown_labels(part.name)
    for alert in contract.alerts:
        _check_alert(alert, known)
    for recall in contract.recalls:
        if recall.label not in known:
            raise _unknown_labels(recall.label)
    _check_practice(contract, known)


def _check_alert(alert: Alert, known: set[str]) -> None:
    if not all(term.labels and known.issuperset(term.labels) for term in alert.terms):
        raise _unknown_labels(alert.name)
    if not alert.is_consistent:
        raise ModelError(
            tr("The model's alert “{name}” contradicts itself. Export the model again."), name=one_line(alert.name)
        )


def _check_practice(contract: Contract, known: set[str]) -> None:
    """Refuse a layer of context, or a test of another prior, that contradicts itself or the rest."""
    test, context = contract.prior_test, contract.context
    if test is not None and (set(test.images) != known or not test.is_consistent or contract.prior is None):
        raise ModelError(tr("The model's test of other priors contradicts itself. Export the model again."))
    if context is None:
        return
    ids = {alert.id for alert in contract.alerts}
    offsets = [value.offsets for factor in context.factors for value in factor.values]
    if not all(known.issuperset(offset) for offset in offsets):
        raise _unknown_labels("context")
    if not context.is_consistent or not ids.issuperset((*context.raises, *(test.alert for test in context.tests))):
        raise ModelError(tr("The model's layer of age, sex and site contradicts itself. Export the model again."))


def _check_texts(contract: Contract) -> None:
    """Refuse texts that are not plain or too long: they stand on buttons, in tables and in reports."""
    named: tuple[Label | Group | Flag | Alert, ...] = (
        *contract.labels,
        *contract.groups,
        *contract.flags,
        *contract.alerts,
    )
    names = (contract.name, *(text for part in named for text in (part.id, part.name)))
    too_long = next((text for text in names if len(text) > MAX_NAME), None)
    odd = next((text for text in _texts(contract) if len(text) > MAX_TEXT or not is_plain(text)), too_long)
    if odd is not None:
        raise ModelError(
            tr(
                "A text of the model's is too long, or holds characters that cannot be read: “{text}”. Export it again."
            ),
            text=one_line(odd, 60),
        )


def _texts(part: object) -> Iterator[str]:
    parts = [part]
    while parts:
        part = parts.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            yield from part
        elif isinstance(part, tuple):
            parts.extend(part)
        elif is_dataclass(part):
            parts.extend(vars(part).values())


def _unknown_labels(name: str) -> ModelError:
    return ModelError(
        tr("The model's description speaks of labels under “{name}” that it does not have. Export it again."),
        name=name,
    )
