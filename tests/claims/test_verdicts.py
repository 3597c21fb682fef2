"""Verdicts follow the rules of the ledger: each rule is tried on planted result files."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.claims import NOT_TESTED, Ledger, decide, ledger_table, since_table
from helpers.claims.ledger import TRACKED, Claim
from helpers.project import Estimate, ProjectError, Result
from helpers.sources import load_catalogue

EVIDENCE = {"bundled": {"result": "08", "estimates": ["x_hac", "x_shift"], "stand_in": "s"}}


def planted(value: float, p_hac: float, p_shift: float, p_worst: float | None = None) -> Result:
    def estimate(p: float) -> Estimate:
        return Estimate(
            label="planted", value=value, unit="percent", low=value - 1, high=value + 1, p=p,
            n=10, n_of="regimes", method="planted", sample=("1947-01", "2020-12"),
        )  # fmt: skip

    return Result(
        notebook="08", edition="bundled", question="?", answer=".", parameters={},
        estimates={"x_hac": estimate(p_hac), "x_shift": estimate(p_shift)},
        quantities={"x_p_worst": max(p_hac, p_shift) if p_worst is None else p_worst},
    )  # fmt: skip


def ledger(rule: str, directions: tuple[int, ...] = (1,), evidence: object = EVIDENCE) -> Ledger:
    readings = [
        {"name": f"r{place}", "statement": "s", "direction": direction, "evidence": evidence}
        for place, direction in enumerate(directions)
    ]
    claim = {
        "id": "C1", "claim": "c", "who": "w", "rule": rule, "statement": "s", "data": "d",
        "test": "t", "reading": readings,
    }  # fmt: skip
    return Ledger.model_validate({"rules": {rule: {"text": "x"}}, "claim": [claim]})


@pytest.mark.parametrize(
    ("value", "p_hac", "p_shift", "verdict"),
    [
        (2.0, 0.01, 0.02, "supported"),
        (-2.0, 0.01, 0.02, "contradicted"),
        (2.0, 0.01, 0.06, "not supported"),  # both must reject
        (2.0, 0.06, 0.01, "not supported"),
        (2.0, 0.05, 0.05, "supported"),  # at most 0.05
    ],
)
def test_both_tests_must_reject(value: float, p_hac: float, p_shift: float, verdict: str) -> None:
    for rule in ("default", "regime"):
        (decision,) = decide(ledger(rule), {"08": planted(value, p_hac, p_shift)}, "bundled")
        assert decision.verdict == verdict


@pytest.mark.parametrize(
    ("rule", "value", "low", "high", "verdict"),
    [
        ("figure", 0.004, None, None, "supported"),
        ("figure", 0.006, None, None, "mixed"),
        ("figure", 0.26, None, None, "contradicted"),
        ("share", 55, 51, 60, "supported"),
        ("share", 55, 49, 60, "not supported"),
        ("share", 45, 40, 49, "contradicted"),
        ("level", 3.0, None, None, "supported"),
        ("level", -3.0, None, None, "contradicted"),
        ("level", 0.0, None, None, "contradicted"),
    ],
)
def test_rules_that_read_the_estimate_itself(
    rule: str, value: float, low: float | None, high: float | None, verdict: str
) -> None:
    estimate = Estimate(
        label="planted", value=value, unit="points", low=low, high=high, n=1, n_of="readings",
        method="planted", sample=("2023-12", "2023-12"), note="a reading",
    )  # fmt: skip
    result = planted(1.0, 0.5, 0.5).model_copy(update={"estimates": {"x_hac": estimate}})
    evidence = {"bundled": {"result": "08", "estimates": ["x_hac"]}}
    (decision,) = decide(ledger(rule, evidence=evidence), {"08": result}, "bundled")
    assert decision.verdict == verdict
    assert decision.readings[0].p is None


def test_a_part_without_open_data_leaves_a_level_mixed() -> None:
    book = ledger("level", evidence={"bundled": {"result": "08", "estimates": ["x_hac"]}})
    reading = book.claim[0].reading[0].model_copy(update={"missing": "a survey"})
    claim = book.claim[0].model_copy(update={"reading": [reading]})
    results = {"08": planted(2.0, 0.5, 0.5)}
    (decision,) = decide(book.model_copy(update={"claim": [claim]}), results, "bundled")
    assert decision.verdict == "mixed"
    assert ledger_table([decision])["missing"].item() == "a survey"


def test_holm_counts_the_readings_of_the_claim() -> None:
    results = {"08": planted(2.0, 0.03, 0.03)}
    assert decide(ledger("default"), results, "bundled")[0].verdict == "supported"
    (decision,) = decide(ledger("default", (1, 1)), results, "bundled")
    assert decision.verdict == "not supported"
    assert [each.p_holm for each in decision.readings] == pytest.approx([0.06, 0.06])


def test_readings_that_disagree_are_mixed() -> None:
    (decision,) = decide(ledger("default", (1, -1)), {"08": planted(2.0, 0.01, 0.01)}, "bundled")
    assert [each.verdict for each in decision.readings] == ["supported", "contradicted"]
    assert decision.verdict == "mixed"


def test_a_verdict_may_not_hang_on_the_last_year() -> None:
    results = {"08": planted(2.0, 0.01, 0.01, p_worst=0.2)}
    (decision,) = decide(ledger("regime"), results, "bundled")
    assert decision.verdict == "not supported"
    assert decision.readings[0].fragile
    assert decide(ledger("default"), results, "bundled")[0].verdict == "supported"


def test_evidence_for_another_edition_does_not_count() -> None:
    (decision,) = decide(ledger("default"), {"08": planted(2.0, 0.01, 0.01)}, "mirror")
    assert decision.verdict == NOT_TESTED


@pytest.mark.parametrize("missing", ["result", "estimate"])
def test_missing_evidence_is_an_error_not_a_verdict(missing: str) -> None:
    results = {} if missing == "result" else {"08": planted(2.0, 0.01, 0.01)}
    evidence = {"bundled": {"result": "08", "estimates": ["y_hac"]}}
    with pytest.raises(ProjectError, match="C1"):
        decide(ledger("default", evidence=evidence), results, "bundled")


def test_the_tracked_ledger_has_the_twelve_claims() -> None:
    tracked = Ledger.load()
    assert [claim.id for claim in tracked.claim] == [f"C{number}" for number in range(1, 13)]
    readings = {claim.id: [each.name for each in claim.reading] for claim in tracked.claim}
    assert readings["C12"] == ["absolute", "relative"]


def test_a_broken_ledger_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(TRACKED.read_text(encoding="utf-8").replace('rule = "share"', 'rule = "fair"'))
    with pytest.raises(ProjectError, match=r"claims.toml.*C9 follows an unknown rule 'fair'"):
        Ledger.load(path)


def test_the_table_shows_every_claim_and_every_reading() -> None:
    table = ledger_table(
        decide(ledger("default", (1, -1)), {"08": planted(2.0, 0.5, 0.5)}, "bundled")
    )
    assert table["reading"].tolist() == ["r0", "r1"]
    assert table["n_of"].tolist() == ["regimes", "regimes"]
    bare = Claim(id="C3", claim="c", who="w", rule="default", statement="s", data="d", test="t")
    one = Ledger.model_validate({"rules": {"default": {"text": "x"}}, "claim": [bare.model_dump()]})
    assert ledger_table(decide(one, {}, "bundled"))["verdict"].tolist() == [NOT_TESTED]


def test_every_dataset_of_the_ledger_is_in_the_catalogue() -> None:
    known = set(load_catalogue())
    for claim in Ledger.load().claim:
        assert set(claim.datasets) <= known, claim.id
        assert claim.datasets or claim.rule == "untestable"


@pytest.mark.parametrize("estimate", ["x_hac", "gone"])
def test_a_live_edition_uses_the_evidence_of_a_mirror_as_far_as_it_has_it(estimate: str) -> None:
    evidence = {"mirror": {"result": "08", "estimates": [estimate]}}
    results = {"08": planted(2.0, 0.01, 0.01)}
    (decision,) = decide(ledger("default", evidence=evidence), results, "live")
    assert decision.verdict == ("supported" if estimate == "x_hac" else NOT_TESTED)


def test_what_happened_since_stands_beside_what_was_implied() -> None:
    implied = [
        {"text": f"t{key}", "claims": ["C1"], "direction": -1, "result": "08", "estimate": key}
        for key in ("x_hac", "gone")
    ]
    book = Ledger.model_validate({**ledger("default").model_dump(), "implied": implied})
    assert book.sources() == ["08"]
    table = since_table(book, {"08": planted(2.0, 0.5, 0.5)})
    assert table["implied"].tolist() == ["tx_hac"]  # the other has no data
    assert table[["direction", "value", "low", "high"]].to_numpy().tolist() == [[-1, 2.0, 1.0, 3.0]]
    with pytest.raises(ProjectError, match=r"08\.json is missing"):
        since_table(book, {})


def test_an_implication_of_an_unknown_claim_is_refused() -> None:
    implied = [{"text": "t", "claims": ["C9"], "direction": 1, "result": "08", "estimate": "x"}]
    with pytest.raises(ValueError, match="unknown claims: C9"):
        Ledger.model_validate({**ledger("default").model_dump(), "implied": implied})
