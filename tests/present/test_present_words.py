"""Tables, sentences, and the check that no result is typed by hand."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from helpers.present import (
    check_prose,
    in_words,
    interval,
    number,
    p_value,
    said,
    save_table,
    table,
)
from helpers.project import Estimate, ProjectError, Workspace

FRAME = pd.DataFrame(
    {"event": ["a|b", "<c>"], "car": [-0.126, 1 / 3], "days": [1200, 7], "kept": [True, False]}
)


def test_a_table_says_the_same_in_html_and_markdown() -> None:
    made = table(FRAME, caption="Events", units={"car": "percent"}, formats={"car": "+.2f"}, n="2")
    page, text = made.to_html(), made.to_markdown()
    for shown in ("−0.13", "+0.33", "1,200", "car, percent", "Events (n = 2).", "yes", "no"):
        assert shown in page
        assert shown in text
    assert '<td class="number">−0.13</td>' in page
    assert "&lt;c&gt;" in page
    assert r"a\|b" in text
    assert "---:" in text


def test_missing_values_are_a_dash_and_unknown_columns_an_error() -> None:
    assert ">–</td>" in table(pd.DataFrame({"x": ["a"], "y": [None]}), caption="C").to_html()
    with pytest.raises(ProjectError, match="no column cars"):
        table(FRAME, caption="C", units={"cars": "percent"})


def test_a_saved_table_is_unrounded(fake_workspace: Workspace) -> None:
    record = save_table(fake_workspace, "99_events", FRAME, "Events")
    text = fake_workspace.read(f"tables/{record.file}").read_text()
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(text)), FRAME)
    assert repr(1 / 3) in text


def test_numbers_carry_unit_interval_p_and_n(fake_estimate: Estimate) -> None:
    assert number(fake_estimate, digits=2) == "−5.25% a year"
    assert interval(fake_estimate) == "95% interval −11.0% to 0.5% a year"
    assert in_words(fake_estimate, digits=2) == (
        "−5.25% a year (95% interval −11.00% to 0.50% a year; p = 0.080; 810 months)"
    )
    tiny = fake_estimate.model_copy(update={"value": -0.04, "unit": "percentage points"})
    assert number(tiny, signed=True) == "0.0 percentage points"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((0.015625, 2 / 128, 7), "p = 0.016, the smallest attainable with 7 events"),
        ((0.25, 2 / 128, 7), "p = 0.25, where 0.016 is the smallest attainable with 7 events"),
        ((0.00001,), "p < 0.001"),
    ],
)
def test_p_values_say_how_small_they_could_be(given: tuple, words: str) -> None:
    assert p_value(*given) == words


@pytest.mark.parametrize("given", [(1.2,), (0.01, 0.02), (float("nan"),)])
def test_impossible_p_values_are_refused(given: tuple) -> None:
    with pytest.raises(ProjectError):
        p_value(*given)


def test_generated_prose_is_marked_and_opens_no_mathematics() -> None:
    bundle = said("It cost $1\n   or $2.")._repr_mimebundle_()
    assert bundle["text/markdown"] == '<div class="generated">\n\nIt cost \\$1 or \\$2.\n\n</div>'
    assert bundle["text/plain"] == "It cost $1 or $2."


@pytest.mark.parametrize(
    "typed",
    [
        "it gained 5.2% a year", "a loss of −3 percent", "about 2 points", "25 bp higher",
        "25-basis-point cut", "with p = 0.03", "a t of 2.1", "(n=7)", "it cost $12.50",
        "p < 0.05", "1,200 percentage points",
    ],
)  # fmt: skip
def test_typed_results_are_found(tmp_path: Path, typed: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A question\n\nIn words, {typed}.\n")
    (found,) = check_prose(page)
    assert found.line == 3
    assert "page.md, line 3" in str(found)


@pytest.mark.parametrize(
    "text",
    [
        'the window <span class="window">[0, +5]</span>, <span class="cited">-4.68%</span> in print',
        "in 2019 there were seven events, at notebook 4", "with $p = 0.05$ and $$n = 7$$ in formulas",
        "`horizon = 12` and `5%`", "```\np = 0.03\n```", "[a link](https://example.org/5%25)",
        "a point made in 3 pages",
    ],
)  # fmt: skip
def test_marked_fields_formulas_and_plain_counts_pass(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    assert check_prose(page) == []


def test_only_typed_cells_of_a_notebook_are_checked(tmp_path: Path) -> None:
    output = {"output_type": "execute_result", "data": {"text/markdown": "it gained 5%"}}
    cells = [
        {"cell_type": "code", "source": "share = '5%'", "outputs": [output]},
        {"cell_type": "markdown", "source": ["It gained\n", "5% a year."]},
    ]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    (found,) = check_prose(path)
    assert (found.cell, found.line, found.text) == (1, 2, "5%")


def test_the_report_types_no_result() -> None:
    pages = Path(__file__).resolve().parents[2] / "report/pages"
    assert [str(each) for page in sorted(pages.glob("*.md")) for each in check_prose(page)] == []
