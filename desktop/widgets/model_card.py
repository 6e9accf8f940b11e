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
                (tr("Sources"), ", ".join(data.sources)),
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


def _facts(title: str, rows: "list[tuple[str, str]] | tuple[tuple[str, str], ...]") -> QFrame:
    frame, column = _framed(title)
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
    column.addLayout(grid)
    return frame


def _layers(contract: Contract, parent: QWidget) -> QFrame:
    frame, column = _framed(parent.tr("Layers"))
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
    column.addWidget(table)
    return frame


def _framed(title: str) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(20, 16, 20, 16)
    column.setSpacing(10)
    heading = QLabel(title)
    heading.setObjectName("heading")
    heading.setWordWrap(True)
    column.addWidget(heading)
    return frame, column


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


def _measured(contract: Contract, parent: QWidget) -> QFrame:
    """One row a measure, one column for each set of images that it was taken on."""
    frame, column = _framed(parent.tr("Measured"))
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
    column.addLayout(grid)
    note = QLabel(parent.tr("In brackets: the 95 % interval."))
    note.setProperty("muted", True)
    note.setProperty("small", True)
    column.addWidget(note)
    return frame


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
    return parent.tr(
        "from {threshold:.1f} %: sensitivity {sensitivity:.1f} %, specificity {specificity:.1f} %; "
        "missed {missed} of {positives} ({where})"
    ).format(
        threshold=100 * flag.threshold,
        sensitivity=100 * flag.sensitivity,
        specificity=100 * flag.specificity,
        missed=flag.missed,
        positives=flag.positives,
        where=flag.measured_on,
    )
