"""The report of a judged model as JSON values. Its keys are a public interface."""

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from desktop import __version__
from desktop.core.judging.figures import FEWEST, AlertCount, AlertFigures, ClassFigures
from desktop.core.judging.judged import MOST_CASES, Judged
from desktop.core.judging.judged_images import LeftOut
from desktop.core.judging.verdicts import verdict
from desktop.core.judging.words import left_out_sentences
from desktop.core.statistics.bootstrap import Estimate


def json_bytes(judged: Judged) -> bytes:
    """Return the report as the bytes of a JSON file."""
    return (json.dumps(as_json(judged), ensure_ascii=False, indent=2) + "\n").encode()


def as_json(judged: Judged) -> dict[str, Any]:
    """Return the report as JSON values: shares from 0 to 1, null where too few lesions allow none."""
    figures = judged.figures
    return {
        "app_version": __version__,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "data": judged.data,
        "model": {"file": judged.model, "name": judged.contract.name, "sha256": judged.model_sha256},
        "n": figures.n,
        "lesions": figures.lesions,
        "patients": figures.patients,
        "alerts": {alert.id: _alert(alert, judged) for alert in figures.alerts},
        "labels": {one.id: _class(one, judged) for one in figures.classes},
        "groups": {one.id: _class(one, judged) for one in figures.groups},
        "accuracy": _estimate(figures.accuracy),
        "accuracy_of_groups": _estimate(figures.accuracy_of_groups),
        "balanced_accuracy": None
        if figures.balanced_accuracy is None
        else {**asdict(figures.balanced_accuracy), "fewest_lesions_of_a_label": figures.fewest},
        "ece": figures.ece,
        "reliability": [{"probability": said, "share": came, "lesions": n} for said, came, n in figures.reliability],
        "withheld": judged.withheld,
        "worst": judged.cases(figures.mistakes[:MOST_CASES]),
        "knows_training_images": judged.images.knows_training,
        "left_out": {
            "unknown_labels": judged.images.data.unknown,
            **{reason.value: _names(judged, reason) for reason in LeftOut},
        },
        "counted_as": judged.images.data.words,
        "findings": [
            {
                "finding": finding.kind.value,
                "images": [judged.images.data.images[place].name for place in finding.images],
            }
            for finding in judged.images.audit.findings
        ],
        "words": [str(sentence) for sentence in (*judged.plain_words(), *left_out_sentences(judged.images))],
    }


def _names(judged: Judged, reason: LeftOut) -> list[str]:
    images = zip(judged.images.data.images, judged.images.left_out, strict=True)
    return [image.name for image, why in images if why is reason]


def _estimate(estimate: Estimate | None) -> dict[str, float] | None:
    return None if estimate is None else asdict(estimate)


def _class(one: ClassFigures, judged: Judged) -> dict[str, Any]:
    found: dict[str, Any] = {
        "n": one.n,
        "named": one.named,
        "others": one.others,
        "others_named": one.others_named,
        "expected": one.expected,
        "auc": _estimate(one.auc),
        "sensitivity": _estimate(one.sensitivity),
        "specificity": _estimate(one.specificity),
    }
    if 0 < one.n < FEWEST:
        found["cases"] = judged.cases([place for place, truth in enumerate(judged.lesions.truth) if truth == one.id])
    return found


def _alert(alert: AlertFigures, judged: Judged) -> dict[str, Any]:
    return {
        "labels": list(alert.labels),
        "aim": alert.aim,
        "threshold": alert.threshold,
        **_count(alert.count),
        "auc": _estimate(alert.auc),
        "sensitivity": _estimate(alert.sensitivity),
        "specificity": _estimate(alert.specificity),
        "sensitivity_less_false_alarms": _estimate(alert.gain),
        "tested": None if alert.tested is None else asdict(alert.tested),
        "histology": None if alert.proved is None else _count(alert.proved),
        "with_context": None if alert.with_context is None else _count(alert.with_context),
        "verdict": verdict(alert, knows_training=judged.images.knows_training).value,
        "missed_cases": judged.cases(alert.missed_lesions),
    }


def _count(count: AlertCount) -> dict[str, Any]:
    return {
        "positives": count.positives,
        "raised": count.raised,
        "missed": count.missed,
        "others": count.others,
        "others_raised": count.others_raised,
        "by_label": {label: {"n": n, "raised": raised} for label, (n, raised) in count.by_label.items()},
    }
