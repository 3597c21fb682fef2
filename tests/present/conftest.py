"""A small invented edition: two executed notebooks and their results. No number here is real."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from helpers.present import plot_differences, said, save_figure, save_table, show_figure, table
from helpers.project import Estimate, FigureRecord, Result, Workspace

QUESTION = "Does the invented stock do better in invented months?"


@pytest.fixture(scope="session")
def fake_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("checkout")
    return Workspace(root, "bundled", root / "build/bundled", root / "data/processed/bundled")


@pytest.fixture(scope="session")
def fake_estimate() -> Estimate:
    return Estimate(
        label="invented difference", value=-5.25, unit="percent a year", low=-11.0, high=0.5,
        p=0.08, n=810, n_of="months", method="HAC", sample=("1949-01", "2017-03"),
    )  # fmt: skip


@pytest.fixture(scope="session")
def fake_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["invented stock", "invented market"],
            "value": [-5.25, 1.5],
            "low": [-11.0, 0.5],
            "high": [0.5, 2.5],
            "n": [810, 810],
        }
    )


@pytest.fixture(scope="session")
def fake_edition(
    fake_workspace: Workspace, fake_frame: pd.DataFrame, fake_estimate: Estimate
) -> Path:
    """Folder `build/bundled` with notebooks, results, figures and tables."""
    workspace, built = fake_workspace, fake_workspace.build
    figure = plot_differences(fake_frame, title="An invented difference is drawn here")
    record = save_figure(
        workspace, "08_differences", figure, source="nobody",
        alt="An invented dot and its interval lie to the left of an invented zero.",
        caption="Dots with invented intervals",
    )  # fmt: skip
    save_table(workspace, "13_verdicts", _verdicts(), "Invented verdicts")
    answer = "It does not: the invented difference is −5.3% a year, and a dollar is $1 or $2."
    for name, figures in (("08_fake_regimes", {"headline": record}), ("13_verdicts", {})):
        _result(name, answer, figures, fake_estimate).save(built / f"results/{name}.json")
        path = built / f"notebooks/{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        shown = [show_figure(workspace, record), table(fake_frame, caption="Invented", n="810")]
        path.write_text(json.dumps(_notebook(answer, shown)), encoding="utf-8")
    return built


def _result(name: str, answer: str, figures: dict[str, FigureRecord], estimate: Estimate) -> Result:
    return Result(
        notebook=name, edition="bundled", question=QUESTION, answer=answer, parameters={},
        estimates={"difference": estimate}, figures=figures,
    )  # fmt: skip


def _verdicts() -> pd.DataFrame:
    row = {
        "id": "C12", "claim": "An invented claim about invented stocks.", "who": "nobody",
        "verdict": "absolute: not supported", "figure": "−5.3 percent a year (−11.0 to 0.5)",
        "detectable": "", "test": "difference of means", "sample": "invented months",
        "n": "810 months", "link": "08_fake_regimes.html",
    }  # fmt: skip
    untested = {
        **row,
        "id": "C1",
        "verdict": "not yet tested on this edition",
        "figure": "",
        "n": "",
        "link": "",
    }
    return pd.DataFrame([untested, row])


def _notebook(answer: str, shown: list[object]) -> dict:
    figure, rows = shown
    cells = [
        _markdown("title", f"# {QUESTION}\n\nWhat is asked, with $\\bar{{x}} = 1/n$ in it."),
        _code("p", "horizon = 6", ["parameters"]),
        _code("injected-parameters", "horizon = 12", ["injected-parameters"]),
        _code("a", "said(answer)", ["answer"], said(answer)._repr_mimebundle_()),
        _code("f", "show_figure(record)", [], figure._repr_mimebundle_()),
        _code("t", "rows", [], {"text/html": rows.to_html(), "text/plain": rows.to_markdown()}),
        _markdown(
            "end", "## Limits\n\n$$C_t = 1 + \\frac{1}{L}$$\n\nSee [the methods](methods.md)."
        ),
    ]
    return {
        "cells": cells, "nbformat": 4, "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py"},
        },
    }  # fmt: skip


def _markdown(name: str, text: str) -> dict:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def _code(name: str, text: str, tags: list[str], data: dict | None = None) -> dict:
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
    return {
        "cell_type": "code", "id": name, "metadata": {"tags": tags}, "source": text,
        "execution_count": 1, "outputs": [output] if data else [],
    }  # fmt: skip
