"""The figures that the handbook gives of the shipped model are those that were measured."""

import re

from desktop.core.inference.alerts import out_of_hundred
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL
from tests.test_documents import text

PAGE = " ".join(text("docs/handbook.md").split())


def test_figures_of_the_alert_its_limits_and_other_priors_are_in_the_model() -> None:
    contract = Classifier(SHIPPED_MODEL).contract
    melanoma, priors, prior, outline = contract.alerts[0], contract.prior_test, contract.prior, contract.outline
    assert priors is not None
    assert prior is not None
    assert outline is not None
    usual, most = (next(point for point in melanoma.curve if point.aim == aim) for aim in (melanoma.default, 0.98))
    found, raised = out_of_hundred(usual.found, usual.positives), out_of_hundred(usual.nevi_raised, usual.nevi)
    rare = next(point.right["melanoma"] for point in priors.points if point.melanomas == 0.03)
    images, own = priors.images["melanoma"], priors.own["melanoma"]
    told = (
        f"raised for {found} of 100 melanomas and {raised} of 100 naevi",
        f"the melanoma alert for {raised} of 100 biopsied naevi",
        f"of {usual.positives} biopsied melanomas it misses {usual.positives - usual.found}",
        f"Finds {most.found} of {most.positives} melanomas instead of {usual.found}",
        f"found {100 * usual.found / usual.positives:.1f} % of melanomas in testing (set for 95 %)",
        f"for the share that the model assumes ({100 * prior['melanoma']:.0f} %)",
        f"highest figure in only {out_of_hundred(rare, images)} of 100 (image alone: {out_of_hundred(own, images)})",
        f"while the alert is raised for {found} of 100 melanomas",
        f"({100 * outline.cut_off_share:.0f} % for the model that comes with LesionLens)",
    )
    assert [one for one in told if one not in PAGE] == []


def test_figures_by_source_are_measured_ones() -> None:
    learned_from = text("resources/MODEL_CARD.md").partition("- Skin cancer alert\n")[2].partition("left out")[0]
    few = [round(float(share)) for share in re.findall(r"finds (\d+\.\d) %", learned_from)]
    assert "found only {}, {} and {} of 100 on images of three".format(*few) in PAGE
    left_out = text("docs/experiments.md").partition("## A source left out")[2].partition("\n## ")[0]
    found = [int(count) for count in re.findall(r"^\| ISIC 2017.*?\| (\d+) of 335", left_out, re.MULTILINE)]
    longer, short = (out_of_hundred(335 - count, 335) for count in found)
    assert (
        f"missed {short} of 100 melanomas of that source, or {longer} after a training twice as long (ISIC 2017)"
        in PAGE
    )
    alarms = [
        float(share) for share in re.findall(r"^\| (?:HAM10000|MILK10k).*?%.*?([\d.]+) %", left_out, re.MULTILINE)
    ]
    assert len(alarms) == 2
    assert min(alarms) > 80
    assert "for more than 80 of 100 biopsied naevi (HAM10000, MILK10k)" in PAGE
