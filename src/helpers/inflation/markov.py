"""Regimes that the series itself suggests: two-state Markov switching, as seen at the time."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

from helpers.inflation.measures import require_months
from helpers.project import ProjectError

FEWEST = 60  # months of the first estimation


def filtered_probability(series: pd.Series, *, first: str, step_months: int = 12) -> pd.Series:
    """Probability of the high state in each month, from data up to that month alone.

    Hamilton (1989): mean and variance switch between two states. Parameters are estimated on an
    expanding sample, anew every `step_months`; between estimations the filter runs on with the
    parameters it has. Smoothed probabilities, which know what came later, are never used. The high
    state is the one with the higher mean in the estimation at hand.

    Parameters
    ----------
    series : rate of inflation or its change, a row for every month. Missing months are left out of
        the estimation (the months around them are taken as neighbours) and have no probability.
    first : first month with a probability, "YYYY-MM"; 60 months must come before it.

    Returns
    -------
    By the month described: lag it with `known`.

    Raises
    ------
    ProjectError : gaps or duplicates, too short a sample, a step below one, or an estimation that
        does not converge (names its last month).
    """
    require_months(series, where="filtered_probability")
    if step_months < 1:
        raise ProjectError(f"{step_months} months", where="step_months", expected="one or more")
    observed = series.dropna().astype(float)
    start = int(observed.index.searchsorted(pd.Timestamp(first)))
    if start < FEWEST or start >= len(observed):
        raise ProjectError(
            f"{start} of {len(observed)} months come before {first}", where="filtered_probability",
            expected=f"{FEWEST} or more, and a month after them",
        )  # fmt: skip
    blocks = [
        _block(observed.iloc[: begin + step_months], begin)
        for begin in range(start, len(observed), step_months)
    ]
    found = pd.concat(blocks).rename("p_high")
    return found.reindex(series.loc[found.index[0] :].index)


def _block(observed: pd.Series, begin: int) -> pd.Series:
    """Filter all of `observed` with parameters estimated up to `begin`, and keep what follows."""
    known = observed.iloc[: begin + 1]
    parameters = _estimated(known)
    filtered = _model(observed).filter(parameters).filtered_marginal_probabilities
    means = parameters[["const[0]", "const[1]"]].to_numpy()
    return pd.Series(
        np.asarray(filtered)[begin:, int(means.argmax())], index=observed.index[begin:]
    )


def _estimated(known: pd.Series) -> pd.Series:
    for em_steps in (10, 200):  # the likelihood is flat where one state is rare
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            fit = _model(known).fit(em_iter=em_steps, maxiter=500, disp=False)
        if fit.mle_retvals["converged"] and np.isfinite(fit.params).all():
            return fit.params
    raise ProjectError(
        "the estimation does not converge", where=f"Markov switching to {known.index[-1]:%Y-%m}",
        mend="begin later, or use another series",
    )  # fmt: skip


def _model(observed: pd.Series) -> MarkovRegression:
    # Without dates: missing months would make the index irregular.
    return MarkovRegression(
        observed.reset_index(drop=True), k_regimes=2, trend="c", switching_variance=True
    )
