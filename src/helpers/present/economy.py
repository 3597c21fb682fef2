"""What followed signs from the economy, as rows and readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from helpers.project import Estimate

if TYPE_CHECKING:
    from helpers.conditions import After, Slope


def slope_rows(slopes: Mapping[tuple[str, int], Slope]) -> pd.DataFrame:
    """One row a (sign, months): label, value, low, high, p, p_hodrick, p_apart, n (windows)."""
    rows = [
        {
            "label": _over(name, months), "value": each.value, "low": each.low,
            "high": each.high, "p": each.p, "p_hodrick": each.p_hodrick, "p_apart": each.apart_p,
            "n": each.windows,
        }
        for (name, months), each in slopes.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def after_rows(found: Mapping[tuple[str, int], After]) -> pd.DataFrame:
    """One row a (kind, months): label, value (excess), low, high, p, n (months chosen)."""
    rows = [
        {
            "label": _over(kind, months), "value": each.excess, "low": each.low,
            "high": each.high, "p": each.p, "n": each.n,
        }
        for (kind, months), each in found.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _over(what: str, months: int) -> str:
    return f"{what}, {months} month{'s' * (months > 1)}"


def reading(value: float, *, label: str, unit: str, day: str) -> Estimate:
    """A published figure as an estimate: read, not estimated, so without an interval."""
    return Estimate(
        label=label, value=float(value), unit=unit, low=None, high=None, level=0.95, p=None,
        p_floor=None, mde=None, n=1, n_of="readings", method="as published", sample=(day, day),
        note="a reading, not an estimate",
    )  # fmt: skip
