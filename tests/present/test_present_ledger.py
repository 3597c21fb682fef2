"""The ledger as a page shows it: verdict, figure, proof and data of each claim."""

from __future__ import annotations

import pandas as pd

from helpers.present import LedgerView, direction_sentence, readable_ledger, readable_since

ROWS = pd.DataFrame([
    {
        "id": "C1", "claim": "Small < large.", "who": "somebody", "verdict": "mixed",
        "reading": reading, "reading_verdict": verdict, "value": value, "low": -1.0, "high": 3.0,
        "unit": "percent", "p": 0.2, "p_holm": 0.4, "mde": 2.8, "n": 7, "n_of": "events",
        "test": "sign flip", "data": "invented", "first": "1990", "last": "2020", "missing": "",
        "source": "04_event_study", "section": section,
    }
    for reading, verdict, value, section in (
        ("cuts", "not supported", 1.0, "by-set"), ("hikes", "contradicted", -0.5, ""),
    )
])  # fmt: skip


def test_a_claim_is_one_row_with_its_readings_links_and_hashes() -> None:
    view = LedgerView(
        readable_ledger(ROWS), {"C1": ["cpi", "gdp", "elsewhere"]}, {"cpi": "abc", "gdp": "def"}
    )
    page = view._repr_html_()
    assert page.count('<tr id="claim-C1">') == 1
    assert 'class="verdict not-supported"><a href="04_event_study.html#by-set">cuts: not' in page
    assert 'class="verdict contradicted"><a href="04_event_study.html">hikes: contra' in page
    assert "+1.0 percent (−1.0 to +3.0); p = 0.40 after Holm" in page
    assert "An effect of 2.8 percent could have been found." in page
    assert '<a href="01_acquire_data.html#dataset-cpi">cpi</a> <code>abc</code>' in page
    assert "elsewhere" not in page  # not in this edition
    assert "Small &lt; large." in page


def test_what_came_is_told_by_direction_and_chance() -> None:
    since = pd.DataFrame({
        "implied": "x", "claims": "C1", "direction": [1, 1, -1, -1], "value": [2.0, -2.0, -2.0, 2.0],
        "low": [-1.0, -3.0, -3.0, -1.0], "high": [3.0, -1.0, 1.0, 3.0], "unit": "points",
        "first": "2023-12-14", "last": "2026-07-31",
    })  # fmt: skip
    assert readable_since(since)["came"].tolist() == [
        "that way, within chance", "the other way, beyond chance", "that way, within chance",
        "the other way, within chance",
    ]  # fmt: skip


def test_directions_are_told_as_published_or_not() -> None:
    table = pd.DataFrame({
        "study": list("abcd"), "what": "w", "unit": "percent", "published": [None] * 3 + [1.0],
        "direction": [1, -1, 0, 1], "ours": [2.0, 2.0, 0.1, 1.0], "low": [1.0, 1.0, -1.0, 0.5],
        "high": [3.0, 3.0, 1.0, 1.5],
    })  # fmt: skip
    said = direction_sentence(table)
    assert "a, w: as published (+2.00 percent, 95% interval +1.00 to +3.00)" in said
    assert "b, w: the other way" in said
    assert "c, w: cannot be told from zero" in said
    assert "d, w" not in said
