"""The first page, made from result files: question, answer, verdicts, one figure a finding."""

from __future__ import annotations

import html
from pathlib import Path

import pandas as pd

from helpers.present.show import figure_html
from helpers.project import ProjectError, Result

VERDICTS = "10_verdicts"
# What readers see of the ledger, and the word at the head of each column.
_COLUMNS = {
    "id": "", "claim": "Claim", "verdict": "Verdict", "figure": "Figure",
    "test": "Test", "sample": "Sample", "n": "n",
}  # fmt: skip
_HIDDEN = '<span class="visually-hidden">Number</span>'
_PAGE = """\
---
html_theme.sidebar_secondary.remove: true
---

# {question}

<div class="generated answer">

{answer}

</div>

## The verdicts

{verdicts}

## The findings

{findings}

## Read on

{contents}
"""


def front_page(
    found: dict[str, Result], tables: Path, notebooks: list[str], prose: list[str]
) -> str:
    """Markdown of the first page.

    Parameters
    ----------
    found : results by notebook; `10_verdicts` gives question and answer, else the first.
    tables : folder of `10_verdicts.csv` with the columns id, claim, verdict, figure, test,
        sample, n, link; without the file there is no table.
    notebooks, prose : names of the pages, for the table of contents.
    """
    main = found.get(VERDICTS) or next(iter(found.values()))
    findings = [
        _finding(name, result)
        for name, result in found.items()
        if result.figures and name != VERDICTS
    ]
    return _PAGE.format(
        question=main.question,
        answer=_plain(main.answer),
        verdicts=_verdict_table(tables / f"{VERDICTS}.csv"),
        findings="\n\n".join(findings),
        contents="\n\n".join([_contents("Notebooks", notebooks), _contents("About", prose)]),
    )


def _finding(name: str, result: Result) -> str:
    record = result.figures.get("headline") or next(iter(result.figures.values()))
    # An empty line would end the block of HTML.
    figure = figure_html(record, f"figures/{record.file}").replace("\n", " ")
    return (
        f"### [{result.question}]({name}.ipynb)\n\n"
        f'<div class="generated">\n\n{_plain(result.answer)}\n\n</div>\n\n{figure}'
    )


def _verdict_table(path: Path) -> str:
    if not path.is_file():
        return "The verdicts of this edition have not been computed."
    frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    if missing := [name for name in (*_COLUMNS, "link") if name not in frame.columns]:
        raise ProjectError(f"no column {', '.join(missing)}", where=f"tables/{path.name}")
    heads = "".join(f'<th scope="col">{head or _HIDDEN}</th>' for head in _COLUMNS.values())
    rows = "".join(_verdict_row(row) for row in frame.to_dict("records"))
    return (
        '<div class="table-scroll" role="region" aria-label="Verdicts" tabindex="0">'
        f'<table class="verdicts"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _verdict_row(row: dict) -> str:
    cells = {name: html.escape(str(row[name]), quote=False) for name in _COLUMNS}
    if row["link"]:
        cells["verdict"] = f'<a href="{html.escape(row["link"])}">{cells["verdict"]}</a>'
    # "absolute: not supported" is a verdict on one reading.
    kind = str(row["verdict"]).rpartition(": ")[2].split(" on ")[0].replace(" ", "-")
    cells["verdict"] = f'<span class="verdict {html.escape(kind)}">{cells["verdict"]}</span>'
    first, *rest = cells.items()
    return (
        f'<tr><th scope="row">{first[1]}</th>'
        + "".join(f'<td data-column="{name}">{text}</td>' for name, text in rest)
        + "</tr>"
    )


def _contents(caption: str, pages: list[str]) -> str:
    lines = "\n".join(pages)
    return f"```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n\n{lines}\n```" if pages else ""


def _plain(text: str) -> str:
    """A generated sentence; a dollar sign in it opens no mathematics."""
    return text.replace("$", r"\$")
