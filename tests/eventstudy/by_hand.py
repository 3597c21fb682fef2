"""The worked example of `report/pages/event_study_by_hand.md`, in plain arithmetic.

Nothing of the project is used here, nor numpy: every formula is written out as the page states it.
"""

from __future__ import annotations

import math
from statistics import mean, stdev

# Invented returns, fractions: ten estimation days (-10 to -1) and three event days (0 to 2).
MARKET = [
    0.010,
    -0.005,
    0.008,
    0.001,
    -0.012,
    0.006,
    0.004,
    -0.007,
    0.011,
    -0.003,
    0.009,
    -0.006,
    0.003,
]
ASSETS = {
    "A": [0.015, -0.009, 0.007, 0.004, -0.016, 0.011, 0.002, -0.008, 0.013, -0.001, 0.030, 0.002, 0.010],
    "B": [0.006, -0.001, 0.009, -0.004, -0.007, 0.003, 0.005, -0.010, 0.007, 0.002, 0.014, 0.005, -0.001],
    "C": [0.012, -0.010, 0.014, 0.003, -0.009, 0.004, 0.009, -0.012, 0.008, -0.006, 0.008, 0.003, 0.009],
}  # fmt: skip
L, EVENT_DAYS = 10, [0, 1, 2]
K = 2  # coefficients of the market model
Rows = list[list[str | float]]


def model(returns: list[float]) -> dict[str, float | list[float]]:
    x, y = MARKET[:L], returns[:L]
    mx, my = mean(x), mean(y)
    sxx = sum((a - mx) ** 2 for a in x)
    beta = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sxx
    alpha = my - beta * mx
    residuals = [b - alpha - beta * a for a, b in zip(x, y, strict=True)]
    s = math.sqrt(sum(e**2 for e in residuals) / (L - K))
    abnormal = [r - alpha - beta * m for r, m in zip(returns[L:], MARKET[L:], strict=True)]
    c = [1 + 1 / L + (m - mx) ** 2 / sxx for m in MARKET[L:]]
    sar = [a / (s * math.sqrt(each)) for a, each in zip(abnormal, c, strict=True)]
    car = sum(abnormal)
    w = len(EVENT_DAYS)
    cross = (sum(MARKET[L:]) - w * mx) ** 2 / sxx
    return {
        "mean": my, "alpha": alpha, "beta": beta, "residuals": residuals, "s": s, "abnormal": abnormal,
        "c": c, "sar": sar, "car": car, "sd_independent": s * math.sqrt(sum(c)),
        "sd_exact": s * math.sqrt(w + w**2 / L + cross), "scar": car / (s * math.sqrt(sum(c))),
        "scar_exact": car / (s * math.sqrt(w + w**2 / L + cross)), "mx": mx, "sxx": sxx,
    }  # fmt: skip


def ranks(values: list[float]) -> list[float]:
    return [sum(b < a for b in values) + (sum(b == a for b in values) + 1) / 2 for a in values]


def correlation(a: list[float], b: list[float]) -> float:
    ma, mb = mean(a), mean(b)
    top = sum((x - ma) * (y - mb) for x, y in zip(a, b, strict=True))
    return top / math.sqrt(sum((x - ma) ** 2 for x in a) * sum((y - mb) ** 2 for y in b))


def tables() -> dict[str, Rows]:
    """Every table of the page: title -> rows, first the label."""
    fits = {name: model(returns) for name, returns in ASSETS.items()}
    names, n, w = list(ASSETS), len(ASSETS), len(EVENT_DAYS)
    days = [*range(-L, 0), *EVENT_DAYS]
    found: dict[str, Rows] = {}
    found["Returns"] = [
        [str(day), MARKET[i], *(ASSETS[name][i] for name in names)] for i, day in enumerate(days)
    ]
    found["Market model"] = [
        [key, *(fits[name][key] for name in names)] for key in ("mean", "alpha", "beta", "s")
    ]
    found["Residuals"] = [
        [str(day), *(fits[name]["residuals"][i] for name in names)]
        for i, day in enumerate(days[:L])
    ]
    found["Abnormal returns"] = [
        [str(day), *(fits[name]["abnormal"][i] for name in names)]
        for i, day in enumerate(EVENT_DAYS)
    ]
    found["Standardised abnormal returns"] = [
        [str(day), fits["A"]["c"][i], *(fits[name]["sar"][i] for name in names)]
        for i, day in enumerate(EVENT_DAYS)
    ]
    found["Over the three days"] = [
        [key, *(fits[name][key] for name in names)]
        for key in ("car", "sd_independent", "scar", "sd_exact", "scar_exact")
    ]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    correlations = [correlation(fits[a]["residuals"], fits[b]["residuals"]) for a, b in pairs]
    r = mean(correlations)
    found["Correlations"] = [
        [f"{a}, {b}", value] for (a, b), value in zip(pairs, correlations, strict=True)
    ] + [["mean", r]]
    spread = [stdev(fits[name]["sar"][i] for name in names) for i in range(w)]
    again = {name: [fits[name]["sar"][i] / spread[i] for i in range(w)] for name in names}
    scars = [fits[name]["scar"] for name in names]
    whole = {name: fits[name]["scar"] / stdev(scars) for name in names}
    found["Restandardised"] = [
        [str(day), spread[i], *(again[name][i] for name in names)]
        for i, day in enumerate(EVENT_DAYS)
    ] + [["0 to 2", stdev(scars), *whole.values()]]
    plain = {name: ranks([*fits[name]["residuals"], *fits[name]["abnormal"]]) for name in names}
    middle = (L + w + 1) / 2
    day_means = [mean(plain[name][i] - middle for name in names) for i in range(L + w)]
    found["Ranks"] = [
        [str(day), *(plain[name][i] for name in names), day_means[i]] for i, day in enumerate(days)
    ]
    standard = {name: [e / fits[name]["s"] for e in fits[name]["residuals"]] for name in names}
    scaled = {
        name: [k / (L + w + 1) - 0.5 for k in ranks([*standard[name], *again[name]])]
        for name in names
    }
    day_sums = [sum(scaled[name][i] for name in names) / math.sqrt(n) for i in range(L + w)]
    found["Scaled ranks"] = [
        [str(day), *(scaled[name][i] for name in names), day_sums[i]] for i, day in enumerate(days)
    ]
    general = {
        name: [k / (L + 2) - 0.5 for k in ranks([*standard[name], whole[name]])] for name in names
    }
    labels = [*map(str, days[:L]), "0 to 2"]
    general_means = [mean(general[name][i] for name in names) for i in range(L + 1)]
    found["Generalised ranks"] = [
        [label, *(general[name][i] for name in names), general_means[i]]
        for i, label in enumerate(labels)
    ]

    cars = [fits[name]["car"] for name in names]
    df = L - K
    share = mean(sum(e > 0 for e in fits[name]["residuals"]) / L for name in names)
    patell = sum(scars) / math.sqrt(n * df / (df - 2))
    bmp = mean(scars) / (stdev(scars) / math.sqrt(n))
    swell = math.sqrt(1 + (n - 1) * r)
    root = math.sqrt(mean(d**2 for d in day_means))
    corrado = sum(day_means[L:]) / (math.sqrt(w) * root)
    root = math.sqrt(mean(d**2 for d in day_sums))
    zivney = sum(day_sums[L:]) / (math.sqrt(w) * root)
    z = general_means[-1] / math.sqrt(mean(m**2 for m in general_means))
    grank = z * math.sqrt((L + 1 - 2) / (L + 1 - 1 - z**2))
    cowan = (sum(car > 0 for car in cars) - n * share) / math.sqrt(n * share * (1 - share))
    found["Statistics"] = [
        ["t_cross", mean(cars) / (stdev(cars) / math.sqrt(n))], ["patell", patell], ["bmp", bmp],
        ["kp_patell", patell / swell], ["kp_bmp", bmp * math.sqrt(1 - r) / swell],
        ["corrado", corrado], ["corrado_zivney", zivney], ["cowan", cowan], ["grank_t", grank],
    ]  # fmt: skip
    residuals = fits["A"]["residuals"]
    sums = [sum(residuals[i : i + w]) for i in range(L - w + 1)]
    above = sum(each >= cars[0] for each in sums)
    below = sum(each <= cars[0] for each in sums)
    found["Sums of three residuals of A"] = [
        [f"{days[i]} to {days[i] + 2}", each] for i, each in enumerate(sums)
    ]
    found["Sample quantile of A"] = [
        ["share below", below / len(sums)], ["p", min(1.0, 2 * (1 + min(below, above)) / (1 + len(sums)))],
    ]  # fmt: skip
    return found
