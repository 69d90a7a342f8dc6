"""What is compared where an answer is not one fixed value.

These hold no answers, so a learner's installation has them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["unit_direction"]


def unit_direction(returned: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Length of a vector, curvature of `H` along it, and its line without a sign.

    The sign is chosen so that the product with a fixed vector is positive.  A
    direction at right angles to that vector would have no sign; that a random
    one comes within rounding of it has a chance of about 1e-14.
    """
    v, H = np.asarray(returned, dtype=float), arguments["H"]
    if v.shape != (len(H),):
        return {"direction": v}  # a mistake's, compared with another of its shape
    length = float(np.linalg.norm(v))
    with np.errstate(all="ignore"):
        unit = v / length
        curvature = float(unit @ H @ unit)
    side = np.sign(unit @ np.cos(np.arange(v.size)))
    return {
        "direction's length": length,
        "direction's curvature": curvature,
        "direction, up to its sign": side * unit,
    }
