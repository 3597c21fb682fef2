"""From result files to verdicts, by the rules of the ledger and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.claims.ledger import Claim, Evidence, Ledger, Reading
from helpers.inference import holm
from helpers.project import Estimate, ProjectError, Result

Verdict = Literal[
    "supported",
    "not supported",
    "contradicted",
    "mixed",
    "not testable with open data",
    "not yet tested on this edition",
]
NOT_TESTED: Verdict = "not yet tested on this edition"
ALPHA = 0.05
PRINTED_POINTS, NEAR_POINTS = 0.005, 0.25  # rule "figure"
HALF_PERCENT = 50.0  # rule "share"


@dataclass(frozen=True)
class ReadingDecision:
    """One reading decided: its estimate, the p that decides, and the p after Holm.

    `fragile`: it rejects, but not in every sample that ends up to a year earlier (regime rule).
    `source` names the result file. Rules that read a verdict off the estimate have no p.
    """

    reading: Reading
    estimate: Estimate
    p: float | None
    p_holm: float | None
    fragile: bool
    verdict: Verdict
    source: str
    stand_in: str


@dataclass(frozen=True)
class Decision:
    """One claim decided."""

    claim: Claim
    verdict: Verdict
    readings: tuple[ReadingDecision, ...]

    @property
    def stand_in(self) -> str:
        return "; ".join(dict.fromkeys(each.stand_in for each in self.readings if each.stand_in))


def decide(ledger: Ledger, results: Mapping[str, Result], edition: str) -> list[Decision]:
    """Decide every claim.

    Parameters
    ----------
    ledger : claims and rules.
    results : result files by notebook name.
    edition : which evidence of each reading counts.

    Raises
    ------
    ProjectError : a result file or estimate named in the ledger is missing, or has no p-value.
    """
    return [_decide_claim(claim, results, edition) for claim in ledger.claim]


def _decide_claim(claim: Claim, results: Mapping[str, Result], edition: str) -> Decision:
    if claim.rule == "untestable":
        return Decision(claim, "not testable with open data", ())
    if not claim.reading or not all(_at_hand(each, results, edition) for each in claim.reading):
        return Decision(claim, NOT_TESTED, ())
    found = [_evidence(claim, reading, results, edition) for reading in claim.reading]
    if claim.rule in _READ_OFF:
        return _read_off(claim, [estimates[0] for estimates in found], edition)
    decisive = [max(_p(claim, each) for each in estimates) for estimates in found]
    worst = decisive
    if claim.rule == "regime":
        worst = [
            max(p, _worst_p(reading, results, edition))
            for reading, p in zip(claim.reading, decisive, strict=True)
        ]
    readings = tuple(
        _decide_reading(reading, estimates[0], p, p_holm, p_worst, edition)
        for reading, estimates, p, p_holm, p_worst in zip(
            claim.reading, found, decisive, holm(decisive), holm(worst), strict=True
        )
    )
    verdicts = {each.verdict for each in readings}
    return Decision(claim, verdicts.pop() if len(verdicts) == 1 else "mixed", readings)


def _at_hand(reading: Reading, results: Mapping[str, Result], edition: str) -> bool:
    """Whether the edition tests it; what publishers offer on a day may be less than a mirror has."""
    evidence = reading.evidence_of(edition)
    if evidence is None or edition != "live":
        return evidence is not None
    result = results.get(evidence.result)
    return result is not None and set(evidence.estimates) <= set(result.estimates)


def _figure(reading: Reading, estimate: Estimate) -> Verdict:
    if estimate.value <= PRINTED_POINTS:
        return "supported"
    return "mixed" if estimate.value <= NEAR_POINTS else "contradicted"


def _share(reading: Reading, estimate: Estimate) -> Verdict:
    assert estimate.low is not None and estimate.high is not None
    if estimate.low > HALF_PERCENT:
        return "supported"
    return "contradicted" if estimate.high < HALF_PERCENT else "not supported"


def _level(reading: Reading, estimate: Estimate) -> Verdict:
    if estimate.value * reading.direction <= 0:
        return "contradicted"
    return "mixed" if reading.missing else "supported"


# Rules that read a verdict off the estimate itself: no p, and nothing to adjust.
_READ_OFF = {"figure": _figure, "share": _share, "level": _level}


def _read_off(claim: Claim, estimates: list[Estimate], edition: str) -> Decision:
    readings = []
    for reading, estimate in zip(claim.reading, estimates, strict=True):
        verdict = _READ_OFF[claim.rule](reading, estimate)
        evidence = _required(reading, edition)
        readings.append(
            ReadingDecision(
                reading, estimate, None, None, False, verdict, evidence.result, evidence.stand_in
            )
        )
    verdicts = {each.verdict for each in readings}
    return Decision(claim, verdicts.pop() if len(verdicts) == 1 else "mixed", tuple(readings))


def _decide_reading(
    reading: Reading, estimate: Estimate, p: float, p_holm: float, p_worst: float, edition: str
) -> ReadingDecision:
    fragile = bool(p_holm <= ALPHA < p_worst)
    verdict: Verdict = "not supported"
    if p_holm <= ALPHA and not fragile:
        verdict = "supported" if estimate.value * reading.direction > 0 else "contradicted"
    evidence = _required(reading, edition)
    return ReadingDecision(
        reading, estimate, p, float(p_holm), fragile, verdict, evidence.result, evidence.stand_in
    )


def _worst_p(reading: Reading, results: Mapping[str, Result], edition: str) -> float:
    """The largest deciding p over samples ending 1 to 12 months earlier; 1 when the sign turns."""
    evidence = _required(reading, edition)
    key = f"{evidence.estimates[0].removesuffix('_hac')}_p_worst"
    quantities = results[evidence.result].quantities
    if key not in quantities:
        raise ProjectError(f"{evidence.result}.json lacks the quantity {key}", where=reading.name)
    return float(quantities[key])


def _evidence(
    claim: Claim, reading: Reading, results: Mapping[str, Result], edition: str
) -> list[Estimate]:
    evidence = _required(reading, edition)
    if evidence.result not in results:
        raise ProjectError(
            f"the result file {evidence.result}.json is missing", where=claim.id, mend="make"
        )
    estimates = results[evidence.result].estimates
    for key in evidence.estimates:
        if key not in estimates:
            raise ProjectError(
                f"{evidence.result}.json has no estimate {key!r}",
                where=f"{claim.id}, {reading.name}",
                mend="name it in claims.toml as the notebook does",
            )
    return [estimates[key] for key in evidence.estimates]


def _required(reading: Reading, edition: str) -> Evidence:
    found = reading.evidence_of(edition)
    if found is None:
        raise ProjectError(f"no evidence for the edition {edition}", where=reading.name)
    return found


def _p(claim: Claim, estimate: Estimate) -> float:
    if estimate.p is None:
        raise ProjectError(f"{estimate.label!r} has no p-value", where=claim.id)
    return estimate.p


def ledger_table(decisions: list[Decision]) -> pd.DataFrame:
    """One row a reading (or a claim without one): what the verdict page and README show."""
    rows: list[dict[str, object]] = []
    for decision in decisions:
        claim = decision.claim
        base: dict[str, object] = {
            "id": claim.id,
            "claim": claim.claim,
            "who": claim.who,
            "verdict": decision.verdict,
        }
        if not decision.readings:
            rows.append({**base, "reading": "", "test": claim.test, "data": claim.data})
        for each in decision.readings:
            estimate = each.estimate
            rows.append(
                {
                    **base,
                    "reading": each.reading.name,
                    "reading_verdict": each.verdict,
                    "test": estimate.method,
                    "data": each.stand_in or claim.data,
                    "value": estimate.value,
                    "low": estimate.low,
                    "high": estimate.high,
                    "unit": estimate.unit,
                    "p": each.p,
                    "p_holm": each.p_holm,
                    "mde": estimate.mde,
                    "n": estimate.n,
                    "n_of": estimate.n_of,
                    "first": estimate.sample[0],
                    "last": estimate.sample[1],
                    "source": each.source,
                    "section": each.reading.section,
                    "missing": each.reading.missing,
                }
            )
    return pd.DataFrame(rows)


def since_table(ledger: Ledger, results: Mapping[str, Result]) -> pd.DataFrame:
    """What the commentary implied, and what happened since.

    Returns
    -------
    One row an implication whose estimate the edition has: implied, claims, direction, value, low,
    high, unit, n, n_of, first, last.

    Raises
    ------
    ProjectError : a result file is missing.
    """
    rows = []
    for each in ledger.implied:
        if each.result not in results:
            raise ProjectError(f"the result file {each.result}.json is missing", mend="make")
        found = results[each.result].estimates.get(each.estimate)
        if found is None:  # the edition lacks the fund
            continue
        rows.append({
            "implied": each.text, "claims": ", ".join(each.claims), "direction": each.direction,
            "value": found.value, "low": found.low, "high": found.high, "unit": found.unit,
            "n": found.n, "n_of": found.n_of, "first": found.sample[0], "last": found.sample[1],
        })  # fmt: skip
    return pd.DataFrame(rows)
