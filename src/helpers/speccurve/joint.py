"""One test of the whole curve: every regime moved round its sample by the same number of months."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import fft

from helpers.project import ProjectError
from helpers.speccurve.curve import SpecificationCurve
from helpers.speccurve.sample import Floats, Group

STATISTICS = {
    "median": "median effect",
    "share_of_sign": "share with the commoner sign",
    "share_beyond": "share beyond 1.96 of their own shifts' deviations",
}
BEYOND = 1.96
_RULES_AT_ONCE = 32


def shift_test(curve: SpecificationCurve, *, min_shift: int = 24) -> pd.DataFrame:
    """Joint circular-shift test (Simonsohn, Simmons and Nelson 2020, by shifts).

    All regimes of a sample are moved by the same number of months, which keeps the link between
    specifications and each series' own dependence, and breaks the link between regimes and returns.
    All distinct shifts at least `min_shift` from zero in both directions; over samples of different
    length the shortest has the say. p = (1 + #{shifts that reach the observed}) / (1 + shifts).

    Returns
    -------
    One row a reading, first year (0: all together) and statistic of `STATISTICS`: reading, start,
    statistic, value, p, p_floor, shifts, n (specifications).

    Raises
    ------
    ProjectError : a sample shorter than twice `min_shift`.
    """
    moved = {id(group): _differences(group) for group in curve.groups}
    reading = curve.grid.reading_of()
    starts = sorted({group.start for group in curve.groups})
    families: list[tuple[int, Sequence[Group]]] = [(0, curve.groups)] if len(starts) > 1 else []
    families += [(start, [g for g in curve.groups if g.start == start]) for start in starts]
    rows = []
    for start, groups in families:
        shortest = min(len(group.dates) for group in groups)
        if shortest < 2 * min_shift:
            raise ProjectError(
                f"{shortest} months from {start or starts[-1]}", where="shift_test",
                expected=f"at least {2 * min_shift}",
            )  # fmt: skip
        columns = np.r_[0, min_shift : shortest - min_shift + 1]
        for name in curve.grid.readings:
            parts = [
                moved[id(group)][np.asarray(group.specs["outcome"].map(reading) == name)]
                for group in groups
            ]
            effects = np.concatenate([part[:, columns] for part in parts])
            effects = effects[np.isfinite(effects).all(axis=1)]
            if len(effects):
                rows += _tests(effects, name, start)
    return pd.DataFrame(rows)


def _tests(effects: Floats, reading: str, start: int) -> list[dict[str, object]]:
    """From effects (specifications, 1 + shifts), the observed first."""
    spread = effects[:, 1:].std(axis=1, ddof=1, keepdims=True)
    negative = (effects < 0).mean(axis=0)
    median = np.median(effects, axis=0)
    statistics = {
        "median": (median[0], np.abs(median)),
        "share_of_sign": (max(negative[0], 1 - negative[0]), np.maximum(negative, 1 - negative)),
        "share_beyond": ((beyond := (np.abs(effects) > BEYOND * spread).mean(axis=0))[0], beyond),
    }
    shifts = effects.shape[1] - 1
    return [
        {
            "reading": reading, "start": start, "statistic": name, "value": float(value),
            "p": (1 + int((sizes[1:] >= sizes[0] * (1 - 1e-10)).sum())) / (1 + shifts),
            "p_floor": 1 / (1 + shifts), "shifts": shifts, "n": len(effects),
        }
        for name, (value, sizes) in statistics.items()
    ]  # fmt: skip


def _differences(group: Group) -> Floats:
    """(specifications, T): rising minus falling with the regimes moved by 0, 1, ..., T-1 months.

    Sums over months are circular correlations, so that one Fourier transform a series gives all
    shifts at once.
    """
    n = len(group.dates)
    known = fft.rfft(group.known, axis=1)
    sums = fft.rfft(group.outcomes, axis=1)
    found = np.empty((len(group.specs), n))
    rules = group.specs["r"].to_numpy()
    for first in range(0, len(group.true), _RULES_AT_ONCE):
        rows = np.flatnonzero((rules >= first) & (rules < first + _RULES_AT_ONCE))
        if not len(rows):
            continue
        o, r = group.specs["o"].to_numpy()[rows], rules[rows] - first
        sides = []
        for state in (group.true, group.false):
            turned = np.conj(fft.rfft(state[first : first + _RULES_AT_ONCE], axis=1))
            total = fft.irfft(sums[o] * turned[r], n, axis=1)
            months = np.round(fft.irfft(known[o] * turned[r], n, axis=1))
            with np.errstate(invalid="ignore", divide="ignore"):
                sides.append(total / np.where(months > 0, months, np.nan))
        found[rows] = sides[0] - sides[1]
    return found
