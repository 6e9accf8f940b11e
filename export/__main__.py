"""lesionlens-export: the model.keras of a run becomes one .onnx file with its contract, verified before it is written."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop import __version__
from desktop.core.errors import AppError, ExportError
from desktop.core.inference.contract import Contract, parse_contract
from export.quiet import quiet

_FAILED, _INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Export one model; return 0, 1 where it failed, 130 where it was interrupted."""
    parser = argparse.ArgumentParser(
        prog="lesionlens-export", description="Turn a trained Keras model into one ONNX file for LesionLens."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("model", type=Path, metavar="MODEL.keras", help="the network of a finished run")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="ONNX", help="the file to write")
    parser.add_argument(
        "--contract",
        type=Path,
        metavar="JSON",
        help="what the model promises; default: contract.json beside MODEL.keras",
    )
    options = parser.parse_args(arguments)
    try:
        print(export(options.model, options.contract or options.model.with_name("contract.json"), options.output))
    except AppError as error:
        print(error, file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        print("\nStopped; no file was written.", file=sys.stderr)
        return _INTERRUPTED
    return 0


def export(path: Path, contract_path: Path, output: Path) -> str:
    """Convert, check and verify; only then write the file. Return what was done, in words.

    Raises:
        ExportError: a file cannot be read or written, or the model cannot be converted faithfully.
        ModelError: the contract contradicts itself.
    """
    contract = _read_contract(contract_path)
    # A network trained on another back end loads in TensorFlow's as well, and only from there it converts.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with quiet():
        from export import convert, seal, verify  # noqa: PLC0415 - Keras reads its environment when it is first imported
    network = convert.with_named_outputs(convert.load_network(path), contract)
    with quiet():
        model = convert.convert(network, contract.input_size)
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
