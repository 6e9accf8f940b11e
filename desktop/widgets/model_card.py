"""The card of a model: what it is, what it learned from, what was measured, what its thresholds miss, its layers."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.inference.contract import Contract, Figure, Flag
from desktop.widgets.card import Card
from desktop.widgets.wording import in_order, label_name, translated


def model_card(contract: Contract, path: Path, sha256: str) -> QWidget:
    """Lay out what a contract says; `path` and `sha256` are those of the model file."""
    body = QWidget()
    columns = QHBoxLayout(body)
    columns.setContentsMargins(0, 0, 8, 0)
    columns.setSpacing(16)
    left, right = QVBoxLayout(), QVBoxLayout()
    for column in (left, right):
        column.setSpacing(16)
        columns.addLayout(column, 1)
    tr = body.tr
    left.addWidget(
        _facts(
            contract.name,
            (
                (tr("Intended use"), _intended_use(contract, body)),
                (tr("Made on"), contract.date),
                (tr("Architecture"), contract.architecture.name),
                (tr("Parameters"), f"{contract.architecture.parameters:,}".replace(",", "\u202f")),
                (tr("Input"), _input(contract, body)),
                (tr("Labels"), ", ".join(_labels(contract))),
                (tr("Licence"), contract.licence),
                (tr("File"), str(path)),
                (tr("SHA-256"), "\u200b".join(sha256[start : start + 16] for start in range(0, 64, 16))),
            ),
        )
    )
    data = contract.training_data
    learned = sum(data.label_counts.values())
    left.addWidget(
        _facts(
            tr("Learned from"),
            (
                (tr("Sources"), ", ".join(data.sources) or tr("not stated")),
                (tr("Licence"), data.licence),
                (tr("Images"), str(learned)),
                *((label_name(contract, label), str(count)) for label, count in data.label_counts.items()),
            ),
        )
    )
    left.addStretch(1)
    right.addWidget(
        _measured(contract, body)
        if contract.figures
        else _facts(tr("Measured"), [("", tr("No figure was measured on this model."))])
    )
    right.addWidget(
        _facts(tr("Thresholds"), [(translated(flag.name), _flag(flag, body)) for flag in contract.flags])
        if contract.flags
        else _facts(tr("Thresholds"), [("", tr("This model has no measured thresholds."))])
    )
    right.addWidget(_layers(contract, body))
    right.addStretch(1)
    return body


def _facts(title: str, rows: "list[tuple[str, str]] | tuple[tuple[str, str], ...]") -> Card:
    card = Card(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(rows):
        subject, text = QLabel(name), QLabel(value)
        subject.setProperty("muted", True)
        subject.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if name:
            grid.addWidget(subject, row, 0)
            grid.addWidget(text, row, 1)
        else:
            grid.addWidget(text, row, 0, 1, 2)
    card.column.addLayout(grid)
    return card


def _layers(contract: Contract, parent: QWidget) -> Card:
    card = Card(parent.tr("Layers"))
    layers = contract.architecture.layers
    table = QTableWidget(len(layers), 3)
    table.setHorizontalHeaderLabels([parent.tr("Layer"), parent.tr("Output shape"), parent.tr("Parameters")])
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    for row, layer in enumerate(layers):
        cells = (f"{layer.name} ({layer.kind})", " × ".join(map(str, layer.output_shape)), f"{layer.parameters:,}")
        for column_index, text in enumerate(cells):
            item = QTableWidgetItem(text.replace(",", "\u202f"))
            if column_index:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column_index, item)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.resizeRowsToContents()
    table.setFixedHeight(sum(table.rowHeight(row) for row in range(len(layers))) + 44)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    card.column.addWidget(table)
    return card


def _labels(contract: Contract) -> list[str]:
    return [label_name(contract, label.id) for label in in_order(contract.labels)]


def _intended_use(contract: Contract, parent: QWidget) -> str:
    if contract.intended_use == "demonstration":
        return parent.tr("demonstration; not for patients")
    return parent.tr("research and teaching")


def _input(contract: Contract, parent: QWidget) -> str:
    side = contract.input_size
    how = parent.tr("stretched to a square") if contract.fit == "stretch" else parent.tr("central square")
    return f"{side} × {side}, {how}"


def _measured(contract: Contract, parent: QWidget) -> Card:
    """One row a measure, one column for each set of images that it was taken on."""
    card = Card(parent.tr("Measured"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(8)
    sets = list(dict.fromkeys(figure.measured_on for figure in contract.figures))
    names = list(dict.fromkeys(figure.name for figure in contract.figures))
    for position, where in enumerate(sets, 1):
        heading = QLabel(where)
        heading.setProperty("muted", True)
        grid.addWidget(heading, 0, position)
        grid.setColumnStretch(position, 1)
    for position, name in enumerate(names, 1):
        subject = QLabel(name)
        subject.setProperty("muted", True)
        subject.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(subject, position, 0)
    for figure in contract.figures:
        text = QLabel(_figure(figure, parent))
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text, names.index(figure.name) + 1, sets.index(figure.measured_on) + 1)
    card.column.addLayout(grid)
    card.add_note(parent.tr("In brackets: the 95 % interval."))
    return card


def _figure(figure: Figure, parent: QWidget) -> str:
    """Return a figure in two lines: the value with its n, and its interval where it has one."""
    if figure.k is None:
        value = parent.tr("{value:.3f}, n = {n}").format(value=figure.value, n=figure.n)
        interval = "" if figure.low is None or figure.high is None else f"({figure.low:.3f} – {figure.high:.3f})"
    else:
        value = f"{100 * figure.value:.1f} %, {figure.k} / {figure.n}"
        interval = (
            "" if figure.low is None or figure.high is None else f"({100 * figure.low:.1f} – {100 * figure.high:.1f} %)"
        )
    return f"{value}\n{interval}".rstrip()


def _flag(flag: Flag, parent: QWidget) -> str:
    words = [
        parent.tr("from {threshold:.1f} %").format(threshold=100 * flag.threshold),
        parent.tr("set on {where}: missed {missed} of {positives}, specificity {specificity:.1f} %").format(
            where=flag.measured_on, missed=flag.missed, positives=flag.positives, specificity=100 * flag.specificity
        ),
    ]
    if flag.tested is not None:
        test = flag.tested
        words.append(
            parent.tr("on {where}: missed {missed} of {positives}, raised wrongly on {wrong} of {negatives}").format(
                where=test.measured_on,
                missed=test.missed,
                positives=test.positives,
                wrong=test.raised_wrongly,
                negatives=test.negatives,
            )
        )
    return "\n".join(words)
