"""The worked example: every number of the page by plain arithmetic, and again by the engine."""

from __future__ import annotations

import importlib.util
import math
import re
from pathlib import Path
from statistics import mean, stdev
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from helpers.eventstudy import EventStudy, run
from helpers.eventstudy import statistics as st
from helpers.eventstudy.ranks import all_rank_sums

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "report/pages/event_study_by_hand.md"
Rows = list[list[Any]]  # a label, then numbers or words
Tables = dict[str, Rows]
# Decimals printed; those of other tables are six. Whole numbers that count something have none.
RETURNS = (
    "Market model", "Residuals", "Abnormal returns", "Over the three days",
    "Sums of three residuals of A",
)  # fmt: skip
DECIMALS = {"Returns": 3, "The market": 7} | dict.fromkeys(RETURNS, 8)
STUDENT = {"t_cross": 2, "bmp": 2, "kp_bmp": 2, "grank_t": 9}  # degrees of freedom
# What the engine does not keep: its input, and steps on the way to numbers that are compared.
NOT_KEPT = {"Returns", "The market", "Sums of three residuals of A"}


@pytest.fixture(scope="module")
def by_hand() -> ModuleType:
    spec = importlib.util.spec_from_file_location("by_hand", HERE / "by_hand.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def study(by_hand: ModuleType) -> EventStudy:
    days = pd.bdate_range("2001-01-01", periods=13, unit="us")
    returns = pd.DataFrame(by_hand.ASSETS, index=days)
    events = pd.DataFrame({"event_id": ["one"], "date": [days[10]]})
    return run(
        returns, events, market=pd.Series(by_hand.MARKET, days), estimation=(-10, -1),
        window=(0, 2), car_windows=[(0, 2)],
    )  # fmt: skip


def arithmetic(by_hand: ModuleType) -> Tables:
    """The tables of `by_hand`, and the steps between them that the page shows too."""
    found: Tables = by_hand.tables()
    fits = [by_hand.model(returns) for returns in by_hand.ASSETS.values()]
    length, w, n = by_hand.L, len(by_hand.EVENT_DAYS), len(fits)
    mx, sxx, total = fits[0]["mx"], fits[0]["sxx"], sum(by_hand.MARKET[length:])
    found["The market"] = [["mean", mx], ["Sxx", sxx], ["sum over days 0 to 2", total]]
    found["Market model"] += [
        ["Sxy", *(fit["beta"] * sxx for fit in fits)],
        ["squares", *(sum(e**2 for e in fit["residuals"]) for fit in fits)],
    ]
    shift = (total - w * mx) ** 2 / sxx
    found["Variance of the sum"] = [
        ["independent", sum(fits[0]["c"])], ["W", w], ["W²/L", w**2 / length],
        ["market", shift], ["exact", w + w**2 / length + shift],
    ]  # fmt: skip
    found["Ranks"] = [[row[0], *map(int, row[1:-1]), row[-1]] for row in found["Ranks"]]
    positive = [sum(e > 0 for e in fit["residuals"]) for fit in fits]
    found["Signs"] = [
        ["positive residuals", *positive, sum(positive)],
        ["share of ten", *(each / length for each in positive), mean(positive) / length],
        ["positive CAR", *(int(fit["car"] > 0) for fit in fits), sum(fit["car"] > 0 for fit in fits)],
    ]  # fmt: skip
    cars, scars = [[fit[name] for fit in fits] for name in ("car", "scar")]
    r = found["Correlations"][-1][1]
    df = length - by_hand.K
    parts: Rows = [
        ["mean CAR", mean(cars)], ["deviation of CAR", stdev(cars)],
        ["mean SCAR", mean(scars)], ["deviation of SCAR", stdev(scars)],
        ["variance of a SCAR", df / (df - 2)],
        ["inflation by correlation", 1 + (n - 1) * r],
    ]  # fmt: skip
    for title in ("Ranks", "Scaled ranks", "Generalised ranks"):
        last = [row[-1] for row in found[title]]
        at_event = last[length:]
        parts.append([f"{title}: event days", sum(at_event)])
        parts.append([f"{title}: root mean square", math.sqrt(mean(each**2 for each in last))])
    parts.append(["Z", parts[-2][1] / parts[-1][1]])
    found["Parts"] = parts
    for row in found["Statistics"]:
        known = STUDENT.get(row[0])
        tail = stats.norm.sf(abs(row[1])) if known is None else stats.t.sf(abs(row[1]), known)
        row += ["normal" if known is None else known, 2 * float(tail)]
    sums = found["Sums of three residuals of A"]
    found["Sample quantile of A"] += [
        ["sums", len(sums)],
        ["below", sum(each <= cars[0] for _, each in sums)],
        ["above", sum(each >= cars[0] for _, each in sums)],
    ]
    return found


def engine(study: EventStudy) -> Tables:
    """What the engine has of the page's numbers."""
    measured = study.measured
    s = study.coefficients["s"].to_numpy()
    residuals = study.estimation_abnormal()
    scaled, event = residuals / s[:, None], measured.abnormal / s[:, None]
    again = st.restandardise(measured.standardized)
    scar = (measured.car / measured.sd_independent)[:, :1]
    whole = st.restandardise(scar)
    days, event_days = [str(day) for day in range(-10, 3)], ["0", "1", "2"]
    sums = [
        all_rank_sums(scaled[i : i + 1], event[i : i + 1], again[i : i + 1], whole[i : i + 1])
        for i in range(3)
    ]
    pooled = all_rank_sums(scaled, event, again, whole)
    plain = [*(each.plain.total + 7 for each in sums), pooled.plain.total / 3]
    with_sar = [*(each.scaled.total for each in sums), pooled.scaled.total / math.sqrt(3)]
    general = [
        *(each.generalised[0].total for each in sums), pooled.generalised[0].total / 3,
    ]  # fmt: skip
    pairs = {"A, B": [0, 1], "A, C": [0, 2], "B, C": [1, 2]}
    one = np.zeros(3, dtype=np.intp)
    correlations = {key: st.correlated_pairs(scaled[two], one[:2]) for key, two in pairs.items()}
    r = st.correlated_pairs(scaled, one) / 3
    positive = (residuals > 0).sum(axis=1)
    tests = study.tests[study.tests["level"] == "pooled"].set_index("statistic")
    df = {name: int(row["df"]) for name, row in tests.dropna(subset="df").iterrows()}
    quantile = study.tests.query("statistic == 'sq' and asset == 'A'").iloc[0]
    count = int(re.search(r"of (\d+) estimation sums", quantile["note"])[1])  # type: ignore[index]
    factor = measured.abnormal / measured.standardized / s[:, None]
    car = measured.car[:, 0]
    return {
        "Market model": [[name, *study.coefficients[name]] for name in ("alpha", "beta", "s")]
        + [["squares", *(residuals**2).sum(axis=1)]],
        "Residuals": labelled(days[:10], residuals),
        "Abnormal returns": labelled(event_days, measured.abnormal),
        "Standardised abnormal returns": labelled(
            event_days, np.vstack([factor[0] ** 2, measured.standardized])
        ),
        "Variance of the sum": [
            ["independent", float((measured.sd_independent[0, 0] / s[0]) ** 2)],
            ["exact", float((measured.sd[0, 0] / s[0]) ** 2)],
        ],
        "Over the three days": [
            [name, *frame.iloc[0]]
            for name, frame in {
                "car": study.car, "sd_independent": study.car_sd_independent, "scar": study.scar,
                "sd_exact": study.car_sd, "scar_exact": study.scar_exact,
            }.items()
        ],
        "Correlations": [*([key, value] for key, value in correlations.items()), ["mean", r]],
        "Restandardised": labelled(
            [*event_days, "0 to 2"],
            np.column_stack([
                np.vstack([measured.standardized[0] / again[0], again]),
                np.vstack([scar[0] / whole[0], whole]),
            ]),
        ),
        "Ranks": [
            [day, *(int(column[i]) for column in plain[:3]), plain[3][i]]
            for i, day in enumerate(days)
        ],
        "Scaled ranks": labelled(days, np.array(with_sar)),
        "Generalised ranks": labelled([*days[:10], "0 to 2"], np.array(general)),
        "Signs": [
            ["positive residuals", *positive, positive.sum()],
            ["positive CAR", *(car > 0).astype(int), int((car > 0).sum())],
        ],
        "Parts": [
            ["mean CAR", car.mean()], ["deviation of CAR", car.std(ddof=1)],
            ["mean SCAR", scar.mean()], ["deviation of SCAR", scar.std(ddof=1)],
        ],
        "Statistics": [
            [name, row["value"], df.get(str(name), "normal"), row["p"]]
            for name, row in tests.iterrows()
        ],
        "Sample quantile of A": [
            ["share below", quantile["value"]], ["p", quantile["p"]], ["sums", count],
        ],
    }  # fmt: skip


def labelled(labels: list[str], columns: np.ndarray) -> Rows:
    return [[label, *column] for label, column in zip(labels, columns.T, strict=True)]


def page_tables() -> dict[str, dict[str, list[str]]]:
    """Title -> label -> the other cells, with ASCII minus signs."""
    found = {}
    for title, body in sections().items():
        lines = [line for line in body.splitlines() if line.startswith("|")]
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
        if cells:
            found[title] = {row[0].replace("$", ""): row[1:] for row in cells}
            assert len(found[title]) == len(cells), f"a label twice in {title}"
    return found


def sections() -> dict[str, str]:
    text = PAGE.read_text(encoding="utf-8").replace("\N{MINUS SIGN}", "-")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return dict(part.split("\n", 1) for part in parts[1:])


def printed(value: str | float, title: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | np.integer):
        return str(value)
    if title == "Statistics" and 0 < value < 1e-4:  # a p of which six decimals show nothing
        return f"{value:.5e}"
    text = f"{value:.{DECIMALS.get(title, 6)}f}"
    return text.lstrip("-") if not float(text) else text


def plain_label(label: object) -> str:
    return str(label).replace("\N{MINUS SIGN}", "-")


def differing(tables: Tables) -> list[tuple[str, str, list[str], list[str]]]:
    page = page_tables()
    return [
        (title, str(row[0]), page[title].get(plain_label(row[0]), []), cells)
        for title, rows in tables.items()
        for row in rows
        if (cells := [printed(value, title) for value in row[1:]])
        != page[title].get(plain_label(row[0]))
    ]


def test_every_number_of_the_page_is_what_plain_arithmetic_gives(by_hand: ModuleType) -> None:
    expected, page = arithmetic(by_hand), page_tables()
    assert {title: {plain_label(row[0]) for row in rows} for title, rows in expected.items()} == {
        title: set(rows) for title, rows in page.items()
    }
    assert differing(expected) == []


def test_the_engine_gives_the_same_digits(study: EventStudy) -> None:
    found = engine(study)
    assert set(found) == set(page_tables()) - NOT_KEPT
    assert {str(row[0]) for row in found["Statistics"]} == set(page_tables()["Statistics"])
    assert differing(found) == []


def test_the_text_has_no_number_that_a_table_does_not_check() -> None:
    """Formulas and sentences may hold whole numbers only: lengths of windows and counts."""
    prose = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if not line.startswith("|") and re.search(r"\d\.\d", line)
    ]
    assert prose == []


@pytest.mark.parametrize("asset", ["A", "B", "C"])
def test_least_squares_and_forecast_errors_are_those_of_statsmodels(
    by_hand: ModuleType, asset: str
) -> None:
    """s sqrt(C) is the standard error of a prediction; the exact one of a sum adds covariances."""
    fit, market = by_hand.model(by_hand.ASSETS[asset]), np.array(by_hand.MARKET)
    x = sm.add_constant(market)
    other = sm.OLS(by_hand.ASSETS[asset][:10], x[:10]).fit()
    assert [fit["alpha"], fit["beta"]] == pytest.approx(other.params)
    assert fit["s"] == pytest.approx(math.sqrt(other.mse_resid))
    se = other.get_prediction(x[10:]).se_obs
    assert [fit["s"] * math.sqrt(c) for c in fit["c"]] == pytest.approx(se)
    total = x[10:].sum(axis=0)
    variance = 3 * other.mse_resid + total @ other.cov_params() @ total
    assert fit["sd_exact"] == pytest.approx(math.sqrt(variance))


def test_t_cross_bmp_and_ranks_are_those_of_scipy(by_hand: ModuleType) -> None:
    tables = {
        title: {row[0]: row[1:] for row in rows} for title, rows in arithmetic(by_hand).items()
    }
    over = tables["Over the three days"]
    for name, values in (("t_cross", over["car"]), ("bmp", over["scar"])):
        other = stats.ttest_1samp(values, 0)
        value, df, p = tables["Statistics"][name]
        assert (value, df, p) == pytest.approx((other.statistic, other.df, other.pvalue))
    by_day = [*tables["Residuals"].values(), *tables["Abnormal returns"].values()]
    ranks = np.array([row[:3] for row in tables["Ranks"].values()])
    np.testing.assert_array_equal(ranks, stats.rankdata(by_day, axis=0))


def test_one_event_has_no_test_of_its_own_level_and_two_hardly_any(by_hand: ModuleType) -> None:
    """What the page says of a second event."""
    days = pd.bdate_range("2001-01-01", periods=26, unit="us")
    second = {
        name: [*values, *(-0.9 * np.array(values))] for name, values in by_hand.ASSETS.items()
    }
    market = pd.Series([*by_hand.MARKET, *by_hand.MARKET], days)
    for rows, n in (([10], 1), ([10, 23], 2)):
        events = pd.DataFrame({"event_id": [f"e{i}" for i in rows], "date": days[rows]})
        found = run(
            pd.DataFrame(second, days), events, market=market, estimation=(-10, -1),
            window=(0, 2), car_windows=[(0, 2)],
        )  # fmt: skip
        level = found.tests[found.tests["level"] == "event"]
        assert (level["n"] == n).all()
        assert level["p"].isna().all() == (n == 1)
        if n == 2:
            assert (level.loc[level["statistic"] == "t_event", "df"] == 1).all()
            assert (level.loc[level["statistic"] == "sign_flip", "p_floor"] == 0.5).all()
            r = found.tests.set_index("statistic").loc["kp_bmp", "note"]
            assert r.startswith("mean correlation")
