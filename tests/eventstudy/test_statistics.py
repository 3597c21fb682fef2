"""Every pooled statistic against another route: scipy, or plain loops over the papers' formulas.

Arrays here are synthetic: drawn once, with ties, gaps and a common shock.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.eventstudy import run
from helpers.eventstudy import statistics as st
from helpers.eventstudy.ranks import all_rank_sums, rank_sums

N, L, W = 12, 60, 5
TO_SIX_DIGITS = 1e-7


@pytest.fixture
def arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    common = rng.normal(0, 0.006, L)
    estimation = rng.normal(0, 0.01, (N, L)) + common
    event = np.round(rng.normal(0.002, 0.02, (N, W)), 3)
    event[3] = event[4]  # a tie between units
    estimation[2, 10] = estimation[2, 11]  # a tie within one
    estimation[5, 20:25] = np.nan
    s = np.nanstd(estimation, axis=1, ddof=2)
    return {
        "estimation": estimation, "event": event, "s": s, "sar": event / (s[:, None] * 1.02),
        "car": event[:, 1:4].sum(axis=1), "scar": event[:, 1:4].sum(axis=1) / (s * math.sqrt(3.1)),
        "df": np.isfinite(estimation).sum(axis=1) - 2.0,
    }  # fmt: skip


def close(found: st.Statistic, value: float, p: float) -> None:
    assert found.value == pytest.approx(value, rel=TO_SIX_DIGITS)
    assert found.p == pytest.approx(p, rel=TO_SIX_DIGITS)


def two_sided(z: float) -> float:
    return 2 * stats.norm.sf(abs(z))


def test_t_cross_and_bmp_are_students_t(arrays: dict[str, np.ndarray]) -> None:
    for found, values in (
        (st.t_cross(arrays["car"]), arrays["car"]),
        (st.bmp(arrays["scar"]), arrays["scar"]),
    ):
        other = stats.ttest_1samp(values, 0)
        close(found, other.statistic, other.pvalue)
        assert found.df == N - 1


def test_patell(arrays: dict[str, np.ndarray]) -> None:
    total, variance = 0.0, 0.0
    for scar, df in zip(arrays["scar"], arrays["df"], strict=True):
        total += scar
        variance += stats.t.var(df)
    z = total / math.sqrt(variance)
    close(st.patell(arrays["scar"], arrays["df"]), z, two_sided(z))


@pytest.mark.parametrize("r", [0.2, 0.0, -0.03])
def test_kolari_pynnonen(arrays: dict[str, np.ndarray], r: float) -> None:
    plain = st.patell(arrays["scar"], arrays["df"]).value
    z = plain / math.sqrt(1 + (N - 1) * r)
    found = st.kp_patell(arrays["scar"], arrays["df"], r)
    close(found, z, two_sided(z))
    t = stats.ttest_1samp(arrays["scar"], 0).statistic * math.sqrt((1 - r) / (1 + (N - 1) * r))
    close(st.kp_bmp(arrays["scar"], r), t, 2 * stats.t.sf(abs(t), N - 1))
    assert ("inflates" in found.note) == (r < 0)
    assert (abs(found.value) > abs(plain)) == (r < 0)  # reported, not clamped


@pytest.mark.parametrize("gaps", [False, True])
def test_correlated_pairs_are_those_of_an_event(arrays: dict[str, np.ndarray], gaps: bool) -> None:
    residuals = arrays["estimation"] if gaps else np.nan_to_num(arrays["estimation"])
    event = np.arange(N) // 4
    total = 0.0
    for i in range(N):
        of_event = residuals[event == event[i]]
        days = np.isfinite(of_event).all(axis=0)
        for j in range(i):
            if event[i] == event[j]:
                total += np.corrcoef(residuals[i, days], residuals[j, days])[0, 1]
    assert st.correlated_pairs(residuals, event) == pytest.approx(total)
    assert st.correlated_pairs(residuals, np.arange(N)) == pytest.approx(0)


def test_cowan(arrays: dict[str, np.ndarray]) -> None:
    shares = [float(np.mean(row[np.isfinite(row)] > 0)) for row in arrays["estimation"]]
    share, positive = sum(shares) / N, sum(1 for car in arrays["car"] if car > 0)
    z = (positive - N * share) / math.sqrt(N * share * (1 - share))
    close(st.cowan(arrays["car"], np.array(shares)), z, two_sided(z))


def centred_ranks(row: np.ndarray, *, scaled: bool) -> list[float]:
    """Ranks of the days a unit has, ties averaged, by counting."""
    known = [x for x in row if not math.isnan(x)]
    out = []
    for x in row:
        if math.isnan(x):
            out.append(math.nan)
            continue
        rank = sum(y < x for y in known) + (sum(y == x for y in known) + 1) / 2
        out.append(rank / (len(known) + 1) - 0.5 if scaled else rank - (len(known) + 1) / 2)
    return out


def test_corrado(arrays: dict[str, np.ndarray]) -> None:
    estimation = np.nan_to_num(arrays["estimation"], nan=0.0123)
    rows = [
        centred_ranks(np.r_[a, b], scaled=False)
        for a, b in zip(estimation, arrays["event"], strict=True)
    ]
    means = [sum(row[t] for row in rows) / N for t in range(L + W)]
    spread = math.sqrt(sum(m**2 for m in means) / (L + W))
    sums = rank_sums(estimation, arrays["event"], scaled=False)
    one = means[L] / spread
    close(st.corrado(sums, np.array([L]), N), one, two_sided(one))
    three = sum(means[L + 1 : L + 4]) / (math.sqrt(3) * spread)
    close(st.corrado(sums, np.arange(L + 1, L + 4), N), three, two_sided(three))


def restandardise_by_loop(sar: np.ndarray) -> np.ndarray:
    spread = [np.std(sar[:, t], ddof=1) for t in range(W)]
    return np.array([[row[t] / spread[t] for t in range(W)] for row in sar])


def test_corrado_zivney_with_missing_days(arrays: dict[str, np.ndarray]) -> None:
    residuals = arrays["estimation"] / arrays["s"][:, None]
    event = restandardise_by_loop(arrays["sar"])
    np.testing.assert_allclose(st.restandardise(arrays["sar"]), event)
    rows = [centred_ranks(np.r_[a, b], scaled=True) for a, b in zip(residuals, event, strict=True)]
    days = []
    for t in range(L + W):
        present = [row[t] for row in rows if not math.isnan(row[t])]
        days.append(sum(present) / math.sqrt(len(present)))
    spread = math.sqrt(sum(d**2 for d in days) / (L + W))
    z = days[L + 2] / spread
    sums = rank_sums(residuals, event, scaled=True)
    close(st.corrado_zivney(sums, np.array([L + 2]), N), z, two_sided(z))


def test_grank_t(arrays: dict[str, np.ndarray]) -> None:
    residuals = arrays["estimation"] / arrays["s"][:, None]
    gsar = arrays["scar"] / np.std(arrays["scar"], ddof=1)
    rows = [centred_ranks(np.r_[a, b], scaled=True) for a, b in zip(residuals, gsar, strict=True)]
    days = L + 1
    spread = 0.0
    for t in range(days):
        present = [row[t] for row in rows if not math.isnan(row[t])]
        spread += len(present) / N * (sum(present) / len(present)) ** 2
    z = sum(row[-1] for row in rows) / N / math.sqrt(spread / days)
    t_value = z * math.sqrt((days - 2) / (days - 1 - z**2))
    sums = rank_sums(residuals, gsar[:, None], scaled=True)
    close(st.grank_t(sums, N), t_value, 2 * stats.t.sf(abs(t_value), days - 2))


@pytest.mark.parametrize("rows", [slice(None), slice(6, None), slice(2, 3)])
def test_sorting_once_gives_every_rank_sum(arrays: dict[str, np.ndarray], rows: slice) -> None:
    s = arrays["s"][rows, None]
    residuals, event = arrays["estimation"][rows] / s, arrays["event"][rows] / s
    sar = restandardise_by_loop(arrays["sar"])[rows]
    scar = np.column_stack([arrays["scar"], arrays["scar"] / 3])[rows]
    if len(scar) > 6:
        scar[-1, 0] = residuals[-1, 7]  # a tie
        scar[-2, 1] = np.nan  # a window that is not whole
    found = all_rank_sums(residuals, event, sar, scar)
    expected = [
        rank_sums(residuals, event, scaled=False),
        rank_sums(residuals, sar, scaled=True),
        *(rank_sums(residuals, each[:, None], scaled=True) for each in scar.T),
    ]
    for mine, theirs in zip([found.plain, found.scaled, *found.generalised], expected, strict=True):
        np.testing.assert_allclose(mine.total, theirs.total, atol=1e-9)
        np.testing.assert_array_equal(mine.count, theirs.count)


def test_values_that_differ_in_the_last_bits_are_still_ranked() -> None:
    low = 0.1
    residuals = np.array([[np.nextafter(low, 1), -low, np.nextafter(-low, 0), low, 0.0, -0.0]])
    event, sar, scar = np.array([[0.3]]), np.array([[0.4]]), np.array([[0.2]])
    found = all_rank_sums(residuals, event, sar, scar)
    ranks = found.plain.total + 4  # the middle of seven
    np.testing.assert_allclose(ranks, [6, 1, 2, 5, 3.5, 3.5, 7])


@pytest.mark.parametrize(("length", "width"), [(40, 3), (5, 60)])
def test_many_units_are_ranked_in_parts(length: int, width: int) -> None:
    """Synthetic: more units than are sorted at once, some with values of very unlike size."""
    rng = np.random.default_rng(4)
    residuals = rng.normal(size=(2500, length))
    residuals[::50, 0] *= 1e9  # the others share a step of the short keys
    residuals[::70, 1] *= 1e17  # and of the long ones
    event, sar = rng.normal(size=(2, 2500, width))
    scar = rng.normal(size=(2500, 1))
    found = all_rank_sums(residuals, event, sar, scar)
    for mine, theirs in (
        (found.plain, rank_sums(residuals, event, scaled=False)),
        (found.scaled, rank_sums(residuals, sar, scaled=True)),
        (found.generalised[0], rank_sums(residuals, scar, scaled=True)),
    ):
        np.testing.assert_allclose(mine.total, theirs.total, atol=1e-9)
        np.testing.assert_array_equal(mine.count, theirs.count)


@pytest.mark.parametrize("length", [1, 4])
def test_sample_quantiles(arrays: dict[str, np.ndarray], length: int) -> None:
    row = arrays["estimation"][0]
    sums = [sum(row[i : i + length]) for i in range(L - length + 1)]
    car = sorted(sums)[4] + 1e-12  # five sums at or below
    found = st.sq(row, car, length)
    assert found.value == pytest.approx(5 / len(sums))
    assert found.p == pytest.approx(2 * 6 / (1 + len(sums)))
    assert st.sq(row, 9.0, length).p == pytest.approx(2 / (1 + len(sums)))


def test_a_study_computes_them_from_its_own_arrays() -> None:
    """Synthetic market and three assets; every pooled row again from the study's frames."""
    rng = np.random.default_rng(11)
    days = pd.bdate_range("2001-01-01", periods=900, unit="us", name="date")
    market = pd.Series(rng.normal(0, 0.01, 900), days)
    shock = rng.normal(0, 0.004, 900)
    returns = pd.DataFrame(
        {
            name: b * market + shock + rng.normal(0, 0.01, 900)
            for name, b in (("a", 0.8), ("b", 1.0), ("c", 1.3))
        }
    )
    events = pd.DataFrame({"event_id": list("uvwx"), "date": days[[300, 450, 620, 800]]})
    study = run(returns, events, market=market, car_windows=((0, 0), (0, 3)))
    tests = study.tests.set_index(["statistic", "window"])
    for window in ((0, 0), (0, 3)):
        chosen = [each == window for each in study.scar.index.get_level_values("window")]
        scar = study.scar[chosen].to_numpy().ravel()
        n_estimation = study.coefficients["n_estimation"].to_numpy()
        df = n_estimation - 2.0
        assert tests.loc[("bmp", window), "value"] == pytest.approx(st.bmp(scar).value)
        assert tests.loc[("patell", window), "value"] == pytest.approx(st.patell(scar, df).value)
        r = float(tests.loc[("kp_bmp", window), "note"].split()[2])
        assert 0.0 < r < 0.1  # three assets of four events: pairs across events count as zero
        length = window[1] - window[0] + 1
        quantiles = study.tests[
            (study.tests["statistic"] == "sq") & (study.tests["window"] == window)
        ]
        assert len(quantiles) == 12
        assert quantiles["p_floor"].iloc[0] == pytest.approx(2 / (222 - length + 1))
    pooled = study.tests[study.tests["level"] == "pooled"]
    assert set(pooled["statistic"]) == {
        "t_cross", "patell", "bmp", "kp_patell", "kp_bmp", "corrado", "corrado_zivney", "cowan", "grank_t",
    }  # fmt: skip
    assert pooled["p"].between(0, 1).all()


def test_one_unit_has_a_note_and_no_number() -> None:
    days = pd.bdate_range("2001-01-01", periods=400, unit="us", name="date")
    rng = np.random.default_rng(2)
    returns = pd.DataFrame({"a": rng.normal(0, 0.01, 400)}, days)
    study = run(returns, pd.DataFrame({"event_id": ["u"], "date": [days[300]]}), model="mean")
    pooled = study.tests[study.tests["level"] == "pooled"]
    assert pooled["value"].isna().all()
    assert pooled["note"].str.len().gt(5).all()
