"""Models for the screenshots: the shipped file with other limits, to show states that it does not reach by itself.

Their contracts say so where they state a limit's origin. None of them is kept.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import msgspec
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from desktop.core.inference.context import Context, ContextFactor, ContextValue
from desktop.core.inference.contract import (
    EMBEDDING,
    METADATA_KEY,
    NOVELTY,
    Contract,
    Figure,
    QualityLimits,
    Recalibration,
)
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.inference.prior import PriorTest
from desktop.core.paths import SHIPPED_MODEL

_FIGURES = Path(__file__).parents[1] / "docs" / "measured" / "figures.json"
_MADE = "limit set for this picture"
_LAYER = Context(
    "made for this picture",
    "made for this picture",
    (
        ContextFactor("age", (ContextValue("70-79", {"melanoma": 0.25, "nevus": -0.35}),)),
        ContextFactor("sex", (ContextValue("male", {"melanoma": -0.1}),)),
        ContextFactor("site", (ContextValue("head and neck", {"actinic_keratosis": 0.35, "nevus": -0.2}),)),
    ),
    ("melanoma",),
    (),
    (),
)
"""For a shipped model that carries no layer of age, sex and site."""
_RECALIBRATED = Recalibration(
    date="2026-11-28",
    model_sha256="0" * 64,
    temperature=1.12,
    sets_thresholds=True,
    lesions=412,
    images=655,
    melanomas=38,
    fingerprint="0" * 64,
    image_hashes=(),
    before=(
        Figure("calibration error", _MADE, 0.081, 655),
        Figure("log loss", _MADE, 0.902, 655),
        Figure("Melanoma alert, sensitivity", _MADE, 35 / 38, 38, 35, 0.792, 0.973),
        Figure("Melanoma alert, other lesions raised", _MADE, 205 / 374, 374, 205, 0.498, 0.598),
    ),
    after=(
        Figure("calibration error", _MADE, 0.043, 655),
        Figure("log loss", _MADE, 0.881, 655),
        Figure("Melanoma alert, sensitivity", _MADE, 36 / 38, 38, 36, 0.827, 0.985),
        Figure("Melanoma alert, other lesions raised", _MADE, 191 / 374, 374, 191, 0.460, 0.561),
    ),
)
"""Figures that nobody measured, for the card of a recalibrated file."""
_FAR = 3.2
_UNREACHED = 100.0


def write_models(folder: Path) -> dict[str, Path]:
    """Write the models into a folder; return their files by the name of the state that they show.

    `answer` withholds nothing as novel or uncertain: drawings are not dermoscopy, and the shipped model flags many of them.
    """
    proto = onnx.load(SHIPPED_MODEL)
    shipped = parse_contract(next(one.value for one in proto.metadata_props if one.key == METADATA_KEY))
    bare = dataclasses.replace(shipped, novelty_threshold=_UNREACHED, certainty_threshold=None)
    strict = QualityLimits(_MADE, 0.05, sharpness_least=1.1)
    models = {
        "answer": _write(proto, bare, folder),
        "practice": _write(
            proto,
            dataclasses.replace(
                bare, context=shipped.context or _LAYER, prior_test=shipped.prior_test or _measured_prior_test()
            ),
            folder,
        ),
        "recalibrated": _write(proto, _recalibrated(bare), folder),
        "candidate": _write(proto, _candidate(bare), folder),
        "earlier": _write(proto, dataclasses.replace(bare, date="2020-01-01"), folder),
        "alike": _write(proto, dataclasses.replace(bare, name=f"{bare.name}, alike"), folder),
        "of unknown training": _write(proto, _of_unknown_training(bare), folder),
        "quality": _write(proto, dataclasses.replace(bare, quality=strict), folder),
        "uncertain": _write(proto, dataclasses.replace(bare, certainty_threshold=0.99), folder),
    }
    _add_novelty(proto)
    models["novelty"] = _write(proto, dataclasses.replace(bare, novelty_threshold=_FAR / 2), folder)
    return models


def _candidate(contract: Contract) -> Contract:
    """Return a contract whose alerts are raised on other drawings than the shipped ones."""
    alerts = tuple(
        dataclasses.replace(
            alert,
            terms=tuple(
                dataclasses.replace(term, coefficient=term.coefficient * (0.6 if term.coefficient > 0 else 0.5))
                for term in alert.terms
            ),
        )
        for alert in contract.alerts
    )
    return dataclasses.replace(contract, name=f"{contract.name}, candidate", alerts=alerts)


def _of_unknown_training(contract: Contract) -> Contract:
    """Return the contract of a model of which nobody knows what it learned from."""
    unknown = dataclasses.replace(contract.training_data, fingerprint="0" * 64)
    return dataclasses.replace(contract, name=f"{contract.name}, of others", training_data=unknown)


def _recalibrated(contract: Contract) -> Contract:
    """Return a contract as a recalibration leaves it, with figures that nobody measured."""
    counts = {"found": 36, "positives": 38, "nevi_raised": 92, "nevi": 180, "others_raised": 99, "others": 194}
    counts |= {"followed_raised": 0, "followed": 0}
    on = f"recalibration, {_RECALIBRATED.images} images, by lesion, cross-fitted"
    (melanoma, *_others) = contract.alerts
    curve = tuple(dataclasses.replace(point, **counts) for point in melanoma.curve)
    return dataclasses.replace(
        contract,
        name=f"{contract.name}, recalibrated {_RECALIBRATED.date}",
        alerts=(dataclasses.replace(melanoma, measured_on=on, curve=curve),),
        figures=tuple(dataclasses.replace(one, measured_on=f"{one.measured_on}, before") for one in contract.figures),
        recalls=tuple(dataclasses.replace(one, measured_on=f"{one.measured_on}, before") for one in contract.recalls),
        context=None,
        prior_test=None,
        recalibration=_RECALIBRATED,
    )


def _measured_prior_test() -> PriorTest | None:
    """Return what was measured of other priors, for a shipped model whose file does not say it."""
    (figures, *_others) = json.loads(_FIGURES.read_text(encoding="utf-8"))
    return msgspec.convert(figures["prior_test"], PriorTest | None)


def _write(proto: onnx.ModelProto, contract: Contract, folder: Path) -> Path:
    helper.set_model_props(proto, {METADATA_KEY: contract.to_json()})
    path = folder / f"{len(list(folder.glob('*.onnx')))}.onnx"
    path.write_bytes(proto.SerializeToString())
    return path


def _add_novelty(proto: onnx.ModelProto) -> None:
    """Replace the model's novelty by a constant."""
    graph = proto.graph
    for node in graph.node:
        node.output[:] = ["novelty_of_the_shipped_model" if name == NOVELTY else name for name in node.output]
    for known in [one for one in graph.output if one.name == NOVELTY]:
        graph.output.remove(known)
    graph.initializer.extend(
        numpy_helper.from_array(array, name)
        for name, array in (
            ("picture_axis", np.array([1], np.int64)),
            ("picture_zero", np.array(0, np.float32)),
            ("picture_far", np.array(_FAR, np.float32)),
        )
    )
    graph.node.extend(
        [
            helper.make_node("ReduceSum", [EMBEDDING, "picture_axis"], ["picture_sum"], keepdims=0),
            helper.make_node("Mul", ["picture_sum", "picture_zero"], ["picture_nothing"]),
            helper.make_node("Add", ["picture_nothing", "picture_far"], [NOVELTY]),
        ]
    )
    graph.output.append(helper.make_tensor_value_info(NOVELTY, TensorProto.FLOAT, ["batch"]))
