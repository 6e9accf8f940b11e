"""lesionlens-export: turns a Keras model into one .onnx file with its contract, verified before it is written.

The model is the model.keras of a run, with its contract beside it, or one from elsewhere, with its labels on the command line.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.core.errors import AppError, ExportError
from desktop.core.inference.contract import Contract
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.own_labels import label_of, malignancies
from export.quiet import quiet

if TYPE_CHECKING:
    import keras

_FAILED, _INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Export one model; return 0, 1 if it failed, 130 if it was interrupted."""
    options = _parser().parse_args(arguments)
    try:
        if options.labels:
            print(export_foreign(options))
        else:
            contract = options.contract or options.model.with_name("contract.json")
            print(export(options.model, contract, options.output))
    except AppError as error:
        print(error, file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        print("\nStopped; no file was written.", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lesionlens-export", description="Turn a trained Keras model into one ONNX file for LesionLens."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("model", type=Path, metavar="MODEL", help="the model.keras of a run, or any .keras or .h5 file")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="ONNX", help="the file to write")
    parser.add_argument(
        "--contract", type=Path, metavar="JSON", help="what the model promises; default: contract.json beside MODEL"
    )
    other = parser.add_argument_group("a network that was trained elsewhere")
    other.add_argument(
        "--labels",
        nargs="+",
        metavar="NAME",
        help="the label of each output, in their order; or the folder whose class folders, sorted by name, it was trained on",
    )
    other.add_argument(
        "--malignancy",
        default="",
        metavar="TEXT",
        help="of labels that LesionLens does not know: NAME=benign; NAME=malignant",
    )
    other.add_argument(
        "--pixels",
        choices=("0..255", "0..1", "signed"),
        default="",
        help="the range it was trained on, signed being -1..1; default: 0..255 where it scales pixels itself, else 0..1",
    )
    other.add_argument(
        "--fit",
        choices=("stretch", "crop"),
        default="stretch",
        help="whole images squashed to a square (the default), or cut",
    )
    other.add_argument("--name", metavar="TEXT", help="of the model; default: that of its file")
    other.add_argument("--licence", default="not stated", metavar="SPDX", help="of the model")
    return parser


def export_foreign(options: argparse.Namespace) -> str:
    """Convert, check and verify a network that was trained elsewhere; return a report of what was done and assumed.

    Raises:
        ExportError, ModelError: as in `export`, or the network's answers are not probabilities.
        UsageError: the malignancies cannot be parsed.
    """
    own = malignancies(options.malignancy)
    labels = tuple(label_of(name, own) for name in _names(options.labels))
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with quiet():
        from export import convert, foreign, verify  # noqa: PLC0415 - as in export
    description = foreign.Description(
        labels, options.name or options.model.stem, options.licence, options.pixels, options.fit
    )
    network, contract = foreign.adopted(convert.load_network(options.model), description)
    verify.refuse_no_probabilities(network, contract.input_size)
    return f"{_converted(network, contract, options.output)}\n{foreign.told(contract)}"


def _names(given: Sequence[str]) -> list[str]:
    """Return the label names: those of a folder's subfolders, sorted as Keras sorts them, or the names as given."""
    folder = Path(given[0])
    if len(given) == 1 and folder.is_dir():
        return sorted(path.name for path in folder.iterdir() if path.is_dir())
    return list(given)


def export(path: Path, contract_path: Path, output: Path) -> str:
    """Convert, check and verify; only then write the file. Return a report of what was done.

    Raises:
        ExportError: a file cannot be read or written, or the model cannot be converted faithfully.
        ModelError: the contract contradicts itself.
    """
    contract = _read_contract(contract_path)
    # A network trained on another back end can be loaded with TensorFlow's, and only that one can be converted.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with quiet():
        from export import convert  # noqa: PLC0415 - Keras reads its environment when it is first imported
    return _converted(convert.load_network(path), contract, output)


def _converted(loaded: "keras.Model", contract: Contract, output: Path) -> str:
    from export import convert, on_request, seal, verify  # noqa: PLC0415 - as in export

    network = convert.with_named_outputs(loaded, contract)
    with quiet():
        model = convert.convert(network, contract.input_size)
    on_request.compute_on_request(model)
    seal.attach(model, contract)
    verify.check(model)
    differences = verify.verify(model, network, contract.input_size)
    seal.save(model, output)
    told = ", ".join(f"{name} {difference:.1e}" for name, difference in differences.items())
    return f"“{output}” written; largest difference to the network: {told}."


def _read_contract(path: Path) -> Contract:
    try:
        return parse_contract(path.read_bytes())
    except OSError as error:
        raise ExportError(
            "The contract “{path}” cannot be read ({detail}). Give it with --contract.",
            path=path,
            detail=error.strerror,
        ) from error


if __name__ == "__main__":
    sys.exit(main())
