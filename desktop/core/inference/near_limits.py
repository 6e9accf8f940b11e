"""How near two images must be to be called similar: measured for a model file, and read from `resources/look_alikes.json`."""

from dataclasses import dataclass

import msgspec

from desktop.core.inference.contract import Contract
from desktop.core.paths import NEAR_LIMITS


@dataclass(frozen=True)
class NearLimit:
    """The limit of one model file: the cosine distance that `pairs_within` of all pairs of different lesions stay below.

    It was measured on `measured_on`, with so many `lesions`; `docs/look-alikes.md` tells how.
    """

    model_sha256: str
    method: int
    limit: float
    pairs_within: float
    measured_on: str
    lesions: int


def near_limit(model_sha256: str, contract: Contract) -> NearLimit | None:
    """Return the limit of a model, None if it was never measured.

    A file that was made from another one without training has its embedding, and so its limit.
    """
    measured = msgspec.json.decode(NEAR_LIMITS.read_bytes(), type=list[NearLimit])
    files = {model_sha256} | ({contract.recalibration.model_sha256} if contract.recalibration is not None else set())
    return next((one for one in measured if one.model_sha256 in files), None)
